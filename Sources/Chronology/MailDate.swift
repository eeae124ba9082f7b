/// A date as mail headers write it, in the present forms and the old ones.
///
/// Read are RFC 5322's form (day name and seconds optional, comments anywhere, lines folded), RFC
/// 850's `02-Oct-02`, asctime's `Wed Oct  2 09:14:00 2002` with or without a zone, and ISO 8601's.
/// Years of two digits are 1950 to 2049, years of three count from 1900 (RFC 5322, section 4.3). The
/// day of the week is not checked.
package struct MailDate: Hashable, Sendable {
  package enum Zone: Hashable, Sendable {
    /// Seconds east of Greenwich.
    case offset(Int)
    /// The sender did not say where: `-0000`, a military letter, or nothing at all. Read as UTC.
    case unspecified
    /// A name that is not on the list. Read as UTC, as RFC 5322, section 4.3, asks.
    case unknown
  }

  package let civil: CivilTime
  package let zone: Zone

  /// Seconds since 1970-01-01T00:00:00Z.
  package var instant: Int64 { civil.instant(offsetSeconds: offset ?? 0) }

  /// Seconds east of Greenwich, as far as they are known.
  package var offset: Int? { if case .offset(let seconds) = zone { seconds } else { nil } }

  /// The date in `octets`, a header's value; `nil` where there is none that a calendar has.
  ///
  /// More than 256 octets are not looked at. O(octets).
  package init?(_ octets: some Collection<UInt8>) {
    var fields = DateFields()
    for token in dateTokens(Array(octets.prefix(256))) {
      guard fields.take(token) else { return nil }
    }
    guard let civil = fields.civil else { return nil }
    self.civil = civil
    zone = fields.zone ?? .unspecified
  }
}

/// The words of a date, in lower case: split at white space and commas, comments left out.
private func dateTokens(_ octets: [UInt8]) -> [ArraySlice<UInt8>] {
  let octets = octets.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  var tokens: [ArraySlice<UInt8>] = []
  tokens.reserveCapacity(8)
  var start: Int?
  var depth = 0
  for (index, octet) in octets.enumerated() {
    let isPart: Bool
    switch octet {
    case 0x28:
      depth += 1
      isPart = false
    case 0x29:
      depth = max(0, depth - 1)
      isPart = false
    case 0x00...0x20, 0x2C, 0x3B: isPart = false
    default: isPart = depth == 0
    }
    if isPart {
      start = start ?? index
    } else if let first = start {
      tokens.append(octets[first..<index])
      start = nil
    }
  }
  if let start { tokens.append(octets[start...]) }
  return tokens
}

/// What the words of a date have said so far.
private struct DateFields {
  var year: Int?
  var month: Int?
  var day: Int?
  var hour: Int?
  var minute = 0
  var second = 0
  var zone: MailDate.Zone?
  var isAfternoon: Bool?

  var civil: CivilTime? {
    guard let year, let month, let day, var hour else { return nil }
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    return CivilTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }

  /// Takes one word; `false` where it makes the whole no date.
  mutating func take(_ token: ArraySlice<UInt8>) -> Bool {
    guard let first = token.first else { return true }
    if isDigit(first) { return takeNumber(token) }
    if first == 0x2B || first == 0x2D {
      // After the year as well: `2002+0200` was split off by the number.
      if hour != nil || day != nil { zone = zone ?? offset(token) }
      return true
    }
    takeWord(token)
    return true
  }

  private mutating func takeNumber(_ token: ArraySlice<UInt8>) -> Bool {
    let digits = token.prefix { isDigit($0) }
    let rest = token[digits.endIndex...]
    guard digits.count <= 4, let value = number(digits) else {
      // `01800`, where a zone should be.
      if hour != nil, year != nil { zone = zone ?? .unknown }
      return true
    }
    guard let next = rest.first else {
      takeDayOrYear(value, digits.count)
      return true
    }
    if next == 0x3A { return hour != nil || takeTime(token) }
    if next == 0x2D || next == 0x2F { return takeJoinedDate(token, separator: next) }
    if next == 0x2E, hour == nil, day != nil, month != nil { return takeTime(token) }
    // `2nd`, `2002+0200`.
    takeDayOrYear(value, digits.count)
    return next == 0x2B ? take(rest) : true
  }

  private mutating func takeDayOrYear(_ value: Int, _ digits: Int) {
    if day == nil, digits <= 2 {
      day = value
    } else if year == nil {
      year = fullYear(value, digits)
    } else if day == nil {
      day = value
    }
  }

