/// A message's file without what its store put around it.
package struct StoredMessage: Sendable {
  package var octets: [UInt8]
  /// What the store says of it, as ``MaildirName/flags(_:)`` names it.
  package var flags: [String] = []

  /// What is in `octets`, all of a file called `name`.
  ///
  /// Apple Mail's files are told by name and first line; behind a mailbox's separator the marks that
  /// the mailbox put before `From ` go, and its fields for flags are believed (``MailboxFlags``), unless
  /// the name is a Maildir's. Everything else is the message as it is, without a copy.
  package init(_ octets: [UInt8], name: String) {
    self.octets = octets
    if AppleMessage.hasName(name), let apple = AppleMessage(octets.span) {
      self.octets = Array(octets[apple.message])
      flags = apple.flags
    } else if let separator = Mailbox.separator(octets.span, at: 0, afterEmptyLine: true) {
      let dialect = MailboxDialect.detect(octets.span)
      let message = separator.upperBound..<octets.count
      if MaildirName.uniquePart(name) == name {
        flags = MailboxFlags.flags(octets.span.extracting(message))
      }
      if let unmarked = dialect.withoutMarks(octets.span, message) {
        self.octets = octets[separator] + unmarked
      }
    }
  }
}
