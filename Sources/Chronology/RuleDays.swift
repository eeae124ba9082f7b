/// Which days and times a rule's periods have.
///
/// A period is counted in units of its frequency: years from 0, months from January of the year 0,
/// weeks, days, hours, minutes and seconds from 1970-01-01.
struct RuleDays: Sendable {
  private let rule: RecurrenceRule
  private let start: CivilTime
  private let hours: [Int]
  private let minutes: [Int]
  private let seconds: [Int]
  let step: Int

  /// The last day of the year 9999.
  private static let lastDay = CivilTime.day(year: 9_999, month: 12, day: 31)

  /// - Parameter isDay: Whether DTSTART is a date: then BYHOUR and the like say nothing (RFC 5545,
  ///   section 3.3.10).
  init(_ rule: RecurrenceRule, start: CivilTime, isDay: Bool) {
    self.rule = rule
    self.start = start
    step = rule.interval
    let frequency = rule.frequency
    func values(_ given: [Int], _ own: Int) -> [Int] {
      given.isEmpty || isDay ? [own] : given
    }
    hours = values(rule.hours, start.hour)
    minutes = values(rule.minutes, start.minute)
    // A leap second of a rule is the next minute's first.
    seconds = frequency == .secondly ? rule.seconds : values(rule.seconds, start.second)
  }

  /// The period that DTSTART lies in.
  ///
  /// Where weeks of the year are asked for, DTSTART can be a day of a week of the year before or
  /// after; where it is no such day itself, days of the year before can still follow it.
  var firstPeriod: Int {
    let own = period(ofClock: start.clock) ?? 0
    guard rule.frequency == .yearly, !rule.weekNumbers.isEmpty else { return own }
    var work = 0
    let owner = [own - 1, own, own + 1].first { weeks(of: $0, &work).contains(start.dayNumber) }
    return owner ?? (step == 1 ? own - 1 : own)
  }

  /// The period around a time; `nil` outside of the years 1 to 9999.
  func period(ofClock clock: Int64) -> Int? {
    guard let civil = CivilTime(instant: clock) else { return nil }
    switch rule.frequency {
    case .yearly: return civil.year
    case .monthly: return civil.year * 12 + civil.month - 1
    case .weekly: return week(ofDay: civil.dayNumber)
    default: return floorDivision(Int(clock), unit)
    }
  }

  /// Seconds of a period of those frequencies that have a fixed length below a week.
  private var unit: Int {
    switch rule.frequency {
    case .secondly: 1
    case .minutely: 60
    case .hourly: 3600
    default: 86_400
    }
  }

  private func week(ofDay day: Int) -> Int { floorDivision(day + 3 - rule.weekStart, 7) }
  private func firstDay(ofWeek week: Int) -> Int { week * 7 - 3 + rule.weekStart }

  /// The times of a period; `nil` beyond the year 9999.
  func slots(of period: Int, work: inout Int) -> RuleSlots? {
    var slots = RuleSlots(hours, minutes, seconds)
    switch rule.frequency {
    case .yearly:
      guard period <= 9_999 else { return nil }
      slots.days = rule.weekNumbers.isEmpty ? year(period, &work) : weeks(of: period, &work)
    case .monthly:
      guard period < 120_000 else { return nil }
      let month = (year: period / 12, month: period % 12 + 1)
      work -= 1
      if rule.months.isEmpty || rule.months.contains(month.month) {
        slots.days = self.month(month.year, month.month, &work)
      }
    case .weekly:
      let first = firstDay(ofWeek: period)
      guard first <= Self.lastDay else { return nil }
      slots.days = (first..<first + 7).filter { passes($0) }
      work -= 7
    default:
      work -= 1
      guard fill(&slots, period) else { return nil }
    }
    if !rule.positions.isEmpty { slots.choose(rule.positions) }
    return slots
  }

  /// A day, or a part of one.
  private func fill(_ slots: inout RuleSlots, _ period: Int) -> Bool {
    let clock = period * unit
    let day = floorDivision(clock, 86_400)
    guard day <= Self.lastDay else { return false }
    guard passes(day) else { return true }
    let second = clock - day * 86_400
    let (hour, minute) = (second / 3600, second / 60 % 60)
    func isGiven(_ values: [Int], _ value: Int) -> Bool { values.isEmpty || values.contains(value) }
    if rule.frequency == .daily {
      slots.days = [day]
      return true
    }
    guard isGiven(rule.hours, hour) else { return true }
    slots.hours = [hour]
    if rule.frequency != .hourly {
      guard isGiven(rule.minutes, minute) else { return true }
      slots.minutes = [minute]
    }
    if rule.frequency == .secondly {
      guard isGiven(rule.seconds, second % 60) else { return true }
      slots.seconds = [second % 60]
    }
    slots.days = [day]
    return true
  }

  /// The period that can be the next after one without times: whole months, days, hours or minutes
  /// that cannot have any are passed over.
  func nextPeriod(after period: Int) -> Int {
    guard [.daily, .hourly, .minutely, .secondly].contains(rule.frequency) else {
      return period + step
    }
    let clock = period * unit
    let day = floorDivision(clock, 86_400)
    let second = clock - day * 86_400
    var target = clock + unit
    if !passes(day) {
      let date = CivilTime.date(ofDay: day)
      var next = day + 1
      if !rule.months.isEmpty, !rule.months.contains(date.month) {
        next =
          date.month == 12
          ? CivilTime.day(year: date.year + 1, month: 1, day: 1)
          : CivilTime.day(year: date.year, month: date.month + 1, day: 1)
      }
      target = next * 86_400
    } else if !rule.hours.isEmpty, !rule.hours.contains(second / 3600) {
      target = day * 86_400 + (second / 3600 + 1) * 3600
    } else if !rule.minutes.isEmpty, !rule.minutes.contains(second / 60 % 60) {
      target = day * 86_400 + (second / 60 + 1) * 60
    }
    // The first period of the series that does not begin before the target.
    let wanted = (target + unit - 1) / unit - period
    return period + max(1, (wanted + step - 1) / step) * step
  }

