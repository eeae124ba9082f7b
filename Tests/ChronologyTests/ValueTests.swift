import Chronology
import Testing

@Suite("Values of iCalendar")
struct ValueTests {
  @Test(
    "times are read with and without dashes, seconds and zone",
    arguments: [
      ("20260303", "20260303"), ("20260303T090000", "20260303T090000"),
      ("20260303T090000Z", "20260303T090000Z"), ("20260303t090000z", "20260303T090000Z"),
      ("20260303T0900", "20260303T090000"), ("2026-03-03T09:00:00Z", "20260303T090000Z"),
      ("2026-03-03", "20260303"), (" 20260303T090000Z ", "20260303T090000Z"),
      ("20240229", "20240229"), ("20161231T235960Z", "20161231T235960Z"),
    ])
  func times(written: String, text: String) {
    #expect(TimeValue(Array(written.utf8))?.text == text)
  }

  @Test(
    "what no calendar has is no time",
    arguments: [
      "", "2026", "20260229", "20261301", "20260303T", "20260303T240000", "20260303T09",
      "20260303T0900000", "00000101", "2006717T080000Z", "-0011130T100000", "20260303Z",
      "20260303T090000+0100", "20260303T090000ZZ", "２０２６０３０３",
    ])
  func noTimes(written: String) {
    #expect(TimeValue(Array(written.utf8)) == nil)
  }

  @Test(
    "durations are days of the calendar, then seconds",
    arguments: [
      ("P1D", 1, 0), ("P2W", 14, 0), ("PT1H30M", 0, 5_400), ("P1DT2H3M4S", 1, 7_384),
      ("-PT15M", 0, -900), ("+P1D", 1, 0), ("P", 0, 0), ("pt5m", 0, 300),
      ("P15DT5H0M20S", 15, 18_020),
    ])
  func durations(written: String, days: Int, seconds: Int) {
    #expect(DurationValue(Array(written.utf8)) == DurationValue(days: days, seconds: seconds))
  }

  @Test(
    "what is none is no duration",
    arguments: ["", "1D", "P1", "P1H", "PT1D", "P-1D", "PT1H30", "PX", "P9999999999D"])
  func noDurations(written: String) {
    #expect(DurationValue(Array(written.utf8)) == nil)
  }

  @Test(
    "lines come back as they were written",
    arguments: [
      "DTSTART:20260303", "DTSTART;TZID=Europe/Berlin:20260303T090000",
      "A;B=c,d;E=\"f:g;h,i\":j:k", "A;B=^'x^n^^:y", "A;QUOTED-PRINTABLE:y", "A;B=:y", "A:",
    ])
  func lines(text: String) throws {
    let line = try #require(ContentLine(Array(text.utf8)[...]))
    #expect(String(decoding: line.octets, as: UTF8.self) == text)
    #expect(ContentLine(line.octets[...]) == line)
  }

  @Test("what has no name or no colon is no line", arguments: ["", ":", "A", "A;B", ";A:x", "é:x"])
  func noLines(text: String) { #expect(ContentLine(Array(text.utf8)[...]) == nil) }
}
