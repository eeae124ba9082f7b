import Grounding
import Octets

extension BodySegmenter.Context {
  /// What a message's header says that matters to its body.
  init(_ item: ParsedItem) {
    let subject = FoldedLine(item.title ?? "")
    isReply = !item.references.isEmpty || Self.begins(subject, Self.replies)
    isForward = Self.begins(subject, Self.forwards)
    guard let author = item.people.first(where: { $0.role == .from }) else { return }
    sender = FoldedLine("\(author.name ?? "") \(author.address ?? "")")
  }

  /// "Re:" and what programs make of it, the list's tag before it or not.
  private static let replies = [
    "re", "aw", "antw", "sv", "vs", "odp", "ynt", "rif", "res", "ref", "atb", "bls", "回复", "回覆",
    "答复",
    "返信", "회신", "отв", "на", "r",
  ]
  private static let forwards = [
    "fw", "fwd", "wg", "tr", "rv", "enc", "i", "doorst", "pd", "vl", "vb", "vs", "ilt", "转发", "轉寄",
    "転送", "전달", "fs",
  ]

  private static func begins(_ subject: FoldedLine, _ words: [String]) -> Bool {
    var rest = subject.octets[...]
    while rest.first == 0x5B, let close = rest.firstIndex(of: 0x5D) {
      rest = rest[(close + 1)...].drop { $0 == 0x20 }
    }
    return words.contains { word in
      guard rest.starts(with: word.utf8) else { return false }
      // `Re:`, `Re[2]:`, a wide colon.
      let behind = rest.dropFirst(word.utf8.count).drop {
        (0x30...0x39).contains($0) || [0x20, 0x5B, 0x5D, 0x28, 0x29, 0x5E].contains($0)
      }
      return behind.first == 0x3A || behind.starts(with: "：".utf8)
    }
  }
}

extension FoldedLine {
  init(_ text: String) {
    let octets = Array(text.utf8.prefix(1_000))
    self.init(octets.span, 0..<octets.count)
  }
}