  // The days of longer periods.

  private func year(_ year: Int, _ work: inout Int) -> [Int] {
    work -= 1
    // What a rule leaves open is as in DTSTART: the month of `BYMONTHDAY=15` too.
    let isOpen = rule.weekdays.isEmpty && rule.yearDays.isEmpty
    let months = rule.months.isEmpty ? (isOpen ? [start.month] : Array(1...12)) : rule.months
    return months.flatMap { month(year, $0, &work) }
  }

  private func month(_ year: Int, _ month: Int, _ work: inout Int) -> [Int] {
    guard year >= 1 else { return [] }
    let first = CivilTime.day(year: year, month: month, day: 1)
    let length = CivilTime.days(inMonth: month, year: year)
    if rule.weekdays.isEmpty, rule.yearDays.isEmpty, rule.monthDays.isEmpty {
      work -= 1
      return start.day <= length ? [first + start.day - 1] : []
    }
    work -= length
    return (first..<first + length).filter { passes($0) }
  }

  /// The days of the asked weeks of a year, which can lie in its neighbours.
  ///
  /// Where no day is named, it is DTSTART's day of the week.
  private func weeks(of year: Int, _ work: inout Int) -> [Int] {
    guard year >= 1 else { return [] }
    let first = firstWeek(of: year)
    let count = (firstWeek(of: year + 1) - first) / 7
    let numbers = Set(rule.weekNumbers.map { $0 > 0 ? $0 : count + 1 + $0 })
    work -= 1 + 7 * numbers.count
    return numbers.filter { (1...count).contains($0) }.sorted().flatMap { number in
      (first + 7 * (number - 1)..<first + 7 * number).filter { passes($0) }
    }
  }

  /// The first day of the first week that has four days of the year.
  private func firstWeek(of year: Int) -> Int {
    firstDay(ofWeek: week(ofDay: CivilTime.day(year: year, month: 1, day: 4)))
  }

  /// Whether a day passes every part that names days.
  private func passes(_ day: Int) -> Bool {
    let weekday = CivilTime.weekday(ofDay: day)
    let isLong = rule.frequency == .yearly || rule.frequency == .monthly
    if rule.weekdays.isEmpty {
      let needsOwnWeekday =
        rule.frequency == .weekly
        || rule.frequency == .yearly && !rule.weekNumbers.isEmpty && rule.yearDays.isEmpty
          && rule.monthDays.isEmpty
      if needsOwnWeekday, weekday != CivilTime.weekday(ofDay: start.dayNumber) { return false }
    } else if !rule.weekdays.contains(where: { $0.day == weekday }) {
      return false
    }
    let date = CivilTime.date(ofDay: day)
    if !rule.months.isEmpty, !rule.months.contains(date.month) { return false }
    let length = CivilTime.days(inMonth: date.month, year: date.year)
    if !rule.monthDays.isEmpty, !has(rule.monthDays, date.day, length) { return false }
    let (ofYear, yearLength) = yearPlace(day, date.year)
    if !rule.yearDays.isEmpty, !has(rule.yearDays, ofYear, yearLength) { return false }
    if rule.frequency != .yearly, !rule.weekNumbers.isEmpty, !isInWeeks(day, date.year) {
      return false
    }
    guard isLong, rule.weekNumbers.isEmpty, !rule.weekdays.isEmpty else { return true }
    // Ordinals count within the month, or the year where no month is named.
    let isOfYear = rule.frequency == .yearly && rule.months.isEmpty
    let (place, whole) = isOfYear ? (ofYear, yearLength) : (date.day, length)
    return rule.weekdays.contains { asked in
      guard asked.day == weekday, let ordinal = asked.ordinal else { return asked.day == weekday }
      return ordinal == (ordinal > 0 ? (place - 1) / 7 + 1 : -((whole - place) / 7 + 1))
    }
  }

  /// A day's place in its year, from 1, and the year's length.
  private func yearPlace(_ day: Int, _ year: Int) -> (place: Int, length: Int) {
    let first = CivilTime.day(year: year, month: 1, day: 1)
    return (day - first + 1, 337 + CivilTime.days(inMonth: 2, year: year))
  }

  /// Whether `values` name a place, counted from the beginning or the end.
  private func has(_ values: [Int], _ place: Int, _ length: Int) -> Bool {
    values.contains { $0 == ($0 > 0 ? place : place - length - 1) }
  }

  private func isInWeeks(_ day: Int, _ year: Int) -> Bool {
    let owner = [year + 1, year, year - 1].first { firstWeek(of: $0) <= day } ?? year
    let first = firstWeek(of: owner)
    let count = (firstWeek(of: owner + 1) - first) / 7
    return has(rule.weekNumbers, (day - first) / 7 + 1, count)
  }
}

/// The quotient that is rounded down.
private func floorDivision(_ value: Int, _ divisor: Int) -> Int {
  let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
  return rest < 0 ? quotient - 1 : quotient
}
