import Grounding
import Retrieval
import Testing

@Suite("A time in the response")
struct TimeDescriptionTests {
  @Test(
    "an instant is RFC 3339 in UTC with whole seconds",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1_790_925_240, "2026-10-02T07:14:00Z"),
      (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (-2_203_891_200, "1900-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
      (-62_135_596_800, "0001-01-01T00:00:00Z"),
    ] as [(Int64, String)])
  func instant(seconds: Int64, text: String) {
    #expect(TimeDescription(ItemTime(role: .sent, instant: seconds)).instant == text)
  }

  @Test(
    "a year that RFC 3339 cannot write is absent",
    arguments: [253_402_300_800, -62_135_596_801, Int64.max, Int64.min])
  func outsideOfTheCalendar(seconds: Int64) {
    #expect(TimeDescription(ItemTime(role: .sent, instant: seconds)).instant == nil)
  }

  @Test("what is not known stays absent")
  func unknown() {
    let time = TimeDescription(ItemTime(role: .start, local: "2026-10-02", allDay: true))
    #expect(time.instant == nil)
    #expect(time.local == "2026-10-02")
    #expect(time.zone == nil)
    #expect(time.allDay == true)
  }
}
