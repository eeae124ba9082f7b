package import Calendar
package import Documents
package import Mail

/// How much of one file is read; what is beyond is left out and named.
package struct ReadingLimits: Hashable, Sendable, Codable {
  /// Attached messages inside of each other.
  package var messageDepth = 8
  /// Items that come in one message, at any depth.
  package var children = 1_000
  /// Octets of all attachments that are read, at any depth: what stands in an attached message
  /// counts again with it.
  package var attachedOctets = 256 << 20
  /// Octets of a picture within the text that is taken for decoration.
  package var furnitureOctets = 64 << 10
  /// Programs that are run for one file, what came in it included.
  package var conversions = 200
  /// Of these, such as were stopped at a limit: each may have taken all the time that it has.
  package var stoppedConversions = 3
  package var mail = MailLimits()
  package var documents = DocumentLimits()
  package var calendar = CalendarLimits()

  package init() {}
}
