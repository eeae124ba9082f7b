import Grounding
import Partition
import Testing

@Suite("PartitionWriter")
struct PartitionWriterTests {
  @Test("what was applied is found, shown and counted")
  func walksThrough() throws {
    try Store.with { store, writer in
      try writer.begin()
      let source = try writer.source(named: "notes")
      #expect(
        try writer.apply(
          draft("a", source: source, title: "Budget plan", text: "money for the ferry"))
          == .added)
      #expect(
        try writer.apply(
          draft("b", source: source, title: "Minutes", text: "ferry ferry timetable"))
          == .added)
      let sequence = try writer.commit()
      #expect(sequence > 0)
      #expect(try writer.checkIntegrity() == [])

      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(Caller(Principal("owner")), kinds: [.document])
      #expect(rows.rows == [1, 2])
      let lists = try snapshot.postings(["ferry", "budget", "absent"], in: rows)
      #expect(lists[0].positions == [0, 1])
      #expect(lists[0].bodyFrequency == [1, 2])
      #expect(lists[1].positions == [0])
      #expect(lists[1].titleFrequency == [1])
      #expect(lists[2].positions == [])
      let id = draft("a", source: source, text: "").id
      let item = try snapshot.item(id, caller: Caller(Principal("owner")))
      #expect(item?.title == "Budget plan")
      #expect(try snapshot.item(id, caller: Caller(Principal("other"))) == nil)
      #expect(
        try writer.pendingVectors(limit: 10).map(\.body) == [
          "money for the ferry", "ferry ferry timetable",
        ])
    }
  }
}
