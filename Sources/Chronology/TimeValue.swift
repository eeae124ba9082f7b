/// A date, or a date with a time of day, as RFC 5545, sections 3.3.4 and 3.3.5, writes it.
///
/// Read are also seconds left out, small letters, and the dashes and colons of ISO 8601.
package struct TimeValue: Hashable, Sendable {
  package enum Form: Hashable, Sendable { case date, local, utc }

  package let civil: CivilTime
  package let form: Form

  package init(_ civil: CivilTime, _ form: Form) {
    self.civil = civil
    self.form = form
  }

  /// `nil` for what no calendar has, and for more than 32 octets.
  package init?(_ octets: some Collection<UInt8>) {
    guard octets.count <= 32 else { return nil }
    var digits: [UInt8] = []
    var form: Form?
    for octet in octets {
      switch octet {
      case 0x30...0x39 where form != .utc: digits.append(octet)
      case UInt8(ascii: "T"), UInt8(ascii: "t"):
        guard form == nil, digits.count == 8 else { return nil }
        form = .local
      case UInt8(ascii: "Z"), UInt8(ascii: "z"):
        guard form == .local else { return nil }
        form = .utc
      case 0x2D where form == nil && (digits.count == 4 || digits.count == 6): continue
      case 0x3A where form == .local && (digits.count == 10 || digits.count == 12): continue
      case 0x20 where digits.isEmpty || form == .utc: continue
      default: return nil
      }
    }
    func number(_ start: Int, _ count: Int) -> Int {
      digits[start..<start + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    guard form == nil ? digits.count == 8 : digits.count == 12 || digits.count == 14,
      let civil = CivilTime(
        year: number(0, 4), month: number(4, 2), day: number(6, 2),
        hour: form == nil ? 0 : number(8, 2), minute: form == nil ? 0 : number(10, 2),
        second: digits.count == 14 ? number(12, 2) : 0)
    else { return nil }
    self.init(civil, form ?? .date)
  }

  /// `20261002T091400Z`; a date alone is `20261002`.
  package var text: String {
    let date = padded(civil.year, 4) + padded(civil.month) + padded(civil.day)
    guard form != .date else { return date }
    return date + "T" + padded(civil.hour) + padded(civil.minute) + padded(civil.second)
      + (form == .utc ? "Z" : "")
  }
}

/// A length of time as RFC 5545, section 3.3.6, writes it: days of the calendar, then seconds.
package struct DurationValue: Hashable, Sendable {
  package var days: Int
  package var seconds: Int

  package init(days: Int = 0, seconds: Int = 0) {
    self.days = days
    self.seconds = seconds
  }

  /// `P1DT2H`, `-PT15M`, `P2W`, with numbers of at most nine digits; `nil` for what is none.
  package init?(_ octets: some Collection<UInt8>) {
    var sign = 1
    var isTime = false
    var hasBegun = false
    var number: Int?
    var digits = 0
    self.init()
    for octet in octets.prefix(128) {
      switch octet {
      case 0x2B where !hasBegun: continue
      case 0x2D where !hasBegun: sign = -1
      case UInt8(ascii: "P"), UInt8(ascii: "p"):
        guard !hasBegun else { return nil }
        hasBegun = true
      case UInt8(ascii: "T"), UInt8(ascii: "t"):
        guard hasBegun, !isTime, number == nil else { return nil }
        isTime = true
      case 0x30...0x39 where hasBegun && digits < 9:
        number = (number ?? 0) * 10 + Int(octet - 0x30)
        digits += 1
      default:
        guard let count = number, take(count, octet & 0xDF, isTime) else { return nil }
        number = nil
        digits = 0
      }
    }
    guard hasBegun, number == nil else { return nil }
    days *= sign
    seconds *= sign
  }

  private mutating func take(_ count: Int, _ unit: UInt8, _ isTime: Bool) -> Bool {
    switch (unit, isTime) {
    case (0x57, false): days += 7 * count
    case (0x44, false): days += count
    case (0x48, true): seconds += 3600 * count
    case (0x4D, true): seconds += 60 * count
    case (0x53, true): seconds += count
    default: return false
    }
    return true
  }
}

extension CivilTime {
  /// Seconds since 1970-01-01T00:00:00 on this clock, whatever its zone.
  package var clock: Int64 { instant(offsetSeconds: 0) }

  /// Days since 1970-01-01.
  package var dayNumber: Int { Self.day(year: year, month: month, day: day) }

  /// The day of the week of a day counted from 1970-01-01: 0 is Monday.
  package static func weekday(ofDay day: Int) -> Int { ((day + 3) % 7 + 7) % 7 }
}
