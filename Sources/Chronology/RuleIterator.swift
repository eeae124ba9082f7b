/// The times that a rule gives, in order, by the series' own clock.
///
/// Times are seconds since 1970-01-01T00:00:00 on that clock. The rule is walked period by period (a
/// year for YEARLY, an hour for HOURLY); of a period the days that pass every BY... part are found
/// and joined with the times of day. Without a COUNT the walk begins near where it is asked. Each
/// day or step looked at is a unit of work, and what is left of `work` ends the walk: a rule such as
/// `FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30` has no time at all.
package struct RuleIterator: Sendable {
  private let days: RuleDays
  private let rule: RecurrenceRule
  private let start: Int64
  private let until: Int64
  /// The period that is looked at next, counted in units of the frequency.
  private var period: Int
  private var slots = RuleSlots()
  private var place = 0
  private var produced = 0
  private var isDone = false
  /// Units of work that are left.
  package private(set) var work: Int

  package static let defaultWork = 200_000

  /// - Parameters:
  ///   - start: DTSTART by the series' clock; nothing before it is given.
  ///   - isDay: Whether DTSTART is a date, so that every time is one.
  ///   - until: The last time that may be given.
  package init(
    _ rule: RecurrenceRule, start: CivilTime, isDay: Bool = false, until: Int64 = .max,
    work: Int = defaultWork
  ) {
    self.rule = rule
    self.start = start.clock
    self.until = until
    self.work = work
    days = RuleDays(rule, start: start, isDay: isDay)
    period = days.firstPeriod
  }

  /// The next time at or after `least`; `nil` where the rule has ended or the work is used up.
  package mutating func next(notBefore least: Int64 = .min) -> Int64? {
    let least = max(least, start)
    if rule.count == nil { leap(to: least) }
    while !isDone {
      if place < slots.count {
        if let time = take(notBefore: least) { return time }
        continue
      }
      guard work > 0, let filled = days.slots(of: period, work: &work) else { break }
      slots = filled
      place = 0
      period = slots.count > 0 ? period + days.step : days.nextPeriod(after: period)
      // What lies before DTSTART does not count.
      place = slots.firstPlace(notBefore: start)
    }
    isDone = true
    return nil
  }

  /// The next time of the present period, those before `least` counted but not given.
  private mutating func take(notBefore least: Int64) -> Int64? {
    let next = max(place, slots.firstPlace(notBefore: least))
    produced += next - place
    place = next
    if let count = rule.count, produced >= count {
      isDone = true
      return nil
    }
    guard place < slots.count else { return nil }
    let time = slots.time(at: place)
    guard time <= until else {
      isDone = true
      return nil
    }
    place += 1
    produced += 1
    return time
  }

  /// Passes over periods that end before `least`, where nothing has to be counted.
  private mutating func leap(to least: Int64) {
    guard let target = days.period(ofClock: least) else { return }
    // The week of a year can begin before it and end after it.
    let ahead = (target - 1 - period) / days.step
    guard ahead > 0, place >= slots.count || slots.time(at: slots.count - 1) < least else { return }
    period += ahead * days.step
    slots = RuleSlots()
    place = 0
  }
}

/// The times of one period: days, each with the same times of day, or a choice among them.
struct RuleSlots: Sendable {
  var days: [Int] = []
  var hours: [Int] = []
  var minutes: [Int] = []
  var seconds: [Int] = []
  /// Which of the times are meant, ascending; all where it is `nil`.
  private var chosen: [Int]?

  init() {}

  init(_ hours: [Int], _ minutes: [Int], _ seconds: [Int]) {
    (self.hours, self.minutes, self.seconds) = (hours, minutes, seconds)
  }

  private var timesADay: Int { hours.count * minutes.count * seconds.count }
  private var total: Int { days.count * timesADay }

  var count: Int { chosen?.count ?? total }

  /// Keeps the times at BYSETPOS' positions; negative ones count from the end.
  mutating func choose(_ positions: [Int]) {
    let total = total
    let places = Set(positions.map { $0 > 0 ? $0 - 1 : total + $0 })
    chosen = places.filter { (0..<total).contains($0) }.sorted()
  }

  func time(at place: Int) -> Int64 {
    let place = chosen?[place] ?? place
    let (day, ofDay) = place.quotientAndRemainder(dividingBy: timesADay)
    let (hour, ofHour) = ofDay.quotientAndRemainder(dividingBy: minutes.count * seconds.count)
    let (minute, second) = ofHour.quotientAndRemainder(dividingBy: seconds.count)
    return Int64(
      days[day] * 86_400 + hours[hour] * 3600 + minutes[minute] * 60 + seconds[second])
  }

  /// The first place whose time is not before `clock`; `count` where there is none.
  func firstPlace(notBefore clock: Int64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if time(at: middle) < clock { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
