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
    compare("uid", item.externalID ?? "", squeezed(event.uid ?? ""), file)
    compare("summary", squeezed(item.title ?? ""), squeezed(event.summary ?? ""), file)
    compare("start", item.time(.start), event.dtstart, file)
    if event.dtend != nil { compare("end", item.time(.end), event.dtend, file) }
  }

  /// The reference gives times as RFC 5545 writes them.
  private mutating func compare(
    _ name: String, _ time: ItemTime?, _ theirs: String?, _ file: String
  ) {
    var ours = (time?.local ?? "").filter { $0 != "-" && $0 != ":" }
    if time?.zone == "UTC" { ours += "Z" }
    compare(name, ours, theirs ?? "", file)
  }

  private mutating func compare(_ name: String, _ ours: String, _ theirs: String, _ file: String) {
    compared[name, default: 0] += 1
    agreed[name, default: 0] += ours == theirs ? 1 : 0
    if ours != theirs { examples.append("\(name) of \(file): \(ours) | \(theirs)") }
  }

  private func squeezed(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  func report(_ corpus: String) {
    print("\(corpus): \(events) events")
    for name in compared.keys.sorted() {
      print("\(corpus): \(name) agrees on \(agreed[name] ?? 0) of \(compared[name] ?? 0)")
    }
    if Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
      for example in examples { print("  \(example)") }
    }
    print("\(corpus): defects:")
    for (code, count) in defects.sorted(by: { $0.key < $1.key }) { print("  \(code) \(count)") }
  }
}
