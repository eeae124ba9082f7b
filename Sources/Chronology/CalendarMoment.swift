/// A time of a calendar with all that is known of its zone.
package struct CalendarMoment: Hashable, Sendable {
  package enum Zone: Hashable, Sendable {
    /// A whole day.
    case day
    /// Wherever its reader is.
    case floating
    case named(NamedZone)
    /// A name that nobody explains.
    case unknown(String)
  }

  package var civil: CivilTime
  package var zone: Zone

  package init(_ civil: CivilTime, _ zone: Zone) {
    self.civil = civil
    self.zone = zone
  }

  /// The time of a property's value and its TZID.
  ///
  /// The form of the value decides, whatever VALUE says; a time in UTC has no other zone. An empty
  /// TZID is none.
  package init(_ value: TimeValue, zoneID: String?, zones: ZoneResolver) {
    civil = value.civil
    switch value.form {
    case .date: zone = .day
    case .utc: zone = .named(.utc)
    case .local:
      guard let zoneID, !zoneID.isEmpty else {
        zone = .floating
        return
      }
      zone = zones.zone(zoneID).map { .named($0) } ?? .unknown(zoneID)
    }
  }

  package var isDay: Bool { zone == .day }

  /// Whether a zone is named, known or not.
  package var hasZone: Bool { zone != .day && zone != .floating }

  /// As ISO 8601 writes it: `2026-10-02T09:14:00`, a whole day without the time.
  package var localText: String { isDay ? civil.dateText : civil.text }

  /// Seconds since 1970-01-01T00:00:00Z; without a zone of its own, in `floating`, and `nil` without
  /// that too.
  package func instant(floating: ZoneRules? = nil) -> Int64? {
    switch zone {
    case .named(let zone): zone.rules.instant(of: civil)
    case .day, .floating, .unknown: floating?.instant(of: civil)
    }
  }

  /// This moment's civil time in `zone`, where both are known; else as it stands.
  package func civil(in zone: Zone) -> CivilTime? { CivilTime(instant: clock(in: zone)) }

  /// This moment by the clock of `zone`, where both are known; else as it stands.
  func clock(in zone: Zone) -> Int64 {
    guard case .named(let own) = self.zone, case .named(let other) = zone, own != other else {
      return civil.clock
    }
    let instant = own.rules.instant(of: civil)
    return instant + Int64(other.rules.offset(at: instant))
  }
}

/// Finds zones by the names of one calendar: the machine's, else those that the calendar describes.
///
/// What was found is remembered; one owner.
package final class ZoneResolver {
  package let directory: ZoneDirectory
  private let definitions: [[String: [ContentLine]]]
  private var built: [String: NamedZone?] = [:]

  /// - Parameter definitions: The lines of VTIMEZONEs by their TZID; earlier tables go first.
  package init(directory: ZoneDirectory, definitions: [[String: [ContentLine]]] = []) {
    self.directory = directory
    self.definitions = definitions
  }

  package func zone(_ identifier: String) -> NamedZone? {
    directory.zone(identifier) ?? described(identifier)
  }

  /// The lines that describe a zone which the machine does not have; `nil` where it has it, and where
  /// nobody describes it well enough.
  package func neededDefinition(_ identifier: String) -> [ContentLine]? {
    guard directory.zone(identifier) == nil, described(identifier) != nil else { return nil }
    return definition(identifier)
  }

  private func definition(_ identifier: String) -> [ContentLine]? {
    for table in definitions {
      if let lines = table[identifier] { return lines }
    }
    return nil
  }

  private func described(_ identifier: String) -> NamedZone? {
    if let known = built[identifier] { return known }
    let zone = definition(identifier).flatMap { ZoneDefinition.rules($0) }
      .map { NamedZone(name: identifier, rules: $0) }
    built[identifier] = .some(zone)
    return zone
  }
}
