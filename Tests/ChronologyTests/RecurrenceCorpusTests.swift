import Chronology
import FoundationEssentials
import TestSupport
import Testing

/// One line of `recur_cases.jsonl`.
private struct Case: Decodable {
  var id: String
  var dtstart: String
  var dtstart_tzid: String?
  var rrule: String?
  var exrule: [String]
  var rdate: [String]
  var exdate: [String]
  var start_at: String?
  var instances: [String]?
  var count: Int?
  var expect_error: String?
  var gregorian: Bool
  var dtstart_in_set: Bool?

  static func all() throws -> [Case] {
    let path = try Corpora.folder("ics/libical") + "/recur_cases.jsonl"
    return try octets(ofFile: path).split(separator: 0x0A).map {
      try JSONDecoder().decode(Case.self, from: Data($0))
    }
  }
}

@Suite("Rules of recurrence as libical has them", .needsCorpora)
struct RecurrenceCorpusTests {
  /// What libical has besides RFC 5545: SKIP of RFC 7529, and a refusal of one combination.
  @Test("agree on every Gregorian case that is not a matter of RFC 7529")
  func agree() throws {
    var agreed = 0
    var differences: [String: [String]] = [:]
    let cases = try Case.all().filter(\.gregorian)
    for one in cases {
      if let reason = Self.difference(one) {
        differences[reason, default: []].append(one.id)
      } else {
        agreed += 1
      }
    }
    print("libical: \(agreed) of \(cases.count) Gregorian cases agree")
    for (reason, ids) in differences.sorted(by: { $0.key < $1.key }) {
      print("  \(reason): \(ids.count): \(ids.joined(separator: ", "))")
    }
    #expect(cases.count == 216)
    #expect(agreed >= 203)
    #expect(
      Set(differences.keys)
        == ["refused: unsupported_rule", "read, where libical has no answer"])
  }

  /// Why a case does not agree; `nil` where it does.
  private static func difference(_ one: Case) -> String? {
    guard let start = TimeValue(Array(one.dtstart.utf8)) else { return "start" }
    let rule: RecurrenceRule
    do {
      rule = try RecurrenceRule(Array((one.rrule ?? "").utf8))
    } catch {
      return one.expect_error == nil ? "refused: \(error.rawValue)" : nil
    }
    guard one.expect_error == nil else { return "read, where libical has no answer" }
    var until = Int64.max
    if let value = rule.until {
      until = value.form == .date ? value.civil.clock + 86_399 : value.civil.clock
      if value.form == .utc, start.form == .local, let id = one.dtstart_tzid,
        let zone = ZoneDirectory.system.zone(id)
      {
        until = value.civil.clock + Int64(zone.rules.offset(at: value.civil.clock))
      }
    }
    var iterator = RuleIterator(
      rule, start: start.civil, isDay: start.form == .date, until: until, work: 10_000_000)
    var found: [String] = []
    while found.count < 5_000, let clock = iterator.next() {
      guard let civil = CivilTime(instant: clock) else { break }
      found.append(TimeValue(civil, start.form).text)
    }
    guard let expected = one.instances else {
      let isPlain = one.exrule.isEmpty && one.rdate.isEmpty && one.exdate.isEmpty
      let count = isPlain ? found.count : try? Self.seriesCount(one)
      return count == one.count ? nil : "count \(count ?? -1) for \(one.count ?? -1)"
    }
    if found == expected { return nil }
    if Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
      print(one.id, one.rrule ?? "", one.dtstart)
      print("  ours   \(found.prefix(8))\n  theirs \(expected.prefix(8))")
    }
    return "other instances"
  }

  /// Instances of the whole series, exceptions taken out.
  private static func seriesCount(_ one: Case) throws -> Int {
    var lines = "DTSTART:\(one.dtstart)\nRRULE:\(one.rrule ?? "")\n"
    for rule in one.exrule { lines += "EXRULE:\(rule)\n" }
    for date in one.rdate { lines += "RDATE:\(date)\n" }
    for date in one.exdate { lines += "EXDATE:\(date)\n" }
    return try Recurrence(contentLines: lines, zones: .system).occurrences(limit: 5_000).count
  }
}
