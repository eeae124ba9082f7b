import Calendar
import Chronology
import Grounding
import Testing

@Suite("An event")
struct EventTests {
  @Test("reads as a person would write it down")
  func whole() throws {
    let item = try event(
      "SUMMARY:Board meeting\\, with the auditors",
      "DTSTART;TZID=Europe/Berlin:20260303T090000",
      "DTEND;TZID=Europe/Berlin:20260303T103000",
      "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20270331T215959Z",
      "EXDATE;TZID=Europe/Berlin:20261222T090000",
      "LOCATION:Boat house\\, upper floor",
      "ORGANIZER;CN=Ana Costa:mailto:ana@example.org",
      "ATTENDEE;CN=\"Brandt, Theo\";PARTSTAT=ACCEPTED:MAILTO:theo@example.org",
      "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:mia@example.org",
      "CATEGORIES:Board,Money\\, mostly",
      "STATUS:CONFIRMED", "TRANSP:OPAQUE", "SEQUENCE:3",
      "URL:https://example.org/board",
      "DESCRIPTION:Bring the books.\\n\\nLunch afterwards\\;\\nwho comes?")
    #expect(item.kind == .event)
    #expect(item.title == "Board meeting, with the auditors")
    #expect(item.externalID == "u@example.org")
    #expect(item.identity == Array("u@example.org".utf8) + [0])
    #expect(
      item.text == """
        When: Tuesday 3 March 2026, 09:00 to 10:30 (Europe/Berlin)
        Repeats: every second Tuesday until 31 March 2027, except on 22 December 2026
        Where: Boat house, upper floor
        Organizer: Ana Costa <ana@example.org>
        Attendees: Brandt, Theo <theo@example.org> (accepted), mia@example.org (no answer yet)
        Categories: Board, Money, mostly
        Link: https://example.org/board

        Bring the books.

        Lunch afterwards;
        who comes?
        """)
    #expect(item.segments.count == 3)
    #expect(item.people.count == 3)
    #expect(
      item.people[1]
        == Person(
          role: .attendee, name: "Brandt, Theo", address: "theo@example.org", state: .accepted))
    #expect(
      item.time(.start)
        == ItemTime(
          role: .start, instant: 1_772_524_800, local: "2026-03-03T09:00:00",
          zone: "Europe/Berlin"))
    #expect(item.time(.end)?.instant == 1_772_530_200)
    #expect(item.facts("status") == ["confirmed"])
    #expect(item.facts("transparency") == ["opaque"])
    #expect(item.facts("category") == ["Board", "Money, mostly"])
    #expect(item.facts("location") == ["Boat house, upper floor"])
    #expect(item.facts.contains(Fact("sequence", .number(3))))
    #expect(item.defects == [])
    #expect(item.contentHash?.count == 32)
    #expect(!item.isOwnerOnly)
  }

  @Test("keeps of its series what the next occurrence needs")
  func recurrence() throws {
    let item = try event(
      "DTSTART;TZID=Europe/Berlin:20260303T090000", "DURATION:PT90M",
      "RRULE:FREQ=WEEKLY", "SUMMARY:x", "DTSTAMP:20260101T000000Z")
    #expect(
      item.facts("recurrence") == [
        "DTSTART;TZID=Europe/Berlin:20260303T090000\nDURATION:PT90M\nRRULE:FREQ=WEEKLY\n"
      ])
    let series = try Recurrence(contentLines: item.facts("recurrence")[0], zones: .system)
    let next = series.next(after: 1_774_814_400)
    // Summer time began on 29 March.
    #expect(next?.start.localText == "2026-03-31T09:00:00")
    #expect(next?.instant == 1_774_940_400)
    #expect(next?.end?.localText == "2026-03-31T10:30:00")
  }

  @Test("that does not repeat has no series")
  func single() throws {
    #expect(try event("DTSTART:20260303T090000Z").facts("recurrence") == [])
  }

  @Test(
    "says when it is",
    arguments: [
      (["DTSTART;VALUE=DATE:20260303"], "Tuesday 3 March 2026, all day"),
      (
        ["DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260304"],
        "Tuesday 3 March 2026, all day"
      ),
      (
        ["DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260306"],
        "Tuesday 3 March 2026 to Thursday 5 March 2026, all day"
      ),
      (
        ["DTSTART:20260303T090000Z", "DURATION:PT1H"],
        "Tuesday 3 March 2026, 09:00 to 10:00 (UTC)"
      ),
      (["DTSTART:20260303T090000"], "Tuesday 3 March 2026, 09:00"),
      (
        ["DTSTART:20260303T220000", "DTEND:20260304T010000"],
        "Tuesday 3 March 2026, 22:00 to Wednesday 4 March 2026, 01:00"
      ),
      (
        [
          "DTSTART;TZID=Europe/Berlin:20260303T090000",
          "DTEND;TZID=America/New_York:20260303T120000",
        ],
        "Tuesday 3 March 2026, 09:00 (Europe/Berlin) to Tuesday 3 March 2026, 12:00"
          + " (America/New_York)"
      ),
      (
        ["DTSTART;TZID=Nowhere/At All:20260303T090000"],
        "Tuesday 3 March 2026, 09:00 (Nowhere/At All)"
      ),
    ] as [([String], String)])
  func when(lines: [String], words: String) throws {
    let parsed = CalendarParser.parse(calendar(lines))
    #expect(parsed.events.first?.text == "When: " + words)
  }

  @Test("an all-day event ends in its field with the day after its last, as iCalendar says")
  func allDay() throws {
    let item = try event("DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260306")
    #expect(item.time(.start) == ItemTime(role: .start, local: "2026-03-03", allDay: true))
    #expect(item.time(.end) == ItemTime(role: .end, local: "2026-03-06", allDay: true))
    let one = try event("DTSTART;VALUE=DATE:20260303")
    #expect(one.time(.end)?.local == "2026-03-04")
  }

  @Test(
    "finds its zone by whatever name",
    arguments: [
      ("Europe/Berlin", "Europe/Berlin"), ("W. Europe Standard Time", "Europe/Berlin"),
      ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
      (
        "/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires",
        "America/Argentina/Buenos_Aires"
      ),
      ("\"Europe/Berlin\"", "Europe/Berlin"), ("UTC", "UTC"), ("Etc/UTC", "UTC"),
    ])
  func zone(written: String, name: String) throws {
    let item = try event("DTSTART;TZID=\(written):20260703T090000")
    #expect(item.time(.start)?.zone == name)
    #expect(item.time(.start)?.instant != nil)
    #expect(item.defects == [])
  }

  @Test("takes the calendar's own description of a zone that the machine lacks")
  func ownZone() throws {
    let lines = [
      "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:u", "DTSTART;TZID=GMT+0100:20260703T090000",
      "RRULE:FREQ=DAILY", "END:VEVENT",
      "BEGIN:VTIMEZONE", "TZID:GMT+0100", "X-LIC-LOCATION:x", "BEGIN:STANDARD",
      "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
      "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD", "BEGIN:DAYLIGHT",
      "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
      "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE", "END:VCALENDAR",
    ]
    let parsed = CalendarParser.parse(Array(lines.joined(separator: "\n").utf8))
    let item = try #require(parsed.events.first)
    #expect(item.time(.start)?.zone == "GMT+0100")
    #expect(item.time(.start)?.instant == 1_783_062_000)
    let series = try Recurrence(contentLines: item.facts("recurrence")[0], zones: .system)
    #expect(!item.facts("recurrence")[0].contains("X-LIC"))
    // In winter it is an hour later in UTC.
    #expect(series.next(after: 1_798_848_000)?.instant == 1_798_876_800)
  }

  @Test("a described zone's name may have a comma, escaped in one place and quoted in the other")
  func zoneNameWithComma() throws {
    let text = """
      BEGIN:VTIMEZONE
      TZID:Kuala Lumpur\\, Singapore
      BEGIN:STANDARD
      DTSTART:16010101T000000
      TZOFFSETFROM:+0800
      TZOFFSETTO:+0800
      END:STANDARD
      END:VTIMEZONE
      BEGIN:VEVENT
      UID:u
      DTSTART;TZID="Kuala Lumpur, Singapore":20261031T093000
      RRULE:FREQ=WEEKLY
      END:VEVENT
      """
    let item = try #require(CalendarParser.parse(Array(text.utf8)).events.first)
    #expect(item.defects == [])
    #expect(item.time(.start)?.instant == 1_793_410_200)
    #expect(item.facts("recurrence").count == 1)
  }

  @Test("without zone files says so, and still reads what the calendar describes")
  func noZoneFiles() throws {
    let absent = ZoneDirectory(path: "/nonexistent/zoneinfo")
    let octets = calendar("DTSTART;TZID=Europe/Berlin:20260703T090000")
    let item = try #require(CalendarParser.parse(octets, zones: absent).events.first)
    #expect(item.codes == ["unknown_zone", "zones_absent"])
    #expect(item.time(.start)?.instant == nil)
    #expect(item.time(.start)?.zone == "Europe/Berlin")
    #expect(item.time(.start)?.local == "2026-07-03T09:00:00")
  }

  @Test(
    "is its owner's alone where its class is not public",
    arguments: [
      ("CLASS:PRIVATE", true), ("CLASS:CONFIDENTIAL", true), ("CLASS:confidential", true),
      ("CLASS:X-SECRET", true), ("CLASS:PUBLIC", false), ("CLASS:", false),
      ("X-CALENDARSERVER-ACCESS:RESTRICTED", true),
    ])
  func ownerOnly(line: String, isOwnerOnly: Bool) throws {
    #expect(try event("DTSTART:20260303T090000Z", line).isOwnerOnly == isOwnerOnly)
  }

  @Test("that is cancelled stays readable and says so", arguments: [true, false])
  func cancelled(byMethod: Bool) throws {
    let octets =
      byMethod
      ? Array(
        """
        BEGIN:VCALENDAR
        METHOD:CANCEL
        BEGIN:VEVENT
        UID:u
        SUMMARY:Regatta
        DTSTART:20260303T090000Z
        END:VEVENT
        END:VCALENDAR
        """.utf8)
      : calendar("SUMMARY:Regatta", "DTSTART:20260303T090000Z", "STATUS:CANCELLED")
    let item = try #require(CalendarParser.parse(octets).events.first)
    #expect(item.title == "Regatta")
    #expect(item.text.hasPrefix("This event is cancelled.\nWhen: Tuesday 3 March 2026"))
    #expect(item.facts(byMethod ? "method" : "status") == [byMethod ? "cancel" : "cancelled"])
  }

  @Test("a changed occurrence is an item of its own and says which one it replaces")
  func override() throws {
    let item = try event(
      "RECURRENCE-ID;TZID=W. Europe Standard Time:20260303T090000",
      "DTSTART;TZID=Europe/Berlin:20260304T100000")
    #expect(
      item.identity == Array("u@example.org".utf8) + [0]
        + Array("20260303T090000;Europe/Berlin".utf8))
    #expect(
      item.text == """
        When: Wednesday 4 March 2026, 10:00 (Europe/Berlin)
        In place of: Tuesday 3 March 2026, 09:00 (Europe/Berlin)
        """)
    let all = try event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260303T090000Z", "DTSTART:20260303")
    #expect(all.codes == ["range_not_read"])
  }

  @Test("of several with one identity the highest sequence, then the latest stamp, is kept")
  func duplicates() {
    func one(_ uid: String, _ sequence: Int, _ stamp: String, _ title: String) -> String {
      "BEGIN:VEVENT\nUID:\(uid)\nSEQUENCE:\(sequence)\nDTSTAMP:\(stamp)\nSUMMARY:\(title)\nEND:VEVENT\n"
    }
    let text =
      one("a", 2, "20260101T000000Z", "second") + one("a", 1, "20260301T000000Z", "first")
      + one("b", 0, "20260101T000000Z", "old") + one("b", 0, "20260102T000000Z", "new")
      + one("a", 2, "20251231T000000Z", "before")
    let parsed = CalendarParser.parse(Array(text.utf8))
    #expect(parsed.events.map(\.title) == ["second", "new"])
    #expect(parsed.defects == [Defect("duplicate_event", "3")])
  }

  @Test("without a UID is named by what it holds, apart from the others")
  func noUID() throws {
    let text = """
      BEGIN:VEVENT
      SUMMARY:a
      END:VEVENT
      BEGIN:VEVENT
      SUMMARY:b
      END:VEVENT
      """
    let parsed = CalendarParser.parse(Array(text.utf8))
    #expect(parsed.events.count == 2)
    #expect(parsed.events[0].identity != parsed.events[1].identity)
    #expect(parsed.events.allSatisfy { $0.identity?.count == 32 && $0.externalID == nil })
    #expect(parsed.events.allSatisfy { $0.codes == ["missing_start", "missing_uid"] })
  }

  @Test(
    "is read with what is wrong in it",
    arguments: [
      (["DTSTART:20260231T090000Z"], "bad_time"), (["DTSTART:soon"], "bad_time"),
      (["DTSTART:20260303T090000Z", "DTEND:20260303T080000Z"], "end_before_start"),
      (["DTSTART:20260303T090000Z", "DURATION:x"], "bad_time"),
      (["DTSTART:20260303T090000Z", "SUMMARY:a", "SUMMARY:b"], "duplicate_property"),
      (["DTSTART:20260303T090000Z", "RRULE:FREQ=OFTEN"], "bad_rule"),
      (["DTSTART:20260303T090000Z", "RRULE:RSCALE=CHINESE;FREQ=YEARLY"], "unsupported_rule"),
      (["DTSTART:20260303T090000Z", "CLASS:X"], "unknown_class"),
      (["DTSTART:20260303T090000Z", "SUMMARY;CHARSET=klingon:x"], "unknown_charset"),
      (
        ["DTSTART:20260303T090000Z", "SUMMARY;ENCODING=QUOTED-PRINTABLE:a=ZZ"],
        "bad_quoted_printable"
      ),
      (
        ["DTSTART:20260303T090000Z", "ATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA"],
        "attachment_not_read"
      ),
      (["DTSTART:20260303T090000Z", "SUMMARY:a\u{202E}b"], "direction_overrides"),
    ])
  func defect(lines: [String], code: String) {
    let parsed = CalendarParser.parse(calendar(lines))
    #expect(parsed.events.count == 1)
    #expect(parsed.events.first?.codes == [code])
  }

  @Test(
    "shows HTML as its reader sees it, and only where nothing plain is there",
    arguments: [
      (["DESCRIPTION:plain", "X-ALT-DESC;FMTTYPE=text/html:<p>page</p>"], "plain"),
      (["X-ALT-DESC;FMTTYPE=text/html:<html><body><p>one</p><p>two</p>"], "one\n\ntwo"),
      (["DESCRIPTION: \\n", "X-ALT-DESC:<p>page"], "page"),
      (["DESCRIPTION:<b>one</b>\\ntwo"], "one\ntwo"),
      (["DESCRIPTION:one<br>two\\nthree"], "one\ntwo three"),
      (["DESCRIPTION:a < b > c <a@b.c>"], "a < b > c <a@b.c>"),
    ])
  func html(lines: [String], text: String) {
    let item = CalendarParser.parse(calendar(["DTSTART:20260303"] + lines)).events.first
    #expect(item?.text == "When: Tuesday 3 March 2026, all day\n\n" + text)
    #expect(item?.defects == [])
  }

  @Test("counts what HTML hides")
  func hidden() throws {
    let item = try event(
      "DTSTART:20260303", "DESCRIPTION:<p>seen</p><p style=\"display:none\">hidden</p>")
    #expect(!item.text.contains("hidden"))
    #expect(item.codes == ["hidden_text"])
  }
}
