import Embedding
import Grounding
import Partition
import Retrieval

/// Times whole questions in one mode to a store: ranking, and with `--whole` snippets too; query vectors are
/// encoded before, or with `--encode` each time.
func timeQuestions(_ arguments: Arguments) throws(Problem) {
  let queries = try BenchQueries.read(try arguments.text("queries"))
  guard let mode = Mode(rawValue: arguments.optional("mode") ?? "hybrid") else {
    throw Problem(.usage, "--mode takes hybrid, lexical or vector.")
  }
  let encoder = try Encoder.bundled()
  let known = KnownVectors(
    encoder: encoder,
    vectors: arguments.has("encode")
      ? [:]
      : Dictionary(
        queries.map { ($0, encoder.encode(query: $0)) }, uniquingKeysWith: { first, _ in first }))
  let snapshot = try Snapshot(
    home: LoamHome(path: try arguments.text("home")),
    tenant: try Tenant(try arguments.text("tenant")))
  let retriever = Retriever(snapshot: snapshot, encoder: known)
  let caller = Caller(Principal(try arguments.text("user")))
  let coverage = try retriever.retrieve(RetrievalRequest(query: "a"), caller: caller).coverage
  try runPasses(
    arguments,
    head: [
      ("peer", .text("loam")), ("passages", .number(Double(coverage.passages))),
      ("pending", .number(Double(coverage.pending))),
      ("queries", .number(Double(queries.count))),
    ]
  ) { () throws(Problem) in
    let times = try queries.map { query throws(Problem) in
      try Clock.time { () throws(Problem) in
        if arguments.has("whole") {
          _ = try retriever.retrieve(RetrievalRequest(query: query, mode: mode), caller: caller)
        } else {
          _ = try retriever.rank(query: query, mode: mode, caller: caller, depth: 10)
        }
      }
    }
    return Clock.summary(times)
  }
}

/// A model whose answers to some queries are known.
private struct KnownVectors: QueryEncoder {
  let encoder: Encoder
  let vectors: [String: [Float]]

  var modelID: String { encoder.modelID }
  var dimension: Int { encoder.dimension }

  func encode(query: String) -> [Float] { vectors[query] ?? encoder.encode(query: query) }
  func pieceCount(_ text: String) -> Int { encoder.pieceCount(text) }
}
