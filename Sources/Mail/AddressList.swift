/// The mailboxes of an address header.
///
/// - SeeAlso: RFC 5322, sections 3.4 and 4.4 (routes and spaces around dots and at signs).
struct AddressList {
  struct Mailbox: Equatable {
    /// As written: encoded words are not read yet.
    var name: [UInt8]?
    var address: [UInt8]?
  }

  private(set) var mailboxes: [Mailbox] = []
  private(set) var faults = 0
  private var pending = PendingMailbox()

  /// Reads an unfolded value.
  ///
  /// Names of groups are dropped, their members kept. O(octets).
  init(_ octets: [UInt8]) {
    var scanner = AddressScanner(octets)
    while let token = scanner.next() {
      switch token {
      case .word(let word, let isJoined): pending.add(word, isJoined)
      case .quoted(let text, let isJoined): pending.add(text, isJoined, isQuoted: true)
      case .comment(let text): pending.comment = text
      case .angle(let text):
        if pending.angle != nil { faults += 1 }
        pending.angle = text
      case .comma: finish()
      case .colon:
        if pending.words.isEmpty { faults += 1 }
        pending = PendingMailbox()
      case .semicolon: finish()
      case .fault: faults += 1
      }
    }
    finish()
  }

  private mutating func finish() {
    defer { pending = PendingMailbox() }
    guard let (mailbox, isSound) = pending.mailbox else { return }
    if !isSound { faults += 1 }
    mailboxes.append(mailbox)
  }
}

/// What stands between two commas so far.
private struct PendingMailbox {
  struct Word {
    var text: [UInt8]
    /// Whether it follows the one before without white space.
    var isJoined: Bool
    var isQuoted: Bool
  }

  var words: [Word] = []
  var comment: [UInt8]?
  var angle: [UInt8]?

  mutating func add(_ text: [UInt8], _ isJoined: Bool, isQuoted: Bool = false) {
    if words.isEmpty { words.reserveCapacity(4) }
    words.append(Word(text: text, isJoined: isJoined, isQuoted: isQuoted))
  }

  /// The mailbox, and whether it follows the grammar; `nil` where nothing stands.
  var mailbox: (AddressList.Mailbox, isSound: Bool)? {
    if let angle {
      let address = withoutRoute(angle)
      if isGroup(address) { return (.init(name: nil, address: nil), false) }
      let name = words.isEmpty ? comment : phrase(words[...])
      return (.init(name: name, address: address.isEmpty ? nil : address), address.contains(0x40))
    }
    if words.isEmpty {
      return comment.map { (.init(name: $0, address: nil), false) }
    }
    return bareMailbox
  }

  /// `user@host (Name)`, `user at host (Name)`, and what is neither.
  private var bareMailbox: (AddressList.Mailbox, isSound: Bool) {
    let joined = joinedWords
    if joined.count == 1, !words[0].isQuoted || joined[0].contains(0x40) {
      return (.init(name: comment, address: joined[0]), joined[0].contains(0x40) || isLocal)
    }
    // Lists write `user at host`; both sides are single words.
    if joined.count == 3, joined[1].elementsEqual("at".utf8), !joined[0].contains(0x40) {
      // Where the sender gave no name, they put the address there once more.
      let isRepeated = comment?.elementsEqual(joined.joined(separator: [0x20])) ?? false
      let name = isRepeated ? nil : comment
      return (.init(name: name, address: joined[0] + [0x40] + joined[2]), true)
    }
    // `John Smith john@host`, without its angle brackets.
    let withAt = joined.indices.filter { joined[$0].contains(0x40) }
    if comment == nil, withAt.count == 1, withAt[0] == joined.count - 1, isAddress(joined.last) {
      let name = Array(joined.dropLast().joined(separator: [0x20]))
      return (.init(name: name, address: joined.last), false)
    }
    let text = phrase(words[...])
    if words.allSatisfy(\.isQuoted) { return (.init(name: text, address: nil), false) }
    // Words are no address. Where a list scrambled one, none is made up: the comment is the name.
    if joined.count > 1 {
      let isScrambled = text.contains(0x40) || text.contains(0x7C)
      return (.init(name: isScrambled ? comment ?? text : text, address: nil), false)
    }
    return (.init(name: comment, address: text), false)
  }

  /// `<undisclosed-recipients:;@host>`: a group without members that a server took for a mailbox.
  private func isGroup(_ address: [UInt8]) -> Bool {
    guard let colon = address.firstIndex(of: 0x3A), address.first != 0x22 else { return false }
    let rest = address[(colon + 1)...]
    return rest.first == 0x3B || rest.first == 0x40 && rest.last == 0x3B
  }

  /// A name without a host, as on one machine: `root`.
  private var isLocal: Bool { words.count == 1 && !words[0].isQuoted }

  private func isAddress(_ word: [UInt8]?) -> Bool {
    guard let word, let at = word.lastIndex(of: 0x40) else { return false }
    return at > 0 && at < word.count - 1 && !word.contains(0x7C)
  }

  /// The words, joined where a dot or an at sign stands between them (RFC 5322, section 4.4).
  private var joinedWords: [[UInt8]] {
    var result: [[UInt8]] = []
    for word in words {
      let text = word.isQuoted ? [0x22] + word.text + [0x22] : word.text
      let glues =
        word.isJoined || text.first == 0x2E || text.first == 0x40 || result.last?.last == 0x2E
        || result.last?.last == 0x40
      if glues, let last = result.indices.last { result[last] += text } else { result.append(text) }
    }
    return result
  }

  private func phrase(_ words: ArraySlice<Word>) -> [UInt8] {
    var result: [UInt8] = []
    for word in words {
      if !result.isEmpty, !word.isJoined { result.append(0x20) }
      result += word.text
    }
    return result
  }

  /// `@relay,@relay:user@host` without its route, spaces dropped.
  private func withoutRoute(_ octets: [UInt8]) -> [UInt8] {
    var rest = octets.filter { $0 > 0x20 }[...]
    if rest.first == 0x40, let colon = rest.firstIndex(of: 0x3A) { rest = rest[(colon + 1)...] }
    return Array(rest)
  }
}
