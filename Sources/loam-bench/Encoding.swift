import Embedding
import Grounding
import Octets

/// Times the encoder alone as the peers' script does: passages a second, and queries one at a time.
///
/// With `--passages` the texts of the first `--count` are cut at `--tokens` pieces; else pieces are drawn by
/// a seed and each passage has so many exactly.
func timeEncoder(_ arguments: Arguments) throws(Problem) {
  let encoder = try Encoder.bundled()
  let tokens = try arguments.number("tokens", default: 128)
  let count = try arguments.number("count", default: 128)
  let threads = try arguments.number("threads", default: 1)
  let queryTokens = try arguments.number("query-tokens", default: 10)
  var random = SplitMix64(seed: UInt64(try arguments.number("seed", default: 3)))
  let passages: [[Int32]]
  if let path = arguments.optional("passages") {
    passages = try BenchPassage.read(path).prefix(count).map {
      encoder.pieces($0.text, limit: tokens)
    }
  } else {
    passages = (0..<count).map { _ in drawPieces(tokens, encoder, &random) }
  }
  let queries = (0..<(try arguments.number("query-count", default: 50))).map { _ in
    drawPieces(queryTokens, encoder, &random)
  }
  let pieces = passages.reduce(0) { $0 + $1.count }
  try runPasses(
    arguments,
    head: [
      ("peer", .text("loam")), ("model", .text(encoder.modelID)),
      ("threads", .number(Double(threads))), ("passages", .number(Double(passages.count))),
      ("real_tokens", .number(Double(pieces))),
    ]
  ) { () throws(Problem) in
    let start = Clock.wall()
    _ = encoder.encode(pieces: passages, threads: threads)
    let seconds = Double(Clock.wall() - start) / 1e9
    let times = try queries.map { (query) throws(Problem) in
      try Clock.time { _ = encoder.encode(pieces: [query], threads: 1) }
    }
    return [
      ("passages_per_s", .number(Double(passages.count) / seconds)),
      ("tokens_per_s", .number(Double(pieces) / seconds)),
    ] + Clock.summary(times).map { ("query_\($0.name)", $0.value) }
  }
}

/// Where words and their parts lie in the vocabulary that BERT's models share.
private let wordPieces: Range<Int32> = 1_999..<30_522

/// A text of `count` pieces, whole words and parts of words drawn from the vocabulary.
private func drawPieces(
  _ count: Int, _ encoder: Encoder, _ random: inout SplitMix64
) -> [Int32] {
  let ends = encoder.pieces("", limit: 2)
  let middle = (0..<max(0, count - ends.count)).map { _ in
    wordPieces.lowerBound + Int32(random.next() % UInt64(wordPieces.count))
  }
  return ends.prefix(1) + middle + ends.suffix(1)
}
