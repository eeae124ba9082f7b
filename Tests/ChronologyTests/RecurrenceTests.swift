import Chronology
import Testing

@Suite("A series")
struct RecurrenceTests {
  private func starts(_ lines: String, limit: Int = 20) throws -> [String] {
    try Recurrence(contentLines: lines, zones: .system).occurrences(limit: limit).map {
      $0.start.localText
    }
  }

  @Test(
    "joins its rules, further dates and exceptions",
    arguments: [
      ("DTSTART:20260303\nRRULE:FREQ=DAILY;COUNT=3\n", ["2026-03-03", "2026-03-04", "2026-03-05"]),
      // DTSTART is an instance whether the rule gives it or not; COUNT counts the rule's.
      (
        "DTSTART:20260303\nRRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=3\n",
        ["2026-03-03", "2026-03-06", "2026-03-13", "2026-03-20"]
      ),
      ("DTSTART:20260303\nRDATE:20260301,20260305\n", ["2026-03-01", "2026-03-03", "2026-03-05"]),
      (
        "DTSTART:20260303\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20260303,20260305\n",
        ["2026-03-04", "2026-03-06"]
      ),
      (
        "DTSTART:20260303T090000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260304\n",
        ["2026-03-03T09:00:00", "2026-03-05T09:00:00"]
      ),
      // The same moment in another zone, and one that is no instance.
      (
        "DTSTART;TZID=Europe/Berlin:20260303T090000\nRRULE:FREQ=DAILY;COUNT=3\n"
          + "EXDATE:20260304T080000Z,20260305T090000Z\n",
        ["2026-03-03T09:00:00", "2026-03-05T09:00:00"]
      ),
      (
        "DTSTART:20260303T090000\nRRULE:FREQ=DAILY;COUNT=5\nEXRULE:FREQ=DAILY;INTERVAL=2\n",
        ["2026-03-04T09:00:00", "2026-03-06T09:00:00"]
      ),
      (
        "DTSTART:20260303\nRRULE:FREQ=MONTHLY;COUNT=2\nRRULE:FREQ=YEARLY;COUNT=2\n",
        ["2026-03-03", "2026-04-03", "2027-03-03"]
      ),
      (
        "DTSTART:20260303T090000\nRRULE:FREQ=DAILY;UNTIL=20260305\n",
        ["2026-03-03T09:00:00", "2026-03-04T09:00:00", "2026-03-05T09:00:00"]
      ),
      (
        "DTSTART:20260303\nRRULE:FREQ=DAILY;UNTIL=20260304T000000Z\n", ["2026-03-03", "2026-03-04"]
      ),
      (
        "DTSTART;TZID=Asia/Tokyo:20260303T090000\nRRULE:FREQ=DAILY;UNTIL=20260304T000000Z\n",
        ["2026-03-03T09:00:00", "2026-03-04T09:00:00"]
      ),
      (
        "DTSTART;TZID=Asia/Tokyo:20260303T090000\nRRULE:FREQ=DAILY;UNTIL=20260303T235959Z\n",
        ["2026-03-03T09:00:00"]
      ),
      (
        "DTSTART:20240229\nRRULE:FREQ=YEARLY;COUNT=3\n", ["2024-02-29", "2028-02-29", "2032-02-29"]
      ),
      (
        "DTSTART:20260131\nRRULE:FREQ=MONTHLY;COUNT=3\n",
        ["2026-01-31", "2026-03-31", "2026-05-31"]
      ),
    ])
  func sets(lines: String, expected: [String]) throws {
    #expect(try starts(lines) == expected)
  }

