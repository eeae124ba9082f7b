import Evaluation
import Grounding
import Octets
import Partition
import Retrieval

/// Times the vector leg alone: the best `k` items for each query, each vector being an item of its own, of
/// which the caller may see the share `--selectivity`.
///
/// Vectors go in through the writer, in batches, so that access and updates are in place. The truth is the
/// order of the floats that were given, over what the caller may see. `recall` takes of equal products the
/// first by number, `recall_ties` whatever has the last one's product or more.
func timeVectors(_ arguments: Arguments) throws(Problem) {
  let dimension = try arguments.number("dim", default: 384)
  let vectors = try FloatVectors(
    try arguments.text("vectors"), dimension: dimension,
    limit: try arguments.number("limit", default: .max))
  let queries = try FloatVectors(
    try arguments.text("queries"), dimension: dimension, limit: .max)
  let depth = try arguments.number("k", default: 10)
  let share = Double(arguments.optional("selectivity") ?? "1") ?? 1
  let start = Clock.wall()
  let store = try VectorStore(
    vectors, share: share, seed: UInt64(try arguments.number("seed", default: 1)))
  let built = Double(Clock.wall() - start) / 1e9
  let retriever = Retriever(
    snapshot: try Snapshot(home: store.home, tenant: .default), encoder: nil)
  let truth = queries.rows.map { vectors.nearest(depth, to: $0, among: store.visible) }
  try runPasses(
    arguments,
    head: [
      ("peer", .text("loam")), ("n", .number(Double(vectors.rows.count))),
      ("queries", .number(Double(queries.rows.count))), ("k", .number(Double(depth))),
      ("selectivity", .number(share)), ("build_s", .number(built)),
    ]
  ) { () throws(Problem) in
    var (found, foundOrEqual, wanted) = (0, 0, 0)
    var times: [Clock.Time] = []
    for (query, truth) in zip(queries.rows, truth) {
      var ids: [ItemID] = []
      times.append(
        try Clock.time { () throws(Problem) in
          ids = try retriever.vectorLeg(
            vector: query, model: VectorStore.model, caller: store.caller, depth: depth
          ).map(\.id)
        })
      let numbers = ids.compactMap { store.numbers[$0] }
      let least = truth.last.map { vectors.product(query, with: $0) } ?? 0
      found += Set(truth).intersection(numbers).count
      foundOrEqual += numbers.count { vectors.product(query, with: $0) >= least }
      wanted += truth.count
    }
    let total = Double(max(1, wanted))
    return Clock.summary(times)
      + [
        ("recall", .number(Double(found) / total)),
        ("recall_ties", .number(Double(foundOrEqual) / total)),
      ]
  }
}

/// A temporary store with an item a vector.
private struct VectorStore {
  static let model = "bench"

  let home: LoamHome
  let caller = Caller(Principal("bench"))
  /// The vector of each item.
  let numbers: [ItemID: Int]
  /// The vectors that the caller may see.
  let visible: [Int]

  init(_ vectors: FloatVectors, share: Double, seed: UInt64) throws(Problem) {
    home = LoamHome(path: try Files.makeTemporaryFolder(below: "/tmp"))
    let writer = try PartitionWriter(home: home, tenant: .default)
    try writer.requireModel(Self.model, dimension: vectors.rows.first?.count ?? 1)
    let source = try writer.source(named: "bench")
    let lists = [AccessList(owner: caller.principal), AccessList(owner: Principal("other"))]
    var random = SplitMix64(seed: seed)
    var numberByID: [ItemID: Int] = [:]
    var visible: [Int] = []
    let numbers = Array(vectors.rows.indices)
    for batch in stride(from: 0, to: numbers.count, by: 500) {
      try writer.begin()
      for number in numbers[batch..<min(batch + 500, numbers.count)] {
        let isVisible = Double(random.next() >> 11) * 0x1p-53 < share
        if isVisible { visible.append(number) }
        let id = itemID(source: "bench", key: Array(String(number).utf8))
        numberByID[id] = number
        var item = ParsedItem(kind: .document)
        item.title = String(number)
        _ = try writer.apply(
          ItemDraft(
            id: id, item: item, contentHash: SHA256.digest(Array(String(number).utf8)),
            passages: [], source: source, key: String(number), access: lists[isVisible ? 0 : 1]))
      }
      _ = try writer.commit()
      let waiting = try writer.pendingVectors(limit: 1_000)
      try writer.storeVectors(
        waiting.map { passage in
          (row: passage.row, vector: QuantizedVector(vectors.rows[Int(passage.title ?? "") ?? 0]))
        }, model: Self.model)
    }
    self.numbers = numberByID
    self.visible = visible
  }
}
