import Octets

/// The two forms in which a file holds mail.
package enum MailForm: String, Sendable {
  /// Many messages: see ``Mailbox``.
  case mailbox
  /// One message, with or without a separator line before it.
  case message

  /// What `octets` hold, whatever the file is called; `nil` for what is no mail.
  ///
  /// Give the whole file where it is mapped: a mailbox is told from a message by its second
  /// separator. A message begins with header fields, at least two that mail has, one of them a field
  /// that nothing else writes; with a name in `.eml` one field is enough, and in `.emlx` behind a line
  /// with its length. O(octets of the first message).
  package static func detect(_ octets: Span<UInt8>, name: String = "") -> MailForm? {
    if Mailbox.isMailbox(octets) { return .mailbox }
    var start = 0
    if matches(octets, 0..<min(5, octets.count), "from ") {
      start = Lines(hasBareReturns: false).line(octets, at: 0, end: octets.count).next
    }
    var isNamedSo = name.lowercased().hasSuffix(".eml")
    if AppleMessage.hasName(name), let apple = AppleMessage(octets) {
      start = apple.message.lowerBound
      isNamedSo = true
    }
    return beginsMessage(octets, from: start, isNamedSo: isNamedSo) ? .message : nil
  }

  private static func beginsMessage(
    _ octets: Span<UInt8>, from start: Int, isNamedSo: Bool
  ) -> Bool {
    let end = min(octets.count, start + (64 << 10))
    let range = min(start, end)..<end
    guard !range.isEmpty else { return false }
    let lines = Lines(hasBareReturns: Lines.hasBareReturns(octets, range))
    let header = HeaderBlock(octets, range, lines: lines, limits: MailLimits())
    if isNamedSo { return !header.fields.isEmpty }
    var known: Set<String> = []
    for name in certain + likely where header.first(FieldName(name), octets) != nil {
      known.insert(name)
    }
    return known.count >= 2 && certain.contains { known.contains($0) }
  }

  private static let certain = [
    "from", "received", "return-path", "message-id", "delivered-to", "mime-version",
  ]
  private static let likely = [
    "to", "cc", "date", "subject", "sender", "reply-to", "in-reply-to", "references",
    "content-type", "x-mailer", "user-agent",
  ]
}
