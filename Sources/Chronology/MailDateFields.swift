/// What the words of a date have said so far.
struct MailDateFields {
  private var year: Int?
  private var month: Int?
  private var day: Int?
  private var hour: Int?
  private var minute = 0
  private var second = 0
  private(set) var zone: MailDate.Zone?
  private var isAfternoon: Bool?
  /// Whether the month was the first thing said: `Mar, 1 Oct` is a Tuesday.
  private var isMonthFirst = false
  /// What said the zone, where more may follow: `GMT +0200`, `Eastern Daylight Time`.
  private var zoneSource: ZoneSource?

  private enum ZoneSource { case name, words }

  var civil: CivilTime? {
    guard let year, let month, let day, var hour else { return nil }
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    return CivilTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }

  private var hasDate: Bool { year != nil && month != nil && day != nil }

  /// Takes one word; `false` where it makes the whole no date.
  mutating func take(_ token: ArraySlice<UInt8>) -> Bool {
    guard let first = token.first else { return true }
    if isDigit(first) { return takeNumber(token) }
    if first == 0x2B || first == 0x2D {
      // After the year as well: `2002+0200` was split off by the number.
      if hour != nil || day != nil { takeOffset(token) }
      return true
    }
    takeWord(token)
    return true
  }

  /// Takes the zone that the words of a comment name, where they name one.
  mutating func takeZone(of remarks: [ArraySlice<UInt8>]) {
    guard hasDate, hour != nil else { return }
    for remark in remarks { takeZone(remark) }
    if zone == .unknown { zone = nil }
  }

  // MARK: Numbers

