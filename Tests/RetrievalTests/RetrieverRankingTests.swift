import Grounding
import Partition
import Retrieval
import TestSupport
import Testing

@Suite("The ranking")
struct RetrieverRankingTests {
  private let owner = Caller(Principal("olga"))

  /// A store of random items, of whose passages some stay pending.
  private func seededStore(
    _ folder: String, _ number: Int, _ random: inout RandomSource
  ) throws -> (store: TestStore, specs: [ItemSpec], isEmbedded: (String) -> Bool) {
    let store = try TestStore(folder, tenant: "t\(number)")
    let specs = (0..<Int.random(in: 0...12, using: &random)).map { random.spec("k\($0)") }
    try store.write {
      for spec in specs {
        try store.add(spec, access: AccessList(owner: Principal("olga")))
      }
    }
    // By the length of the encoder's input, so that equal passages fare alike.
    let modulus = random.pick([1, 2, 100])
    let isEmbedded: (String) -> Bool = { $0.utf8.count % modulus == 0 || modulus == 1 }
    try store.embed { isEmbedded(TestStore.input($0.title, $0.body)) }
    return (store, specs, isEmbedded)
  }

  private func plain(
    _ store: TestStore, _ specs: [ItemSpec], _ query: String, _ isEmbedded: (String) -> Bool
  ) -> PlainRanking {
    let vector = store.encoder.encode(query: query)
    let items = specs.map { spec in
      let cosines = spec.passages.map { words -> Double? in
        let input = TestStore.input(spec.parsed.title, words.joined(separator: " "))
        let row = QuantizedVector(store.encoder.vector(input))
        guard isEmbedded(input), row.scale != 0 else { return nil }
        return zip(vector, row.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      return PlainRanking.Item(
        id: spec.id.text, title: spec.title ?? [], passages: spec.passages, cosines: cosines)
    }
    return PlainRanking(items: items, stopWords: Set(Words.stop))
  }

  private func query(_ random: inout RandomSource) -> [String] {
    random.words(1...6) + (random.chance(0.3) ? ["unheard"] : [])
  }

  private func isInOrder(_ ranked: [RankedItem]) -> Bool {
    zip(ranked, ranked.dropFirst()).allSatisfy { a, b in
      a.score > b.score || a.score == b.score && a.id < b.id
    }
  }

  /// Holds rankings of seeded stores and queries to a plain reference's scores, within `tolerance`.
  private func compare(
    mode: Mode, tolerance: Double,
    with reference: (PlainRanking, _ words: [String]) -> [String: Double]
  ) throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try withStoreFolder { folder in
      for number in 0..<60 {
        let (store, specs, isEmbedded) = try seededStore(folder, number, &random)
        let retriever = try store.retriever()
        for _ in 0..<5 {
          let words = query(&random)
          let text = words.joined(separator: " ")
          let ranked = try retriever.rank(query: text, mode: mode, caller: owner)
          let expected = reference(plain(store, specs, text, isEmbedded), words)
          #expect(Set(ranked.map(\.id.text)) == Set(expected.keys), "seed \(seed): \(text)")
          for item in ranked {
            let difference = abs(item.score - (expected[item.id.text] ?? .infinity))
            #expect(difference < tolerance, "seed \(seed), store \(number): \(text)")
          }
          #expect(isInOrder(ranked), "seed \(seed), store \(number): \(text)")
        }
      }
    }
  }

  @Test("the lexical leg is BM25F as DESIGN writes it: seeded stores against a plain reference")
  func lexicalAgreesWithTheReference() throws {
    try compare(mode: .lexical, tolerance: 1e-12) { plain, words in
      plain.shares(words)?.filter { $0.value > 0 } ?? [:]
    }
  }

  @Test("every mode says how many passages wait for their vector", arguments: Mode.allCases)
  func pending(mode: Mode) throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      let access = AccessList(owner: Principal("olga"))
      try store.write {
        for number in 0..<5 {
          try store.add(
            ItemSpec(key: "k\(number)", passages: [["zorb"], ["quix"]]), access: access)
        }
        // Hidden from the asker, and waiting too.
        let hidden = AccessList(owner: Principal("bob"))
        try store.add(ItemSpec(key: "hidden", passages: [["zorb"]]), access: hidden)
      }
      try store.embed { $0.body == "quix" }
      let response = try store.retriever().retrieve(
        RetrievalRequest(query: "zorb", mode: mode), caller: owner)
      #expect(response.coverage.pending == 5)
      #expect(response.coverage.passages == 10)
    }
  }

  @Test("hybrid is .4 of the best cosine and .6 of the share, pending passages left out")
  func hybridAgreesWithTheReference() throws {
    // The kernel sums floats, the reference doubles.
    try compare(mode: .hybrid, tolerance: 1e-5) { plain, words in plain.hybrid(words) }
  }

  @Test("of equal scores the lower item id comes first, in every mode")
  func ties() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      let specs = (0..<20).map { ItemSpec(key: "k\($0)", passages: [["zorb", "quix"]]) }
      try store.write {
        for spec in specs { try store.add(spec, access: AccessList(owner: Principal("olga"))) }
      }
      try store.embed()
      let retriever = try store.retriever()
      for mode in Mode.allCases {
        let ranked = try retriever.rank(query: "zorb", mode: mode, caller: owner)
        #expect(ranked.map(\.id) == specs.map(\.id).sorted(), "\(mode)")
        #expect(Set(ranked.map(\.score)).count == 1)
      }
      let fused = try retriever.rank(query: "zorb", fusion: .rrf, caller: owner)
      #expect(fused.map(\.id) == specs.map(\.id).sorted())
      #expect(fused.first?.score == 2.0 / 61)
    }
  }

  @Test("a leg puts 1,000 items forward, both legs score each of them, and pages do not change it")
  func candidates() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      // The first 1,100 have the word; only the others have vectors.
      let specs = (0..<2_300).map { index in
        ItemSpec(key: "k\(index)", passages: [[index < 1_100 ? "zorb" : "quix"]])
      }
      try store.write {
        for spec in specs { try store.add(spec, access: AccessList(owner: Principal("olga"))) }
      }
      try store.embed { $0.body == "quix" }
      let retriever = try store.retriever()
      let ranked = try retriever.rank(query: "zorb", caller: owner, depth: 5_000)
      #expect(ranked.count == 2_000)
      #expect(ranked.count { $0.lexical?.rank != nil } == 1_000)
      #expect(ranked.count { $0.vector?.rank != nil } == 1_000)
      #expect(ranked.allSatisfy { $0.lexical != nil })
      #expect(
        try retriever.rank(query: "zorb", caller: owner, depth: 7) == Array(ranked.prefix(7)))
    }
  }

  @Test("a query without terms ranks by cosine alone; without a model hybrid runs as lexical")
  func missingParts() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      try store.write {
        for (key, words) in [("a", ["zorb"]), ("b", ["quix"])] {
          try store.add(
            ItemSpec(key: key, passages: [words]), access: AccessList(owner: Principal("olga")))
        }
      }
      try store.embed()
      let hybrid = try store.retriever().rank(query: "?!", caller: owner)
      #expect(hybrid.count == 2)
      #expect(hybrid.allSatisfy { $0.lexical == nil && $0.score == $0.vector?.score })
      #expect(try store.retriever().rank(query: "?!", mode: .lexical, caller: owner).isEmpty)

      let without = try store.retriever(nil)
      let response = try without.retrieve(RetrievalRequest(query: "zorb"), caller: owner)
      #expect(response.coverage.mode == .lexical)
      #expect(response.coverage.vector == nil)
      #expect(response.coverage.tokens == nil)
      #expect(response.results.map(\.item.externalID) == ["a@example.org"])
      let refusedMode = #expect(throws: Problem.self) {
        try without.retrieve(RetrievalRequest(query: "zorb", mode: .vector), caller: owner)
      }
      #expect(refusedMode?.code == .unavailable)
      let refusedBudget = #expect(throws: Problem.self) {
        try without.retrieve(RetrievalRequest(query: "zorb", budgetTokens: 9), caller: owner)
      }
      #expect(refusedBudget?.code == .unavailable)
    }
  }

  @Test("an empty store answers with nothing")
  func emptyStore() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      for mode in Mode.allCases {
        let response = try store.retriever().retrieve(
          RetrievalRequest(query: "zorb", mode: mode), caller: owner)
        #expect(response.results.isEmpty)
        #expect(response.coverage.passages == 0)
        #expect(response.coverage.pending == 0)
      }
    }
  }

  @Test("a request out of its limits is refused before anything is read")
  func limits() throws {
    try withStoreFolder { folder in
      let retriever = try TestStore(folder).retriever()
      let problem = #expect(throws: Problem.self) {
        try retriever.retrieve(RetrievalRequest(query: "zorb", limit: 101), caller: owner)
      }
      #expect(problem?.code == .badRequest)
      #expect(throws: Problem.self) { try retriever.rank(query: "", caller: owner) }
    }
  }

  @Test("the longest query, of as many terms as fit, is answered")
  func longestQuery() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      try store.write {
        try store.add(
          ItemSpec(key: "a", passages: [["zorb"]]), access: AccessList(owner: Principal("olga")))
      }
      var query = "zorb"
      var number = 0
      while query.utf8.count + 6 <= RetrievalRequest.queryOctets.upperBound {
        query += " \(10_000 + number)"
        number += 1
      }
      let ranked = try store.retriever(nil).rank(query: query, caller: owner)
      #expect(ranked.count == 1)
    }
  }
}
