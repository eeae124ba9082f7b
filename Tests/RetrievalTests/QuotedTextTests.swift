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
}
