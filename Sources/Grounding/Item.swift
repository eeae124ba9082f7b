/// The three kinds of things that are ingested.
package enum ItemKind: String, Hashable, Sendable, Codable, CaseIterable {
  case mail, document, event
}

/// An item's name: 20 letters of RFC 4648's base32 in lower case, 100 bits.
///
/// Kept as numbers, so that thousands can be held and compared without a string each.
package struct ItemID: Hashable, Sendable, Comparable, CustomStringConvertible {
  private static let letterCount = 20
  private static let leadingCount = 12

  /// The first twelve letters and the last eight, five bits each; digits before letters, as their octets
  /// are.
  private let leading: UInt64
  private let trailing: UInt64

  /// `nil` unless `text` is 20 letters of `a-z2-7`.
  package init?(_ text: String) {
    var (leading, trailing) = (UInt64(0), UInt64(0))
    var count = 0
    for octet in text.utf8 {
      let value: UInt8
      switch octet {
      case 0x32...0x37: value = octet - 0x32
      case 0x61...0x7A: value = octet - 0x61 + 6
      default: return nil
      }
      count += 1
      if count <= Self.leadingCount {
        leading = leading << 5 | UInt64(value)
      } else if count <= Self.letterCount {
        trailing = trailing << 5 | UInt64(value)
      } else {
        return nil
      }
    }
    guard count == Self.letterCount else { return nil }
    (self.leading, self.trailing) = (leading, trailing)
  }

  package var text: String {
    let octets = (0..<Self.letterCount).map { index in
      let isLeading = index < Self.leadingCount
      let last = (isLeading ? Self.leadingCount : Self.letterCount) - 1
      let value = UInt8((isLeading ? leading : trailing) >> UInt64(5 * (last - index)) & 31)
      return value < 6 ? 0x32 + value : 0x61 + value - 6
    }
    return String(decoding: octets, as: UTF8.self)
  }

  package var description: String { text }
  package static func < (a: ItemID, b: ItemID) -> Bool {
    (a.leading, a.trailing) < (b.leading, b.trailing)
  }
}

/// Somebody named in an item.
package struct Person: Hashable, Sendable, Codable {
  package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case from, sender, to, cc, bcc, organizer, attendee, author
    case replyTo = "reply_to"
  }

  /// What an attendee answered, in lower case (RFC 5545, section 3.2.12).
  package enum State: String, Hashable, Sendable, Codable, CaseIterable {
    case accepted, declined, tentative, delegated
    case needsAction = "needs_action"
  }

  package var role: Role
  package var name: String?
  package var address: String?
  package var state: State?

  package init(
    role: Role, name: String? = nil, address: String? = nil, state: State? = nil
  ) {
    self.role = role
    self.name = name
    self.address = address
    self.state = state
  }
}

/// A moment as far as it is known.
package struct ItemTime: Hashable, Sendable, Codable {
  package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case sent, received, modified, start, end
    /// Of a series, after the asker's `now`; worked out when asked, never stored.
    case nextStart = "next_start"
    case nextEnd = "next_end"
  }

  package var role: Role
  /// Seconds since 1970-01-01T00:00:00Z; absent where the zone is unknown.
  package var instant: Int64?
  /// The civil time as written, `2026-10-02T09:14:00`, or the date alone for a whole day.
  package var local: String?
  /// The zone as written: an offset (`+02:00`) or a name (`Europe/Berlin`).
  package var zone: String?
  package var allDay: Bool?

  package init(
    role: Role, instant: Int64? = nil, local: String? = nil, zone: String? = nil,
    allDay: Bool? = nil
  ) {
    self.role = role
    self.instant = instant
    self.local = local
    self.zone = zone
    self.allDay = allDay
  }
}

/// A typed name/value pair that filters can use.
package struct Fact: Hashable, Sendable, Codable {
  package enum Value: Hashable, Sendable, Codable {
    case text(String)
    case number(Double)
    /// Seconds since 1970-01-01T00:00:00Z.
    case instant(Int64)
  }

  package var name: String
  package var value: Value

  package init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// Something odd about the source that did not stop it from being read.
package struct Defect: Hashable, Sendable, Codable {
  /// A stable name such as `bad_base64`; each parser lists its own.
  package var code: String
  /// Where or how often; never content.
  package var detail: String?

  package init(_ code: String, _ detail: String? = nil) {
    self.code = code
    self.detail = detail
  }
}

/// A stretch of an item's text that passages do not cross.
package struct Segment: Hashable, Sendable, Codable {
  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case paragraph, heading, code, list, table, quote
    /// A message that is passed on, with the block that introduces it.
    case forwarded
    /// A text that is only itself: the body of a message whose structure was not looked into.
    case body
  }

  /// Whose words a stretch of a mail's body are, and what for.
  package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    /// What the sender wrote for this message; every stretch of a document.
    case new
    /// What another message said, with the line or header block that introduces it.
    case quoted
    /// The sender's name and what they put below every message.
    case signature
    /// What an organisation puts below every message: confidentiality, list footers.
    case disclaimer
    /// What a system put there: "external sender", "sent from my phone", advertisements.
    case banner
  }

  package var kind: Kind
  package var role: Role
  package var span: TextSpan
  package var locator: Locator

  package init(kind: Kind, role: Role = .new, span: TextSpan, locator: Locator = Locator()) {
    self.kind = kind
    self.role = role
    self.span = span
    self.locator = locator
  }
}

/// What a parser reads from octets: a value, with no store, clock or process behind it.
package struct ParsedItem: Hashable, Sendable, Codable {
  package var kind: ItemKind
  /// What makes the item itself within its source, as octets; `nil` where only its path does.
  ///
  /// For mail: Message-ID, 0x00, SHA-256 of Subject, Date, From, To, Cc and the body's octets.
  package var identity: [UInt8]?
  /// The name that the outside knows it by: Message-ID without angle brackets, UID, `_id`.
  package var externalID: String?
  package var title: String?
  package var people: [Person] = []
  package var times: [ItemTime] = []
  package var conversation: String?
  /// The messages that this one says it answers or goes on from, by Message-ID without angle
  /// brackets: each once, the oldest first, its parent last (References, then In-Reply-To).
  package var references: [String] = []
  package var language: String?
  package var label: String?
  package var facts: [Fact] = []
  /// Canonical UTF-8; the only text that spans refer to.
  package var text: String = ""
  /// In text order, without overlap.
  package var segments: [Segment] = []
  package var defects: [Defect] = []
  /// Attachments and invitations that are items of their own.
  package var children: [ParsedItem] = []
  /// SHA-256 of the octets that it was read from, where they are only a part of what its reader was
  /// given: an attachment's, an event's.
  package var contentHash: [UInt8]?
  /// Whether only its owner may see it, whatever access the source gives (RFC 5545, section 3.8.1.3:
  /// PRIVATE and CONFIDENTIAL).
  package var isOwnerOnly = false

  package init(kind: ItemKind) { self.kind = kind }
}

/// A span of an item's text that is scored and quoted.
package struct Passage: Hashable, Sendable, Codable {
  /// Position within its item, from 0.
  package var ordinal: Int
  /// ``Segment/Role/new`` for an item's own words, ``Segment/Role/quoted`` for what it repeats.
  package var role: Segment.Role
  package var span: TextSpan
  package var locator: Locator

  package init(
    ordinal: Int, role: Segment.Role = .new, span: TextSpan, locator: Locator = Locator()
  ) {
    self.ordinal = ordinal
    self.role = role
    self.span = span
    self.locator = locator
  }
}
