import Grounding
import Partition
import TestSupport
import Testing

@Suite("An item that is read again")
struct KeptVectorTests {
  private static func vector(_ body: String) -> QuantizedVector {
    let sum = body.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
    return QuantizedVector((0..<8).map { Float((sum >> ($0 * 4)) & 15) + 1 })
  }

  private static func embed(_ writer: PartitionWriter) throws {
    try writer.storeVectors(
      try writer.pendingVectors(limit: 99).map { ($0.row, vector($0.body)) }, model: "m")
  }

  private static let first = String(repeating: "first ", count: 20)
  private static let second = String(repeating: "second ", count: 20)
  private static let third = String(repeating: "third ", count: 20)

  @Test(
    "keeps the vectors of passages that the encoder would read as before",
    arguments: [
      ("T", first + second + third, 0), ("T", second + third, 0), ("T", third + first, 0),
      ("T", first + first + second, 0), ("T", first + "new", 1), ("T", "new", 1), ("T", "", 1),
      ("another title", first + second + third, 3),
    ])
  func keeps(title: String, text: String, pending: Int) throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      try writer.requireModel("m", dimension: 8)
      _ = try writer.apply(
        draft("a", source: source, title: "T", text: Self.first + Self.second + Self.third))
      try Self.embed(writer)
      #expect(try writer.pendingCount() == 0)
      // An access list beside it, so that rows change even where the text does not.
      let access = AccessList(owner: Principal("ann"))
      _ = try writer.apply(
        draft("a", source: source, title: title, text: text, trace: "x", access: access))
      #expect(try writer.pendingCount() == pending)
      #expect(try writer.checkIntegrity() == [])
      try Self.embed(writer)

      // Each row has the vector of its own text, whichever way it came there.
      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(Caller(Principal("ann")), kinds: Set(ItemKind.allCases))
      let vectors = try snapshot.vectors(model: "m", dimension: 8, of: rows)
      let found = rows.rows.map { row in
        rows.position(ofRow: row).flatMap { vectors.vector(at: $0, of: rows) }
      }
      let octets = Array(text.utf8)
      let passages =
        cut(text).isEmpty
        ? [""]
        : cut(text).map {
          String(decoding: octets[$0.span.range], as: UTF8.self)
        }
      #expect(found == passages.map { Self.vector($0) })
    }
  }

  @Test("waits for a vector where the headings above a passage are others")
  func headings() throws {
    try Store.with { _, writer in
      let source = try writer.source(named: "s")
      try writer.requireModel("m", dimension: 8)
      var item = draft("a", source: source, title: "T", text: Self.first + Self.second)
      item.passages[0].locator.heading = ["One"]
      _ = try writer.apply(item)
      try Self.embed(writer)
      item.passages[0].locator.heading = ["Two"]
      item.passages[1].locator.page = 3
      item.contentHash = [1]
      _ = try writer.apply(item)
      #expect(try writer.pendingVectors(limit: 9).map(\.heading) == [["Two"]])
    }
  }
}
