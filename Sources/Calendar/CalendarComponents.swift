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
  private var event: (raw: RawEvent, depth: Int)?
  private var zone: (lines: [ContentLine], depth: Int)?
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
    } else if let open = event {
      // What a component inside of the event says, such as an alarm, is not of the event.
      guard stack.count == open.depth else { return }
      if open.raw.properties.count < limits.properties {
        event?.raw.properties.append(property)
      } else {
        event?.raw.droppedProperties += 1
      }
    } else if stack.isEmpty {
      defects.add(.strayLine)
    } else if stack.last == "VCALENDAR", property.name == "METHOD" {
      calendars[calendars.count - 1].method = calendars[calendars.count - 1].method ?? property
    }
  }

  private mutating func takeZoneLine(_ property: ContentLine) {
    if let zone, zone.lines.count < limits.zoneLines { self.zone?.lines.append(property) }
  }

  /// A text whose line break was not escaped goes on here.
  private mutating func takeStray(_ line: CalendarLines.Line) {
    defects.add(.strayLine)
    guard let open = event, stack.count == open.depth, tooDeep == 0 else { return }
    let last = open.raw.properties.count - 1
    let texts: Set<String> = ["SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT"]
    guard last >= 0, texts.contains(open.raw.properties[last].name),
      open.raw.properties[last].value.count + line.octets.count < limits.lineOctets
    else { return }
    event?.raw.properties[last].value += [0x0A] + line.octets
  }

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
      zone = ([], stack.count)
      return
    }
    // What is inside of a component that is passed over is passed over with it.
    guard stack.dropLast().allSatisfy({ $0 == "VCALENDAR" }) else { return }
    guard events.count + skipped.count < limits.components else {
      defects.add(.tooManyComponents)
      return
    }
    if name == "VEVENT" {
      let raw = RawEvent(range: line.range, line: line.number, calendar: calendars.count - 1)
      event = (raw, stack.count)
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
    if var open = event, open.depth > depth {
      open.raw.range = open.raw.range.lowerBound..<max(open.raw.range.lowerBound, end)
      if open.raw.droppedProperties > 0 {
        defects.add(.tooManyProperties, "line \(open.raw.line)")
      }
      events.append(open.raw)
      event = nil
    }
    if let open = zone, open.depth > depth {
      keep(open.lines)
      zone = nil
    }
    stack.removeSubrange(min(depth, stack.count)...)
  }

  private mutating func keep(_ lines: [ContentLine]) {
    guard let id = lines.first(where: { $0.name == "TZID" }) else {
      defects.add(.badZone)
      return
    }
    let calendar = calendars.count - 1
    guard calendars[calendar].zones.count < limits.zones else {
      defects.add(.tooManyZones)
      return
    }
    let name = zoneID(id.value)
    if calendars[calendar].zones[name] == nil { calendars[calendar].zones[name] = lines }
  }
}

/// A zone's name as TZID and a parameter of that name have it.
func zoneID(_ value: [UInt8]) -> String {
  var rest = value[...]
  while let last = rest.last, last <= 0x20 { rest.removeLast() }
  return String(
    decoding: rest.drop { $0 <= 0x20 || $0 == 0x22 }.filter { $0 != 0x22 }, as: UTF8.self)
}