  /// `02-Oct-2002`, `2002-10-02` and `2002-10-02t09:14:00z`; numbers alone only with the year first.
  private mutating func takeJoinedDate(_ token: ArraySlice<UInt8>, separator: UInt8) -> Bool {
    let parts = token.split(separator: separator, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, day == nil, year == nil else { return true }
    if let named = monthNumber(parts[1]), let first = number(parts[0]), let last = number(parts[2])
    {
      (day, month, year) = (first, named, fullYear(last, parts[2].count))
      return true
    }
    guard parts[0].count == 4, let first = number(parts[0]), let middle = number(parts[1]) else {
      return false
    }
    let dayDigits = parts[2].prefix { isDigit($0) }
    guard let last = number(dayDigits) else { return false }
    (year, month, day) = (first, middle, last)
    let rest = parts[2][dayDigits.endIndex...]
    return rest.first == 0x74 ? takeTime(rest.dropFirst()) : true
  }

  /// `9:14`, `09:14:00`, `09:14:00.5`, `09.14.00`, with a zone or am/pm written against it.
  private mutating func takeTime(_ token: ArraySlice<UInt8>) -> Bool {
    var rest = token
    var values: [Int] = []
    while values.count < 3 {
      let digits = rest.prefix { isDigit($0) }
      guard (1...2).contains(digits.count), let value = number(digits) else { return false }
      values.append(value)
      rest = rest[digits.endIndex...]
      guard let next = rest.first, next == 0x3A || next == 0x2E, values.count < 3 else { break }
      rest = rest.dropFirst()
    }
    guard values.count >= 2 else { return false }
    (hour, minute, second) = (values[0], values[1], values.count > 2 ? values[2] : 0)
    if rest.first == 0x2E { rest = rest.dropFirst().drop { isDigit($0) } }
    return rest.isEmpty ? true : take(rest)
  }

  private mutating func takeWord(_ token: ArraySlice<UInt8>) {
    let letters = token.prefix { (0x61...0x7A).contains($0) }
    if month == nil, let value = monthNumber(letters) {
      month = value
    } else if isWeekday(letters) {
      return
    } else if letters.elementsEqual("am".utf8) || letters.elementsEqual("pm".utf8), hour != nil {
      isAfternoon = letters.first == 0x70
    } else if hour != nil || day != nil, zone == nil || zone == .unknown {
      takeZone(letters, token[letters.endIndex...])
    }
  }

  private mutating func takeZone(_ letters: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) {
    // `GMT+0200` and `UTC+2`.
    if let sign = rest.first, sign == 0x2B || sign == 0x2D, let value = offset(rest) {
      zone = value
      return
    }
    let name = String(decoding: letters, as: UTF8.self)
    if let hours = namedZones[name] {
      zone = .offset(Int(hours * 3600))
    } else if letters.count == 1 {
      zone = .unspecified
    } else if !letters.isEmpty {
      zone = .unknown
    }
  }

  /// `+0200`, `+02:00`, `+200`, `+2`; `-0000` says nothing.
  private func offset(_ token: ArraySlice<UInt8>) -> MailDate.Zone? {
    let digits = token.dropFirst().filter { $0 != 0x3A }.prefix { isDigit($0) }
    guard (1...4).contains(digits.count), let value = number(digits[...]) else { return nil }
    let isNegative = token.first == 0x2D
    let (hours, minutes) = digits.count > 2 ? (value / 100, value % 100) : (value, 0)
    guard hours < 24, minutes < 60 else { return .unknown }
    let seconds = hours * 3600 + minutes * 60
    if isNegative, seconds == 0 { return .unspecified }
    return .offset(isNegative ? -seconds : seconds)
  }

  private func fullYear(_ value: Int, _ digits: Int) -> Int {
    switch digits {
    case 4...: value
    case 3: 1900 + value
    default: value < 50 ? 2000 + value : 1900 + value
    }
  }
}

private func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

/// The number of up to five digits.
private func number(_ digits: some Collection<UInt8>) -> Int? {
  guard (1...5).contains(digits.count) else { return nil }
  var value = 0
  for digit in digits {
    guard isDigit(digit) else { return nil }
    value = value * 10 + Int(digit - 0x30)
  }
  return value
}

private let monthNames: [[UInt8]] = [
  "january", "february", "march", "april", "may", "june", "july", "august", "september",
  "october", "november", "december",
].map { Array($0.utf8) }

private let weekdayNames: [[UInt8]] = [
  "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
].map { Array($0.utf8) }

/// The month that at least three letters begin, from 1.
package func monthNumber(_ letters: ArraySlice<UInt8>) -> Int? {
  guard letters.count >= 3 else { return nil }
  if letters.elementsEqual("sept".utf8) { return 9 }
  return monthNames.firstIndex { $0.starts(with: letters) }.map { $0 + 1 }
}

/// Whether at least three letters begin a day's name.
package func isWeekday(_ letters: ArraySlice<UInt8>) -> Bool {
  letters.count >= 3 && weekdayNames.contains { $0.starts(with: letters) }
}

/// Hours east of Greenwich: RFC 5322's names, then those that mail of Europe and the Pacific uses.
///
/// Names with several meanings (IST, CST outside of RFC 5322) are read as RFC 5322 does or left out.
private let namedZones: [String: Double] = [
  "ut": 0, "gmt": 0, "utc": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
  "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3,
  "nst": -3.5, "ndt": -2.5, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "met": 1,
  "mest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4, "jst": 9, "kst": 9,
  "hkt": 8, "sgt": 8, "awst": 8, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12,
  "nzdt": 13, "sast": 2, "brt": -3,
]
