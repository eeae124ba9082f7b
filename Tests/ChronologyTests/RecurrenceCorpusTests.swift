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
  @Test("agree on every Gregorian case but those with a part that is not covered")
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
  }

  /// Why a case does not agree; `nil` where it does.
  private static func difference(_ one: Case) -> String? {
    guard let start = TimeValue(Array(one.dtstart.utf8)) else { return "start" }
    let rule: RecurrenceRule
    do {
      rule = try RecurrenceRule(Array((one.rrule ?? "").utf8))
    } catch {
      return one.expect_error == nil ? "refused: \(error)" : nil
    }
    guard one.expect_error == nil else { return "read, where an error is expected" }
    var until = Int64.max
    if let value = rule.until {
      until = value.form == .date ? value.civil.clock + 86_399 : value.civil.clock
      if value.form == .utc, start.form == .local, let id = one.dtstart_tzid,
        let zone = ZoneDirectory.system.zone(id)
      {
        until = value.civil.clock + Int64(zone.rules.offset(at: value.civil.clock))
      }
    }
    var iterator = RuleIterator(rule, start: start.civil, until: until, work: 10_000_000)
    var found: [String] = []
    while found.count < 5_000, let clock = iterator.next() {
      guard let civil = CivilTime(instant: clock) else { break }
      found.append(TimeValue(civil, start.form).text)
    }
    guard let expected = one.instances else {
      let gone = one.exdate.filter { found.contains($0) }.count
      return found.count - gone == one.count ? nil : "count \(found.count) for \(one.count ?? -1)"
    }
    if found == expected { return nil }
    if Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
      print(one.id, one.rrule ?? "", one.dtstart)
      print("  ours   \(found.prefix(8))\n  theirs \(expected.prefix(8))")
    }
    return "other instances"
  }
}
