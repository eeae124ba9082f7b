import Calendar
import Chronology
import Glibc
import Grounding
import TestSupport
import Testing

@Suite("Calendars of the corpora", .needsCorpora, .serialized)
struct CorpusTests {
  @Test("every event of ical4j's samples is there and reads as the reference does")
  func ical4j() throws {
    let folder = try Corpora.folder("ics/ical4j")
    var agreement = Agreement()
    for reference in try Reference.all(ofFile: "\(folder)/reference.jsonl") {
      let octets = try octets(ofFile: "\(folder)/\(reference.file)")
      agreement.add(CalendarParser.parse(octets), octets, reference)
    }
    agreement.report("ical4j")
    #expect(agreement.files["valid"] == 81 && agreement.files["invalid"] == 22)
    #expect(agreement.lost == [])
    #expect(agreement.kinds.keys.allSatisfy { !$0.contains("another") })
  }

  /// Floating times and days are in UTC, as in the reference.
  ///
  /// It differs in dates with a TZID (which
  /// it reads as midnights there), EXRULE, changes of excluded occurrences, and rules that end before
  /// their start.
  @Test("occurrences of ical4j's samples are mostly those of the reference")
  func occurrences() throws {
    let folder = try Corpora.folder("ics/ical4j")
    var (agreed, ours, theirs) = (0, 0, 0)
    for reference in try Reference.all(ofFile: "\(folder)/reference.jsonl") {
      guard let window = reference.window, reference.expand == "ok", reference.truncated == false
      else { continue }
      let parsed = CalendarParser.parse(try octets(ofFile: "\(folder)/\(reference.file)"))
      let found = try Self.occurrences(parsed.events, window[0]..<window[1])
      let expected = Set(
        (reference.occurrences ?? []).map { Occurrence(uid: $0.uid ?? "", start: $0.start) })
      agreed += found.intersection(expected).count
      ours += found.subtracting(expected).count
      theirs += expected.subtracting(found).count
      if found != expected {
        print(
          "  \(reference.file): \(found.subtracting(expected).count) only here,"
            + " \(expected.subtracting(found).count) only there")
      }
    }
    print("ical4j: occurrences: \(agreed) in both, \(ours) only here, \(theirs) only there")
    #expect(agreed > 50 * max(ours, theirs))
  }

  private struct Occurrence: Hashable {
    var uid: String
    var start: Int64
  }

  /// The starts in a window: of single events, and of series without what other events replace.
  private static func occurrences(
    _ items: [ParsedItem], _ window: Range<Int64>
  ) throws -> Set<Occurrence> {
    var replaced: Set<Occurrence> = []
    for item in items {
      let name = String(decoding: (item.identity ?? []).drop { $0 != 0 }.dropFirst(), as: UTF8.self)
      let words = name.split(separator: ";", maxSplits: 1).map { String($0) }
      guard let uid = item.externalID, let first = words.first,
        let value = TimeValue(Array(first.utf8))
      else { continue }
      let rules = words.count > 1 ? ZoneDirectory.system.zone(words[1])?.rules : nil
      replaced.insert(
        Occurrence(uid: uid, start: (rules ?? .utc).instant(of: value.civil)))
    }
    var found: Set<Occurrence> = []
    for item in items {
      let uid = item.externalID ?? ""
      if let lines = item.facts("recurrence").first {
        let series = try Recurrence(contentLines: lines, zones: .system)
        for one in series.occurrences(limit: 10_000) where window.contains(one.instant) {
          let occurrence = Occurrence(uid: uid, start: one.instant)
          if !replaced.contains(occurrence) { found.insert(occurrence) }
        }
      } else if let start = item.time(.start), let local = start.local,
        let value = TimeValue(Array(local.utf8))
      {
        let instant = start.instant ?? value.civil.clock
        if window.contains(instant) { found.insert(Occurrence(uid: uid, start: instant)) }
      }
    }
    return found
  }

  @Test(
    "what others found hard is read",
    arguments: [("ics/libical", 59), ("fuzz/ics", 60)])
  func hard(name: String, atLeast count: Int) throws {
    let folder = try Corpora.folder(name)
    let paths = filePaths(below: folder).filter {
      !$0.hasSuffix(".md") && !$0.hasSuffix(".stamp") && !$0.contains("jsonl")
        && !$0.hasSuffix("make-recur-cases")
    }
    #expect(paths.count >= count)
    var events = 0
    for path in paths {
      let parsed = CalendarParser.parse(try octets(ofFile: path))
      events += parsed.events.count
      for item in parsed.events {
        #expect(item.hasSoundSegments && item.text.isFitForPrompts, "\(path)")
      }
    }
    print("\(name): \(paths.count) files, \(events) events")
  }
}

