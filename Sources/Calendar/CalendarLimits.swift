/// How much of one calendar is read; what is beyond is left out and named by a defect.
package struct CalendarLimits: Hashable, Sendable, Codable {
  /// Octets of the file.
  package var octets = 64 << 20
  /// Octets of one line, unfolded.
  package var lineOctets = 1 << 20
  /// Components inside of each other.
  package var depth = 16
  /// Components of a file that are listed: events and those that are passed over.
  package var components = 100_000
  /// Descriptions of zones of one calendar.
  package var zones = 256
  /// Lines of one description of a zone.
  package var zoneLines = 4_096
  /// Properties of one event.
  package var properties = 10_000
  /// Octets of an event's text in UTF-8.
  package var textOctets = 4 << 20
  /// People named in one event.
  package var people = 2_000
  /// Octets of what an event keeps of its series.
  package var recurrenceOctets = 64 << 10
  /// Defects of one event, and of the file, that are listed; then comes `more_defects`.
  package var defects = 100

  package init() {}
}
