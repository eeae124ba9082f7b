import Analysis
import TestSupport
import Testing

@Suite struct AnalyzerPropertyTests {
  private static let ascii = Array("abcdeABCDE0123456789 .,;:-_@'\"/!?\nstheing".utf8)
  private static let pieces = [
    "the ", "budget", "Decided", "don't", "’s ", "a.b", "1,000", "3.14", "-", "_", "@", "camelCase",
    "HTMLParser", "東京", "カ", "ﾞ", "한국", "ภาษา", "é", "e\u{301}", "п'ять", "ש\"ל", "\u{AD}",
    "\u{200D}",
    "😀", "🇩🇪", "\u{FEFF}", " ", "\n", "\u{0}", "+", "&", "AT&T", "U.S.A.", "ß", "ﬁ", "…", "“",
    "\u{1112}\u{1161}",
  ]

  @Test("what ASCII letters give quickly is what their wide forms give the long way")
  func quickAndLongWayAgree() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<3_000 {
      let count = Int.random(in: 0...60, using: &random)
      let text = (0..<count).map { _ in
        Self.ascii[Int.random(in: 0..<Self.ascii.count, using: &random)]
      }
      let wide = text.flatMap { octet in
        let isLetter = (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
        let scalar = Unicode.Scalar(isLetter ? UInt32(octet) + 0xFEE0 : UInt32(octet))
        return Array(String(scalar ?? " ").utf8)
      }
      #expect(
        terms(text) == terms(wide),
        "seed \(seed): \(String(decoding: text, as: UTF8.self).debugDescription)")
    }
  }

  @Test("any octets are read: tokens lie in the text in order, terms are bounded, nothing traps")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for round in 0..<3_000 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        if round % 2 == 0 {
          text.append(UInt8.random(in: 0...255, using: &random))
        } else {
          text += Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)].utf8
        }
      }
      let found = spans(text, mode: nil)
      var lastStart = 0
      for each in found {
        let isGood =
          each.token.start >= lastStart && each.token.end > each.token.start
          && each.token.end <= text.count && (1...64).contains(each.octets.count)
        #expect(isGood, "seed \(seed): \(text) \(each)")
        lastStart = each.token.start
      }
      #expect(found.first?.token.isColocated != true, "seed \(seed): \(text)")
      #expect(found == spans(text, mode: nil), "seed \(seed): \(text)")
    }
  }

  @Test("without tailored punctuation, words are those of UAX 29")
  func wordsAreBoundaries() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      "a", "b", "é", "1", "2", " ", ",", "(", "σ", "ж", "א", "\u{301}", "\u{AD}", "!", "٣", "ø",
      "𐐨", "…",
    ]
    for _ in 0..<3_000 {
      let text = Array(
        (0..<Int.random(in: 1...20, using: &random))
          .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined().utf8)
      var words: [Range<Int>] = []
      var position = 0
      while position < text.count {
        let end = WordBoundaries.end(in: text.span, from: position)
        let word = String(decoding: text[position..<end], as: UTF8.self)
        let isWord = word.unicodeScalars.contains {
          $0.properties.isAlphabetic || $0.properties.numericType == .decimal
        }
        if isWord { words.append(position..<end) }
        position = end
      }
      // Commas between digits are tailored: skip the cases that have one.
      let isTailored = words.contains { text[$0].contains(UInt8(ascii: ",")) }
      let found = spans(text, mode: .names).map { $0.token.start..<$0.token.end }
      if !isTailored {
        #expect(
          found == words, "seed \(seed): \(String(decoding: text, as: UTF8.self).debugDescription)")
      }
    }
  }
}
