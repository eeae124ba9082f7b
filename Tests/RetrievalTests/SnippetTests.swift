import Grounding
import Octets
import Partition
import Retrieval
import TestSupport
import Testing

@Suite("Snippets")
struct SnippetTests {
  private let owner = Caller(Principal("olga"))
  private let access = AccessList(owner: Principal("olga"))

  /// Fills a store with `specs`, embeds it and asks.
  private func ask(
    _ specs: [ItemSpec], _ request: RetrievalRequest, isEmbedded: Bool = true
  ) throws -> RetrievalResponse {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      try store.write {
        for spec in specs { try store.add(spec, access: access) }
      }
      if isEmbedded { try store.embed() }
      return try store.retriever().retrieve(request, caller: owner)
    }
  }

  @Test("each is the exact octets of the item's text at its span, with their hash and marks")
  func exactSpans() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<40 {
      let specs = (0..<5).map { random.spec("k\($0)") }
      let texts = Dictionary(uniqueKeysWithValues: specs.map { ($0.id.text, $0.parsed.text) })
      let words = random.words(1...4)
      let response = try ask(
        specs,
        RetrievalRequest(
          query: words.joined(separator: " "), limit: 100, snippetsPerItem: 10,
          mode: random.pick(Mode.allCases)))
      let sought = Set(words).subtracting(Words.stop)
      for result in response.results {
        let text = Array(try #require(texts[result.item.id]).utf8)
        for snippet in result.snippets {
          let octets = Array(snippet.text.utf8)
          #expect(Array(text[snippet.span.range]) == octets, "seed \(seed)")
          #expect(!octets.isEmpty)
          #expect(snippet.sha256 == SHA256.hex(SHA256.digest(octets)))
          let marked = snippet.marks.map { String(decoding: octets[$0[0]..<$0[1]], as: UTF8.self) }
          let expected = snippet.text.split(whereSeparator: \.isWhitespace).map(String.init)
            .filter((sought.isEmpty ? Set(words) : sought).contains)
          #expect(marked == expected, "seed \(seed): \(words)")
        }
        let scores = result.snippets.map(\.score)
        #expect(scores == scores.sorted(by: >), "seed \(seed)")
      }
    }
  }

  @Test("beyond ASCII, spans and marks still count octets")
  func octetsNotCharacters() throws {
    let response = try ask(
      [ItemSpec(key: "a", passages: [["größe", "🦢"], ["naïve", "🦢", "zorb", "Ende"]])],
      RetrievalRequest(query: "zorb", snippetsPerItem: 1))
    let snippet = try #require(response.results.first?.snippets.first)
    #expect(snippet.text == "naïve 🦢 zorb Ende")
    #expect(snippet.span == TextSpan(start: 14, end: 35))
    #expect(snippet.marks == [[12, 16]])
    #expect(snippet.locator == Locator(heading: ["Part 2"]))
  }

  @Test("an item's best passages come first, as many as asked for, equal ones in text order")
  func order() throws {
    let spec = ItemSpec(
      key: "a", passages: [["quix"], ["zorb"], ["zorb"], ["zorb", "zorb"], []])
    for count in 1...4 {
      let response = try ask(
        [spec], RetrievalRequest(query: "zorb", snippetsPerItem: count, mode: .vector))
      let texts = response.results.first?.snippets.map(\.text)
      // The test's model knows no difference between a word and the same word twice.
      #expect(texts == Array(["zorb", "zorb", "zorb zorb", "quix"].prefix(count)))
      let lexical = try ask(
        [spec], RetrievalRequest(query: "zorb", snippetsPerItem: count, mode: .lexical))
      #expect(
        lexical.results.first?.snippets.map(\.text)
          == Array(["zorb zorb", "zorb", "zorb"].prefix(count)))
    }
  }

  @Test("by words alone an item found by its title shows its first passage")
  func titleOnly() throws {
    let response = try ask(
      [ItemSpec(key: "a", title: ["zorb"], passages: [[], ["quix"], ["flam"]])],
      RetrievalRequest(query: "zorb", mode: .lexical))
    #expect(response.results.first?.snippets.map(\.text) == ["quix"])
  }

  @Test("an item without text is found by its title and has no snippet")
  func emptyText() throws {
    for mode in Mode.allCases {
      let response = try ask(
        [ItemSpec(key: "a", title: ["zorb"], passages: [[]])],
        RetrievalRequest(query: "zorb", mode: mode))
      #expect(response.results.count == 1)
      #expect(response.results.first?.snippets == [])
      #expect(response.coverage.tokens == 0)
    }
  }

  @Test("what does not fit the budget is passed over, in order; items and scores stay")
  func budget() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<10 {
      let specs = (0..<6).map { random.spec("k\($0)") }
      let query = random.words(1...4).joined(separator: " ")
      let whole = try ask(specs, RetrievalRequest(query: query))
      for budget in [1, 2, 5, 10, 20, 1_000] {
        let cut = try ask(specs, RetrievalRequest(query: query, budgetTokens: budget))
        var left = budget
        #expect(cut.results.map(\.item.id) == whole.results.map(\.item.id), "seed \(seed)")
        #expect(cut.results.map(\.score) == whole.results.map(\.score))
        for (a, b) in zip(cut.results, whole.results) {
          var expected: [Snippet] = []
          for snippet in b.snippets where TestEncoder().pieceCount(snippet.text) <= left {
            left -= TestEncoder().pieceCount(snippet.text)
            expected.append(snippet)
          }
          #expect(a.snippets == expected, "seed \(seed), budget \(budget)")
        }
        #expect(cut.coverage.tokens == budget - left)
        if budget == 1_000 { #expect(cut == whole) }
      }
    }
  }

  @Test("what waits for its vector is counted, in every mode")
  func pending() throws {
    let specs = [ItemSpec(key: "a", passages: [["zorb"], ["quix"]])]
    for mode in Mode.allCases {
      let request = RetrievalRequest(query: "zorb", mode: mode)
      #expect(try ask(specs, request, isEmbedded: false).coverage.pending == 2)
      #expect(try ask(specs, request).coverage.pending == 0)
      #expect(try ask(specs, request).coverage.passages == 2)
    }
  }
}
