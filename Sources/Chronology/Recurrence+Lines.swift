extension Recurrence {
  /// Lines of one series, those of its zones included.
  package static let lineLimit = 4_096
  /// Dates and exceptions of one series.
  package static let dateLimit = 8_192
  /// Rules of one series.
  private static let ruleLimit = 16

  /// Reads a series from unfolded content lines: DTSTART, DTEND or DURATION, RRULE, RDATE, EXDATE,
  /// EXRULE, and VTIMEZONEs for zones that the machine may lack.
  ///
  /// - Throws: a fault that names what is missing or not covered; nothing is left out silently.
  package init(contentLines: String, zones: ZoneDirectory) throws(RecurrenceFault) {
    let lines = contentLines.utf8.split(separator: 0x0A)
    guard lines.count <= Self.lineLimit else { throw .tooLarge }
    var properties: [ContentLine] = []
    var definitions: [String: [ContentLine]] = [:]
    var open: [ContentLine]?
    for octets in lines {
      guard let line = ContentLine(Array(octets)[...]) else { throw .badRule }
      let isZone = line.value.elementsEqual("VTIMEZONE".utf8)
      if line.name == "BEGIN", isZone {
        open = []
      } else if line.name == "END", isZone {
        if let lines = open, let id = ZoneDefinition.name(lines) { definitions[id] = lines }
        open = nil
      } else if open != nil {
        open?.append(line)
      } else {
        properties.append(line)
      }
    }
    try self.init(
      properties, zones: ZoneResolver(directory: zones, definitions: [definitions]))
  }

  /// Reads a series from a component's properties; those that say nothing of it are passed over.
  package init(
    _ properties: [ContentLine], zones: ZoneResolver
  ) throws(RecurrenceFault) {
    guard let line = properties.first(where: { $0.name == "DTSTART" }),
      let value = TimeValue(line.value)
    else { throw .badStart }
    start = CalendarMoment(value, zoneID: line.parameter("TZID"), zones: zones)
    if case .unknown = start.zone { throw .unknownZone }
    for line in properties { try take(line, zones) }
    guard additions.count + exclusions.count + excludedDays.count <= Self.dateLimit,
      rules.count + exclusionRules.count <= Self.ruleLimit
    else { throw .tooLarge }
  }

  private mutating func take(
    _ line: ContentLine, _ zones: ZoneResolver
  ) throws(RecurrenceFault) {
    switch line.name {
    case "RRULE": rules.append(try rule(line))
    case "EXRULE": exclusionRules.append(try rule(line))
    case "DURATION":
      if length == nil, let duration = DurationValue(line.value), duration.isForward {
        length = .nominal(duration)
      }
    case "DTEND":
      if let value = TimeValue(line.value) {
        length = length(
          to: CalendarMoment(value, zoneID: line.parameter("TZID"), zones: zones), from: start)
      }
    case "RDATE":
      for octets in line.value.split(separator: 0x2C) { add(octets, line, zones) }
    case "EXDATE":
      for octets in line.value.split(separator: 0x2C) {
        guard let value = TimeValue(octets) else { continue }
        exclude(CalendarMoment(value, zoneID: line.parameter("TZID"), zones: zones))
      }
    default: break
    }
  }

  private func rule(_ line: ContentLine) throws(RecurrenceFault) -> Rule {
    let rule = try RecurrenceRule(line.value)
    if start.isDay, [.hourly, .minutely, .secondly].contains(rule.frequency) { throw .badRule }
    guard let until = rule.until else { return Rule(rule: rule, until: .max) }
    if start.isDay || until.form != .utc {
      // A date ends with its day, also where the series has times of day.
      return Rule(
        rule: rule, until: start.isDay ? until.civil.dayClock + 86_399 : until.lastClock)
    }
    return Rule(
      rule: rule, until: CalendarMoment(until.civil, .named(.utc)).clock(in: start.zone))
  }

  private func length(to end: CalendarMoment, from begin: CalendarMoment) -> Length? {
    let seconds: Int64
    if let from = begin.instant(), let to = end.instant() {
      seconds = to - from
    } else {
      seconds = end.civil.clock - begin.civil.clock
    }
    return seconds >= 0 ? .seconds(seconds, zone: end.zone) : nil
  }

  /// A date of RDATE, or a period: `start/end` or `start/duration`.
  private mutating func add(
    _ octets: ArraySlice<UInt8>, _ line: ContentLine, _ zones: ZoneResolver
  ) {
    let halves = octets.split(separator: 0x2F, maxSplits: 1)
    let zoneID = line.parameter("TZID")
    guard let first = halves.first, let value = TimeValue(first) else { return }
    let begin = CalendarMoment(value, zoneID: zoneID, zones: zones)
    var length: Length?
    if halves.count == 2 {
      if let duration = DurationValue(halves[1]), duration.isForward {
        length = .nominal(duration)
      } else if let end = TimeValue(halves[1]) {
        length = self.length(
          to: CalendarMoment(end, zoneID: zoneID, zones: zones), from: begin)
      }
    }
    // A date in a series with times of day is that day's instance.
    var clock = begin.clock(in: start.zone)
    if begin.isDay, !start.isDay { clock += start.civil.clock - start.civil.dayClock }
    if start.isDay { clock = begin.civil.dayClock }
    additions[clock] = .some(length)
  }

  private mutating func exclude(_ moment: CalendarMoment) {
    if moment.isDay || start.isDay {
      excludedDays.insert(moment.civil.dayNumber)
    } else {
      exclusions.insert(moment.clock(in: start.zone))
    }
  }
}

extension DurationValue {
  /// Whether it leads to a later time, or nowhere.
  package var isForward: Bool { days >= 0 && seconds >= 0 }
}

extension CivilTime {
  /// Midnight of this day on its clock.
  var dayClock: Int64 { Int64(dayNumber) * 86_400 }
}
