/// The date of a message, as in `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// - SeeAlso: RFC 9110, section 5.6.7.
package enum HTTPDate {
  /// The date of `seconds` since 1970-01-01T00:00:00Z, which are not before it nor behind year 9999.
  package static func text(_ seconds: Int) -> String {
    let seconds = max(0, min(seconds, 253_402_300_799))
    let days = seconds / 86_400
    let (year, month, day) = civil(days)
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
    let clock = "\(two(hour)):\(two(minute)):\(two(second))"
    return "\(weekdays[days % 7]), \(two(day)) \(months[month - 1]) \(four(year)) \(clock) GMT"
  }

  /// The first day of 1970 was a Thursday.
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The Gregorian date of a day since 1970-01-01, counted in eras of 400 years that begin in March.
  ///
  /// - SeeAlso: Hinnant, chrono-Compatible Low-Level Date Algorithms.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * march + 2) / 5 + 1)
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func four(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
  }
}
