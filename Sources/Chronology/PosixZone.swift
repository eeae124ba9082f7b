/// The rule of a zone as POSIX's `TZ` writes it, with the hours of RFC 9636, section 3.3.1.
///
/// `CET-1CEST,M3.5.0,M10.5.0/3`: one offset, or two with the days on which they change.
struct PosixZone: Hashable, Sendable {
  private struct Day: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      /// From 1, without 29 February.
      case julian(Int)
      /// From 0, with 29 February.
      case ofYear(Int)
      /// Week 5 is the last; weekday 0 is Sunday.
      case weekday(month: Int, week: Int, weekday: Int)
    }

    var kind: Kind
    /// Seconds after midnight by the clock before the change; may be negative.
    var seconds: Int
  }

  private struct Summer: Hashable, Sendable {
    var offset: Int
    var start: Day
    var end: Day
  }

  private let offset: Int
  private let summer: Summer?

  /// `nil` for what is not a rule, and for one that is empty.
  init?(_ text: some Collection<UInt8>) {
    guard text.count <= 128 else { return nil }
    var scanner = Scanner(Array(text))
    guard scanner.name(), let west = scanner.offset() else { return nil }
    offset = -west
    guard !scanner.isAtEnd else {
      summer = nil
      return
    }
    guard scanner.name() else { return nil }
    var summerOffset = offset + 3600
    if scanner.peek != 0x2C {
      guard let west = scanner.offset() else { return nil }
      summerOffset = -west
    }
    guard scanner.take(0x2C), let start = scanner.day(), scanner.take(0x2C),
      let end = scanner.day(), scanner.isAtEnd
    else { return nil }
    summer = Summer(offset: summerOffset, start: start, end: end)
  }

  /// The stretch of one offset around `instant`, as far as the years before and after show.
  func stretch(at instant: Int64) -> (start: Int64, end: Int64, offset: Int) {
    guard let summer, let civil = CivilTime(instant: instant) else { return (.min, .max, offset) }
    var changes: [(instant: Int64, offset: Int)] = []
    for year in civil.year - 1...civil.year + 1 {
      changes.append((at(summer.start, year, offset), summer.offset))
      changes.append((at(summer.end, year, summer.offset), offset))
    }
    changes.sort { $0.instant < $1.instant }
    let next = changes.firstIndex { $0.instant > instant } ?? changes.count
    guard next > 0, next < changes.count else { return (.min, .max, offset) }
    return (changes[next - 1].instant, changes[next].instant, changes[next - 1].offset)
  }

  private func at(_ day: Day, _ year: Int, _ offset: Int) -> Int64 {
    Int64(Self.number(day.kind, year) * 86_400 + day.seconds - offset)
  }

  /// The day counted from 1970-01-01.
  private static func number(_ day: Day.Kind, _ year: Int) -> Int {
    let first = CivilTime.day(year: year, month: 1, day: 1)
    switch day {
    case .ofYear(let number): return first + number
    case .julian(let number):
      let isLeap = CivilTime.days(inMonth: 2, year: year) == 29
      return first + number - 1 + (isLeap && number > 59 ? 1 : 0)
    case .weekday(let month, let week, let weekday):
      let start = CivilTime.day(year: year, month: month, day: 1)
      // Sunday is 6 where Monday is 0.
      let ahead = ((weekday + 6) % 7 - CivilTime.weekday(ofDay: start) + 7) % 7
      let day = ahead + 7 * (week - 1)
      return start + (day < CivilTime.days(inMonth: month, year: year) ? day : day - 7)
    }
  }

  private struct Scanner {
    private let octets: [UInt8]
    private var index = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    var isAtEnd: Bool { index == octets.count }
    var peek: UInt8? { index < octets.count ? octets[index] : nil }

    mutating func take(_ octet: UInt8) -> Bool {
      guard peek == octet else { return false }
      index += 1
      return true
    }

    /// Letters, or anything in angle brackets; what it is called is of no use here.
    mutating func name() -> Bool {
      let start = index
      if take(0x3C) {
        while let octet = peek, octet != 0x3E { _ = take(octet) }
        return take(0x3E)
      }
      while let octet = peek, (0x41...0x5A).contains(octet & 0xDF) { index += 1 }
      return index - start >= 3
    }

    mutating func number(_ bounds: ClosedRange<Int>) -> Int? {
      var value = 0
      let start = index
      while let octet = peek, (0x30...0x39).contains(octet), index - start < 3 {
        value = value * 10 + Int(octet - 0x30)
        index += 1
      }
      return index > start && bounds.contains(value) ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int? {
      let isNegative = take(0x2D)
      if !isNegative { _ = take(0x2B) }
      guard let hours = number(0...167) else { return nil }
      var seconds = hours * 3600
      if take(0x3A) {
        guard let minutes = number(0...59) else { return nil }
        seconds += minutes * 60
        if take(0x3A) {
          guard let rest = number(0...59) else { return nil }
          seconds += rest
        }
      }
      return isNegative ? -seconds : seconds
    }

    /// A time that can be an offset: within 26 hours, the format's bounds.
    mutating func offset() -> Int? { time().flatMap { abs($0) < 89_999 ? $0 : nil } }

    mutating func day() -> Day? {
      let kind: Day.Kind
      if take(0x4D) {
        guard let month = number(1...12), take(0x2E), let week = number(1...5), take(0x2E),
          let weekday = number(0...6)
        else { return nil }
        kind = .weekday(month: month, week: week, weekday: weekday)
      } else if take(0x4A) {
        guard let number = number(1...365) else { return nil }
        kind = .julian(number)
      } else {
        guard let number = number(0...365) else { return nil }
        kind = .ofYear(number)
      }
      guard take(0x2F) else { return Day(kind: kind, seconds: 7200) }
      return time().map { Day(kind: kind, seconds: $0) }
    }
  }
}
