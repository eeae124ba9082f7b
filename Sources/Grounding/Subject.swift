/// A message's subject without what mail programs and lists put before and behind it.
package struct Subject {
  /// Without marks and tags; the title as it was where nothing else would be left.
  package let base: String
  /// Whether a mark of a reply stood before it; that of a forward is none.
  package let isReply: Bool

  /// Marks of replies, in the languages whose mail programs add them by themselves.
  private static let replyMarks: Set<String> = [
    "re", "aw", "antw", "antwort", "sv", "vs", "rif", "res", "odp", "ref", "ynt",
  ]
  /// Marks of forwards.
  private static let forwardMarks: Set<String> = [
    "fwd", "fw", "wg", "vl", "tr", "enc", "rv", "ilt", "doorst", "vb",
  ]

  /// Octets between the brackets of a list's tag at most: longer ones are part of the title.
  private static let tagLimit = 40

  /// Takes the marks (`Re:`, `Fwd:`, `AW:`, `Re[2]:`) and list tags (`[R-help]`) from the start of
  /// `title`, in any order and number.
  ///
  /// - SeeAlso: RFC 5256, section 2.1, which knows `re`, `fw` and `fwd` only.
  package init(_ title: String) {
    let octets = Array(title.utf8)
    var start = 0
    var isReply = false
    while true {
      start = Self.skipSpaces(octets, start)
      if let mark = Self.endOfMark(octets, start) {
        isReply = isReply || mark.isReply
        start = mark.end
      } else if let end = Self.endOfTag(octets, start) {
        start = end
      } else {
        break
      }
    }
    let rest = octets[start...]
    let hasWords = rest.contains(where: { Self.isLetterOrDigit($0) })
    base = hasWords ? String(decoding: rest, as: UTF8.self) : title
    self.isReply = isReply && hasWords
  }

  /// ``base`` as replies are compared by it: in lower case, white space as one space, without
  /// `(fwd)` at its end; empty where it has neither letter nor digit.
  package var key: String {
    var words = base.lowercased().split(whereSeparator: \.isWhitespace)
    while words.last == "(fwd)" { words.removeLast() }
    let key = words.joined(separator: " ")
    return key.utf8.contains(where: { Self.isLetterOrDigit($0) }) ? key : ""
  }

  private static func skipSpaces(_ octets: [UInt8], _ start: Int) -> Int {
    var i = start
    while i < octets.count, octets[i] == 0x20 || (0x09...0x0D).contains(octets[i]) { i += 1 }
    return i
  }

  /// Past `word:`, `word[2]:` or `word(2):`, where the word is a mark.
  private static func endOfMark(
    _ octets: [UInt8], _ start: Int
  ) -> (end: Int, isReply: Bool)? {
    var i = start
    while i < octets.count, i - start < 8, (0x41...0x5A).contains(octets[i] & 0xDF) { i += 1 }
    let word = String(decoding: octets[start..<i].map { $0 | 0x20 }, as: UTF8.self)
    let isReply = replyMarks.contains(word)
    guard isReply || forwardMarks.contains(word) else { return nil }
    if i < octets.count, octets[i] == 0x5B || octets[i] == 0x28 {
      let close: UInt8 = octets[i] == 0x5B ? 0x5D : 0x29
      i += 1
      let digits = i
      while i < octets.count, i - digits < 4, (0x30...0x39).contains(octets[i]) { i += 1 }
      guard i > digits, i < octets.count, octets[i] == close else { return nil }
      i += 1
    }
    i = skipSpaces(octets, i)
    guard i < octets.count, octets[i] == 0x3A else { return nil }
    return (i + 1, isReply)
  }

  /// Past `[tag]`.
  ///
  /// A link's text is not a tag, nor are brackets around a whole title.
  private static func endOfTag(_ octets: [UInt8], _ start: Int) -> Int? {
    guard start < octets.count, octets[start] == 0x5B else { return nil }
    let end = min(octets.count, start + 2 + tagLimit)
    guard let close = octets[start..<end].firstIndex(of: 0x5D), close > start + 1,
      !octets[(start + 1)..<close].contains(0x5B)
    else { return nil }
    guard close + 1 >= octets.count || octets[close + 1] != 0x28 else { return nil }
    return close + 1
  }

  private static func isLetterOrDigit(_ octet: UInt8) -> Bool {
    octet >= 0x80 || (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet & 0xDF)
  }
}
