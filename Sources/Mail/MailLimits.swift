/// What is known of a message besides its octets.
package struct MailHints: Hashable, Sendable, Codable {
  /// What a store says of the message, as ``MaildirName/flags(_:)`` names it.
  package var flags: [String]
  /// The tenant's domains; a domain stands for those below it too.
  package var domains: [String]
  /// The names of servers whose Authentication-Results are believed (RFC 8601, section 2.5).
  package var trustedServers: [String]

  package init(flags: [String] = [], domains: [String] = [], trustedServers: [String] = []) {
    self.flags = flags
    self.domains = domains
    self.trustedServers = trustedServers
  }
}

/// How much of one message is read; what is beyond is left out and named by a defect.
package struct MailLimits: Hashable, Sendable, Codable {
  /// Octets of the message; of what follows, only the hash in its identity knows.
  package var octets = 64 << 20
  /// Fields of one header.
  package var headerFields = 1_000
  /// Octets of one field's value.
  package var headerFieldOctets = 64 << 10
  /// Octets of one header.
  package var headerOctets = 1 << 20
  /// Multipart containers inside of each other.
  package var partDepth = 20
  /// Parts of the message, containers included.
  package var parts = 1_000
  /// Octets of the text in UTF-8.
  package var textOctets = 16 << 20
  /// Parts that come out as attachments.
  package var attachments = 500
  /// Octets of all attachments together, decoded.
  package var attachmentOctets = 64 << 20
  /// Octets of an attachment's name in UTF-8.
  package var nameOctets = 1_000
  /// People named in one message.
  package var people = 2_000
  /// Defects that are listed; the first of those that are not is `more_defects`.
  package var defects = 100

  package init() {}
}
