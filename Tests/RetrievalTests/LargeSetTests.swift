import Grounding
import Octets
import Partition
import Retrieval
import TestSupport
import Testing

/// So many rows that scores are added window by window, that a sample says which sketches are looked at, and
/// that their vectors fill a chunk and begin another.
@Suite("Both legs of a set of 66,000 rows")
struct LargeSetTests {
  private static let dimension = 16
  private static let count = 66_000
  private static let caller = Caller(Principal("ann"))

  @Test("words score by the plain formula, and the nearest are nearly those of comparing all")
  func agreesWithPlain() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let vectors = (0..<Self.count).map { _ in Self.vector(&random) }
    // From a word of every second item to one of every 400th.
    let words = ["b", "d", "f", "g", "k", "l"].flatMap { ["vla\($0)ok", "quo\($0)um"] }
    let titles = (0..<Self.count).map { _ in
      ["vlatum"]
        + words.indices.filter { Int.random(in: 0..<(2 + $0 * $0 * 3), using: &random) == 0 }
        .flatMap { Array(repeating: words[$0], count: Int.random(in: 1...3, using: &random)) }
    }
    try withStoreFolder { folder in
      let home = LoamHome(path: folder)
      try Self.fill(home, titles, vectors)
      let retriever = Retriever(
        snapshot: try Snapshot(home: home, tenant: .default), encoder: nil)
      let plain = PlainRanking(
        items: titles.enumerated().map {
          PlainRanking.Item(
            id: Self.id($0.offset).text, title: $0.element, passages: [], cosines: [])
        }, stopWords: [])

      // Many postings, few of them, and many again, so that what one question leaves shows in the next.
      for query in [[0, 1, 4], [11], [2, 3, 11], [10, 11], [9, 0]].map({ $0.map { words[$0] } }) {
        let shares = try #require(plain.shares(query))
        let leg = try retriever.lexicalLeg(
          query: query.joined(separator: " "), caller: Self.caller, depth: 100)
        let expected = shares.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(100)
          .filter { $0.value > 0 }
        #expect(leg.count == expected.count, "seed \(seed)")
        let bound = (leg.first?.score ?? 0) / (expected.first?.value ?? 1)
        for (got, wanted) in zip(leg, expected) {
          #expect(abs(got.score - wanted.value * bound) < 1e-9, "seed \(seed), \(query)")
          #expect(abs((shares[got.id.text] ?? 0) * bound - got.score) < 1e-9, "seed \(seed)")
        }
      }

      var found = 0
      for _ in 0..<20 {
        let query = Self.vector(&random)
        let expected = vectors.indices.map { (Self.product(query, vectors[$0]), $0) }
          .sorted { $0.0 > $1.0 }.prefix(10)
        let leg = try retriever.vectorLeg(
          vector: query, model: "m", caller: Self.caller, depth: 10)
        found += Set(expected.map { Self.id($0.1) }).intersection(leg.map(\.id)).count
      }
      // Sketches of 16 bits say little; what they choose has to be enough all the same.
      #expect(found >= 100, "seed \(seed): \(found) of 200")
    }
  }

  private static func fill(
    _ home: LoamHome, _ titles: [[String]], _ vectors: [[Float]]
  ) throws {
    let writer = try PartitionWriter(home: home, tenant: .default)
    let source = try writer.source(named: "s")
    try writer.requireModel("m", dimension: dimension)
    try writer.begin()
    for (number, title) in titles.enumerated() {
      var item = ParsedItem(kind: .document)
      item.title = title.joined(separator: " ")
      let key = Array(String(number).utf8)
      _ = try writer.apply(
        ItemDraft(
          id: id(number), item: item, contentHash: SHA256.digest(key), passages: [],
          source: source, key: String(number), access: AccessList(owner: caller.principal)))
    }
    // In the order of the rows, which is that in which they came.
    let pending = try writer.pendingVectors(limit: count)
    try writer.storeVectors(
      zip(pending, vectors).map { ($0.row, QuantizedVector($1)) }, model: "m")
    _ = try writer.commit()
  }

  private static func id(_ number: Int) -> ItemID {
    itemID(source: "s", key: Array(String(number).utf8))
  }

  private static func vector(_ random: inout RandomSource) -> [Float] {
    let codes = (0..<dimension).map { _ in Float(Int.random(in: -127...127, using: &random)) }
    let length = codes.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return codes.map { $0 / max(length, 1) }
  }

  private static func product(_ x: [Float], _ y: [Float]) -> Float {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
