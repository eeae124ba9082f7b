import Grounding
import HTTPTransport
import Octets
import Partition
import Service
import TestSupport
import Testing

/// Two tenants that differ in hidden items only, a few thousand of them, which came between the visible ones.
@Suite("Twin partitions")
struct TwinTests {
  private static let words = [
    "ferry", "radar", "pier", "budget", "engine", "crew", "battery", "winter", "timetable",
    "ticket", "storm", "captain", "rope", "anchor", "letter", "island", "meeting", "repair",
  ]

  @Test("random questions in all modes are answered with the same octets, at first and again")
  func answers() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try withDesk({ $0.ratePerSecond = 1_000_000 }) { desk in
      let twins = try ["plain", "crowded"].map { name in
        try PartitionWriter(home: desk.home, tenant: try Tenant(name))
      }
      for round in 0..<6 {
        let visible = (0..<50).map { index in (index, text(&random)) }
        for writer in twins {
          try put(visible.map { ("v\(round)-\($0)", $1) }, ["user:ana"], writer, desk.model)
        }
        // Half of the hidden ones use the visible one's words, half none of them.
        let hidden = (0..<500).map { index in
          ("h\(round)-\(index)", index % 2 == 0 ? text(&random) : "zebra \(index) quokka wombat")
        }
        try put(hidden, ["user:theo", "group:board"], twins[1], desk.model)
      }
      let keys = try ["plain", "crowded"].map { try desk.key(tenant: $0) }
      let trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
      let bodies = (0..<300).map { _ in question(&random) }
      for pass in ["first", "again"] {
        for body in bodies {
          let answers = try keys.map { try desk.ask(body, key: $0, fields: [trace]).comparable }
          #expect(answers[0] == answers[1], "\(pass) \(body), seed \(seed)")
          #expect(answers[0][0] == "200", "\(body), seed \(seed)")
        }
      }
    }
  }

  private func text(_ random: inout RandomSource) -> String {
    (0..<Int.random(in: 5..<40, using: &random)).map { _ in
      Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
    }.joined(separator: " ")
  }

  private func question(_ random: inout RandomSource) -> String {
    let count = Int.random(in: 1..<6, using: &random)
    let query = (0..<count).map { _ in
      // Words of the hidden items, and of none, too.
      (Self.words + ["zebra", "quokka", "nowhere"])[
        Int.random(in: 0..<Self.words.count + 3, using: &random)]
    }.joined(separator: " ")
    let mode = ["hybrid", "lexical", "vector"][Int.random(in: 0..<3, using: &random)]
    let limit = Int.random(in: 1...100, using: &random)
    return #"{"query":"\#(query)","mode":"\#(mode)","limit":\#(limit)}"#
  }

  /// One batch of documents with their vectors.
  private func put(
    _ items: [(String, String)], _ grants: [String], _ writer: PartitionWriter,
    _ model: WordModel
  ) throws {
    try writer.begin()
    for (title, text) in items {
      var item = ParsedItem(kind: .document)
      item.title = title
      item.text = text
      _ = try writer.apply(
        ItemDraft(
          id: itemID(source: "twin", key: Array(title.utf8)), parent: nil, item: item,
          contentHash: SHA256.digest(Array(text.utf8)),
          passages: [Passage(ordinal: 0, span: TextSpan(start: 0, end: text.utf8.count))],
          source: try writer.source(named: "twin"), file: nil, key: title,
          uri: "file:///twin/\(title)",
          access: AccessList(
            owner: Principal("olga"), grants: try grants.map { try Grant(parsing: $0) })))
    }
    try writer.requireModel(model.modelID, dimension: model.dimension)
    while true {
      let pending = try writer.pendingVectors(limit: 1_000)
      guard !pending.isEmpty else { break }
      try writer.storeVectors(
        pending.map { ($0.row, QuantizedVector(model.vector("\($0.title ?? "") \($0.body)"))) },
        model: model.modelID)
    }
    _ = try writer.commit()
  }
}
