import Dispatch
import Embedding
import TestSupport
import Testing

@Suite("The encoder in the executable")
struct EncoderTests {
  @Test("it is all-MiniLM-L6-v2 with 8-bit weights, and its checksum holds")
  func bundled() throws {
    let encoder = try Encoder.bundled()
    #expect(encoder.modelID.hasPrefix("all-MiniLM-L6-v2.int8."))
    #expect(encoder.modelID.hasSuffix(".a7b"))
    #expect(encoder.dimension == 384)
    #expect(encoder.maximumTokens == 256)
    try Encoder.checkBundled()
  }

  @Test("a text's vector is the same to the bit in any batch, order and number of threads")
  func determinism() throws {
    let encoder = try Encoder.bundled()
    let words = [
      "ferry", "the", "harbour", "is", "closed", "in", "winter", "accounts", "2027", ".",
    ]
    var random = RandomSource(seed: 9)
    let texts = (0..<40).map { i in
      (0..<(i % 8 == 0 ? 300 : i)).map { _ in words.randomElement(using: &random) ?? "" }
        .joined(separator: " ")
    }
    let alone = texts.map { encoder.encode(query: $0) }
    for threads in [0, 1, 2, 5] {
      #expect(encoder.encode(texts, threads: threads) == alone)
      #expect(encoder.encode(texts.reversed(), threads: threads) == alone.reversed())
    }
    #expect(encoder.encode(Array(texts[3..<5]), threads: 2) == Array(alone[3..<5]))
    #expect(encoder.encode([], threads: 4) == [])
  }

  @Test("queries on many threads, beside a batch, get the vectors that they get alone")
  func queriesAtOnce() throws {
    let encoder = try Encoder.bundled()
    let texts = (1...24).map { String(repeating: "ferry \($0) ", count: $0 * 5 % 31 + 1) }
    let alone = texts.map { encoder.encode(query: $0) }
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      guard thread > 0 else {
        return #expect(encoder.encode(texts, threads: 2) == alone)
      }
      for index in texts.indices {
        let place = (index + thread * 3) % texts.count
        #expect(encoder.encode(query: texts[place]) == alone[place])
      }
    }
  }

  @Test("vectors have unit length and tell near from far")
  func meaning() throws {
    let encoder = try Encoder.bundled()
    let vectors = encoder.encode(
      [
        "The ferry does not run when the river is frozen.", "In winter ice stops the boats.",
        "Please send the invoice again, the amount is wrong.",
      ], threads: 1)
    for vector in vectors {
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    #expect(cosine(vectors[0], vectors[1]) > cosine(vectors[0], vectors[2]) + 0.2)
  }

  @Test(
    "ten megabytes of anything are read up to the limit",
    arguments: [
      "a", "a ", ".", " ", "\u{300}", "\u{302E}", "漢", "가", "\u{FFFD}", "\u{10FFFF}", "é", "[UNK]",
    ])
  func longTexts(unit: String) throws {
    let encoder = try Encoder.bundled()
    let text = String(repeating: unit, count: 10_000_000 / unit.utf8.count)
    let pieces = encoder.pieces(text, limit: 256)
    #expect(pieces.count <= 256)
    #expect(encoder.encode(query: text).count == 384)
    let short = String(repeating: unit, count: 2000)
    #expect(encoder.pieces(short, limit: 256) == pieces)
    #expect(encoder.pieceCount(text) >= pieces.count - 2)
    let input = encoder.passageInput(title: text, headings: [text], body: "body")
    #expect(input.hasSuffix("body"))
  }

  @Test("a word of 100 scalars is read, one of 101 is unknown, and both end there")
  func longWords() throws {
    let encoder = try Encoder.bundled()
    let unknown: Int32 = 100
    let hundred = String(repeating: "a", count: 100)
    #expect(!encoder.pieces(hundred, limit: 256).contains(unknown))
    #expect(
      encoder.pieces("\(hundred)a b", limit: 256)
        == encoder.pieces("b", limit: 3).inserting(unknown))
    // Marks that are dropped do not count.
    let accented = String(repeating: "e\u{301}", count: 100)
    #expect(!encoder.pieces(accented, limit: 256).contains(unknown))
  }
}

extension [Int32] {
  /// The pieces with `piece` after the first.
  fileprivate func inserting(_ piece: Int32) -> [Int32] { [self[0], piece] + self[1...] }
}