  private mutating func takeNumber(_ token: ArraySlice<UInt8>) -> Bool {
    let digits = token.prefix { isDigit($0) }
    let rest = token[digits.endIndex...]
    if hasDate, hour == nil, takeClock(digits, rest) { return rest.isEmpty || take(rest) }
    if takeCompactDate(digits) { return rest.first == 0x74 ? takeTime(rest.dropFirst()) : true }
    guard digits.count <= 4 || hasFaultOf2000(digits), let value = number(digits) else {
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
    if next == 0x2E, takeDottedDate(token) { return true }
    if next == 0x2E || next == 0x68, hour == nil, day != nil, month != nil {
      return takeTime(token)
    }
    // `2nd`, `2002+0200`, `02Oct2002`.
    takeDayOrYear(value, digits.count)
    if next == 0x2B { return take(rest) }
    let letters = rest.prefix { isLetter($0) }
    guard month == nil, let named = monthNumber(letters) else { return true }
    month = named
    return take(rest[letters.endIndex...])
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

  /// `1429` and `142930` behind a date (RFC 733, section 3.1.1).
  private mutating func takeClock(
    _ digits: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>
  ) -> Bool {
    guard digits.count == 4 || digits.count == 6, rest.first.map({ $0 != 0x3A }) ?? true else {
      return false
    }
    let start = digits.startIndex
    hour = number(digits[start..<(start + 2)])
    minute = number(digits[(start + 2)..<(start + 4)]) ?? 0
    second = number(digits[(start + 4)...]) ?? 0
    return true
  }

  /// `20021002`, as ISO 8601 writes it without marks; a time may follow behind `T`.
  private mutating func takeCompactDate(_ digits: ArraySlice<UInt8>) -> Bool {
    guard digits.count == 8, day == nil, month == nil, year == nil else { return false }
    let start = digits.startIndex
    year = number(digits[start..<(start + 4)])
    month = number(digits[(start + 4)..<(start + 6)])
    day = number(digits[(start + 6)...])
    return true
  }

  /// `19102` for 2002: 19 and the years since 1900.
  private func hasFaultOf2000(_ digits: ArraySlice<UInt8>) -> Bool {
    digits.count == 5 && digits.starts(with: [0x31, 0x39, 0x31]) && year == nil && day != nil
  }

  /// `02-Oct-2002`, `2002-10-02` and `2002-10-02t09:14:00z`; numbers alone with the year first, or
  /// where only one order makes a date.
  private mutating func takeJoinedDate(_ token: ArraySlice<UInt8>, separator: UInt8) -> Bool {
    let parts = token.split(separator: separator, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, day == nil, year == nil else { return true }
    let lastDigits = parts[2].prefix { isDigit($0) }
    guard let first = number(parts[0]), let last = number(lastDigits) else { return false }
    let rest = parts[2][lastDigits.endIndex...]
    if let named = monthNumber(parts[1]) ?? foreignMonth(parts[1]) {
      (day, month, year) = (first, named, fullYear(last, lastDigits.count))
      // `02/Oct/2002:09:14:00`.
      return rest.isEmpty || rest.first == 0x3A && takeTime(rest.dropFirst())
    }
    guard let middle = number(parts[1]) else { return false }
    if parts[0].count == 4 {
      (year, month, day) = (first, middle, last)
      return rest.first == 0x74 ? takeTime(rest.dropFirst()) : true
    }
    guard lastDigits.count == 4, first == middle || max(first, middle) > 12 else { return false }
    (day, month, year) = first > 12 ? (first, middle, last) : (middle, first, last)
    return true
  }

  /// `02.10.2002` and `2002.10.02`: with dots the day stands before the month, or behind it last.
  private mutating func takeDottedDate(_ token: ArraySlice<UInt8>) -> Bool {
    let parts = token.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard parts.count == 3, day == nil, month == nil, year == nil,
      let first = number(parts[0]), let middle = number(parts[1]), let last = number(parts[2]),
      parts[0].count == 4 || parts[2].count == 4
    else { return false }
    (year, month, day) = parts[0].count == 4 ? (first, middle, last) : (last, middle, first)
    return true
  }

  /// `9:14`, `09:14:00`, `09:14:00.5`, `09.14.00`, `9h14`, `091400`, with a zone or am/pm written
  /// against it.
  private mutating func takeTime(_ token: ArraySlice<UInt8>) -> Bool {
    var rest = token
    let compact = token.prefix { isDigit($0) }
    if takeClock(compact, token[compact.endIndex...]) {
      rest = token[compact.endIndex...]
    } else {
      var values: [Int] = []
      while values.count < 3 {
        let digits = rest.prefix { isDigit($0) }
        guard (1...2).contains(digits.count), let value = number(digits) else { return false }
        values.append(value)
        rest = rest[digits.endIndex...]
        guard let next = rest.first, next == 0x3A || next == 0x2E || next == 0x68,
          values.count < 3, rest.dropFirst().first.map({ isDigit($0) }) == true
        else { break }
        rest = rest.dropFirst()
      }
      guard values.count >= 2 else { return false }
      (hour, minute, second) = (values[0], values[1], values.count > 2 ? values[2] : 0)
    }
    if rest.first == 0x2E { rest = rest.dropFirst().drop { isDigit($0) } }
    return rest.isEmpty ? true : take(rest)
  }

  // MARK: Words

  private mutating func takeWord(_ token: ArraySlice<UInt8>) {
    let letters = token.prefix { isLetter($0) }
    if isWeekday(letters) { return }
    // A day's name that is a month's elsewhere is followed by the month.
    let isOpen = month == nil || isMonthFirst && day != nil && hour == nil && year == nil
    if isOpen, let value = monthNumber(letters) ?? foreignMonth(token) {
      isMonthFirst = month == nil && day == nil
      month = value
      return
    }
    guard hour != nil else { return }
    let word = token.filter { $0 != 0x2E }
    if word.elementsEqual("am".utf8) || word.elementsEqual("pm".utf8) {
      isAfternoon = word.first == 0x70
    } else {
      takeZone(token)
    }
  }

  // MARK: Zones

  private mutating func takeOffset(_ token: ArraySlice<UInt8>) {
    guard zone == nil || zone == .unknown || zoneSource == .name else { return }
    if let value = offset(token) {
      if value != .unspecified || zoneSource == nil { zone = value }
      zoneSource = nil
    } else if zone == nil, token.dropFirst().first.map({ isLetter($0) }) == true {
      // `09:14-PDT`.
      takeWord(token.dropFirst())
    }
  }

  private mutating func takeZone(_ token: ArraySlice<UInt8>) {
    let letters = token.prefix { isLetter($0) }
    let name = String(decoding: letters, as: UTF8.self)
    if let source = zoneSource, case .offset(let seconds) = zone {
      if MailDateWords.summer.contains(name) {
        zone = .offset(seconds + 3_600)
      } else if source == .words, !MailDateWords.afterZone.contains(name) {
        // `Central European Time` is none of America's.
        zone = .unknown
      } else {
        return
      }
      zoneSource = nil
      return
    }
    guard zone == nil || zone == .unknown else { return }
    // `GMT+0200` and `UTC+2`.
    let rest = token[letters.endIndex...]
    if let sign = rest.first, sign == 0x2B || sign == 0x2D, let value = offset(rest) {
      zone = value
    } else if let hours = MailDateWords.zones[name] {
      zone = .offset(Int(hours * 3600))
      zoneSource = .name
    } else if zone == nil, let hours = MailDateWords.zonesInWords[name] {
      zone = .offset(hours * 3600)
      zoneSource = .words
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
    case 5...: value - 19_000 + 1_900
    case 4: value
    case 3: 1900 + value
    default: value < 50 ? 2000 + value : 1900 + value
    }
  }
}

private func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

private func isLetter(_ octet: UInt8) -> Bool { (0x61...0x7A).contains(octet) }

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
