import Chronology
import Grounding

/// One VEVENT as it stands in the file.
struct RawEvent {
  var properties: [ContentLine] = []
  /// From its BEGIN to its END.
  var range: Range<Int>
  /// The line of its BEGIN, from 1.
  var line: Int
  /// The VCALENDAR that it is in, by number.
  var calendar: Int
  var droppedProperties = 0
}

/// What a VCALENDAR says of its events.
struct RawCalendar {
  var method: ContentLine?
  /// The lines of its VTIMEZONEs by their TZID; of two with one TZID the first.
  var zones: [String: [ContentLine]] = [:]
}

/// Sorts the lines of a file into components.
///
/// Nothing has to be well nested: a component without an end ends where its parent does, where the
/// next one of its rank begins, or with the file.
struct CalendarComponents {
  private(set) var events: [RawEvent] = []
  private(set) var calendars: [RawCalendar] = [RawCalendar()]
  private(set) var skipped: [(name: String, line: Int)] = []
  var defects: DefectLog
  private let limits: CalendarLimits

  private var stack: [String] = []
  /// Beginnings beyond the limit of depth that wait for their ends.
  private var tooDeep = 0
  // What is open grows where it stands: bound to a second name it would be copied line by line.
  private var event: RawEvent?
  private var zone: [ContentLine]?
  /// The height of the stack where the event or zone began.
  private var openDepth = 0
  private var hasComponent = false

  init(_ lines: inout CalendarLines, limits: CalendarLimits) {
    self.limits = limits
    defects = DefectLog(limit: limits.defects)
    var end = 0
    while let line = lines.next() {
      end = line.range.upperBound
      take(line)
    }
    close(downTo: 0, at: end, isMissing: !stack.isEmpty)
    if !hasComponent { defects.add(.noComponent) }
  }

  private mutating func take(_ line: CalendarLines.Line) {
    if line.isCut { defects.add(.lineTooLong) }
    guard let property = ContentLine(line.octets[...]) else {
      takeStray(line)
      return
    }
    switch property.name {
    case "BEGIN": begin(Self.componentName(property), line)
    case "END": end(Self.componentName(property), line)
    default: take(property)
    }
  }

  private static func componentName(_ property: ContentLine) -> String {
    upperCased(property.value.filter { $0 > 0x20 && $0 < 0x7F }.prefix(64))
  }

  private mutating func take(_ property: ContentLine) {
    guard tooDeep == 0 else { return }
    if zone != nil {
      takeZoneLine(property)
    } else if let count = event?.properties.count {
      // What a component inside of the event says, such as an alarm, is not of the event.
      guard stack.count == openDepth else { return }
      if count < limits.properties {
        event?.properties.append(property)
      } else {
        event?.droppedProperties += 1
      }
    } else if stack.isEmpty {
      defects.add(.strayLine)
    } else if stack.last == "VCALENDAR", property.name == "METHOD" {
      calendars[calendars.count - 1].method = calendars[calendars.count - 1].method ?? property
    }
  }

  private mutating func takeZoneLine(_ property: ContentLine) {
    if let count = zone?.count, count < limits.zoneLines { zone?.append(property) }
  }

  /// A text whose line break was not escaped goes on here.
  private mutating func takeStray(_ line: CalendarLines.Line) {
    defects.add(.strayLine)
    guard stack.count == openDepth, tooDeep == 0, let count = event?.properties.count, count > 0,
      let name = event?.properties[count - 1].name, Self.texts.contains(name),
      let length = event?.properties[count - 1].value.count,
      length + line.octets.count < limits.lineOctets
    else { return }
    event?.properties[count - 1].value.append(0x0A)
    event?.properties[count - 1].value.append(contentsOf: line.octets)
  }

  private static let texts: Set<String> = [
    "SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT",
  ]

  /// Those that stand side by side in a calendar, never inside of each other.
  private static let ranks: Set<String> = [
    "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VCALENDAR",
  ]

  private mutating func begin(_ name: String, _ line: CalendarLines.Line) {
    hasComponent = true
    if Self.ranks.contains(name) {
      tooDeep = 0
      let isCalendar = name == "VCALENDAR"
      let depth = isCalendar ? 0 : stack.firstIndex { $0 != "VCALENDAR" } ?? stack.count
      close(downTo: depth, at: line.range.lowerBound, isMissing: depth < stack.count)
      if isCalendar { calendars.append(RawCalendar()) }
    }
    guard stack.count < limits.depth else {
      defects.add(.componentsTooDeep)
      tooDeep += 1
      return
    }
    let isInside = event != nil || zone != nil
    stack.append(name)
    if zone != nil { takeZoneLine(ContentLine(name: "BEGIN", value: Array(name.utf8))) }
    guard !isInside, name != "VCALENDAR" else { return }
    beginListed(name, line)
  }

  private mutating func beginListed(_ name: String, _ line: CalendarLines.Line) {
    if name == "VTIMEZONE" {
      (zone, openDepth) = ([], stack.count)
      return
    }
    // What is inside of a component that is passed over is passed over with it.
    guard stack.dropLast().allSatisfy({ $0 == "VCALENDAR" }) else { return }
    guard events.count + skipped.count < limits.components else {
      defects.add(.tooManyComponents)
      return
    }
    if name == "VEVENT" {
      event = RawEvent(range: line.range, line: line.number, calendar: calendars.count - 1)
      openDepth = stack.count
    } else {
      skipped.append((name, line.number))
    }
  }

  private mutating func end(_ name: String, _ line: CalendarLines.Line) {
    guard tooDeep == 0 else {
      tooDeep -= 1
      return
    }
    guard let depth = stack.lastIndex(of: name) else {
      defects.add(.strayEnd)
      return
    }
    if zone != nil { takeZoneLine(ContentLine(name: "END", value: Array(name.utf8))) }
    close(downTo: depth, at: line.range.upperBound, isMissing: depth < stack.count - 1)
  }

  /// Ends what is open beyond `depth`.
  private mutating func close(downTo depth: Int, at end: Int, isMissing: Bool) {
    if isMissing { defects.add(.missingEnd) }
    if openDepth > depth, var raw = event {
      raw.range = raw.range.lowerBound..<max(raw.range.lowerBound, end)
      if raw.droppedProperties > 0 { defects.add(.tooManyProperties, "line \(raw.line)") }
      events.append(raw)
      event = nil
    }
    if openDepth > depth, let lines = zone {
      keep(lines)
      zone = nil
    }
    stack.removeSubrange(min(depth, stack.count)...)
  }

  private mutating func keep(_ lines: [ContentLine]) {
    guard let name = ZoneDefinition.name(lines) else {
      defects.add(.badZone)
      return
    }
    let calendar = calendars.count - 1
    guard calendars[calendar].zones.count < limits.zones else {
      defects.add(.tooManyZones)
      return
    }
    if calendars[calendar].zones[name] == nil { calendars[calendar].zones[name] = lines }
  }
}
