import Calendar
import Grounding
import Testing

@Suite("The lines of a calendar")
struct LineTests {
  private func title(_ lines: String, lineEnd: String = "\r\n") -> String? {
    let text = "BEGIN:VEVENT\nDTSTART:20260303T090000Z\n\(lines)\nEND:VEVENT\n"
    let octets = text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: lineEnd)
    return CalendarParser.parse(Array(octets.utf8)).events.first?.title
  }

  @Test("end as they like and are folded with spaces and tabs", arguments: ["\r\n", "\n", "\r"])
  func folds(lineEnd: String) {
    #expect(title("SUMMARY:Board\n  meet\n\ting\n \n  on", lineEnd: lineEnd) == "Board meeting on")
  }

  @Test("an extra carriage return before the line end does no harm")
  func doubleReturn() {
    #expect(title("SUMMARY:Board\n  meeting", lineEnd: "\r\r\n") == "Board meeting")
  }

  @Test("are joined by octets, so that a fold inside of a character does no harm")
  func foldInCharacter() throws {
    let e = Array("é".utf8)
    let octets =
      Array("BEGIN:VEVENT\r\nSUMMARY:caf".utf8) + [e[0]] + Array("\r\n ".utf8) + [e[1]]
      + Array("\r\nEND:VEVENT\r\n".utf8)
    let item = try #require(CalendarParser.parse(octets).events.first)
    #expect(item.title == "café")
    #expect(!item.codes.contains("undeclared_octets"))
  }

  @Test(
    "have names of any case, parameters quoted or not, and escapes",
    arguments: [
      ("summary:a", "a"), ("SUMMARY;LANGUAGE=en;X-A=\"b:c;d,e\":a", "a"),
      ("SUMMARY;ALTREP=\"http://x/y:z\":a:b", "a:b"), (#"SUMMARY:a\, b\; c\\d"#, #"a, b; c\d"#),
      (#"SUMMARY:a\nb\Nc"#, "a b c"), (#"SUMMARY:a\"#, #"a\"#), (#"SUMMARY:a\x"#, #"a\x"#),
      ("SUMMARY;X=\"open:a", "a"), ("SUMMARY:  a  ", "a"),
      ("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:caf=E9", "café"),
      ("SUMMARY;QUOTED-PRINTABLE:caf=C3=A9", "café"),
      ("SUMMARY;ENCODING=QUOTED-PRINTABLE:one =\ntwo=\n  three", "one two  three"),
      ("SUMMARY;ENCODING=BASE64:Y2Fmw6k=", "café"), ("SUMMARY;CHARSET=UTF-8:café", "café"),
    ])
  func properties(line: String, text: String) { #expect(title(line) == text) }

  @Test("parameters undo RFC 6868's escapes")
  func parameterEscapes() throws {
    let item = try event(
      "DTSTART:20260303T090000Z",
      "ATTENDEE;CN=George Herman ^'Babe^' Ruth^^;PARTSTAT=X-ODD:mailto:babe@example.org")
    #expect(
      item.people == [
        Person(role: .attendee, name: "George Herman \"Babe\" Ruth^", address: "babe@example.org")
      ])
  }

  @Test(
    "people are named by whatever names them",
    arguments: [
      ("ATTENDEE:mailto:a@b.c", nil, "a@b.c"), ("ATTENDEE;CN=A:invalid:nomail", "A", nil),
      ("ATTENDEE;CN=a@b.c:mailto:a@b.c", nil, "a@b.c"),
      ("ATTENDEE;CN=A;EMAIL=a@b.c:urn:uuid:1", "A", "a@b.c"),
      ("ATTENDEE;CN=A, B:MAILTO:a@b.c", "A, B", "a@b.c"), ("ATTENDEE:a@b.c", nil, "a@b.c"),
    ] as [(String, String?, String?)])
  func people(line: String, name: String?, address: String?) throws {
    let item = try event("DTSTART:20260303T090000Z", line)
    #expect(item.people == [Person(role: .attendee, name: name, address: address)])
  }

  @Test("a text that goes on behind a bare line break is kept with a defect")
  func brokenText() {
    let parsed = CalendarParser.parse(
      calendar("DTSTART:20260303T090000Z", "DESCRIPTION:first", "second, and", "third"))
    #expect(parsed.events.first?.text.hasSuffix("first\nsecond, and\nthird") == true)
    #expect(parsed.defects == [Defect("stray_line", "2")])
  }

  @Test(
    "components need not be well nested",
    arguments: [
      (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nBEGIN:VEVENT\nUID:b\nEND:VCALENDAR", ["a", "b"],
        ["missing_end: 2"]
      ),
      ("BEGIN:VEVENT\nUID:a", ["a"], ["missing_end"]),
      (
        "BEGIN:VCALENDAR\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nEND:VCALENDAR", ["a"],
        ["stray_end"]
      ),
      ("BEGIN:VEVENT\nUID:a\nBEGIN:VALARM\nUID:x\nSUMMARY:x\nEND:VEVENT", ["a"], ["missing_end"]),
      ("begin:vcalendar\nbegin:vevent\nuid:a\nend:vevent\nend:vcalendar", ["a"], []),
      (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nEND:VCALENDAR\n"
          + "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:b\nEND:VEVENT\nEND:VCALENDAR", ["a", "b"], []
      ),
      ("", [], ["no_component"]), ("nothing", [], ["stray_line", "no_component"]),
    ] as [(String, [String], [String])])
  func nesting(text: String, uids: [String], defects: [String]) {
    let parsed = CalendarParser.parse(Array(text.utf8))
    #expect(parsed.events.map(\.externalID) == uids)
    #expect(parsed.events.allSatisfy { $0.title == nil })
    #expect(
      parsed.defects.map { $0.code + ($0.detail.map { ": " + $0 } ?? "") } == defects)
  }

  @Test("tasks, journals, free-busy times and what nobody knows are named as passed over")
  func skipped() {
    let text = """
      BEGIN:VCALENDAR
      BEGIN:VTODO
      SUMMARY:x
      BEGIN:VALARM
      END:VALARM
      END:VTODO
      BEGIN:VEVENT
      UID:a
      END:VEVENT
      BEGIN:VFREEBUSY
      END:VFREEBUSY
      BEGIN:X-ODD
      BEGIN:VEVENT2
      END:VEVENT2
      END:X-ODD
      END:VCALENDAR
      """
    let parsed = CalendarParser.parse(Array(text.utf8))
    #expect(
      parsed.skipped.map(\.place) == ["VTODO, line 2", "VFREEBUSY, line 10", "X-ODD, line 12"])
    #expect(parsed.skipped.allSatisfy { $0.code == .notYet })
    #expect(parsed.events.count == 1)
  }

  @Test("files of other encodings are read", arguments: ["utf-16le", "utf-16be", "bom", "latin1"])
  func encodings(name: String) throws {
    let text = "BEGIN:VEVENT\nUID:a\nSUMMARY:café\nEND:VEVENT\n"
    let octets: [UInt8] =
      switch name {
      case "utf-16le": [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      case "utf-16be": [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      case "bom": [0xEF, 0xBB, 0xBF] + Array(text.utf8)
      default: text.unicodeScalars.map { UInt8($0.value) }
      }
    let item = try #require(CalendarParser.parse(octets).events.first)
    #expect(item.title == "café")
    #expect(item.codes.contains("undeclared_octets") == (name == "latin1"))
    let declared = CalendarParser.parse(
      text.unicodeScalars.map { UInt8($0.value) }, hints: CalendarHints(charsetLabel: "iso-8859-1"))
    #expect(declared.events.first?.title == "café")
    #expect(declared.events.first?.codes.contains("undeclared_octets") == false)
  }
}
