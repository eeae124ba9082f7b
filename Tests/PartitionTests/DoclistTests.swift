import Grounding
import Partition
import TestSupport
import Testing

private let owner = Caller(Principal("owner"))

@Suite("Lists from the full-text index's own pages")
struct DoclistTests {
  @Test(
    "they say what FTS5's interface says: many segments, removed and changed items, long lists, hidden rows",
    arguments: [0, 3, 40])
  func agree(hiddenItems: Int) throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      // Terms that begin alike, of which some are everywhere and some in a few items.
      let words = (0..<400).map { index in
        "w" + String(repeating: "x", count: index % 5) + String(index * index % 977, radix: 3)
      }
      func item(
        _ key: String, _ random: inout RandomSource, access: AccessList
      ) -> ItemDraft {
        let count = [3, 40, 400, 4_000].randomElement(using: &random) ?? 3
        var text = (0..<count).map { _ in
          // Small numbers are the frequent ones.
          words[Int.random(in: 0...Int.random(in: 0..<words.count, using: &random), using: &random)]
        }
        // A list of positions that takes more than a page.
        if Int.random(in: 0..<20, using: &random) == 0 {
          text += Array(repeating: words[7], count: 6_000)
        }
        var item = draft(
          key, source: source, title: text.first, text: text.joined(separator: " "), key: key,
          trace: "\(count)",
          people: [Person(role: .from, name: words[3], address: "a@example.org")],
          access: access)
        item.passages = cut(item.item.text, words: 5_000)
        return item
      }
      var longest = 0
      for round in 0..<12 {
        for _ in 0..<40 {
          let key = "\(Int.random(in: 0..<300, using: &random))"
          if Int.random(in: 0..<6, using: &random) == 0 {
            _ = try writer.removeLocation(source: source, key: key)
          } else {
            _ = try writer.apply(item(key, &random, access: AccessList(owner: owner.principal)))
          }
        }
        // Their rows follow each other, so that whole pages of lists have no others.
        for number in 0..<hiddenItems {
          _ = try writer.apply(item("hidden \(round) \(number)", &random, access: bo))
        }
        // In one, and in some that are merged half.
        switch round % 4 {
        case 1: try writer.mergeSegments(stepPages: 1, stepLimit: 9)
        case 3: try writer.mergeSegments()
        default: break
        }
        let (pages, interface) = (
          try store.snapshot(cache: IndexCache()), try store.snapshot(cache: IndexCache())
        )
        interface.readListsByInterface()
        let rows = try pages.eligible(owner, kinds: [.document])
        let others = try interface.eligible(owner, kinds: [.document])
        #expect(rows.rows == others.rows && rows.itemCount > 0)
        let asked = words + ["absent", "w", "wxxxxx", "zz"]
        let found = try pages.postings(asked, in: rows)
        let expected = try interface.postings(asked, in: others)
        for (term, lists) in zip(asked, zip(found, expected)) {
          #expect(lists.0 == lists.1, "seed \(seed), round \(round), \(term)")
        }
        longest = max(longest, expected.map(\.positions.count).max() ?? 0)
      }
      #expect(longest > 50, "seed \(seed)")
    }
  }

  @Test("many segments are merged into one, small ones beside a great one by themselves")
  func merge() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      func add(_ keys: Range<Int>, words: Int) throws {
        for key in keys {
          var item = draft(
            "\(key)", source: source,
            text: (0..<words).map { "w\($0 * key % 991)" }.joined(separator: " "), key: "\(key)",
            access: AccessList(owner: owner.principal))
          item.passages = cut(item.item.text, words: 200)
          _ = try writer.apply(item)
        }
      }
      func segments() throws -> Int {
        try RawStore.run("SELECT count(DISTINCT segid) FROM passage_text_idx", in: store.home)[0][0]
      }
      /// The pages and the number of the one with the most.
      func greatest() throws -> [Int] {
        try RawStore.run(
          """
          SELECT count(*), id >> 37 FROM passage_text_data WHERE id >> 37 > 0 GROUP BY 2
          ORDER BY 1 DESC LIMIT 1
          """, in: store.home)[0]
      }
      try add(0..<4, words: 4_000)
      try writer.mergeSegments()
      #expect(try segments() == 4)
      try add(4..<7, words: 4_000)
      #expect(try segments() == 7)
      let sequence = try writer.lastSequence()
      try writer.mergeSegments()
      #expect(try segments() == 1)
      // What the store says is as before: nothing in memory is stale.
      #expect(try writer.lastSequence() == sequence)
      #expect(try writer.checkIntegrity() == [])
      // Small ones become one of their own, and the great one is left alone.
      let great = try greatest()
      for round in 0..<4 {
        try add(7 + 6 * round..<13 + 6 * round, words: 10)
        #expect(try segments() > 6)
        try writer.mergeSegments()
        #expect(try segments() == 2)
        #expect(try greatest() == great)
      }
      #expect(try writer.checkIntegrity() == [])
    }
  }
}
