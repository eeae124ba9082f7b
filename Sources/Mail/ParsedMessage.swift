package import Grounding

/// What was read of one message.
package struct ParsedMessage: Sendable {
  package var item: ParsedItem
  /// Everything that is no body, in the order of the parts.
  package var attachments: [MailPart]

  package init(item: ParsedItem, attachments: [MailPart] = []) {
    self.item = item
    self.attachments = attachments
  }
}

/// A part that is no body: a file, an invitation, a picture of the text, another message, a signature.
package struct MailPart: Hashable, Sendable {
  /// As IMAP numbers it, such as `1.2` (RFC 9051, section 6.4.5.1).
  package var number: String
  /// In lower case, without parameters.
  package var mediaType: String
  /// The file's name on one line, as the sender wrote it: a folder may be in it.
  package var name: String?
  /// The charset as written.
  package var charsetLabel: String?
  /// Whether it is shown with the text: marked so, or referred to by the root of a multipart/related.
  package var isInline: Bool
  /// The part's content with its transfer encoding undone.
  package var octets: [UInt8]

  package init(
    number: String, mediaType: String, name: String? = nil, charsetLabel: String? = nil,
    isInline: Bool = false, octets: [UInt8]
  ) {
    self.number = number
    self.mediaType = mediaType
    self.name = name
    self.charsetLabel = charsetLabel
    self.isInline = isInline
    self.octets = octets
  }
}
