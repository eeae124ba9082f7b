import Grounding
import Octets

extension BodySegmenter.Context {
  /// What a message's header says that matters to its body.
  init(_ item: ParsedItem) {
    var subject = FoldedLine()
    if let title = item.title, Self.hasColon(title) {
      subject.append(title, limit: Self.lookedAt)
    }
    isReply = !item.references.isEmpty || Self.begins(subject, Self.replies)
    isForward = Self.begins(subject, Self.forwards)
    guard let author = item.people.first(where: { $0.role == .from }) else { return }
    sender = FoldedLine(author.name ?? "")
    sender.append(author.address ?? "")
  }

  /// "Re:" and what programs make of it, the list's tag before it or not.
  private static let replies = PhraseKeys([
    "re", "aw", "antw", "sv", "vs", "odp", "ynt", "rif", "res", "ref", "atb", "bls", "回复", "回覆",
    "答复",
    "返信", "회신", "отв", "на", "r",
  ])
  private static let forwards = PhraseKeys([
    "fw", "fwd", "wg", "tr", "rv", "enc", "i", "doorst", "pd", "vl", "vb", "vs", "ilt", "转发", "轉寄",
    "転送", "전달", "fs",
  ])

  /// Whether there is a colon, narrow or wide: a quick look before a subject is folded.
  private static func hasColon(_ title: String) -> Bool {
    title.utf8.contains { $0 == 0x3A || $0 == 0xEF }
  }

  /// Whether a subject begins with one of `words` and a colon.
  private static func begins(_ subject: FoldedLine, _ words: PhraseKeys) -> Bool {
    var rest = subject.octets[...]
    while rest.first == 0x5B, let close = rest.firstIndex(of: 0x5D) {
      rest = rest[(close + 1)...].drop { $0 == 0x20 }
    }
    // `Re:`, `Re[2]:`, a wide colon.
    let word = rest.prefix(longestWord + 1).prefix { octet in
      octet != 0x3A && octet != 0xEF && !isCount(octet)
    }
    guard !word.isEmpty, word.count <= longestWord, words.contains(FoldedLine.key(word)) else {
      return false
    }
    let behind = rest[word.endIndex...].drop(while: isCount)
    return behind.first == 0x3A || behind.starts(with: wideColon)
  }

  private static let longestWord = 12
  /// So much of a subject is looked at.
  private static let lookedAt = 256
  private static let wideColon = Array("：".utf8)

  /// What may stand between a word and its colon.
  private static func isCount(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x20, 0x28, 0x29, 0x30...0x39, 0x5B, 0x5D, 0x5E: true
    default: false
    }
  }
}

extension FoldedLine {
  /// The beginning of `text`.
  init(_ text: String) {
    self.init()
    append(text)
  }

  /// Adds the first octets of `text` behind a space.
  mutating func append(_ text: String, limit: Int = 1_000) {
    let octets = text.utf8Span.span
    append(octets, 0..<min(octets.count, limit))
  }
}
