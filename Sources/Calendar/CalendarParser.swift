package import Chronology
package import Grounding
import Octets

/// What is known of a calendar besides its octets.
package struct CalendarHints: Hashable, Sendable, Codable {
  /// The charset that a message gives its part.
  package var charsetLabel: String?

  package init(charsetLabel: String? = nil) { self.charsetLabel = charsetLabel }
}

/// What a calendar holds.
package struct ParsedCalendar: Sendable {
  /// In the order of the file, one an event; changed occurrences of a series are items of their own.
  package var events: [ParsedItem] = []
  /// Components that are passed over, and where they begin.
  package var skipped: [(code: Problem.Code, place: String)] = []
  /// What is odd about the file and not about one of its events.
  package var defects: [Defect] = []
}

/// Reads a calendar: the events of every VCALENDAR in the octets.
///
/// Nothing stops a calendar from being read: what is malformed, beyond a limit or not read yet becomes
/// a defect of ``CalendarDefect``. Tasks, journals and free-busy times are passed over. vCalendar 1.0
/// is read as far as it is like iCalendar.
///
/// - SeeAlso: RFC 5545; RFC 6868, 7986; vCalendar 1.0.
package enum CalendarParser {
  /// The events in `octets`; O(octets).
  ///
  /// - Parameter zones: Where zones are looked for first; then come the file's own descriptions.
  package static func parse(
    _ octets: [UInt8], hints: CalendarHints = CalendarHints(),
    limits: CalendarLimits = CalendarLimits(), zones: ZoneDirectory = .system
  ) -> ParsedCalendar {
    let octets = utf8(octets, hints)
    let mark = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let end = max(mark, min(octets.count, limits.octets))
    var lines = CalendarLines(octets, from: mark, to: end, limit: limits.lineOctets)
    var components = CalendarComponents(&lines, limits: limits)
    if end < octets.count { components.defects.add(.calendarTooLarge) }

    var reading = CalendarReading(octets: octets, components: components, limits: limits)
    return reading.read(zones)
  }

  /// Files of another encoding than UTF-8 and those that hold it line by line.
  private static func utf8(_ octets: [UInt8], _ hints: CalendarHints) -> [UInt8] {
    var charset: Charset?
    var plain = octets
    if octets.starts(with: [0xFF, 0xFE]) {
      (charset, plain) = (.utf16LittleEndian, Array(octets.dropFirst(2)))
    } else if octets.starts(with: [0xFE, 0xFF]) {
      (charset, plain) = (.utf16BigEndian, Array(octets.dropFirst(2)))
    } else if let label = hints.charsetLabel, let named = Charset(label: label),
      named != .ascii, named != .utf8,
      String(validating: octets, as: UTF8.self) == nil
        || !named.keepsASCII
    {
      charset = named
    }
    return charset.map { Array($0.decode(plain).text.utf8) } ?? octets
  }
}

/// The state of reading one file.
private struct CalendarReading {
  let octets: [UInt8]
  let components: CalendarComponents
  let limits: CalendarLimits
  var calendar = ParsedCalendar()

  mutating func read(_ directory: ZoneDirectory) -> ParsedCalendar {
    var defects = components.defects
    var all: [String: [ContentLine]] = [:]
    for calendar in components.calendars { all.merge(calendar.zones) { first, _ in first } }
    var resolvers: [Int: ZoneResolver] = [:]
    var kept: [[UInt8]: Int] = [:]
    var ranks: [EventRank] = []
    for raw in components.events {
      let own = components.calendars[raw.calendar]
      let resolver =
        resolvers[raw.calendar]
        ?? ZoneResolver(directory: directory, definitions: [own.zones, all])
      resolvers[raw.calendar] = resolver
      var reader = EventReader(raw, method: own.method, zones: resolver, limits: limits)
      var item = reader.read()
      item.contentHash = hash(raw, own, reader.usedZones)
      if item.identity == nil { item.identity = item.contentHash }
      let rank = EventRank(raw)
      guard let identity = item.identity, let index = kept[identity] else {
        if let identity = item.identity { kept[identity] = calendar.events.count }
        calendar.events.append(item)
        ranks.append(rank)
        continue
      }
      defects.add(.duplicateEvent)
      if ranks[index] <= rank { (calendar.events[index], ranks[index]) = (item, rank) }
    }
    calendar.skipped = components.skipped.map {
      (.notYet, "\($0.name.isEmpty ? "component" : $0.name), line \($0.line)")
    }
    calendar.defects = defects.defects
    return calendar
  }

  /// SHA-256 of the event's octets and of what else of the file settles how it is read: the method,
  /// and the descriptions of zones that the machine does not have.
  private func hash(
    _ raw: RawEvent, _ calendar: RawCalendar, _ zones: [[ContentLine]]
  ) -> [UInt8] {
    var hasher = SHA256.Hasher()
    hasher.update(Array(octets[raw.range]))
    if let method = calendar.method { hasher.update([0] + method.value) }
    for line in zones.joined() { hasher.update([0] + line.octets) }
    return hasher.finish()
  }
}

/// Which of several events with one identity is kept: the greatest.
private struct EventRank: Comparable {
  let sequence: Int
  /// In UTC; its letters are in the order of time.
  let stamp: String

  init(_ raw: RawEvent) {
    func first(_ name: String) -> [UInt8] {
      raw.properties.first { $0.name == name }?.value ?? []
    }
    sequence = Int(String(decoding: first("SEQUENCE").prefix(18), as: UTF8.self)) ?? 0
    stamp = TimeValue(first("DTSTAMP"))?.text ?? ""
  }

  static func < (a: EventRank, b: EventRank) -> Bool {
    (a.sequence, a.stamp) < (b.sequence, b.stamp)
  }
}
