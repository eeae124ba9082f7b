import Calendar
import Chronology
import Grounding
import Markup
import TestSupport
import Testing

@Suite("Hostile calendars")
struct HostileTests {
  private static let sample = """
    BEGIN:VCALENDAR
    METHOD:REQUEST
    BEGIN:VTIMEZONE
    TZID:Own
    BEGIN:STANDARD
    DTSTART:16010101T030000
    TZOFFSETFROM:+0200
    TZOFFSETTO:+0100
    RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
    END:STANDARD
    END:VTIMEZONE
    BEGIN:VEVENT
    UID:u
    SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=utf-8:caf=C3=A9 =
     on
    DTSTART;TZID=Own:20260303T090000
    DTEND;TZID="Europe/Berlin":20260303T100000
    RRULE:FREQ=MONTHLY;BYDAY=MO,-1FR;BYSETPOS=1,-1;COUNT=10;BYHOUR=9,10
    EXDATE;VALUE=DATE:20260401,20260402
    RDATE;VALUE=PERIOD:20260405T090000Z/PT1H
    ATTENDEE;CN="A, B";PARTSTAT=DECLINED:mailto:a@b.c
    CATEGORIES:a\\,b,c
    DESCRIPTION:one\\n\\ntwo
    X-ALT-DESC;FMTTYPE=text/html:<p>x
    BEGIN:VALARM
    TRIGGER:-PT5M
    END:VALARM
    END:VEVENT
    END:VCALENDAR

    """

  private static let known = Set(CalendarDefect.allCases.map(\.rawValue))
    .union(RecurrenceFault.allCases.map(\.rawValue)).union(HTMLDefect.allCases.map(\.rawValue))
    .union(["control_characters", "tag_characters", "direction_overrides", "zero_width_characters"])

  private func check(_ octets: [UInt8], _ limits: CalendarLimits, _ seed: UInt64) {
    let parsed = CalendarParser.parse(octets, limits: limits)
    var faults = parsed.defects.filter { !Self.known.contains($0.code) }.map(\.code)
    if parsed.events.count + parsed.skipped.count > max(0, limits.components) {
      faults.append("components")
    }
    for item in parsed.events { faults += self.faults(item, limits) }
    #expect(faults == [], "seed \(seed)")
  }

  /// What is wrong with an item, whatever it was read from.
  private func faults(_ item: ParsedItem, _ limits: CalendarLimits) -> [String] {
    var texts = [item.text, item.title ?? "", item.externalID ?? ""]
    texts += item.people.flatMap { [$0.name ?? "", $0.address ?? ""] }
    texts += item.times.flatMap { [$0.local ?? "", $0.zone ?? ""] }
    for fact in item.facts where fact.name != "recurrence" {
      if case .text(let text) = fact.value { texts.append(text) }
    }
    var faults: [String] = []
    if !texts.allSatisfy(\.isFitForPrompts) { faults.append("characters") }
    if !item.hasSoundSegments { faults.append("segments") }
    if item.text.utf8.count > max(0, limits.textOctets) { faults.append("text") }
    if item.identity == nil || item.contentHash?.count != 32 { faults.append("identity") }
    faults += item.codes.filter { !Self.known.contains($0) }
    for lines in item.facts("recurrence") {
      let series = try? Recurrence(contentLines: lines, zones: .system)
      if series == nil { faults.append("series") }
      _ = series?.next(after: 1_800_000_000)
    }
    return faults
  }

