import Embedding
import TestSupport
import Testing

@Suite("WordPiece beside a plain one")
struct PieceReaderTests {
  /// As many as ``InventedModel/vocabulary`` has; some longer than the eight octets of a step.
  private static let vocabulary = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##a", "b", "##b", "ab", "##ab", "abababab",
    "##abababab", "ababababa", "abababababababab", "##babababababababab",
    "babababababababababababab", "7", "##a7", "##a7a7a7a7a", "!", "ж", "##ж", "жжжжж", "##жaжb",
    "漢",
  ]

  private static let units = [
    "a", "b", "ab", "ba", "abab", "A", "Ab", "7", "a7", "ж", "Ж", "漢", "!", " ", "\n", "c", "@",
    "`", "\u{0}", "\u{11}", "\u{AD}", "\u{301}", "\u{FFFD}",
  ]

  @Test("random texts have the pieces that the definition gives, counted or kept, to any limit")
  func randomTexts() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let encoder = try encoder()
    for round in 0..<500 {
      var text = ""
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        let times = Int.random(in: 0..<4, using: &random) == 0 ? 60 : 9
        let unit = Self.units.randomElement(using: &random) ?? ""
        text += String(repeating: unit, count: Int.random(in: 1...times, using: &random))
      }
      let expected = Self.plain(text)
      let limit = Int.random(in: 0...expected.count + 3, using: &random)
      #expect(encoder.pieceCount(text) == expected.count, "seed \(seed), round \(round)")
      #expect(
        encoder.pieces(text, limit: limit) == [2] + expected.prefix(max(0, limit - 2)) + [3],
        "seed \(seed), round \(round), limit \(limit)")
    }
  }

  private func encoder() throws -> Encoder {
    try withTemporaryFolder { folder in
      try InventedModel(seed: 1).write(to: folder)
      try writeFile(Array(Self.vocabulary.joined(separator: "\n").utf8), to: "\(folder)/vocab.txt")
      try ModelConverter.convert(folder: folder, to: "\(folder)/model", options: .init())
      return try Encoder(file: "\(folder)/model")
    }
  }

  /// The definition, for the scalars of ``units`` alone.
  private static func plain(_ text: String) -> [Int32] {
    var words: [String] = [""]
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{0}", "\u{11}", "\u{AD}", "\u{301}", "\u{FFFD}": break
      case " ", "\n": words.append("")
      case "!", "@", "`", "漢": words += [String(scalar), ""]
      default: words[words.count - 1] += scalar.properties.lowercaseMapping
      }
    }
    return words.filter { !$0.isEmpty }.flatMap(pieces)
  }

  private static func pieces(_ word: String) -> [Int32] {
    let scalars = Array(word.unicodeScalars)
    var result: [Int32] = []
    var from = 0
    while from < scalars.count {
      guard scalars.count <= 100 else { return [1] }
      // No piece has more scalars.
      var end = min(scalars.count, from + 32)
      var found: Int?
      while end > from {
        let part = String(String.UnicodeScalarView(scalars[from..<end]))
        found = vocabulary.firstIndex(of: from == 0 ? part : "##\(part)")
        if found != nil { break }
        end -= 1
      }
      guard let found else { return [1] }
      result.append(Int32(found))
      from = end
    }
    return result
  }
}
