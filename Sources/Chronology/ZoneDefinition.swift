/// Reads a zone that a calendar describes itself.
///
/// - SeeAlso: RFC 5545, section 3.6.5 (VTIMEZONE).
package enum ZoneDefinition {
  /// Rules are followed to this year; afterwards the last offset holds.
  private static let lastYear = 2_200
  /// Changes of one zone: Outlook begins in 1601 and has two a year.
  private static let changeLimit = 4_096

  private struct Observance {
    var start: CivilTime?
    var from: Int?
    var to: Int?
    var rules: [RecurrenceRule] = []
    var dates: [CivilTime] = []
  }

  /// The zone that the lines of a VTIMEZONE describe, with or without its BEGIN and END; `nil` where
  /// no part of it has a start and both offsets.
  package static func rules(_ lines: [ContentLine]) -> ZoneRules? {
    var observances: [Observance] = []
    var current: Observance?
    for line in lines {
      let name = upperCased(line.value.filter { $0 > 0x20 }[...])
      switch line.name {
      case "BEGIN" where name == "STANDARD" || name == "DAYLIGHT": current = Observance()
      case "END" where name == "STANDARD" || name == "DAYLIGHT":
        if let current { observances.append(current) }
        current = nil
      default:
        if current != nil { take(line, into: &current) }
      }
    }
    return rules(observances)
  }

  /// The name that the lines give their zone, as a parameter TZID has it: without the escapes of text
  /// and quotes.
  package static func name(_ lines: [ContentLine]) -> String? {
    guard let value = lines.first(where: { $0.name == "TZID" })?.value else { return nil }
    var plain: [UInt8] = []
    var isEscaped = false
    for octet in value where octet != 0x22 {
      if octet == 0x5C, !isEscaped {
        isEscaped = true
        continue
      }
      plain.append(octet)
      isEscaped = false
    }
    let start = plain.drop { $0 <= 0x20 }
    guard let last = start.lastIndex(where: { $0 > 0x20 }) else { return nil }
    return String(decoding: start[...last], as: UTF8.self)
  }

  private static func take(_ line: ContentLine, into observance: inout Observance?) {
    switch line.name {
    case "DTSTART": observance?.start = TimeValue(line.value)?.civil
    case "TZOFFSETFROM": observance?.from = offset(line.value)
    case "TZOFFSETTO": observance?.to = offset(line.value)
    case "RRULE":
      if let rule = try? RecurrenceRule(line.value) { observance?.rules.append(rule) }
    case "RDATE":
      observance?.dates += line.value.split(separator: 0x2C).prefix(changeLimit).compactMap {
        TimeValue($0)?.civil
      }
    default: break
    }
  }

  /// `+0100`, `-053020`.
  private static func offset(_ value: [UInt8]) -> Int? {
    let text = value.filter { $0 > 0x20 && $0 != 0x3A }
    var digits = text[...]
    let isNegative = digits.first == 0x2D
    if isNegative || digits.first == 0x2B { digits = digits.dropFirst() }
    guard digits.count == 4 || digits.count == 6, digits.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    let pairs = stride(from: digits.startIndex, to: digits.endIndex, by: 2).map {
      Int(digits[$0] - 0x30) * 10 + Int(digits[$0 + 1] - 0x30)
    }
    guard pairs[0] < 26, pairs[1] < 60, pairs.count < 3 || pairs[2] < 60 else { return nil }
    let seconds = pairs[0] * 3600 + pairs[1] * 60 + (pairs.count > 2 ? pairs[2] : 0)
    return isNegative ? -seconds : seconds
  }

  private static func rules(_ observances: [Observance]) -> ZoneRules? {
    var changes: [ZoneRules.Transition] = []
    var first: (instant: Int64, from: Int)?
    for observance in observances.prefix(256) {
      guard let start = observance.start, let to = observance.to else { continue }
      let from = observance.from ?? to
      for clock in onsets(observance, start, from: from, room: changeLimit - changes.count) {
        let change = ZoneRules.Transition(instant: clock - Int64(from), offset: to)
        if first.map({ change.instant < $0.instant }) ?? true { first = (change.instant, from) }
        changes.append(change)
      }
    }
    guard let first else { return nil }
    return ZoneRules(initial: first.from, transitions: changes, tail: nil)
  }

  /// When an observance begins, by the clock before it.
  private static func onsets(
    _ observance: Observance, _ start: CivilTime, from: Int, room: Int
  ) -> [Int64] {
    var clocks = [start.clock] + observance.dates.map(\.clock)
    let end = CivilTime(year: lastYear, month: 12, day: 31)?.clock ?? .max
    for rule in observance.rules.prefix(4) {
      let until = rule.until.map { until in
        until.form == .utc ? until.civil.clock + Int64(from) : until.lastClock
      }
      var iterator = RuleIterator(rule, start: start, until: min(until ?? end, end))
      while clocks.count < max(1, room), let clock = iterator.next() { clocks.append(clock) }
    }
    return Array(clocks.prefix(max(0, room)))
  }
}

extension TimeValue {
  /// The last second that is meant: of a date, the day's.
  var lastClock: Int64 { form == .date ? civil.clock + 86_399 : civil.clock }
}