  @Test("no mutation stops a calendar, or lets through what must not reach a prompt")
  func mutations() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      "\n", "\r", "\r\n ", "\n\t", ":", ";", "\"", ",", "=", "=\n", "\\", "\\n", "^", "/",
      "BEGIN:VEVENT\n", "END:VEVENT\n", "BEGIN:VTIMEZONE\n", "END:VCALENDAR\n", "BEGIN:X\n",
      "TZID=", "TZID:Own\n", "DTSTART:", "RRULE:FREQ=SECONDLY\n", "COUNT=999999999",
      "INTERVAL=999999999;", "BYYEARDAY=-366,366", "99991231T235959Z", "00010101",
      "P999999999W", "\0", "\u{E0041}", "\u{202E}", "é", "RECURRENCE-ID:20260303\n",
    ].map { Array($0.utf8) }
    for _ in 0..<4_000 {
      var octets = Array(Self.sample.utf8)
      random.mutate(&octets, with: pieces)
      var limits = CalendarLimits()
      if Bool.random(using: &random) {
        limits.octets = Int.random(in: 0...2_000, using: &random)
        limits.lineOctets = Int.random(in: 0...100, using: &random)
        limits.depth = Int.random(in: 0...4, using: &random)
        limits.components = Int.random(in: 0...3, using: &random)
        limits.properties = Int.random(in: 0...20, using: &random)
        limits.textOctets = Int.random(in: 0...200, using: &random)
        limits.people = Int.random(in: 0...2, using: &random)
        limits.recurrenceOctets = Int.random(in: 0...300, using: &random)
      }
      check(octets, limits, seed)
    }
  }

  @Test("random octets are a calendar with defects")
  func randomOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<2_000 {
      let octets = (0..<Int.random(in: 0...400, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      check(octets, CalendarLimits(), seed)
    }
  }

  @Test("a million of anything is read in one pass")
  func large() {
    func inEvent(_ lines: String) -> String {
      "BEGIN:VEVENT\nUID:u\nDTSTART:20260303T090000Z\n\(lines)\nEND:VEVENT\n"
    }
    func many(_ text: String, _ count: Int = 200_000) -> String {
      String(repeating: text, count: count)
    }
    let sources = [
      many("BEGIN:VEVENT\n"), many("BEGIN:A\n"), many("END:A\n"), many("BEGIN:VCALENDAR\n"),
      many("BEGIN:VEVENT\nBEGIN:VALARM\n", 100_000), many("BEGIN:VTIMEZONE\nTZID:a\n", 100_000),
      inEvent("SUMMARY:" + many("\n x")), inEvent("SUMMARY" + many(";a=b") + ":x"),
      inEvent("SUMMARY" + many(";a=\"b") + ":x"), inEvent("SUMMARY;a=" + many("\",") + ":x"),
      inEvent("SUMMARY:" + many("\\")), inEvent("DESCRIPTION:" + many("\\n\\n")),
      inEvent("DESCRIPTION;ENCODING=QUOTED-PRINTABLE:" + many("=\n")),
      inEvent("DESCRIPTION:" + many("x=\n ")), inEvent("CATEGORIES:" + many("a,")),
      inEvent(many("ATTENDEE:mailto:a@b.c\n")), inEvent(many("DTSTART:20260303\n")),
      inEvent("RRULE:FREQ=DAILY\nEXDATE:" + many("20260303,", 100_000)),
      inEvent("RRULE:FREQ=DAILY;BYDAY=" + many("MO,") + "MO"), inEvent(many("RRULE:FREQ=DAILY\n")),
      inEvent("DTSTART;TZID=" + many("a/") + "b:20260303T090000"),
      inEvent(many("DTSTART;TZID=a:20260303T090000\n")), many("x\n"), many("\n"), many("\r"),
      inEvent("DESCRIPTION:" + many("<br>")), inEvent("X-ALT-DESC:" + many("<p>a")),
      (0..<50_000).map {
        "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:\($0)\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
          + "DTSTART;TZID=x\($0):20260303T090000\n"
      }.joined(),
      many(" \n"), many("BEGIN:VTODO\nEND:VTODO\n", 100_000),
      "BEGIN:VEVENT\nDESCRIPTION:a\n" + many("x\n"),
    ]
    for source in sources { check(Array(source.utf8), CalendarLimits(), 0) }
  }

  /// What a limit lets through, and what it makes of one more.
  @Test("each limit holds at its end")
  func limits() {
    func codes(_ text: String, _ change: (inout CalendarLimits) -> Void) -> [String] {
      var limits = CalendarLimits()
      change(&limits)
      let parsed = CalendarParser.parse(Array(text.utf8), limits: limits)
      return parsed.defects.map(\.code) + parsed.events.flatMap(\.codes)
    }
    let event = "BEGIN:VEVENT\nUID:u\nDTSTART:20260303\nSUMMARY:abcd\nEND:VEVENT\n"
    let size = event.utf8.count
    #expect(codes(event) { $0.octets = size } == [])
    #expect(codes(event) { $0.octets = size - 1 } == ["calendar_too_large"])
    #expect(codes(event) { $0.lineOctets = 16 } == [])
    #expect(codes(event) { $0.lineOctets = 15 } == ["line_too_long", "bad_time"])
    let nested = "BEGIN:VCALENDAR\n\(event)END:VCALENDAR\n"
    #expect(codes(nested) { $0.depth = 2 } == [])
    #expect(codes(nested) { $0.depth = 1 }.contains("components_too_deep"))
    #expect(
      codes(event + event.split(separator: "u").joined(separator: "v")) { $0.components = 2 } == [])
    #expect(codes(event + event) { $0.components = 1 } == ["too_many_components"])
    #expect(codes(event) { $0.properties = 3 } == [])
    #expect(codes(event) { $0.properties = 2 } == ["too_many_properties"])
    let words = "When: Tuesday 3 March 2026, all day".utf8.count
    #expect(codes(event) { $0.textOctets = words } == [])
    #expect(codes(event) { $0.textOctets = words - 1 } == ["text_too_long"])
    let attended = event.split(separator: "SUMMARY").joined(
      separator: "ATTENDEE:mailto:a@b.c\nSUMMARY")
    #expect(codes(attended) { $0.people = 1 } == [])
    #expect(codes(attended) { $0.people = 0 } == ["too_many_people"])
    let series = event.split(separator: "SUMMARY").joined(separator: "RRULE:FREQ=DAILY\nSUMMARY")
    #expect(codes(series) { $0.recurrenceOctets = 34 } == [])
    #expect(codes(series) { $0.recurrenceOctets = 33 } == ["recurrence_too_long"])
    let zone = "BEGIN:VTIMEZONE\nTZID:a\nEND:VTIMEZONE\n"
    #expect(codes(zone) { $0.zones = 1 } == [])
    #expect(codes(zone) { $0.zones = 0 } == ["too_many_zones"])
    #expect(codes(zone) { $0.zoneLines = 0 } == ["bad_zone"])
    let odd = "BEGIN:VEVENT\nDTSTART:x\nDTEND:x\nEND:VEVENT\n"
    #expect(codes(odd) { $0.defects = 3 } == ["bad_time", "bad_time", "missing_uid"])
    #expect(codes(odd) { $0.defects = 1 } == ["bad_time", "more_defects"])
  }
}
