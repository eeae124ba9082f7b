import Grounding
import Testing

@Suite("A rule in words")
struct RuleWordsTests {
  /// Of a series that begins on Tuesday, 3 March 2026, at nine.
  @Test(
    "says what people would say",
    arguments: [
      ("FREQ=DAILY", "every day"), ("FREQ=DAILY;COUNT=10", "every day, 10 times"),
      ("FREQ=DAILY;INTERVAL=3", "every third day"),
      ("FREQ=DAILY;INTERVAL=20", "every 20 days"),
      ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday (Monday to Friday)"),
      ("FREQ=DAILY;BYMONTH=1", "every day in January"),
      ("FREQ=WEEKLY", "every Tuesday"), ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday"),
      ("FREQ=WEEKLY;BYDAY=TH,MO,WE", "every Monday, Wednesday and Thursday"),
      ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday (Monday to Friday)"),
      ("FREQ=WEEKLY;INTERVAL=2", "every second Tuesday"),
      (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270331", "every second Tuesday until 31 March 2027"
      ),
      ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "every second week on Monday and Wednesday"),
      ("FREQ=MONTHLY", "on the 3rd of every month"),
      ("FREQ=MONTHLY;BYDAY=-1FR", "on the last Friday of every month"),
      ("FREQ=MONTHLY;BYDAY=1MO,3MO", "on the first and third Monday of every month"),
      (
        "FREQ=MONTHLY;BYDAY=1MO,-1FR",
        "on the first Monday and the last Friday of every month"
      ),
      ("FREQ=MONTHLY;BYDAY=-2MO", "on the second last Monday of every month"),
      (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "on the last weekday (Monday to Friday) of every month"
      ),
      ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=2", "on the second Friday of every month"),
      ("FREQ=MONTHLY;BYMONTHDAY=1,15", "on the 1st and 15th of every month"),
      ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month"),
      (
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=11,12,13,22",
        "on the 11th, 12th, 13th and 22nd of every third month"
      ),
      ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "on Friday if it is the 13th of every month"),
      ("FREQ=YEARLY", "every year on 3 March"),
      ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3", "every year on 3 March"),
      ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1,7", "every second year on 3 January and July"),
      ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "on the second Sunday of May, every year"),
      (
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", "on the last Sunday of March and October, every year"
      ),
      ("FREQ=YEARLY;BYDAY=20MO", "on the 20th Monday of every year"),
      ("FREQ=YEARLY;BYWEEKNO=20", "every year in week 20 on Tuesday"),
      ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", "every year in the last week on Monday"),
      ("FREQ=YEARLY;BYYEARDAY=100,-1", "every year on the last day and day 100 of the year"),
      ("FREQ=HOURLY;INTERVAL=3", "every third hour"),
      ("FREQ=DAILY;BYHOUR=9,14", "every day at 09:00 and 14:00"),
      ("FREQ=DAILY;BYHOUR=8,9;BYMINUTE=0,30", "every day at 08:00, 08:30, 09:00 and 09:30"),
      ("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10", "every 20 minutes at hours 9 and 10"),
      (
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1",
        "on every Monday and Tuesday of every month, of these the first and last of each month"
      ),
      ("RSCALE=CHINESE;FREQ=YEARLY", "by a rule that is not understood"),
    ])
  func words(rule: String, words: String) throws {
    let item = try event("DTSTART:20260303T090000Z", "RRULE:\(rule)")
    let line = item.text.split(separator: "\n").last ?? ""
    #expect(line == "Repeats: \(words)")
  }

  @Test("the day that UNTIL names in UTC is that of the series' zone")
  func until() throws {
    let item = try event(
      "DTSTART;TZID=Asia/Tokyo:20260303T090000", "RRULE:FREQ=DAILY;UNTIL=20260330T210000Z")
    #expect(item.text.hasSuffix("Repeats: every day until 31 March 2026"))
  }

  @Test("further dates and exceptions are listed, the first twelve of many")
  func dates() throws {
    let item = try event(
      "DTSTART:20260303T090000Z", "RDATE:20260401T090000Z,20260501T090000Z",
      "EXDATE;VALUE=DATE:20260303")
    #expect(
      item.text.hasSuffix("Repeats: on 1 April 2026 and 1 May 2026, except on 3 March 2026"))
    let many = (10..<30).map { "202605\($0)T090000Z" }.joined(separator: ",")
    let other = try event("DTSTART:20260303T090000Z", "RRULE:FREQ=DAILY", "EXDATE:\(many)")
    #expect(other.text.hasSuffix("20 May 2026, 21 May 2026 and 8 more days"))
  }
}
