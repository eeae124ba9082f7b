import Grounding
import Partition
import TestSupport
import Testing

/// What messages say of each other follows from what is there, in whatever order and batches it came.
@Suite("The order in which messages come")
struct ArrivalTests {
  private static let lists = [ann, bo, both]
  private static let callers = [Caller(ann.owner), Caller(bo.owner)]

  /// One copy of a message.
  private struct Arrival {
    var mail: Mail
    var access: AccessList
    var key: String { "\(mail.name) \(access.canonical)" }

    /// Whether what `other` bears is looked at for what this one quotes.
    func refersTo(_ other: Arrival) -> Bool {
      access == other.access && mail.name != other.mail.name
        && mail.references.contains(other.mail.messageID ?? other.mail.name)
    }

    func quotes(_ other: Arrival) -> Bool {
      refersTo(other) && mail.quoted.contains { !Set($0).isDisjoint(with: other.mail.own) }
    }

    func answers(_ other: Arrival) -> Bool {
      refersTo(other) && mail.references.last == other.mail.messageID ?? other.mail.name
    }
  }

  /// What every caller sees, without the store's own numbers.
  private struct Outcome: Equatable {
    var quotes: [[String]] = []
    var searched: [[ItemID: QuantizedVector]] = []
    /// Of messages under one list, each passage's origin.
    var origins: Set<String> = []
    var conversations: [Set<Set<ItemID>>] = []
  }

  /// How often what a message depends on came in an earlier batch than it, in the same, in a later one.
  private struct Counts {
    var earlier = 0
    var same = 0
    var later = 0
    var least: Int { min(earlier, same, later) }

    mutating func count(_ batch: Int, dependingOn other: Int) {
      if other < batch { earlier += 1 } else if other == batch { same += 1 } else { later += 1 }
    }
  }

  @Test("quotes, origins, parents and conversations are the same, whatever came first")
  func arrival() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    var (quotes, parents) = (Counts(), Counts())
    for round in 0..<12 {
      let arrivals = Self.arrivals(&random)
      let expected = try Self.outcome([arrivals], embedding: [99])
      for _ in 0..<4 {
        var (batches, rest) = ([[Arrival]](), arrivals.shuffled(using: &random)[...])
        while !rest.isEmpty {
          let batch = rest.prefix(Int.random(in: 1...8, using: &random))
          rest = rest.dropFirst(batch.count)
          batches.append(Array(batch))
        }
        for (place, reply) in batches.enumerated().flatMap({ b in b.1.map { (b.0, $0) } }) {
          for (other, message) in batches.enumerated().flatMap({ b in b.1.map { (b.0, $0) } }) {
            if reply.quotes(message) { quotes.count(place, dependingOn: other) }
            if reply.answers(message) { parents.count(place, dependingOn: other) }
          }
        }
        let found = try Self.outcome(
          batches, embedding: batches.map { _ in Int.random(in: 0...4, using: &random) })
        #expect(found == expected, "LOAM_TEST_SEED=\(seed), round \(round)")
      }
    }
    #expect(quotes.least > 10 && parents.least > 10, "\(quotes) \(parents)")
  }

  /// Messages that quote and answer each other; two bear the Message-ID of another one.
  private static func arrivals(_ random: inout RandomSource) -> [Arrival] {
    var arrivals: [Arrival] = []
    for number in 0..<10 {
      func line() -> String { "line \(Int.random(in: 0..<5, using: &random)) of the same words" }
      var mail = Mail(name: "m\(number)", own: [line(), "and the words of \(number) alone"])
      if number > 7 { mail.messageID = "m\(Int.random(in: 0..<3, using: &random))" }
      if number % 3 > 0 { mail.quoted = [[line()], [line(), line()]] }
      let references = (0..<10).shuffled(using: &random).prefix(
        Int.random(in: 1...4, using: &random))
      mail.references = references.map { "m\($0)" }
      for access in lists.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)) {
        arrivals.append(Arrival(mail: mail, access: access))
      }
    }
    return arrivals
  }

  /// Stores the batches, each followed by vectors for some of what waits, and the rest at the end.
  private static func outcome(
    _ batches: [[Arrival]], embedding limits: [Int]
  ) throws -> Outcome {
    try Store.with { store, writer in
      try writer.requireModel("m", dimension: QuantizedVector.dimension)
      let source = try writer.source(named: "s")
      for (batch, limit) in zip(batches, limits) {
        try writer.begin()
        for arrival in batch {
          _ = try writer.apply(
            arrival.mail.draft(source: source, key: arrival.key, access: arrival.access))
        }
        _ = try writer.commit()
        try writer.embed(limit: limit)
      }
      try writer.embed()
      #expect(try writer.checkIntegrity() == [])
      var outcome = Outcome()
      let snapshot = try store.snapshot()
      var ids: [Int64: ItemID] = [:]
      for caller in callers {
        outcome.quotes.append(try store.quotes(caller.principal.name))
        outcome.searched.append(try store.searched(caller))
        let keys = try snapshot.eligible(caller, kinds: [.mail]).itemKeys
        for item in try snapshot.storedItems(keys, caller: caller).values {
          ids[item.key] = item.id
        }
        let joined = try snapshot.conversations(caller)
        outcome.conversations.append(
          Set(
            try keys.map { key in
              Set(joined.items(of: try joined.number(of: key)).compactMap { ids[$0] })
            }))
      }
      let single = Dictionary(grouping: batches.joined(), by: \.mail.id).filter {
        $0.value.count == 1
      }
      for (key, id) in ids where single[id] != nil {
        for passage in try snapshot.passages(item: key) where passage.role == .quoted {
          let origin = passage.origin.flatMap { ids[$0]?.text } ?? "-"
          outcome.origins.insert("\(id.text) \(passage.ordinal) \(origin)")
        }
      }
      return outcome
    }
  }
}
