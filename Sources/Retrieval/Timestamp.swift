/// `instant` in UTC as RFC 3339 writes it; `nil` outside of the years 1 to 9999.
///
/// - SeeAlso: Howard Hinnant: chrono-Compatible Low-Level Date Algorithms (`civil_from_days`).
func timestamp(_ instant: Int64) -> String? {
  guard (-62_135_596_800...253_402_300_799).contains(instant) else { return nil }
  let second = ((instant % 86_400) + 86_400) % 86_400
  let shifted = (instant - second) / 86_400 + 719_468
  let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
  let dayOfEra = shifted - era * 146_097
  let yearOfEra =
    (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  func digits(_ value: Int64, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
  return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(digits(second / 3_600, 2)):"
    + "\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))Z"
}