/// How often what we read is what the reference read.
struct Agreement {
  private(set) var files: [String: Int] = [:]
  /// Files with fewer events than they have.
  private(set) var lost: [String] = []
  private var events = 0
  private var agreed: [String: Int] = [:]
  private var compared: [String: Int] = [:]
  private var defects: [String: Int] = [:]
  private var examples: [String] = []
  private(set) var kinds: [String: Int] = [:]

  mutating func add(_ parsed: ParsedCalendar, _ octets: [UInt8], _ reference: Reference) {
    files[String(reference.file.prefix { $0 != "/" }), default: 0] += 1
    for defect in parsed.defects { defects["file " + defect.code, default: 0] += 1 }
    for item in parsed.events {
      for code in Set(item.defects.map(\.code)) { defects[code, default: 0] += 1 }
    }
    let duplicates = parsed.defects.filter { $0.code == "duplicate_event" }
      .reduce(0) { $0 + (Int($1.detail ?? "") ?? 1) }
    let counted = parsed.events.count + duplicates
    events += counted
    // The reference gives up on some files.
    let expected = max(reference.components?["VEVENT"] ?? 0, beginnings(octets))
    if counted < expected { lost.append("\(reference.file): \(counted) of \(expected)") }
    guard duplicates == 0, let theirs = reference.events, theirs.count == parsed.events.count
    else {
      examples.append("\(reference.file): not compared, \(duplicates) duplicates")
      return
    }
    for (item, event) in zip(parsed.events, theirs) { compare(item, event, reference.file) }
  }

  private func beginnings(_ octets: [UInt8]) -> Int {
    String(decoding: octets, as: UTF8.self).uppercased().split(separator: "BEGIN:VEVENT").count - 1
  }

  private mutating func compare(
    _ item: ParsedItem, _ event: Reference.Event, _ file: String
  ) {
    compare("uid", item.externalID ?? "", squeezed(event.uid ?? ""), file, kind: "another")
    let (title, summary) = (squeezed(item.title ?? ""), squeezed(event.summary ?? ""))
    let isQuoted = title == summary.replacing("\\\"", with: "\"")
    let kind = isQuoted ? "an escaped quote, undone here" : "octets that are not UTF-8"
    compare("summary", title, summary, file, kind: kind)
    compare("start", item.time(.start), event.dtstart, file)
    if event.dtend != nil { compare("end", item.time(.end), event.dtend, file) }
  }

  /// The reference gives times as RFC 5545 writes them.
  private mutating func compare(
    _ name: String, _ time: ItemTime?, _ theirs: String?, _ file: String
  ) {
    var ours = (time?.local ?? "").filter { $0 != "-" && $0 != ":" }
    if time?.zone == "UTC" { ours += "Z" }
    let theirs = theirs ?? ""
    var kind = "another time"
    if ours.isEmpty { kind = "none that a calendar has" }
    if ours + "T000000" == theirs { kind = "a date, its midnight in the reference" }
    compare(name, ours, theirs, file, kind: kind)
  }

  private mutating func compare(
    _ name: String, _ ours: String, _ theirs: String, _ file: String, kind: String
  ) {
    compared[name, default: 0] += 1
    agreed[name, default: 0] += ours == theirs ? 1 : 0
    if ours != theirs {
      kinds["\(name): \(kind)", default: 0] += 1
      examples.append("\(name) of \(file): \(ours) | \(theirs)")
    }
  }

  private func squeezed(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  func report(_ corpus: String) {
    print("\(corpus): \(events) events")
    for name in compared.keys.sorted() {
      print("\(corpus): \(name) agrees on \(agreed[name] ?? 0) of \(compared[name] ?? 0)")
    }
    for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) { print("  \(kind): \(count)") }
    if Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
      for example in examples { print("  \(example)") }
    }
    print("\(corpus): defects:")
    for (code, count) in defects.sorted(by: { $0.key < $1.key }) { print("  \(code) \(count)") }
  }
}
