import Chronology

/// Times as people write them in English.
enum WhenWords {
  static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// `3 March 2026`.
  static func date(_ civil: CivilTime) -> String {
    "\(civil.day) \(months[civil.month - 1]) \(civil.year)"
  }

  /// `Tuesday 3 March 2026`.
  static func day(_ civil: CivilTime) -> String {
    "\(weekdays[CivilTime.weekday(ofDay: civil.dayNumber)]) \(date(civil))"
  }

  /// `09:05`.
  static func time(_ civil: CivilTime) -> String { String(civil.text.dropFirst(11).prefix(5)) }

  /// `Tuesday 3 March 2026, 09:00 (Europe/Berlin)`; a whole day has no time.
  static func moment(_ moment: CalendarMoment) -> String {
    moment.isDay
      ? day(moment.civil) : "\(day(moment.civil)), \(time(moment.civil))\(zone(moment.zone))"
  }

  /// From the beginning to the end; of whole days to the last one.
  static func span(from start: CalendarMoment, to end: CalendarMoment?) -> String {
    if start.isDay { return days(from: start, to: end) }
    guard let end, !end.isDay, end != start else { return moment(start) }
    guard end.zone == start.zone else { return "\(moment(start)) to \(moment(end))" }
    let isSameDay = end.civil.dayNumber == start.civil.dayNumber
    let last = isSameDay ? time(end.civil) : "\(day(end.civil)), \(time(end.civil))"
    return "\(day(start.civil)), \(time(start.civil)) to \(last)\(zone(start.zone))"
  }

  /// The end of a whole day is the day after the last.
  private static func days(from start: CalendarMoment, to end: CalendarMoment?) -> String {
    guard let end, end.isDay,
      let last = CivilTime(instant: end.civil.clock - 86_400),
      last.dayNumber > start.civil.dayNumber
    else { return "\(day(start.civil)), all day" }
    return "\(day(start.civil)) to \(day(last)), all day"
  }

  private static func zone(_ zone: CalendarMoment.Zone) -> String {
    switch zone {
    case .day, .floating: ""
    case .named(let zone): " (\(zone.name))"
    case .unknown(let name): " (\(name))"
    }
  }

  /// Days counted from 1970-01-01, the first twelve written out.
  static func list(_ days: [Int]) -> String {
    var words = days.prefix(12).compactMap { day in
      CivilTime(instant: Int64(day) * 86_400).map { date($0) }
    }
    if days.count > words.count { words.append("\(days.count - words.count) more days") }
    return joined(words)
  }

  /// `a, b and c`.
  static func joined(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
