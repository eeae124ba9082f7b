import Grounding
import Ingestion
import Partition
import TestSupport
import Testing

/// Threads of the two mailing lists, as a caller sees them.
@Suite("Threads of the lists", .needsCorpora, .serialized)
struct ThreadCorporaTests {
  private static let caller = Caller(Principal("ana"))

  @Test("who names a message is in its thread; arrival changes nothing; a subject finds its thread")
  func lists() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try withBench { bench in
      bench.source = nil
      let lists = try Corpora.folder("mail/lists")
      try bench.ingest(
        ["r-package-devel", "r-devel-2009-2017"].map { "\(lists)/\($0).mbox" })
      let threads = try Threads(bench.home)
      let messages = try threads.messages(bench.home)
      #expect(messages.count > 34_000)

      let byName = Dictionary(grouping: messages.keys) { messages[$0]?.item.externalID ?? "" }
      var (naming, apart) = (0, 0)
      for message in messages.values {
        for other in message.names.flatMap({ byName[$0] ?? [] }) {
          naming += 1
          if threads.thread[other] != threads.thread[message.item.id] { apart += 1 }
        }
      }
      print(
        "\(messages.count) messages, \(naming) namings of a message that is there, \(apart) apart")
      #expect(naming > 60_000 && apart == 0)

      for _ in 0..<3 {
        let shuffled = try store(messages.keys.sorted().shuffled(using: &random), of: messages)
        #expect(shuffled.thread == threads.thread, "LOAM_TEST_SEED=\(seed)")
      }

      // The subject alone: some replies without what they say of their parents, and with the mark.
      let replies = messages.values.filter { message in
        message.names.contains { byName[$0] != nil && $0 != message.item.externalID }
      }.map(\.item.id).sorted()
      let hidden = Set(replies.shuffled(using: &random).prefix(2_000))
      let bySubject = try store(messages.keys.sorted(), of: messages, withoutReferences: hidden)
      var (joined, right) = (0, 0)
      for id in hidden {
        let others = bySubject.members(of: id).subtracting([id])
        guard !others.isEmpty else { continue }
        joined += 1
        right += others.isDisjoint(with: threads.members(of: id)) ? 0 : 1
      }
      print(
        "by subject: \(joined) of \(hidden.count) joined, \(right) to a message of their thread")
      #expect(Double(right) >= 0.98 * Double(joined) && joined > hidden.count / 2)
    }
  }

  /// A store with these messages, put there in this order.
  private func store(
    _ order: [ItemID], of messages: [ItemID: Message], withoutReferences hidden: Set<ItemID> = []
  ) throws -> Threads {
    try withTemporaryFolder { folder in
      let home = LoamHome(path: folder)
      do {
        let writer = try PartitionWriter(home: home, tenant: .default)
        let source = try writer.source(named: "s")
        try writer.begin()
        for id in order {
          guard let message = messages[id] else { continue }
          var item = message.item.content
          // Nothing of threads is in them.
          (item.facts, item.segments) = ([], [])
          if hidden.contains(id) {
            item.title = "Re: \(item.title ?? "")"
          } else {
            item.references = message.names
          }
          _ = try writer.apply(
            ItemDraft(
              id: id, item: item, contentHash: message.item.contentHash, passages: [],
              source: source, key: id.text, access: AccessList(owner: Self.caller.principal)))
        }
        _ = try writer.commit()
      }
      return try Threads(home)
    }
  }

  private struct Message {
    var item: StoredItem
    /// What its In-Reply-To and References name, as its facts have it.
    var names: [String]
  }

  /// The thread of each message of a store.
  private struct Threads {
    /// The least id of each message's thread.
    var thread: [ItemID: ItemID] = [:]
    private var threads: [ItemID: Set<ItemID>] = [:]

    init(_ home: LoamHome) throws {
      let snapshot = try Snapshot(home: home, tenant: .default)
      let joined = try snapshot.conversations(ThreadCorporaTests.caller)
      let keys = try snapshot.eligible(ThreadCorporaTests.caller, kinds: [.mail]).itemKeys
      var numbers: [Int: Set<ItemID>] = [:]
      for start in stride(from: 0, to: keys.count, by: 500) {
        let part = Array(keys[start..<min(start + 500, keys.count)])
        for item in try snapshot.storedItems(part, caller: ThreadCorporaTests.caller).values {
          numbers[try joined.number(of: item.key), default: []].insert(item.id)
        }
      }
      for members in numbers.values {
        guard let least = members.min() else { continue }
        threads[least] = members
        for member in members { thread[member] = least }
      }
    }

    func members(of id: ItemID) -> Set<ItemID> { thread[id].flatMap { threads[$0] } ?? [] }

    /// The messages themselves, whole.
    func messages(_ home: LoamHome) throws -> [ItemID: Message] {
      let snapshot = try Snapshot(home: home, tenant: .default)
      var messages: [ItemID: Message] = [:]
      for id in thread.keys {
        guard let item = try snapshot.item(id, caller: ThreadCorporaTests.caller) else { continue }
        let names = item.facts.compactMap { fact -> String? in
          guard ["in_reply_to", "reference"].contains(fact.name), case .text(let id) = fact.value
          else { return nil }
          return id
        }
        messages[id] = Message(item: item, names: names)
      }
      return messages
    }
  }
}
