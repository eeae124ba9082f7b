/// What makes a rule or a series unreadable.
package enum RecurrenceFault: String, Error, Hashable, Sendable, CaseIterable {
  /// No DTSTART, or one that is no time.
  case badStart = "bad_start"
  /// The rule breaks the grammar or the bounds of its parts.
  case badRule = "bad_rule"
  /// The rule asks for what is not covered: a calendar other than the Gregorian, SKIP, a new part.
  case unsupportedRule = "unsupported_rule"
  /// A zone that neither the zone files nor the series itself knows.
  case unknownZone = "unknown_zone"
  /// More lines, dates or octets than a series may have.
  case tooLarge = "too_large"
}

/// How a series goes on.
///
/// - SeeAlso: RFC 5545, section 3.3.10.
package struct RecurrenceRule: Hashable, Sendable {
  package enum Frequency: String, Hashable, Sendable, CaseIterable {
    case secondly = "SECONDLY"
    case minutely = "MINUTELY"
    case hourly = "HOURLY"
    case daily = "DAILY"
    case weekly = "WEEKLY"
    case monthly = "MONTHLY"
    case yearly = "YEARLY"
  }

  /// A day of the week, every one or the `ordinal`th of a month or year; negative from its end.
  package struct Weekday: Hashable, Sendable {
    /// 0 is Monday.
    package var day: Int
    package var ordinal: Int?
  }

  package private(set) var frequency = Frequency.yearly
  package private(set) var interval = 1
  package private(set) var count: Int?
  package private(set) var until: TimeValue?
  package private(set) var seconds: [Int] = []
  package private(set) var minutes: [Int] = []
  package private(set) var hours: [Int] = []
  package private(set) var weekdays: [Weekday] = []
  package private(set) var monthDays: [Int] = []
  package private(set) var yearDays: [Int] = []
  package private(set) var weekNumbers: [Int] = []
  package private(set) var months: [Int] = []
  package private(set) var positions: [Int] = []
  /// 0 is Monday.
  package private(set) var weekStart = 0

  /// Octets of a rule.
  package static let octetLimit = 8_192

  /// Reads a rule, the value of an RRULE; letters of any case, parts in any order.
  ///
  /// - Throws: `bad_rule`, `unsupported_rule`. O(octets).
  package init(_ value: some Collection<UInt8>) throws(RecurrenceFault) {
    guard value.count <= Self.octetLimit else { throw .badRule }
    var hasFrequency = false
    for part in Array(value).split(separator: 0x3B) {
      guard let equals = part.firstIndex(of: 0x3D) else { throw .badRule }
      let name = Self.word(part[..<equals])
      let text = part[(equals + 1)...]
      if name == "FREQ" {
        guard let named = Frequency(rawValue: Self.word(text)) else { throw .badRule }
        frequency = named
        hasFrequency = true
      } else {
        try take(name, text)
      }
    }
    guard hasFrequency else { throw .badRule }
  }

  private mutating func take(_ name: String, _ text: ArraySlice<UInt8>) throws(RecurrenceFault) {
    switch name {
    case "INTERVAL": interval = try Self.number(text, 1...999_999_999)
    case "COUNT": count = try Self.number(text, 1...999_999_999)
    case "UNTIL":
      guard let value = TimeValue(text) else { throw .badRule }
      until = value
    case "BYSECOND": seconds = try Self.list(text, 0...60, isSigned: false)
    case "BYMINUTE": minutes = try Self.list(text, 0...59, isSigned: false)
    case "BYHOUR": hours = try Self.list(text, 0...23, isSigned: false)
    case "BYMONTHDAY": monthDays = try Self.list(text, 1...31)
    case "BYYEARDAY": yearDays = try Self.list(text, 1...366)
    case "BYWEEKNO": weekNumbers = try Self.list(text, 1...53)
    case "BYMONTH": months = try Self.list(text, 1...12, isSigned: false)
    case "BYSETPOS": positions = try Self.list(text, 1...366)
    case "BYDAY": weekdays = try Self.weekdays(text)
    case "WKST":
      guard let day = Self.weekday(text), day.ordinal == nil else { throw .badRule }
      weekStart = day.day
    case "RSCALE":
      guard Self.word(text) == "GREGORIAN" else { throw .unsupportedRule }
    case "SKIP":
      guard Self.word(text) == "OMIT" else { throw .unsupportedRule }
    default:
      guard name.hasPrefix("X-") else { throw .unsupportedRule }
    }
  }

  private static func word(_ octets: ArraySlice<UInt8>) -> String {
    upperCased(octets.filter { $0 != 0x20 && $0 != 0x09 }[...])
  }

  private static func number(
    _ octets: some Collection<UInt8>, _ bounds: ClosedRange<Int>
  ) throws(RecurrenceFault) -> Int {
    var value = 0
    guard (1...9).contains(octets.count) else { throw .badRule }
    for octet in octets {
      guard (0x30...0x39).contains(octet) else { throw .badRule }
      value = value * 10 + Int(octet - 0x30)
    }
    guard bounds.contains(value) else { throw .badRule }
    return value
  }

  /// Numbers with a sign or without, each once, ascending.
  private static func list(
    _ text: ArraySlice<UInt8>, _ bounds: ClosedRange<Int>, isSigned: Bool = true
  ) throws(RecurrenceFault) -> [Int] {
    var values: Set<Int> = []
    for item in text.split(separator: 0x2C, omittingEmptySubsequences: false) {
      var digits = item.filter { $0 != 0x20 }[...]
      let isNegative = digits.first == 0x2D
      if isSigned, isNegative || digits.first == 0x2B { digits = digits.dropFirst() }
      let value = try number(digits, bounds)
      values.insert(isSigned && isNegative ? -value : value)
    }
    return values.sorted()
  }

  private static func weekdays(_ text: ArraySlice<UInt8>) throws(RecurrenceFault) -> [Weekday] {
    var days: [Weekday] = []
    for item in text.split(separator: 0x2C, omittingEmptySubsequences: false) {
      guard let day = weekday(item) else { throw .badRule }
      if !days.contains(day) { days.append(day) }
    }
    return days
  }

  private static let weekdayNames = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

  /// `MO`, `1MO`, `-1FR`.
  private static func weekday(_ text: ArraySlice<UInt8>) -> Weekday? {
    let name = word(text)
    guard let day = weekdayNames.firstIndex(of: String(name.suffix(2))) else { return nil }
    let ordinal = name.dropLast(2)
    guard !ordinal.isEmpty else { return Weekday(day: day) }
    guard let value = Int(ordinal), value != 0, (-53...53).contains(value) else { return nil }
    return Weekday(day: day, ordinal: value)
  }
}