  @Test("ends as DTEND by seconds, DURATION by days of the calendar, or a period of its own")
  func ends() throws {
    // The clocks of Berlin went forward on 29 March 2026 at two.
    func ends(_ length: String) throws -> [String?] {
      let lines =
        "DTSTART;TZID=Europe/Berlin:20260327T120000\n\(length)\nRRULE:FREQ=DAILY;COUNT=3\n"
      return try Recurrence(contentLines: lines, zones: .system).occurrences(limit: 9).map {
        $0.end?.localText
      }
    }
    #expect(
      try ends("DURATION:P1D")
        == ["2026-03-28T12:00:00", "2026-03-29T12:00:00", "2026-03-30T12:00:00"])
    #expect(
      try ends("DTEND;TZID=Europe/Berlin:20260328T120000")
        == ["2026-03-28T12:00:00", "2026-03-29T13:00:00", "2026-03-30T12:00:00"])
    #expect(try ends("X-NONE:") == [nil, nil, nil])
    let periods = try Recurrence(
      contentLines: "DTSTART:20260303T090000Z\nDURATION:PT1H\n"
        + "RDATE;VALUE=PERIOD:20260304T090000Z/PT2H,20260305T090000Z/20260305T093000Z\n",
      zones: .system)
    #expect(
      periods.occurrences(limit: 9).map { $0.end?.localText }
        == ["2026-03-03T10:00:00", "2026-03-04T11:00:00", "2026-03-05T09:30:00"])
  }

  @Test("keeps the local time through the change of clocks, also where a time is skipped")
  func clocks() throws {
    let series = try Recurrence(
      contentLines: "DTSTART;TZID=Europe/Berlin:20260328T023000\nRRULE:FREQ=DAILY\n",
      zones: .system)
    let times = series.occurrences(limit: 3).map(\.instant)
    #expect(times == [1_774_661_400, 1_774_747_800, 1_774_830_600])
    #expect(series.next(after: 1_774_661_400)?.instant == times[1])
    #expect(series.next(after: times[1] - 1)?.instant == times[1])
    #expect(series.next(after: times[1])?.instant == times[2])
  }

  /// The law that ties both ways to ask together.
  @Test(
    "goes on after each instance with the one that follows",
    arguments: [
      "FREQ=DAILY;COUNT=50", "FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1FR",
      "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU",
      "FREQ=YEARLY;BYYEARDAY=-1",
      "FREQ=HOURLY;INTERVAL=5", "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10", "FREQ=SECONDLY;BYHOUR=9",
      "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1", "FREQ=DAILY;BYHOUR=9,14;BYMINUTE=0,30",
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
      "FREQ=WEEKLY;WKST=SU;INTERVAL=3;BYDAY=SU,MO",
      "FREQ=DAILY;INTERVAL=7;BYMONTH=3", "FREQ=HOURLY;BYMONTH=3;BYDAY=TU;BYHOUR=0,23",
    ])
  func stepping(rule: String) throws {
    let series = try Recurrence(
      contentLines: "DTSTART;TZID=Europe/Berlin:20260303T090000\nRRULE:\(rule)\n", zones: .system)
    let all = series.occurrences(limit: 40)
    #expect(all.count == 40)
    for (one, following) in zip(all, all.dropFirst()) {
      #expect(series.next(after: one.instant) == following)
      #expect(series.next(after: following.instant - 1) == following)
    }
    #expect(series.next(after: .min) != nil && series.next(after: .max) == nil)
  }

  @Test(
    "of which no instance comes ends at once",
    arguments: [
      "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
      "FREQ=MINUTELY;BYMONTHDAY=31;BYMONTH=4", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
      "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
      "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1", "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
      "FREQ=YEARLY;INTERVAL=999999999", "FREQ=SECONDLY;COUNT=999999999;BYSECOND=59;INTERVAL=60",
      "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=366",
      "FREQ=YEARLY;BYDAY=53MO;BYYEARDAY=1",
    ])
  func hostile(rule: String) throws {
    let series = try Recurrence(
      contentLines: "DTSTART:20260303T090000Z\nRRULE:\(rule)\n", zones: .system)
    for after in [Int64.min, 1_800_000_000, 100_000_000_000] {
      let next = series.next(after: after)
      #expect(next == nil || next?.start == series.start)
    }
  }

  @Test("of exceptions alone, or as many as an exception rule makes, ends too")
  func exceptionsOnly() throws {
    let series = try Recurrence(
      contentLines: "DTSTART:20260303T090000Z\nRRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY\n",
      zones: .system)
    #expect(series.next(after: 1_800_000_000) == nil)
  }

  @Test(
    "a rule that breaks the grammar or asks for more than is covered is refused by name",
    arguments: [
      ("", "bad_rule"), ("COUNT=1", "bad_rule"), ("FREQ=OFTEN", "bad_rule"),
      ("FREQ=DAILY;COUNT=0", "bad_rule"), ("FREQ=DAILY;INTERVAL=0", "bad_rule"),
      ("FREQ=DAILY;INTERVAL=-1", "bad_rule"), ("FREQ=DAILY;COUNT=9999999999", "bad_rule"),
      ("FREQ=DAILY;UNTIL=never", "bad_rule"), ("FREQ=DAILY;BYHOUR=24", "bad_rule"),
      ("FREQ=DAILY;BYMONTH=0", "bad_rule"), ("FREQ=DAILY;BYMONTH=13", "bad_rule"),
      ("FREQ=DAILY;BYMONTHDAY=32", "bad_rule"), ("FREQ=DAILY;BYMONTHDAY=0", "bad_rule"),
      ("FREQ=DAILY;BYDAY=XX", "bad_rule"), ("FREQ=DAILY;BYDAY=0MO", "bad_rule"),
      ("FREQ=DAILY;BYDAY=54MO", "bad_rule"), ("FREQ=DAILY;BYDAY=", "bad_rule"),
      ("FREQ=DAILY;WKST=1MO", "bad_rule"), ("FREQ=DAILY;BYDAY", "bad_rule"),
      ("FREQ=YEARLY;RSCALE=CHINESE", "unsupported_rule"),
      ("FREQ=YEARLY;SKIP=FORWARD", "unsupported_rule"),
      ("FREQ=YEARLY;BYMOON=1", "unsupported_rule"),
      ("FREQ=YEARLY;BYMONTH=5L", "bad_rule"),
    ])
  func refused(rule: String, fault: String) {
    do {
      _ = try RecurrenceRule(Array(rule.utf8))
      Issue.record("read")
    } catch { #expect(error.rawValue == fault) }
  }

  @Test("rules of any case, order and harmless oddity are read")
  func lenient() throws {
    let plain = try RecurrenceRule(Array("FREQ=WEEKLY;BYDAY=MO,TU".utf8))
    for text in [
      "byday=mo,tu;freq=weekly", "FREQ=WEEKLY;BYDAY=MO, TU;", "BYDAY=MO,TU,MO;FREQ=WEEKLY;X-A=b",
    ] {
      #expect(try RecurrenceRule(Array(text.utf8)) == plain)
    }
  }

  @Test("without a start, with an unknown zone, or beyond its limits is refused by name")
  func faults() {
    func fault(_ lines: String) -> String? {
      do {
        _ = try Recurrence(contentLines: lines, zones: .system)
        return nil
      } catch { return error.rawValue }
    }
    #expect(fault("RRULE:FREQ=DAILY\n") == "bad_start")
    #expect(fault("DTSTART:soon\nRRULE:FREQ=DAILY\n") == "bad_start")
    #expect(fault("DTSTART;TZID=Nowhere:20260303T090000\nRRULE:FREQ=DAILY\n") == "unknown_zone")
    #expect(fault("DTSTART:20260303\nRRULE:FREQ=HOURLY\n") == "bad_rule")
    let limit = Recurrence.lineLimit
    let line = "EXDATE:20260303\n"
    #expect(fault("DTSTART:20260303\n" + String(repeating: line, count: limit - 1)) == nil)
    #expect(fault("DTSTART:20260303\n" + String(repeating: line, count: limit)) == "too_large")
    func dates(_ count: Int) -> String {
      let list = (0..<count).compactMap { CivilTime(instant: Int64($0) * 86_400) }
        .map { TimeValue($0, .date).text }.joined(separator: ",")
      return "DTSTART:20260303\nRDATE:\(list)\n"
    }
    #expect(fault(dates(Recurrence.dateLimit)) == nil)
    #expect(fault(dates(Recurrence.dateLimit + 1)) == "too_large")
  }
}
