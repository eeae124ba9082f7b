/// Titles as the encoder reads them.
enum PassageTitle {
  /// Marks of replies and forwards, in the languages whose mail programs add them by themselves.
  private static let marks: Set<String> = [
    "re", "fwd", "fw", "aw", "wg", "antw", "antwort", "sv", "vs", "vl", "rif", "tr", "res", "enc",
    "odp", "ref", "rv", "ynt", "ilt", "doorst", "vb",
  ]

  /// Octets between the brackets of a list's tag at most: longer ones are part of the title.
  private static let tagLimit = 40

  /// `title` without the marks (`Re:`, `Fwd:`, `AW:`, `Re[2]:`) and list tags (`[R-help]`) it begins
  /// with, in any order and number; unchanged where nothing else would be left.
  static func withoutTags(_ title: String) -> String {
    let octets = Array(title.utf8)
    var start = 0
    while true {
      start = skipSpaces(octets, start)
      if let next = endOfMark(octets, start) ?? endOfTag(octets, start) {
        start = next
      } else {
        break
      }
    }
    let rest = octets[start...]
    guard rest.contains(where: { isLetterOrDigit($0) }) else { return title }
    return String(decoding: rest, as: UTF8.self)
  }

  private static func skipSpaces(_ octets: [UInt8], _ start: Int) -> Int {
    var i = start
    while i < octets.count, octets[i] == 0x20 || (0x09...0x0D).contains(octets[i]) { i += 1 }
    return i
  }

  /// Past `word:`, `word[2]:` or `word(2):`, where the word is a mark.
  private static func endOfMark(_ octets: [UInt8], _ start: Int) -> Int? {
    var i = start
    while i < octets.count, i - start < 8, (0x41...0x5A).contains(octets[i] & 0xDF) { i += 1 }
    let word = String(decoding: octets[start..<i].map { $0 | 0x20 }, as: UTF8.self)
    guard marks.contains(word) else { return nil }
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
    return i + 1
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
