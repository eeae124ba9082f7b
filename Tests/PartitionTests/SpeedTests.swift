import Analysis
import Glibc
import Grounding
import Partition
import TestSupport
import Testing

/// Prints what the store reaches; asserts only what it has to do, never a time.
@Suite("Speed", .serialized)
struct SpeedTests {
  private static func cpuSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// A text of words whose frequencies fall as those of a language do.
  private static func text(_ words: Int, _ random: inout RandomSource) -> String {
    var parts: [String] = []
    for _ in 0..<words {
      let rank = Int(Double.random(in: 0..<1, using: &random).magnitude * 11)
      let word = Int.random(in: 0..<(1 << (rank + 1)), using: &random)
      parts.append("w\(String(word &* 2_654_435_761 & 0xFF_FFFF, radix: 36))")
    }
    return parts.joined(separator: " ")
  }

  @Test("100,000 passages are written, found and counted")
  func speed() throws {
    try Store.with { store, writer in
      var random = RandomSource(seed: 1)
      let source = try writer.source(named: "speed")
      var drafts: [ItemDraft] = []
      for index in 0..<20_000 {
        let text = Self.text(450, &random)
        var item = draft(
          "item \(index)", source: source, title: "Title \(index % 97)", text: text)
        item.passages = cut(text, words: 90)
        drafts.append(item)
      }
      let passages = drafts.reduce(0) { $0 + $1.passages.count }
      let octets = drafts.reduce(0) { $0 + $1.item.text.utf8.count }
      var start = Self.cpuSeconds()
      for batch in stride(from: 0, to: drafts.count, by: 200) {
        try writer.begin()
        for draft in drafts[batch..<min(batch + 200, drafts.count)] { _ = try writer.apply(draft) }
        _ = try writer.commit()
      }
      report("write", start, passages, "passages, \(octets / passages) octets each")

      start = Self.cpuSeconds()
      let snapshot = try store.snapshot()
      report("open a snapshot", start)
      start = Self.cpuSeconds()
      let rows = try snapshot.eligible(Caller(Principal("owner")), kinds: Set(ItemKind.allCases))
      report("eligible", start, rows.rows.count, "rows")
      #expect(rows.rows.count == passages)
      let query = Self.text(6, &random)
      let terms = queryTerms(query).map(\.term)
      for _ in 0..<3 {
        start = Self.cpuSeconds()
        let lists = try snapshot.postings(terms, in: rows)
        report(
          "postings of \(terms.count) terms", start,
          lists.reduce(0) { $0 + $1.positions.count }, "postings")
      }

      try writer.requireModel("speed", dimension: 384)
      let vector = QuantizedVector((0..<384).map { Float($0 - 190) })
      start = Self.cpuSeconds()
      for batch in stride(from: 0, to: 20_000, by: 500) {
        try writer.begin()
        try writer.storeVectors(
          rows.rows[batch..<batch + 500].map { (row: $0, vector: vector) }, model: "speed")
        _ = try writer.commit()
      }
      report("vectors", start, 20_000, "vectors")
      try snapshot.pause()
      _ = try snapshot.resume()
      start = Self.cpuSeconds()
      var slots = 0
      try snapshot.forEachVectorPage(model: "speed", in: rows) {
        slots += $0.scales.count { $0 > 0 }
      }
      report("vector pages", start, slots, "vectors read")

      start = Self.cpuSeconds()
      for batch in stride(from: 0, to: 2_000, by: 200) {
        try writer.begin()
        for draft in drafts[batch..<batch + 200] {
          _ = try writer.removeLocation(source: source, key: draft.key)
        }
        _ = try writer.commit()
      }
      report("remove", start, 2_000, "items")
    }
  }

  private func report(_ what: String, _ start: Double, _ count: Int = 0, _ unit: String = "") {
    let seconds = Self.cpuSeconds() - start
    let rate = count > 0 ? ": \(count) \(unit), \(Int(Double(count) / seconds)) a CPU second" : ""
    print("\(what) \((seconds * 1e5).rounded() / 100) ms of CPU\(rate)")
  }
}
