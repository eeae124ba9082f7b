import Chronology
package import Grounding
package import Partition

/// What a response says about an item: what the caller may see of it, without its text.
package struct ItemDescription: Hashable, Sendable, Codable {
  package var id: String
  package var kind: ItemKind
  package var externalID: String?
  /// The message that an attachment came with; absent where the caller may not see it.
  package var parent: String?
  package var title: String?
  package var conversation: String?
  package var language: String?
  package var label: String?
  /// In the order of the source; absent where there are none.
  package var people: [Person]?
  /// By role; of several times with one role the first.
  package var times: [String: TimeDescription]?
  /// Only those whose access list allows the caller.
  package var locations: [LocationDescription]

  package init(
    id: String, kind: ItemKind, externalID: String?, parent: String?, title: String?,
    conversation: String?, language: String?, label: String?, people: [Person]?,
    times: [String: TimeDescription]?, locations: [LocationDescription]
  ) {
    self.id = id
    self.kind = kind
    self.externalID = externalID
    self.parent = parent
    self.title = title
    self.conversation = conversation
    self.language = language
    self.label = label
    self.people = people
    self.times = times
    self.locations = locations
  }

  private enum CodingKeys: String, CodingKey {
    case id, kind, parent, title, conversation, language, label, people, times, locations
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
  /// In UTC; absent where the zone is unknown or the year is not one of 1 to 9999.
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
    instant = time.instant.flatMap { CivilTime(instant: $0) }.map { $0.text + "Z" }
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

extension ItemDescription {
  /// What a caller may see of `item`, as the snapshot gave it for this caller.
  ///
  /// - Parameter next: When a series goes on, as ``NextOccurrence`` finds it.
  package init(_ item: StoredItem, parent: ItemID?, next: [ItemTime] = []) {
    self.init(
      id: item.id.text, kind: item.kind, externalID: item.externalID, parent: parent?.text,
      title: item.title, conversation: item.conversation, language: item.language,
      label: item.label, people: item.people.isEmpty ? nil : item.people,
      times: TimeDescription.byRole(item.times + next),
      locations: item.locations.map { LocationDescription(source: $0.source, uri: $0.uri) })
  }
}
