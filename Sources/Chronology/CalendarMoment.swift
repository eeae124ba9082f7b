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
  package init(_ value: TimeValue, zoneID: String?, zones: inout ZoneResolver) {
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
package struct ZoneResolver: Sendable {
  package let directory: ZoneDirectory
  private var definitions: [String: [ContentLine]]
  private var built: [String: ZoneRules?] = [:]
  /// Names that the machine does not have, with or without a description.
  package private(set) var described: Set<String> = []
  package private(set) var unknown: Set<String> = []

  /// - Parameter definitions: The lines of the calendar's VTIMEZONEs by their TZID.
  package init(directory: ZoneDirectory, definitions: [String: [ContentLine]] = [:]) {
    self.directory = directory
    self.definitions = definitions
  }

  package mutating func zone(_ identifier: String) -> NamedZone? {
    if let zone = directory.zone(identifier) { return zone }
    let rules: ZoneRules?
    if let known = built[identifier] {
      rules = known
    } else {
      rules = definitions[identifier].flatMap { ZoneDefinition.rules($0) }
      built[identifier] = .some(rules)
    }
    guard let rules else {
      unknown.insert(identifier)
      return nil
    }
    described.insert(identifier)
    return NamedZone(name: identifier, rules: rules)
  }

  /// The lines that describe a zone.
  package func definition(_ identifier: String) -> [ContentLine]? { definitions[identifier] }
}
