/// A series: its first time, its rules, its further dates and its exceptions.
///
/// DTSTART is an instance whether the rule gives it or not (RFC 5545, section 3.8.5.3); where the rule
/// does not, COUNT counts what the rule gives, as libical and others do. A date of EXDATE takes out
/// all of its day.
package struct Recurrence: Hashable, Sendable {
  /// One instance.
  package struct Occurrence: Hashable, Sendable {
    package var start: CalendarMoment
    package var end: CalendarMoment?
    /// Seconds since 1970-01-01T00:00:00Z.
    package var instant: Int64
  }

  /// How long an instance lasts.
  enum Length: Hashable, Sendable {
    /// Until DTEND: the same number of seconds each time.
    case seconds(Int64, zone: CalendarMoment.Zone)
    /// DURATION: days of the calendar, then seconds.
    case nominal(DurationValue)
  }

  struct Rule: Hashable, Sendable {
    var rule: RecurrenceRule
    var until: Int64
  }

  package internal(set) var start: CalendarMoment
  var length: Length?
  var rules: [Rule] = []
  var exclusionRules: [Rule] = []
  /// RDATE by the series' clock, with an end of its own where a period says so.
  var additions: [Int64: Length?] = [:]
  var exclusions: Set<Int64> = []
  var excludedDays: Set<Int> = []

  /// Times that exceptions may take out in one question.
  private static let exclusionWork = 20_000

  /// The first instance that begins after `instant`.
  ///
  /// Whole days and floating times are placed in `floating`. `nil` where the series has ended, or
  /// where the work of ``RuleIterator`` was used up before one was found.
  package func next(after instant: Int64, floating: ZoneRules = .utc) -> Occurrence? {
    let zone = placement(floating)
    let (clock, overflow) = instant.addingReportingOverflow(Int64(zone.offset(at: instant)))
    guard !overflow else { return nil }
    // A time that a change of the clock skips comes later than it says.
    var cursor = Cursor(self, notBefore: clock > .min + 10_800 ? clock - 10_800 : clock)
    while let found = cursor.next() {
      let start = zone.instant(ofClock: found)
      if start > instant { return occurrence(found, start, floating) }
    }
    return nil
  }

  /// The instances from the beginning, `limit` at most.
  package func occurrences(limit: Int, floating: ZoneRules = .utc) -> [Occurrence] {
    var cursor = Cursor(self, notBefore: .min)
    var found: [Occurrence] = []
    let zone = placement(floating)
    while found.count < limit, let clock = cursor.next() {
      if let one = occurrence(clock, zone.instant(ofClock: clock), floating) { found.append(one) }
    }
    return found
  }

  private func placement(_ floating: ZoneRules) -> ZoneRules {
    if case .named(let zone) = start.zone { zone.rules } else { floating }
  }

  private func occurrence(
    _ clock: Int64, _ instant: Int64, _ floating: ZoneRules
  ) -> Occurrence? {
    guard let civil = CivilTime(instant: clock) else { return nil }
    let begin = CalendarMoment(civil, start.zone)
    let length = additions[clock].flatMap(\.self) ?? self.length
    return Occurrence(
      start: begin, end: length.flatMap { end(of: begin, $0, floating) }, instant: instant)
  }

  private func end(
    of begin: CalendarMoment, _ length: Length, _ floating: ZoneRules
  ) -> CalendarMoment? {
    switch length {
    case .seconds(let seconds, let zone):
      guard case .named(let own) = begin.zone, case .named(let other) = zone else {
        return CivilTime(instant: begin.civil.clock + seconds).map { CalendarMoment($0, zone) }
      }
      let instant = own.rules.instant(of: begin.civil) + seconds
      return other.rules.civil(at: instant).map { CalendarMoment($0, zone) }
    case .nominal(let duration): return begin.adding(duration)
    }
  }

  /// All sources of a series joined, in order, without what is excluded.
  private struct Cursor {
    private let series: Recurrence
    private var rules: [RuleIterator]
    private var heads: [Int64?] = []
    private var exclusions: [RuleIterator]
    private var excluded: [Int64?]
    private var dates: [Int64]
    private var dateIndex = 0
    private var last: Int64?
    private var work = exclusionWork

    init(_ series: Recurrence, notBefore least: Int64) {
      self.series = series
      let start = series.start.civil
      rules = series.rules.map {
        RuleIterator($0.rule, start: start, isDay: series.start.isDay, until: $0.until)
      }
      exclusions = series.exclusionRules.map {
        RuleIterator($0.rule, start: start, isDay: series.start.isDay, until: $0.until)
      }
      excluded = exclusions.map { _ in .min }
      dates = Set(series.additions.keys).union([start.clock]).sorted().filter { $0 >= least }
      for index in rules.indices { heads.append(rules[index].next(notBefore: least)) }
    }

    mutating func next() -> Int64? {
      while work > 0 {
        guard let clock = take() else { return nil }
        if clock != last, !isExcluded(clock) {
          last = clock
          return clock
        }
        last = clock
        work -= 1
      }
      return nil
    }

    /// The least time of all sources.
    private mutating func take() -> Int64? {
      var least = dateIndex < dates.count ? dates[dateIndex] : nil
      var source: Int?
      for (index, head) in heads.enumerated() {
        guard let head, least.map({ head < $0 }) ?? true else { continue }
        (least, source) = (head, index)
      }
      if let source {
        heads[source] = rules[source].next()
      } else if least != nil {
        dateIndex += 1
      }
      return least
    }

    private mutating func isExcluded(_ clock: Int64) -> Bool {
      if series.exclusions.contains(clock) { return true }
      if !series.excludedDays.isEmpty, let civil = CivilTime(instant: clock),
        series.excludedDays.contains(civil.dayNumber)
      {
        return true
      }
      for index in exclusions.indices {
        while let head = excluded[index], head < clock {
          excluded[index] = exclusions[index].next(notBefore: clock)
        }
        if excluded[index] == clock { return true }
      }
      return false
    }
  }
}

extension CalendarMoment {
  /// The moment a duration later: days by the calendar, then seconds as they pass.
  package func adding(_ duration: DurationValue) -> CalendarMoment? {
    guard let day = CivilTime(instant: civil.clock + Int64(duration.days) * 86_400) else {
      return nil
    }
    guard case .named(let zone) = zone else {
      return CivilTime(instant: day.clock + Int64(duration.seconds)).map {
        CalendarMoment($0, self.zone)
      }
    }
    guard duration.seconds != 0 else { return CalendarMoment(day, self.zone) }
    let instant = zone.rules.instant(of: day) + Int64(duration.seconds)
    return zone.rules.civil(at: instant).map { CalendarMoment($0, self.zone) }
  }
}
