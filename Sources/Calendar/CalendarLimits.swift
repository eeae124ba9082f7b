/// How much of one calendar is read; what is beyond is left out and named by a defect.
package struct CalendarLimits: Hashable, Sendable, Codable {
  /// Octets of the file.
  package var octets = 64 << 20

  package init() {}
}
