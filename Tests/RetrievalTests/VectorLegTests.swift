import Grounding
import Octets
import Partition
import Retrieval
import TestSupport
import Testing

/// More rows than are compared one by one.
@Suite("The vector leg of a large set")
struct VectorLegTests {
  private static let dimension = 48
  private static let caller = Caller(Principal("ann"))

  @Test("the best ten are nearly those of comparing all, each with its exact score")
  func findsTheNearest() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let vectors = Self.vectors(5_000, &random)
    try withStoreFolder { folder in
      let store = try Self.store(folder, vectors.enumerated().map { ($0.offset, $0.element) })
      let retriever = Retriever(snapshot: try store.snapshot(), encoder: nil)
      var found = 0
      for _ in 0..<20 {
        let query = Self.vector(&random)
        let expected = vectors.enumerated()
          .map { (Self.id($0.offset), Self.product(query, $0.element)) }
          .sorted { $0.1 > $1.1 }
        let leg = try Self.ask(retriever, query)
        let scores = Dictionary(uniqueKeysWithValues: expected)
        for (id, score) in leg {
          #expect(abs(score - (scores[id] ?? 99)) < Self.tolerance(query), "seed \(seed)")
        }
        #expect(leg.map(\.score) == leg.map(\.score).sorted(by: >), "seed \(seed)")
        found += Set(expected.prefix(10).map(\.0)).intersection(leg.map(\.id)).count
      }
      #expect(found >= 190, "seed \(seed): \(found) of 200")
    }
  }

  @Test("what is found depends on neither the order of the rows nor what was there and is gone")
  func dependsOnWhatIsVisible() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let vectors = Array(Self.vectors(5_000, &random).enumerated())
    let hidden = Self.vectors(700, &random).enumerated().map { (10_000 + $0.offset, $0.element) }
    try withStoreFolder { plainFolder in
      let plain = try Self.store(plainFolder, vectors.map { ($0.offset, $0.element) })
      try withStoreFolder { folder in
        var mixed = vectors.map { ($0.offset, $0.element) } + hidden
        mixed.shuffle(using: &random)
        let store = try Self.store(folder, mixed, hidden: Set(hidden.prefix(400).map(\.0)))
        let source = try store.writer.source(named: "s")
        // The resident index follows: what it has read before is gone.
        let cache = IndexCache()
        let before = try Snapshot(home: store.home, tenant: .default, cache: cache)
        _ = try Self.ask(Retriever(snapshot: before, encoder: nil), Self.vector(&random))
        for (number, _) in hidden.dropFirst(400) {
          _ = try store.writer.removeLocation(source: source, key: String(number))
        }
        let after = try Snapshot(home: store.home, tenant: .default, cache: cache)
        let first = Retriever(snapshot: try plain.snapshot(), encoder: nil)
        let second = Retriever(snapshot: after, encoder: nil)
        for _ in 0..<10 {
          let query = Self.vector(&random)
          let (a, b) = (try Self.ask(first, query), try Self.ask(second, query))
          #expect(a.map(\.id) == b.map(\.id), "seed \(seed)")
          #expect(a.map(\.score) == b.map(\.score), "seed \(seed)")
        }
      }
    }
  }

  // MARK: Helpers

  private struct Filled {
    let home: LoamHome
    let writer: PartitionWriter

    func snapshot() throws -> Snapshot { try Snapshot(home: home, tenant: .default) }
  }

  private static func store(
    _ folder: String, _ vectors: [(Int, [Float])], hidden: Set<Int> = []
  ) throws -> Filled {
    let home = LoamHome(path: folder)
    let writer = try PartitionWriter(home: home, tenant: .default)
    let source = try writer.source(named: "s")
    try writer.requireModel("m", dimension: dimension)
    try writer.begin()
    for (number, _) in vectors {
      var item = ParsedItem(kind: .document)
      item.title = String(number)
      _ = try writer.apply(
        ItemDraft(
          id: id(number), item: item, contentHash: SHA256.digest(Array(String(number).utf8)),
          passages: [], source: source, key: String(number),
          access: AccessList(owner: hidden.contains(number) ? Principal("eve") : caller.principal)))
    }
    let byNumber = Dictionary(uniqueKeysWithValues: vectors)
    try writer.storeVectors(
      try writer.pendingVectors(limit: vectors.count).map { passage in
        (
          row: passage.row,
          vector: QuantizedVector(byNumber[Int(passage.title ?? "") ?? 0] ?? [])
        )
      }, model: "m")
    _ = try writer.commit()
    return Filled(home: home, writer: writer)
  }

  private static func ask(
    _ retriever: Retriever, _ query: [Float]
  ) throws -> [(id: ItemID, score: Double)] {
    try retriever.vectorLeg(vector: query, model: "m", caller: caller, depth: 10)
  }

  private static func id(_ number: Int) -> ItemID {
    itemID(source: "s", key: Array(String(number).utf8))
  }

  /// Exact in eight bits, so that scores can be compared: codes over 127 with a scale of 1 / 127.
  private static func vector(_ random: inout RandomSource) -> [Float] {
    var codes = (0..<dimension).map { _ in Float(Int.random(in: -100...100, using: &random)) }
    codes[Int.random(in: 0..<dimension, using: &random)] = 127
    return codes.map { $0 / 127 }
  }

  private static func vectors(_ count: Int, _ random: inout RandomSource) -> [[Float]] {
    (0..<count).map { _ in vector(&random) }
  }

  /// What the product of `query` with a vector may be off: it is rounded to 16 bits, and no component
  /// of a vector is above 1.
  private static func tolerance(_ query: [Float]) -> Double {
    let greatest = query.reduce(0) { max($0, abs(Double($1))) }
    return Double(dimension) * greatest / 65_534 + 1e-5
  }

  private static func product(_ x: [Float], _ y: [Float]) -> Double {
    zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
