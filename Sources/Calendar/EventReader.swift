import Chronology
import Grounding
import Markup

/// Reads one VEVENT.
struct EventReader {
  let raw: RawEvent
  let method: ContentLine?
  let limits: CalendarLimits
  let zones: ZoneResolver
  var item = ParsedItem(kind: .event)
  var texts: PropertyText
  var start: CalendarMoment?
  var end: CalendarMoment?
  /// The occurrence of a series that this event changes.
  var replaced: CalendarMoment?
  /// Descriptions of the zones that the machine does not have, by name.
  private(set) var usedZones: [[ContentLine]] = []

  init(_ raw: RawEvent, method: ContentLine?, zones: ZoneResolver, limits: CalendarLimits) {
    self.raw = raw
    self.method = method
    self.zones = zones
    self.limits = limits
    texts = PropertyText(defects: DefectLog(limit: limits.defects))
  }

  mutating func read() -> ParsedItem {
    noteRepeated()
    item.title = line("SUMMARY")
    readTimes()
    readIdentity()
    readPeople()
    readFacts()
    readClass()
    readRecurrence()
    usedZones = zoneIDs.compactMap { zones.neededDefinition($0) }
    var text = EventText(limit: limits.textOctets)
    writeText(&text)
    item.text = text.canonical.text
    item.segments = text.canonical.segments
    if text.isCut { texts.defects.add(.textTooLong) }
    for defect in text.canonical.defects { texts.defects.add(defect) }
    item.defects = texts.defects.defects
    return item
  }

  // Properties.

  func first(_ name: String) -> ContentLine? { raw.properties.first { $0.name == name } }
  func all(_ name: String) -> [ContentLine] { raw.properties.filter { $0.name == name } }

  private static let single = [
    "SUMMARY", "UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS", "CLASS",
    "ORGANIZER", "LOCATION", "SEQUENCE", "RRULE",
  ]

  private mutating func noteRepeated() {
    for name in Self.single where all(name).count > 1 {
      texts.defects.add(.duplicateProperty, name)
    }
  }

  /// The first property called `name` as one clean line; `nil` where nothing is left of it.
  mutating func line(_ name: String) -> String? {
    first(name).flatMap { property in cleanLine(texts.text(property)) }
  }

  /// A text as it may reach a prompt, on one line, without white space at its ends.
  mutating func cleanLine(_ text: String) -> String? {
    let cleaned = CanonicalText.cleaned(text)
    for defect in cleaned.defects { texts.defects.add(defect) }
    let words = cleaned.text.utf8.split { $0 == 0x0A || $0 == 0x0C || $0 == 0x09 }
    let joined = words.joined(separator: [0x20])
    let trimmed = Array(joined).drop { $0 == 0x20 }
    guard let last = trimmed.lastIndex(where: { $0 != 0x20 }) else { return nil }
    return String(decoding: trimmed[...last], as: UTF8.self)
  }

  // Identity.

  /// UID, 0x00, RECURRENCE-ID with the name of its zone; without a UID the hash of the event's octets
  /// stands for both.
  private mutating func readIdentity() {
    guard let uid = line("UID") else {
      texts.defects.add(.missingUID)
      return
    }
    item.externalID = uid
    item.identity = Array(uid.utf8) + [0] + Array(occurrenceName.utf8)
  }

  private var occurrenceName: String {
    guard let property = first("RECURRENCE-ID") else { return "" }
    guard let replaced, let value = TimeValue(property.value) else {
      return String(decoding: property.value, as: UTF8.self)
    }
    switch replaced.zone {
    case .named(let zone) where value.form == .local: return "\(value.text);\(zone.name)"
    case .unknown(let name): return "\(value.text);\(name)"
    default: return value.text
    }
  }

  // Access.

  /// A class that nobody knows is treated as PRIVATE (RFC 5545, section 3.8.1.3).
  private mutating func readClass() {
    for name in ["CLASS", "X-CALENDARSERVER-ACCESS"] {
      for property in all(name) {
        let value = upperCased(property.value.filter { $0 > 0x20 }[...])
        if value == "PUBLIC" || value.isEmpty { continue }
        item.isOwnerOnly = true
        let known: Set<String> = ["PRIVATE", "CONFIDENTIAL", "RESTRICTED"]
        if !known.contains(value) { texts.defects.add(.unknownClass, name) }
      }
    }
  }

  // Facts.

  private mutating func readFacts() {
    for (name, property) in [("status", "STATUS"), ("transparency", "TRANSP")] {
      if let value = line(property) { fact(name, value.lowercased()) }
    }
    if let method, let value = cleanLine(texts.text(method)) { fact("method", value.lowercased()) }
    for category in categories { fact("category", category) }
    if let location = line("LOCATION") { fact("location", location) }
    if let value = line("SEQUENCE"), let number = Int(value.prefix(18)) {
      item.facts.append(Fact("sequence", .number(Double(number))))
    }
    for name in attachments { fact("attachment", name) }
  }

  private mutating func fact(_ name: String, _ text: String) {
    item.facts.append(Fact(name, .text(text)))
  }

  var categories: [String] {
    mutating get {
      var found: [String] = []
      for property in all("CATEGORIES").prefix(100) {
        for text in texts.list(property).prefix(100) {
          if let category = cleanLine(text), !found.contains(category) { found.append(category) }
        }
      }
      return found
    }
  }

  /// The names or addresses of what is attached; nothing of it is read.
  private var attachments: [String] {
    mutating get {
      var found: [String] = []
      for property in all("ATTACH").prefix(100) {
        let isInline = property.parameter("ENCODING") != nil
        if isInline { texts.defects.add(.attachmentNotRead) }
        let name = property.parameter("FILENAME") ?? property.parameter("X-FILENAME")
        let text = name ?? (isInline ? property.parameter("FMTTYPE") ?? "" : texts.text(property))
        if let text = cleanLine(text) { found.append(text) }
      }
      return found
    }
  }

  // Zones.

  /// The zones that the event's properties name, each once.
  private var zoneIDs: [String] {
    var found: [String] = []
    var known: Set<String> = []
    for property in raw.properties {
      if let id = property.parameter("TZID"), !id.isEmpty, known.insert(id).inserted {
        found.append(id)
      }
    }
    return found
  }

  // Series.

  private static let seriesProperties: Set<String> = [
    "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE",
  ]

  var isSeries: Bool {
    replaced == nil
      && raw.properties.contains { $0.name == "RRULE" || $0.name == "RDATE" }
  }

  /// The fact that the next occurrence is worked out from.
  private mutating func readRecurrence() {
    guard isSeries, start != nil else { return }
    var octets: [UInt8] = []
    for line in raw.properties where Self.seriesProperties.contains(line.name) {
      octets += line.octets + [0x0A]
    }
    for definition in zoneIDs.compactMap({ zones.neededDefinition($0) }) {
      octets += Array("BEGIN:VTIMEZONE\n".utf8)
      for line in definition where Self.zoneProperties.contains(line.name) {
        octets += line.octets + [0x0A]
      }
      octets += Array("END:VTIMEZONE\n".utf8)
    }
    guard octets.count <= limits.recurrenceOctets else {
      texts.defects.add(.recurrenceTooLong)
      return
    }
    let lines = String(decoding: octets, as: UTF8.self)
    do {
      _ = try Recurrence(contentLines: lines, zones: zones.directory)
      fact("recurrence", lines)
    } catch {
      texts.defects.add(Defect(error.rawValue))
    }
  }

  private static let zoneProperties: Set<String> = [
    "TZID", "BEGIN", "END", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE",
  ]
}
