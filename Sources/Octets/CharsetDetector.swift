/// Guesses the charset of octets that nothing declares and that are not UTF-8.
///
/// Charsets of several octets a character come first: one is taken where (all but) every sequence
/// exists in it and at least three in ten of the characters are among the most frequent of its
/// language. Then those of one octet: each language's letters by their frequency give each reading a
/// length in bits, and the shortest wins where it beats every windows-1252 language by a clear
/// margin. What is unsure is windows-1252.
///
/// Known confusions: half-width katakana alone; Bulgarian and Serbian are told as Cyrillic only;
/// ISO-8859-2 is read as windows-1250, which is right but for Š Ž Ś Ť Ź and their like; Turkish,
/// Arabic, Thai, Vietnamese and the Baltic languages are not looked for; a handful of letters is too
/// little to tell.
package enum CharsetDetector {
  /// The charset that is most likely; O(octets).
  package static func detect(_ octets: [UInt8]) -> Charset { confident(octets) ?? .windows1252 }

  /// The charset, where it is not windows-1252 for want of a better one.
  package static func confident(_ octets: [UInt8]) -> Charset? {
    let sample = sample(octets)
    guard !sample.isEmpty else { return nil }
    if let charset = manyOctets(sample) { return charset }
    return LetterModel.best(sample.prefix(4 << 10)).flatMap { Charset(label: $0) }
  }

  /// Up to 16 KiB out of the lines that are not ASCII.
  ///
  /// A line feed is never part of a longer character in any charset that is looked for, and the first
  /// octet above ASCII of a line begins one.
  private static func sample(_ octets: [UInt8]) -> [UInt8] {
    let limit = 16 << 10
    var sample: [UInt8] = []
    var lineStart = 0
    var index = 0
    while index < octets.count, sample.count < limit {
      let octet = octets[index]
      if octet >= 0x80 {
        let start = max(lineStart, index - 32)
        let bound = min(octets.count, start + limit - sample.count)
        let end = firstIndex(of: 0x0A, in: octets.span, from: index, to: bound)
        sample += octets[start..<end]
        sample.append(0x0A)
        index = end
      } else {
        index += 1
        if octet == 0x0A { lineStart = index }
      }
    }
    return sample
  }

  private static func manyOctets(_ sample: [UInt8]) -> Charset? {
    var best: (charset: Charset, common: Int, total: Int)?
    for (label, common) in FrequentCharacters.byCharset {
      guard let charset = Charset(label: label) else { continue }
      // Most are ruled out by the first octets, and refused ones take long.
      guard charset.decode(Array(sample.prefix(512))).replaced <= 4 else { continue }
      let (text, replaced) = charset.decode(sample)
      let found = FrequentCharacters.count(text, common)
      // The end of the sample may have cut one.
      guard replaced <= 1 + found.total / 200, found.common >= 2,
        found.common * 10 >= found.total * 3
      else { continue }
      if let best, best.common * found.total >= found.common * best.total { continue }
      best = (charset, found.common, found.total)
    }
    return best?.charset
  }
}
