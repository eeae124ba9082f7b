package import Grounding

/// What a response says about an item: what the caller may see of it, without its text.
package struct ItemDescription: Hashable, Sendable, Codable {
  package var id: String
  package var kind: ItemKind
  package var externalID: String?
  package var title: String?
  package var conversation: String?
  /// In the order of the source; absent where there are none.
  package var people: [Person]?
  /// By role; of several times with one role the first.
  package var times: [String: TimeDescription]?
  /// Only those whose access list allows the caller.
  package var locations: [LocationDescription]

  package init(
    id: String, kind: ItemKind, externalID: String?, title: String?, conversation: String?,
    people: [Person]?, times: [String: TimeDescription]?, locations: [LocationDescription]
  ) {
    self.id = id
    self.kind = kind
    self.externalID = externalID
    self.title = title
    self.conversation = conversation
    self.people = people
    self.times = times
    self.locations = locations
  }

  private enum CodingKeys: String, CodingKey {
    case id, kind, title, conversation, people, times, locations
    case externalID = "external_id"
  }
}

/// One place where an item stands.
package struct LocationDescription: Hashable, Sendable, Codable, Comparable {
  package var source: String
  package var uri: String?

  package init(source: String, uri: String?) {
    self.source = source
    self.uri = uri
  }

  /// By source, then address, by their octets; without an address first.
  package static func < (a: LocationDescription, b: LocationDescription) -> Bool {
    a.source == b.source
      ? (a.uri ?? "").utf8.lexicographicallyPrecedes((b.uri ?? "").utf8)
      : a.source.utf8.lexicographicallyPrecedes(b.source.utf8)
  }
}

/// A moment as far as it is known: RFC 3339, whole seconds.
package struct TimeDescription: Hashable, Sendable, Codable {
  /// In UTC; absent where the zone is unknown.
  package var instant: String?
  /// The civil time as written, without an offset; the date alone for a whole day.
  package var local: String?
  package var zone: String?
  package var allDay: Bool?

  private enum CodingKeys: String, CodingKey {
    case instant, local, zone
    case allDay = "all_day"
  }

  package init(_ time: ItemTime) {
    instant = time.instant.flatMap(timestamp)
    local = time.local
    zone = time.zone
    allDay = time.allDay
  }

  /// The times of an item by role; `nil` where there are none.
  static func byRole(_ times: [ItemTime]) -> [String: TimeDescription]? {
    let described = times.map { ($0.role.rawValue, TimeDescription($0)) }
    return described.isEmpty ? nil : Dictionary(described) { first, _ in first }
  }
}

/// `instant` in UTC as RFC 3339 writes it; `nil` outside of the years 0 to 9999, which it cannot.
///
/// - SeeAlso: Howard Hinnant: chrono-Compatible Low-Level Date Algorithms (`civil_from_days`).
private func timestamp(_ instant: Int64) -> String? {
  guard (-62_167_219_200...253_402_300_799).contains(instant) else { return nil }
  let second = ((instant % 86_400) + 86_400) % 86_400
  let z = (instant - second) / 86_400 + 719_468
  let era = (z >= 0 ? z : z - 146_096) / 146_097
  let dayOfEra = z - era * 146_097
  let yearOfEra =
    (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  func digits(_ value: Int64, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
  return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(digits(second / 3_600, 2)):"
    + "\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))Z"
}
