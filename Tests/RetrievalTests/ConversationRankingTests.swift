import Grounding
import Partition
import Retrieval
import TestSupport
import Testing

@Suite("Conversations in the ranking")
struct ConversationRankingTests {
  private let caller = Caller(Principal("olga"))
  private let hers = AccessList(owner: Principal("olga"))
  private let his = AccessList(owner: Principal("bob"))

  /// Messages, some of which answer others.
  private func specs(_ random: inout RandomSource, count: Int = 10) -> [ItemSpec] {
    (0..<count).map { number in
      var spec = ItemSpec(
        key: "k\(number)", title: random.words(0...3), passages: [random.words(1...9)])
      spec.kind = random.chance(0.8) ? .mail : .document
      if spec.kind == .mail, number > 0, random.chance(0.6) {
        spec.references = ["k\(Int.random(in: 0..<number, using: &random))"]
      }
      return spec
    }
  }

  /// The conversation of each key: the least key that references lead to.
  private func roots(_ specs: [ItemSpec]) -> [String: String] {
    var roots: [String: String] = [:]
    for spec in specs {
      let isJoined =
        spec.references.first.map { key in
          specs.first { $0.key == key }?.kind == .mail
        } ?? false
      // Messages that answer one document's name are one conversation too, by the name they share.
      roots[spec.key] =
        spec.references.first.map { isJoined ? roots[$0] ?? $0 : "absent \($0)" } ?? spec.key
    }
    return roots
  }

  /// A store with ``specs(_:)`` in it.
  private struct RandomMail {
    let store: TestStore
    /// By the text of an item's id.
    let key: [String: String]
    let roots: [String: String]
    /// What a failing test says.
    let note: Comment

    /// The least key of the conversation of an item.
    func root(of id: String) -> String? { key[id].flatMap { roots[$0] } }
  }

