import Grounding
import Partition
import Retrieval
import TestSupport
import Testing

/// Items that are kept from one question to the next.
@Suite("Items shown lately")
struct ItemShelfTests {
  private static let owner = Caller(Principal("olga"))
  private static let access = AccessList(owner: Principal("olga"))

  /// Asks for what may differ: ranks, snippets, a series' next times, what fits a budget.
  private func request(_ random: inout RandomSource) -> RetrievalRequest {
    RetrievalRequest(
      query: random.words(1...3).joined(separator: " "),
      limit: random.pick([1, 10, 100]), snippetsPerItem: random.pick([1, 3]),
      mode: random.pick(Mode.allCases), budgetTokens: random.chance(0.3) ? 20 : nil,
      now: random.chance(0.5) ? random.pick(["2026-11-24T08:00:00Z", "2026-12-24T08:00:00Z"]) : nil)
  }

  @Test("change no answer, whatever was asked before")
  func sameAnswers() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<6 {
      try withStoreFolder { folder in
        let store = try TestStore(folder)
        try store.write {
          for index in 0..<25 {
            var spec = random.spec("k\(index)")
            if spec.kind == .event {
              spec.facts = [
                Fact(
                  "recurrence",
                  .text("DTSTART:20260901T0900\(10 + index)Z\nRRULE:FREQ=WEEKLY;COUNT=30\n"))
              ]
            }
            // Some that are too long to be kept.
            if random.chance(0.1) { spec.passages.append(Array(repeating: "quix", count: 4_000)) }
            try store.add(spec, access: Self.access)
          }
        }
        try store.embed()
        let keeping = try store.retriever()
        var hasNext = false
        for _ in 0..<40 {
          let request = request(&random)
          let response = try keeping.retrieve(request, caller: Self.owner)
          #expect(
            try response == store.retriever().retrieve(request, caller: Self.owner), "seed \(seed)")
          hasNext =
            hasNext || response.results.contains { $0.item.times?["next_start"] != nil }
        }
        #expect(hasNext, "seed \(seed)")
      }
    }
  }

  @Test("are kept up to a mebibyte")
  func bound() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      let texts = (0..<200).map { number in
        [["zorb", "n\(number)"] + Array(repeating: "quix", count: 1_200)]
      }
      try store.write {
        for (number, passages) in texts.enumerated() {
          try store.add(ItemSpec(key: "k\(number)", passages: passages), access: Self.access)
        }
      }
      let retriever = try store.retriever(nil)
      func ask(_ query: String) throws -> RetrievalResponse {
        try retriever.retrieve(RetrievalRequest(query: query, limit: 1), caller: Self.owner)
      }
      _ = try ask("absent")
      let before = retriever.octets
      var most = 0
      for round in 0..<2 {
        for number in texts.indices {
          let result = try #require(try ask("zorb n\(number)").results.first, "round \(round)")
          #expect(result.item.externalID == "k\(number)@example.org")
          most = max(most, retriever.octets - before)
        }
      }
      #expect(most > 1 << 19 && most < 5 << 18)
    }
  }
}
