/// A date and a time of day of the Gregorian calendar, without a zone.
package struct CivilTime: Hashable, Sendable {
  package let year: Int
  package let month: Int
  package let day: Int
  package let hour: Int
  package let minute: Int
  /// 60 stands for a leap second.
  package let second: Int

  /// `nil` for what no calendar has; years are 1 to 9999.
  package init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (1...9999).contains(year), (1...12).contains(month),
      day >= 1, day <= Self.days(inMonth: month, year: year),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// The civil time at `instant`, seconds since 1970-01-01T00:00:00Z, east of Greenwich by
  /// `offsetSeconds`; `nil` outside of the years 1 to 9999.
  package init?(instant: Int64, offsetSeconds: Int = 0) {
    let (seconds, overflow) = instant.addingReportingOverflow(Int64(offsetSeconds))
    guard !overflow, (-62_135_596_800...253_402_300_799).contains(seconds) else { return nil }
    let days = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
    let rest = Int(seconds) - days * 86_400
    let (year, month, day) = Self.date(ofDay: days)
    self.init(
      year: year, month: month, day: day, hour: rest / 3600, minute: rest / 60 % 60,
      second: rest % 60)
  }

  /// Seconds since 1970-01-01T00:00:00Z where this is the time `offsetSeconds` east of Greenwich.
  package func instant(offsetSeconds: Int) -> Int64 {
    let days = Self.day(year: year, month: month, day: day)
    return Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offsetSeconds)
  }

  /// As ISO 8601 writes it: `2026-10-02T09:14:00`.
  package var text: String {
    let octets = [UInt8](capacity: 19) { octets in
      octets.append(decimal: year, digits: 4)
      octets.append(0x2D)
      octets.append(decimal: month, digits: 2)
      octets.append(0x2D)
      octets.append(decimal: day, digits: 2)
      octets.append(0x54)
      octets.append(decimal: hour, digits: 2)
      octets.append(0x3A)
      octets.append(decimal: minute, digits: 2)
      octets.append(0x3A)
      octets.append(decimal: second, digits: 2)
    }
    return String(decoding: octets, as: UTF8.self)
  }

  /// The date alone: `2026-10-02`.
  package var dateText: String { "\(padded(year, 4))-\(padded(month))-\(padded(day))" }

  package static func days(inMonth month: Int, year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// Days since 1970-01-01.
  ///
  /// - SeeAlso: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
  package static func day(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The date of a day counted from 1970-01-01.
  package static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

/// An offset from Greenwich as RFC 3339 writes it: `+02:00`.
package func offsetText(_ seconds: Int) -> String {
  let minutes = abs(seconds) / 60
  guard minutes < 6_000 else {
    return "\(seconds < 0 ? "-" : "+")\(padded(minutes / 60)):\(padded(minutes % 60))"
  }
  let octets = [UInt8](capacity: 6) { octets in
    octets.append(seconds < 0 ? 0x2D : 0x2B)
    octets.append(decimal: minutes / 60, digits: 2)
    octets.append(0x3A)
    octets.append(decimal: minutes % 60, digits: 2)
  }
  return String(decoding: octets, as: UTF8.self)
}

extension OutputSpan<UInt8> {
  /// Appends the last digits of a number that is not negative, zeros before it.
  fileprivate mutating func append(decimal number: Int, digits: Int) {
    var divisor = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(truncatingIfNeeded: 0x30 + number / divisor % 10))
      divisor /= 10
    }
  }
}

func padded(_ number: Int, _ width: Int = 2) -> String {
  let digits = String(number)
  let missing = width - digits.utf8.count
  return missing > 0 ? String(repeating: "0", count: missing) + digits : digits
}
