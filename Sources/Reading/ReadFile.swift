package import Grounding
import Mail

/// What a file is, as far as its octets and its name tell.
package enum DetectedFile: Hashable, Sendable {
  /// One item, read from all of its octets.
  case one(ItemFormat)
  /// A file of many items, read a part at a time: a mailbox, a file of records.
  case records(ItemFormat)
  /// A calendar: several items, read from all of its octets.
  case calendar
  case passedOver(Problem.Code)
}

/// What is known of a file or record besides its octets.
package struct ReadingHints: Hashable, Sendable, Codable {
  /// The file's name, without its folder.
  package var name: String?
  package var mediaType: String?
  package var charsetLabel: String?
  /// What a Maildir says of a message.
  package var flags: [String]
  /// The tenant's domains, and the servers whose Authentication-Results are believed.
  package var domains: [String]
  package var trustedServers: [String]

  package init(
    name: String? = nil, mediaType: String? = nil, charsetLabel: String? = nil,
    flags: [String] = [], domains: [String] = [], trustedServers: [String] = []
  ) {
    self.name = name
    self.mediaType = mediaType
    self.charsetLabel = charsetLabel
    self.flags = flags
    self.domains = domains
    self.trustedServers = trustedServers
  }
}

/// What a file or record holds.
package struct ReadFile: Hashable, Sendable, Codable {
  /// In the file's order, with what came in them as `children`.
  package var items: [ParsedItem] = []
  /// Parts of the file that make no item.
  package var skipped: [SkippedPart] = []
  /// What is odd about the file, and is no single item's.
  package var defects: [Defect] = []
  /// What a message carries besides its body, attached messages' parts among it; in part order.
  package var parts: [ReadPart] = []
  /// The forms of what was not read for want of a program or a sandbox.
  package var lacking: Set<ItemFormat> = []

  package init() {}
}

/// A part of a file that makes no item, and why.
package struct SkippedPart: Hashable, Sendable, Codable {
  package var code: Problem.Code
  /// How a person finds it within the file.
  package var place: String

  package init(_ code: Problem.Code, place: String) {
    self.code = code
    self.place = place
  }
}

/// A part of a message that is no body, and what became of it.
package struct ReadPart: Hashable, Sendable, Codable {
  package enum Outcome: Hashable, Sendable, Codable {
    /// It is a child, or several.
    case read(ItemFormat)
    /// The message has a defect `attachment_not_read` that says so.
    case notRead(Problem.Code)
    /// It is no content of its own: a signature's octets, a small picture within the text. The
    /// message's fact `attachment` names it.
    case furniture
  }

  /// As IMAP numbers it, through attached messages (RFC 9051, section 6.4.5.1).
  package var number: String
  package var mediaType: String
  package var name: String?
  package var isInline: Bool
  package var octetCount: Int
  /// SHA-256 of the octets, their transfer encoding undone.
  package var hash: [UInt8]
  package var outcome: Outcome
}

/// What can be wrong with a file or message that is read all the same, besides what its parser says.
package enum ReadingDefect: String, CaseIterable, Sendable {
  /// A part is not read; the detail names it and says why by a code of `Problem`.
  case attachmentNotRead = "attachment_not_read"
  /// An event stands in the file or message twice with the same octets.
  case duplicateEvent = "duplicate_event"
  /// Two events have the same name and are not the same; the later one got a number.
  case repeatedEventID = "repeated_event_id"
}
