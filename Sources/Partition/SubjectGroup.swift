import Grounding

/// Messages with one base subject, and which of them the subject alone joins.
///
/// A message that refers to none, and whose subject has a reply's mark, answers the latest earlier one of
/// the group that was sent in the ``window`` before and has to do with the same people: the sender of
/// one is among the senders and addressees of the other, or the reply's text names the other's
/// sender, as the line before a quotation does. A mailing list is never among the people.
///
/// - SeeAlso: RFC 5256, section 3, step 5, which joins whatever has one subject.
struct SubjectGroup {
  /// By item.
  private var joined: [Int64: [Int64]] = [:]

  /// Seconds between a message and a reply to it: 30 days.
  ///
  /// Within 7 to 365 days neither precision nor recall on two mailing lists moves by more than .02.
  static let window: Int64 = 30 * 86_400
  /// Earlier messages that are looked at for each reply.
  static let depth = 32

  /// The items that the subject joins to `item`.
  func neighbours(of item: Int64) -> [Int64] { joined[item] ?? [] }

  private struct Message {
    var item: Int64
    var id: String
    /// A location that the caller may see.
    var location: Int64
    var sent: Int64
    var isReply: Bool
    var hasReferences: Bool
  }

  /// Reads the messages of which a copy lies in the classes `visible`.
  ///
  /// O(copies with the subject, hidden ones included) and, for each message that is joined by its
  /// subject, O(its text).
  init(_ subject: Int64, connection: Connection, visible: Set<Int64>) throws(Problem) {
    let messages = try Self.messages(subject, connection, visible)
    guard messages.contains(where: { $0.isReply && !$0.hasReferences }) else { return }
    var people: [Int64: MessagePeople] = [:]
    func named(_ message: Message) throws(Problem) -> MessagePeople {
      if let known = people[message.item] { return known }
      let found = try MessagePeople(location: message.location, connection)
      people[message.item] = found
      return found
    }
    for (index, reply) in messages.enumerated() where reply.isReply && !reply.hasReferences {
      let own = try named(reply)
      var text: [UInt8]?
      for other in messages[max(0, index - Self.depth)..<index].reversed()
      where other.sent < reply.sent && reply.sent - other.sent <= Self.window {
        let theirs = try named(other)
        if !own.shares(with: theirs) {
          if text == nil { text = try Self.words(of: reply.item, connection) }
          guard let text, theirs.isNamed(in: text) else { continue }
        }
        joined[reply.item, default: []].append(other.item)
        joined[other.item, default: []].append(reply.item)
        break
      }
    }
  }

  /// By the time they were sent, then by id.
  private static func messages(
    _ subject: Int64, _ connection: Connection, _ visible: Set<Int64>
  ) throws(Problem) -> [Message] {
    var messages: [Int64: Message] = [:]
    try connection.forEach(
      """
      SELECT l.access, l.item, l.id, l.sent, l.is_reply, l.reference_names, i.id
      FROM location l JOIN item i ON i.key = l.item
      WHERE l.subject = ?1 AND l.sent IS NOT NULL ORDER BY l.sent
      """, subject
    ) { row in
      guard visible.contains(row.int64(0)) else { return }
      var message = Message(
        item: row.int64(1), id: row.text(6), location: row.int64(2), sent: row.int64(3),
        isReply: row.int64(4) == 1, hasReferences: !row.isNull(5))
      // What goes into an item's id is the same in all copies; references are not.
      if messages[message.item]?.hasReferences == true { message.hasReferences = true }
      messages[message.item] = message
    }
    return messages.values.sorted { ($0.sent, $0.id) < ($1.sent, $1.id) }
  }

  /// An item's text as names are looked for in it.
  private static func words(
    of item: Int64, _ connection: Connection
  ) throws(Problem) -> [UInt8] {
    let text = try connection.first("SELECT text FROM item WHERE key = ?1", item) { $0.text(0) }
    return MessagePeople.folded(String((text ?? "").unicodeScalars.prefix(1 << 16)))
  }
}

/// Who sent a message and to whom.
struct MessagePeople {
  private var senders: Set<[UInt8]> = []
  private var addressees: Set<[UInt8]> = []

  /// Names of one word are many people's.
  private static let leastWords = 2

  init(location: Int64, _ connection: Connection) throws(Problem) {
    var recipients: Set<[UInt8]> = []
    try connection.forEach(
      "SELECT role, name, address FROM person WHERE location = ?1 ORDER BY ordinal", location
    ) { row in
      let address = row.optionalText(2).map { Self.folded($0) }
      var known: [[UInt8]] = []
      if let address, address.count >= 4 { known.append(address) }
      if let name = row.optionalText(1).map({ Self.folded($0) }),
        name.count(where: { $0 == 0x20 }) >= Self.leastWords - 1
      {
        known.append(name)
      }
      switch Person.Role(rawValue: row.text(0)) {
      case .from: senders.formUnion(known)
      case .to, .cc: recipients.formUnion(known)
      default: break
      }
    }
    // A list that sends under its own address is addressed by it too.
    senders.subtract(recipients)
    addressees = recipients
  }

  /// Whether the sender of one is a sender or addressee of the other.
  func shares(with other: MessagePeople) -> Bool {
    !senders.isDisjoint(with: other.senders) || !senders.isDisjoint(with: other.addressees)
      || !addressees.isDisjoint(with: other.senders)
  }

  /// Whether a sender's name or address stands in `text`, which is ``folded(_:)``.
  func isNamed(in text: [UInt8]) -> Bool {
    senders.contains { name in Self.contains(text, name) }
  }

  /// Lower case, white space as one space each.
  static func folded(_ text: String) -> [UInt8] {
    if let octets = foldedPlain(text) { return octets }
    return Array(
      text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").utf8)
  }

  /// ``folded(_:)`` of ASCII, which most names and texts are, without a look at its characters; `nil`
  /// for other text.
  private static func foldedPlain(_ text: String) -> [UInt8]? {
    var octets: [UInt8] = []
    octets.reserveCapacity(text.utf8.count)
    var isBehindBlank = false
    for octet in text.utf8 {
      switch octet {
      case 0x80...: return nil
      case 0x09...0x0D, 0x20: isBehindBlank = true
      default:
        if isBehindBlank, !octets.isEmpty { octets.append(0x20) }
        isBehindBlank = false
        octets.append(octet &- 0x41 < 26 ? octet | 0x20 : octet)
      }
    }
    return octets
  }

  private static func contains(_ text: [UInt8], _ name: [UInt8]) -> Bool {
    guard let first = name.first, text.count >= name.count else { return false }
    return (0...text.count - name.count).contains { start in
      text[start] == first && text[start..<start + name.count].elementsEqual(name)
    }
  }
}