  /// Runs `body` with 40 stores, one after the other.
  private func withRandomMail(
    _ body: (RandomMail, inout RandomSource) throws -> Void
  ) throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try withStoreFolder { folder in
      for number in 0..<40 {
        let store = try TestStore(folder, tenant: "t\(number)")
        let specs = specs(&random)
        try store.write { for spec in specs { try store.add(spec, access: hers) } }
        let mail = RandomMail(
          store: store, key: Dictionary(uniqueKeysWithValues: specs.map { ($0.id.text, $0.key) }),
          roots: roots(specs), note: "LOAM_TEST_SEED=\(seed), store \(number)")
        try body(mail, &random)
      }
    }
  }

  @Test("a score is .7 own and .3 the conversation's best other candidate; alone it is its own")
  func smoothed() throws {
    var smoothed = 0
    try withRandomMail { mail, random in
      try mail.store.embed()
      let plain = Retriever(
        snapshot: try mail.store.snapshot(), encoder: TestEncoder(), conversationWeight: 0)
      let retriever = try mail.store.retriever()
      for mode in Mode.allCases {
        for fusion in Fusion.allCases {
          let query = random.words(1...4).joined(separator: " ")
          let own = try plain.rank(query: query, mode: mode, fusion: fusion, caller: caller)
          let ranked = try retriever.rank(query: query, mode: mode, fusion: fusion, caller: caller)
          #expect(Set(ranked.map(\.id)) == Set(own.map(\.id)))
          for item in ranked {
            guard let before = own.first(where: { $0.id == item.id }) else { continue }
            let root = mail.root(of: item.id.text)
            let best = own.filter { $0.id != item.id && mail.root(of: $0.id.text) == root }
              .map(\.score).max()
            let expected = best.map { 0.7 * before.score + 0.3 * $0 } ?? before.score
            #expect(abs(item.score - expected) < 1e-12, mail.note)
            #expect(item.lexical == before.lexical && item.vector == before.vector, mail.note)
            smoothed += best == nil ? 0 : 1
          }
        }
      }
    }
    #expect(smoothed > 500)
  }

  @Test(
    "a short page is the beginning of a long one, whichever conversations were looked up for it")
  func shortPages() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    var lifted = 0
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      let specs = specs(&random, count: 400)
      try store.write { for spec in specs { try store.add(spec, access: hers) } }
      try store.embed()
      for number in 0..<40 {
        let query = random.words(1...4).joined(separator: " ")
        let fusion = Fusion.allCases[number % Fusion.allCases.count]
        let whole = try store.retriever().rank(query: query, fusion: fusion, caller: caller)
        let own = try Retriever(
          snapshot: store.snapshot(), encoder: TestEncoder(), conversationWeight: 0
        ).rank(query: query, fusion: fusion, caller: caller)
        for depth in [1, 10, 100] {
          // Each of its own: a retriever remembers conversations.
          let page = try store.retriever().rank(
            query: query, fusion: fusion, caller: caller, depth: depth)
          #expect(page == Array(whole.prefix(depth)), "LOAM_TEST_SEED=\(seed), \(query), \(depth)")
          let before = Set(own.prefix(depth).map(\.id))
          lifted += page.count { !before.contains($0.id) }
        }
      }
    }
    #expect(lifted > 100)
  }

  @Test("grouped, each conversation is one result, by its best, with the others in their order")
  func grouped() throws {
    try withRandomMail { mail, random in
      let retriever = try mail.store.retriever(nil)
      let query = random.words(1...4).joined(separator: " ")
      let all = try retriever.retrieve(RetrievalRequest(query: query, limit: 100), caller: caller)
      var expected: [[String]] = []
      for id in all.results.map(\.item.id) {
        let root = mail.root(of: id)
        if let place = expected.firstIndex(where: { mail.root(of: $0[0]) == root }) {
          expected[place].append(id)
        } else {
          expected.append([id])
        }
      }
      for limit in [1, 3, 100] {
        let response = try retriever.retrieve(
          RetrievalRequest(query: query, limit: limit, groupBy: .conversation), caller: caller)
        let found = response.results.map { [$0.item.id] + ($0.conversation?.items ?? []) }
        #expect(found == Array(expected.prefix(limit)), mail.note)
        for result in response.results {
          #expect(result.conversation?.results == 1 + (result.conversation?.items.count ?? 0))
          #expect(result.conversation?.id == result.item.conversation)
        }
      }
      #expect(all.results.allSatisfy { $0.conversation == nil })
    }
  }

  @Test("of a conversation 100 others are listed and all are counted", arguments: [100, 101, 102])
  func limit(count: Int) throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      try store.write {
        for number in 0..<count {
          var spec = ItemSpec(key: "k\(number)", passages: [["zorb"]])
          spec.references = ["root"]
          try store.add(spec, access: hers)
        }
      }
      let response = try store.retriever(nil).retrieve(
        RetrievalRequest(query: "zorb", groupBy: .conversation), caller: caller)
      #expect(response.results.count == 1)
      #expect(response.results.first?.conversation?.items.count == min(count - 1, 100))
      #expect(response.results.first?.conversation?.results == count)
    }
  }

  @Test("a hidden message neither lifts a score nor is counted in a group")
  func hidden() throws {
    try withStoreFolder { folder in
      func answer(withHidden: Bool) throws -> [UInt8] {
        let store = try TestStore(folder, tenant: withHidden ? "with" : "without")
        var reply = ItemSpec(key: "reply", passages: [["zorb", "quix", "flam"]])
        reply.references = ["root"]
        var hidden = ItemSpec(key: "hidden", passages: [["zorb"]])
        hidden.references = ["root", "other"]
        let other = ItemSpec(key: "other", passages: [["zorb", "krim"]])
        try store.write {
          if withHidden { try store.add(hidden, access: his) }
          try store.add(reply, access: hers)
          try store.add(other, access: hers)
        }
        return try store.retriever(nil).retrieve(
          RetrievalRequest(query: "zorb", groupBy: .conversation), caller: caller
        ).json()
      }
      let (with, without) = (try answer(withHidden: true), try answer(withHidden: false))
      #expect(with == without)
    }
  }
}
