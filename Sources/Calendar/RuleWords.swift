import Chronology

/// A rule of recurrence in English words.
///
/// `every second Tuesday until 31 March 2027`, `on the last Friday of every month`.
struct RuleWords {
  private let rule: RecurrenceRule
  private let start: CalendarMoment

  init(_ rule: RecurrenceRule, start: CalendarMoment) {
    self.rule = rule
    self.start = start
  }

  var text: String {
    var text = pattern
    text += positionWords
    text += timeWords
    if let until = rule.until {
      let moment = CalendarMoment(
        until.civil,
        until.form == .date ? .day : until.form == .utc ? .named(.utc) : .floating)
      let civil = moment.civil(in: start.zone) ?? until.civil
      text += " until \(WhenWords.date(civil))"
    }
    if let count = rule.count { text += count == 1 ? ", once" : ", \(count) times" }
    return text
  }

  // Units.

  private static let units: [RecurrenceRule.Frequency: String] = [
    .secondly: "second", .minutely: "minute", .hourly: "hour", .daily: "day", .weekly: "week",
    .monthly: "month", .yearly: "year",
  ]

  private static let ordinals = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
  ]

  private var unit: String { Self.units[rule.frequency] ?? "" }

  /// `every week`, `every second week`, `every 20 weeks`.
  private func every(_ unit: String) -> String {
    switch rule.interval {
    case 1: "every \(unit)"
    case 2...12: "every \(Self.ordinals[rule.interval - 1]) \(unit)"
    default: "every \(rule.interval) \(unit)s"
    }
  }

  /// `first`, `last`, `second last`, `21st`.
  private static func ordinal(_ number: Int) -> String {
    if number == -1 { return "last" }
    let count = abs(number)
    let word = count <= ordinals.count ? ordinals[count - 1] : numeral(count)
    return number < 0 ? "\(word) last" : word
  }

  /// `1st`, `22nd`, `13th`.
  private static func numeral(_ number: Int) -> String {
    let ending =
      switch (number % 100, number % 10) {
      case (11...13, _): "th"
      case (_, 1): "st"
      case (_, 2): "nd"
      case (_, 3): "rd"
      default: "th"
      }
    return "\(number)\(ending)"
  }

  // Days.

  private var weekdayNames: [String] {
    rule.weekdays.sorted { $0.day < $1.day }.map { WhenWords.weekdays[$0.day] }
  }

  /// `weekday (Monday to Friday)`, or the names.
  private func days(joinedBy word: String) -> String {
    let days = Set(rule.weekdays.map(\.day))
    if days == Set(0...4) { return "weekday (Monday to Friday)" }
    if days.count == 7 { return "day" }
    let names = weekdayNames
    return names.count > 1
      ? names.dropLast().joined(separator: ", ") + " \(word) " + (names.last ?? "")
      : names.first ?? ""
  }

  private var hasOrdinals: Bool { rule.weekdays.contains { $0.ordinal != nil } }

  /// `the first and third Monday`.
  private var ordinalDays: String {
    var groups: [(day: Int, ordinals: [String])] = []
    for weekday in rule.weekdays {
      let word = weekday.ordinal.map { Self.ordinal($0) } ?? "every"
      if let index = groups.firstIndex(where: { $0.day == weekday.day }) {
        groups[index].ordinals.append(word)
      } else {
        groups.append((weekday.day, [word]))
      }
    }
    return WhenWords.joined(
      groups.map { "the \(WhenWords.joined($0.ordinals)) \(WhenWords.weekdays[$0.day])" })
  }

  /// `the 1st and 15th`, `the last day`.
  private static func monthDays(_ days: [Int]) -> String {
    let words = days.filter { $0 > 0 }.map { numeral($0) }
    let last = days.filter { $0 < 0 }.reversed().map { ordinal($0) + " day" }
    return "the " + WhenWords.joined(words + last)
  }

  private var monthNames: String {
    WhenWords.joined(rule.months.map { WhenWords.months[$0 - 1] })
  }

  // Patterns.

  private var pattern: String {
    switch rule.frequency {
    case .yearly: return yearly
    case .monthly: return monthly
    case .weekly, .daily:
      let days = rule.frequency == .weekly ? weekly : daily
      return days + limits(skippingWeekdays: true)
    default: return every(unit) + limits(skippingWeekdays: false)
    }
  }

  private var weekly: String {
    if rule.weekdays.isEmpty {
      return every(WhenWords.weekdays[CivilTime.weekday(ofDay: start.civil.dayNumber)])
    }
    if rule.interval == 1 { return "every \(days(joinedBy: "and"))" }
    if rule.weekdays.count == 1 { return every(weekdayNames[0]) }
    return "\(every("week")) on \(days(joinedBy: "and"))"
  }

  private var daily: String {
    if rule.weekdays.isEmpty { return every("day") }
    if rule.interval == 1 { return "every \(days(joinedBy: "and"))" }
    return "\(every("day")) that is a \(days(joinedBy: "or"))"
  }

  /// `on the last Friday`, and how a month's or a year's days are chosen else; `nil` for all days.
  private var dayOfMonth: String {
    if rule.weekdays.isEmpty, rule.monthDays.isEmpty {
      return "on the \(Self.numeral(start.civil.day))"
    }
    if rule.weekdays.isEmpty { return "on \(Self.monthDays(rule.monthDays))" }
    if rule.monthDays.isEmpty {
      if hasOrdinals { return "on \(ordinalDays)" }
      if rule.positions.count == 1 {
        return "on the \(Self.ordinal(rule.positions[0])) \(days(joinedBy: "or"))"
      }
      return "on every \(days(joinedBy: "and"))"
    }
    let names = hasOrdinals ? ordinalDays : days(joinedBy: "or")
    return "on \(names) if it is \(Self.monthDays(rule.monthDays))"
  }

  private var monthly: String {
    let months = rule.months.isEmpty ? every("month") : "\(every("month")) in \(monthNames)"
    if !rule.yearDays.isEmpty { return "\(every("month"))\(limits(skippingWeekdays: false))" }
    return "\(dayOfMonth) of \(months)"
  }

  private var yearly: String {
    let year = every("year")
    if !rule.weekNumbers.isEmpty {
      let weeks = rule.weekNumbers.map { $0 < 0 ? "the \(Self.ordinal($0)) week" : "week \($0)" }
      let day =
        rule.weekdays.isEmpty
        ? WhenWords.weekdays[CivilTime.weekday(ofDay: start.civil.dayNumber)]
        : days(joinedBy: "and")
      return "\(year) in \(WhenWords.joined(weeks)) on \(day)\(monthLimit)"
    }
    if !rule.yearDays.isEmpty {
      let days = rule.yearDays.map {
        $0 < 0 ? "the \(Self.ordinal($0)) day" : "day \($0)"
      }
      return "\(year) on \(WhenWords.joined(days)) of the year\(monthLimit)"
    }
    let isPlain =
      rule.weekdays.isEmpty && rule.monthDays.count <= 1
      && (rule.monthDays.first ?? 1) > 0
    if isPlain {
      let day = rule.monthDays.first ?? start.civil.day
      let months =
        rule.months.isEmpty ? WhenWords.months[start.civil.month - 1] : monthNames
      return "\(year) on \(day) \(months)"
    }
    if rule.months.isEmpty {
      return rule.monthDays.isEmpty
        ? "\(dayOfMonth) of \(year)" : "\(dayOfMonth) of a month, \(year)"
    }
    return "\(dayOfMonth) of \(monthNames), \(year)"
  }

  private var monthLimit: String { rule.months.isEmpty ? "" : " in \(monthNames)" }

  /// Further conditions on the days of short periods.
  private func limits(skippingWeekdays: Bool) -> String {
    var text = ""
    if !skippingWeekdays, !rule.weekdays.isEmpty { text += " on \(days(joinedBy: "and"))" }
    if !rule.monthDays.isEmpty { text += " on \(Self.monthDays(rule.monthDays)) of the month" }
    if !rule.yearDays.isEmpty {
      text += " on day \(WhenWords.joined(rule.yearDays.map { String($0) })) of the year"
    }
    return text + monthLimit
  }

  /// Of all times of a period those that BYSETPOS keeps, unless the days already say so.
  private var positionWords: String {
    guard !rule.positions.isEmpty else { return "" }
    let isSaid =
      (rule.frequency == .monthly || rule.frequency == .yearly) && rule.positions.count == 1
      && !rule.weekdays.isEmpty && !hasOrdinals && rule.monthDays.isEmpty
      && rule.yearDays.isEmpty && rule.weekNumbers.isEmpty
    if isSaid { return "" }
    let words = rule.positions.filter { $0 > 0 } + rule.positions.filter { $0 < 0 }.reversed()
    return ", of these the \(WhenWords.joined(words.map { Self.ordinal($0) })) of each \(unit)"
  }

  /// The times of day, where the rule and not the start names them.
  private var timeWords: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    guard !rule.hours.isEmpty || !rule.minutes.isEmpty || !rule.seconds.isEmpty else { return "" }
    let isShort = [.hourly, .minutely, .secondly].contains(rule.frequency)
    if !isShort, rule.seconds.isEmpty {
      let hours = rule.hours.isEmpty ? [start.civil.hour] : rule.hours
      let minutes = rule.minutes.isEmpty ? [start.civil.minute] : rule.minutes
      if hours.count * minutes.count <= 12 {
        let times = hours.flatMap { hour in minutes.map { "\(two(hour)):\(two($0))" } }
        return " at \(WhenWords.joined(times))"
      }
    }
    var parts: [String] = []
    for (name, values) in [
      ("hour", rule.hours), ("minute", rule.minutes), ("second", rule.seconds),
    ] where !values.isEmpty {
      let numbers = WhenWords.joined(values.map { String($0) })
      parts.append("\(name)\(values.count > 1 ? "s" : "") \(numbers)")
    }
    return " at \(WhenWords.joined(parts))"
  }
}
