import Chronology
import Grounding

/// When an event is.
extension EventReader {
  mutating func readTimes() {
    start = moment("DTSTART")
    if start == nil, first("DTSTART") == nil { texts.defects.add(.missingStart) }
    replaced = moment("RECURRENCE-ID")
    if let range = first("RECURRENCE-ID")?.parameter("RANGE"), !range.isEmpty {
      texts.defects.add(.rangeNotRead)
    }
    end = moment("DTEND") ?? start.flatMap { end(after: $0) }
    if let start, let end, precedes(end, start) {
      texts.defects.add(.endBeforeStart)
      self.end = nil
    }
    if let start { item.times.append(time(.start, start)) }
    if let end { item.times.append(time(.end, end)) }
    if let modified = moment("LAST-MODIFIED") { item.times.append(time(.modified, modified)) }
  }

  private mutating func moment(_ name: String) -> CalendarMoment? {
    guard let property = first(name) else { return nil }
    guard let value = TimeValue(property.value) else {
      texts.defects.add(.badTime, name)
      return nil
    }
    let moment = CalendarMoment(value, zoneID: property.parameter("TZID"), zones: zones)
    if case .unknown = moment.zone {
      texts.defects.add(.unknownZone, name)
      if !zones.directory.isPresent { texts.defects.add(.zonesAbsent) }
    }
    return moment
  }

  /// By DURATION; a whole day without one ends with itself, a time without one has no end (RFC 5545,
  /// section 3.6.1).
  private mutating func end(after start: CalendarMoment) -> CalendarMoment? {
    guard let property = first("DURATION") else {
      return start.isDay ? start.adding(DurationValue(days: 1)) : nil
    }
    guard let duration = DurationValue(property.value) else {
      texts.defects.add(.badTime, "DURATION")
      return nil
    }
    return start.adding(duration)
  }

  private func precedes(_ end: CalendarMoment, _ start: CalendarMoment) -> Bool {
    if let end = end.instant(), let start = start.instant() { return end < start }
    return end.civil.clock < start.civil.clock
  }

  /// An all-day event's end is the day after its last (RFC 5545, section 3.6.1).
  private mutating func time(_ role: ItemTime.Role, _ moment: CalendarMoment) -> ItemTime {
    let zone: String? =
      switch moment.zone {
      case .day, .floating: nil
      case .named(let zone): cleanLine(zone.name)
      case .unknown(let name): cleanLine(name)
      }
    return ItemTime(
      role: role, instant: moment.instant(), local: moment.localText, zone: zone,
      allDay: moment.isDay ? true : nil)
  }
}
