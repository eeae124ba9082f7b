import Grounding
import Partition
import Retrieval
import TestSupport
import Testing

/// What a message only repeats counts in mode `lexical` alone, less than its own words, and only where
/// nothing else says it.
@Suite("Quoted text")
struct QuotedTextTests {
  private let olga = Caller(Principal("olga"))
  private let hers = AccessList(owner: Principal("olga"))
  private let his = AccessList(owner: Principal("bob"))

  private static let said = ["zorb", "quix", "flam", "brul", "krim"]
  private static let root = ItemSpec(key: "root", passages: [said])
  private static let reply = ItemSpec(
    key: "reply", passages: [["vost", "drap"]], quoted: [said], references: ["root"])
  private static let other = ItemSpec(key: "other", passages: [["gluk", "zorb", "plog", "wumf"]])

  private func ask(
    _ specs: [(ItemSpec, AccessList)], _ query: String, _ mode: Mode
  ) throws -> RetrievalResponse {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      try store.write { for (spec, access) in specs { try store.add(spec, access: access) } }
      try store.embed()
      return try store.retriever().retrieve(
        RetrievalRequest(query: query, mode: mode), caller: olga)
    }
  }

  @Test("finds a message in mode lexical, and shows what was found as quoted")
  func finds() throws {
    let response = try ask([(Self.reply, hers), (Self.other, hers)], "krim flam", .lexical)
    let result = try #require(response.results.first)
    #expect(response.results.count == 1)
    #expect(result.item.id == Self.reply.id.text)
    #expect(result.snippets.map(\.text) == ["> zorb quix flam brul krim"])
    #expect(result.snippets.map(\.quoted) == [true])
    #expect(result.snippets.first?.marks == [[12, 16], [22, 26]])
    #expect(response.coverage.passages == 2)
    let json = String(decoding: try response.json(), as: UTF8.self)
    #expect(json.contains(#""quoted":true"#))
  }

  @Test("is not shown beside own words that were found")
  func ownWords() throws {
    let response = try ask([(Self.reply, hers)], "drap flam", .lexical)
    #expect(response.results.first?.snippets.map(\.text) == ["vost drap"])
    #expect(response.results.first?.snippets.map(\.quoted) == [nil])
    let json = String(decoding: try response.json(), as: UTF8.self)
    #expect(!json.contains("quoted"))
  }

  @Test("counts less than own words, and nothing for what others score")
  func counts() throws {
    let specs = [(Self.reply, hers), (Self.other, hers)]
    let response = try ask(specs, "zorb", .lexical)
    #expect(response.results.map(\.item.id) == [Self.other.id.text, Self.reply.id.text])
    var silent = Self.reply
    silent.quoted = []
    let without = try ask([(silent, hers), (Self.other, hers)], "zorb", .lexical)
    #expect(without.results.map(\.item.id) == [Self.other.id.text])
    #expect(without.results.first?.score == response.results.first?.score)
  }

  @Test("changes nothing in the other modes", arguments: [Mode.hybrid, .vector])
  func otherModes(mode: Mode) throws {
    var silent = Self.reply
    silent.quoted = []
    for query in ["zorb", "krim flam", "drap flam"] {
      var found = try ask([(Self.reply, hers), (Self.other, hers)], query, mode)
      var without = try ask([(silent, hers), (Self.other, hers)], query, mode)
      #expect(found.results.map(\.score) == without.results.map(\.score))
      #expect(found.results.map(\.snippets) == without.results.map(\.snippets))
      #expect(found.coverage == without.coverage)
      (found.results, without.results) = ([], [])
      #expect(try found.json() == without.json())
    }
  }

  @Test("does not count where the caller sees the original, and does where it is hidden")
  func originals() throws {
    let both = try ask([(Self.root, hers), (Self.reply, hers)], "krim", .lexical)
    #expect(both.results.map(\.item.id) == [Self.root.id.text])
    let hidden = try ask([(Self.root, his), (Self.reply, hers)], "krim", .lexical)
    #expect(hidden.results.map(\.item.id) == [Self.reply.id.text])
  }

  /// The quoted passages that count for Olga, by item id.
  private func counted(_ store: TestStore, _ specs: [ItemSpec]) throws -> [String: [[String]]] {
    let snapshot = try store.snapshot()
    let rows = try snapshot.eligible(olga, kinds: Set(ItemKind.allCases))
    let quoted = try snapshot.quotedRows(olga, in: rows)
    let ids = try snapshot.storedItems(rows.itemKeys, caller: olga).mapValues(\.id.text)
    let specs = Dictionary(uniqueKeysWithValues: specs.map { ($0.id.text, $0) })
    var found: [String: [[String]]] = [:]
    for (row, item) in zip(quoted.rows, quoted.item) {
      let key = rows.key(ofItem: Int(item))
      let passage = try #require(snapshot.passages(item: key).first { $0.row == row })
      let spec = try #require(ids[key].flatMap { specs[$0] })
      found[spec.id.text, default: []].append(spec.quoted[passage.ordinal - spec.passages.count])
    }
    return found
  }

  @Test(
    "adds its words at .4 each, whichever order rows and items have, and whether its lists were kept",
    arguments: [(stores: 40, items: 12), (stores: 1, items: 3_000)])
  func plainFormula(stores: Int, items: Int) throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    var countedOnes = 0
    for number in 0..<stores {
      try withStoreFolder { folder in
        let store = try TestStore(folder)
        let lists = [
          hers, AccessList(owner: Principal("bob"), grants: [Grant(.everyone)]),
          AccessList(owner: Principal("carl"), grants: [Grant(.user(Principal("olga")))]),
        ]
        var specs = (0..<items).map { index in
          var spec = random.spec("k\(index)")
          spec.kind = random.chance(0.8) ? .mail : .document
          spec.quoted = (0..<Int.random(in: 0...2, using: &random)).map { quote in
            random.words(1...8) + ["u\(index)x\(quote)"]
          }
          return spec
        }
        try store.write {
          for spec in specs { try store.add(spec, access: random.pick(lists)) }
        }
        // Some are written again, so that their rows come last.
        try store.write {
          for index in specs.indices where random.chance(0.2) {
            specs[index].salt = 1
            specs[index].passages.append(random.words(1...4))
            try store.add(specs[index], access: random.pick(lists))
          }
        }
        let counted = try counted(store, specs)
        countedOnes += counted.count
        let plain = PlainRanking(
          items: specs.map {
            PlainRanking.Item(
              id: $0.id.text, title: $0.title ?? [], passages: $0.passages,
              quoted: counted[$0.id.text] ?? [], cosines: [])
          }, stopWords: Set(Words.stop))
        let retriever = try store.retriever(nil)
        for _ in 0..<6 {
          let words = random.words(1...4)
          let ranked = try retriever.rank(
            query: words.joined(separator: " "), mode: .lexical, caller: olga)
          let expected = (plain.shares(words) ?? [:]).filter { $0.value > 0 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(1_000)
          #expect(ranked.count == expected.count, "seed \(seed), store \(number): \(words)")
          for (got, wanted) in zip(ranked, expected) {
            #expect(abs(got.score - wanted.value) < 1e-12, "seed \(seed): \(words)")
          }
        }
      }
    }
    #expect(countedOnes > stores * items / 4, "seed \(seed)")
  }

  @Test("is kept up to a mebibyte for a few messages, and answers the same when it was not")
  func bound() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      let specs = (0..<600).map { index in
        ItemSpec(
          key: "k\(index)", passages: [["vost"]],
          quoted: [(0..<400).map { "w\($0)" } + ["u\(index)"]])
      }
      try store.write { for spec in specs { try store.add(spec, access: hers) } }
      let retriever = try store.retriever(nil)
      func ask(_ word: Int) throws -> [RankedItem] {
        try retriever.rank(query: "w\(word)", mode: .lexical, caller: olga, depth: 5)
      }
      let first = try ask(0)
      #expect(first.count == 5)
      let before = retriever.octets
      var most = 0
      for round in 0..<2 {
        for word in 0..<400 {
          #expect(try ask(word).map(\.id) == first.map(\.id), "round \(round), word \(word)")
          most = max(most, retriever.octets - before)
        }
      }
      // 400 lists of 600 postings, 3,700 octets each.
      #expect(most > 1 << 19 && most < 1 << 20)
    }
  }
}
