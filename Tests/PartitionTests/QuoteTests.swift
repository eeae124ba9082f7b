import Grounding
import Partition
import TestSupport
import Testing

@Suite("Where quoted text counts")
struct QuoteTests {
  private static let words = "the ferry leaves from the second pier"
  private static let more = "nobody knows when it will be back"
  private static let root = Mail(name: "root", own: [words, more])
  private static let reply = Mail(
    name: "reply", own: ["Thanks"], quoted: [[words]], references: ["root"])
  private static let other = Mail(
    name: "other", own: ["Indeed"], quoted: [[words]], references: ["root"])

  private func with(
    _ body: (Store, PartitionWriter, (Mail, AccessList) throws -> Void) throws -> Void
  ) throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      try body(store, writer) { mail, access in
        let key = "\(mail.name) \(access.canonical)"
        _ = try writer.apply(mail.draft(source: source, key: key, access: access))
        #expect(try writer.checkIntegrity() == [])
      }
    }
  }

  private func remove(_ mail: Mail, _ access: AccessList, _ writer: PartitionWriter) throws {
    let source = try writer.source(named: "s")
    _ = try writer.removeLocation(source: source, key: "\(mail.name) \(access.canonical)")
    #expect(try writer.checkIntegrity() == [])
  }

  @Test("nowhere while its original is there; when that goes, and until it comes, once")
  func comesAndGoes() throws {
    try with { store, writer, apply in
      try apply(Self.reply, ann)
      #expect(try store.quotes("ann") == ["reply: \(Self.words)"])
      try apply(Self.other, ann)
      // The one of the item with the least id.
      let first = Self.reply.id < Self.other.id ? Self.reply : Self.other
      let second = Self.reply.id < Self.other.id ? Self.other : Self.reply
      #expect(try store.quotes("ann") == ["\(first.name): \(Self.words)"])
      try apply(Self.root, ann)
      #expect(try store.quotes("ann") == [])
      try remove(Self.root, ann, writer)
      #expect(try store.quotes("ann") == ["\(first.name): \(Self.words)"])
      try remove(first, ann, writer)
      #expect(try store.quotes("ann") == ["\(second.name): \(Self.words)"])
      try remove(second, ann, writer)
      #expect(try store.quotes("ann") == [])
    }
  }

  @Test("under each access list for itself: an original that is closed to a caller is none")
  func lists() throws {
    try with { store, writer, apply in
      try apply(Self.root, bo)
      try apply(Self.reply, ann)
      #expect(try store.quotes("ann") == ["reply: \(Self.words)"])
      #expect(try store.quotes("bo") == [])
      // The reply has a copy beside the original: whoever sees it there has both.
      try apply(Self.reply, bo)
      #expect(try store.quotes("ann") == ["reply: \(Self.words)"])
      #expect(try store.quotes("bo") == [])
      try apply(Self.root, ann)
      #expect(try store.quotes("ann") == [])
      try remove(Self.root, bo, writer)
      #expect(try store.quotes("ann") == [])
      #expect(try store.quotes("bo") == ["reply: \(Self.words)"])
    }
  }

  @Test("points to the message that says it first")
  func origin() throws {
    try with { store, writer, apply in
      try apply(Self.root, ann)
      try apply(Self.reply, ann)
      let snapshot = try store.snapshot()
      let caller = Caller(Principal("ann"))
      let (root, reply) = (
        try #require(try snapshot.item(Self.root.id, caller: caller)),
        try #require(try snapshot.item(Self.reply.id, caller: caller))
      )
      #expect(try snapshot.passages(item: reply.key).map(\.origin) == [nil, root.key])
      #expect(try snapshot.passages(item: reply.key).map(\.role) == [.new, .quoted])
      // Neither has a vector, nor does it wait for one.
      #expect(try writer.pendingCount() == 2)
      #expect(try store.rows("ann").rows.count == 2)
    }
  }

  @Test(
    "when more than half of its lines stand in messages that its item refers to",
    arguments: [
      ([[words, more]], ["root"], []),
      ([[words, "a line that nobody else ever wrote"]], ["root"], [0]),
      ([[words, more, "a line that nobody else ever wrote"]], ["root"], []),
      ([[words]], ["elsewhere"], [0]), ([[words]], [], [0]), ([["too short"]], ["root"], [0]),
      ([[words], ["a line that nobody else ever wrote"]], ["root"], [1]),
      ([[words]], ["root", "a", "b", "c", "d", "e", "f", "g"], []),
      ([[words]], ["root", "a", "b", "c", "d", "e", "f", "g", "h"], [0]),
    ] as [([[String]], [String], [Int])])
  func rules(quoted: [[String]], references: [String], open: [Int]) throws {
    try with { store, _, apply in
      try apply(Self.root, ann)
      let mail = Mail(name: "m", own: ["Yes"], quoted: quoted, references: references)
      try apply(mail, ann)
      #expect(
        try store.quotes("ann") == open.map { "m: \(quoted[$0].joined(separator: "\n"))" }.sorted())
    }
  }

  @Test("found again when the original's words or the references change")
  func changes() throws {
    try with { store, _, apply in
      try apply(Self.root, ann)
      var reply = Self.reply
      try apply(reply, ann)
      var root = Self.root
      root.own = ["entirely other words than it had before"]
      try apply(root, ann)
      #expect(try store.quotes("ann") == ["reply: \(Self.words)"])
      try apply(Self.root, ann)
      #expect(try store.quotes("ann") == [])
      reply.references = []
      try apply(reply, ann)
      #expect(try store.quotes("ann") == ["reply: \(Self.words)"])
    }
  }

  @Test("the words of a quote that counts are found, in the column of quoted text alone")
  func postings() throws {
    try with { store, _, apply in
      try apply(Self.reply, ann)
      let snapshot = try store.snapshot()
      let caller = Caller(Principal("ann"))
      let rows = try snapshot.eligible(caller, kinds: [.mail])
      let quoted = try snapshot.quotedRows(caller, in: rows)
      #expect(quoted.terms == [4])
      #expect(try snapshot.postings(["ferri", "pier"], in: rows).allSatisfy { $0.positions == [] })
      let lists = try snapshot.postings(["ferri", "thank"], in: quoted)
      #expect(lists.map(\.positions) == [[0], []])
      #expect(lists[0].counts == [1])
      #expect(try snapshot.quotedRows(caller, in: snapshot.eligible(caller, kinds: [])).rows == [])
    }
  }

  @Test(
    "the check reports what is not so",
    arguments: zip(
      [
        "UPDATE passage SET origin = 99 WHERE role IS NOT NULL",
        "UPDATE passage SET quoted_class = NULL",
        "DELETE FROM open_quote", "UPDATE open_quote SET print = 7",
        "UPDATE passage SET role = NULL WHERE role IS NOT NULL",
      ],
      ["another message", "full-text", "not where", "not where", "outside"]))
  func check(change: String, word: String) throws {
    try with { store, writer, apply in
      try apply(Self.reply, ann)
      try RawStore.run(change, in: store.home)
      let findings = try writer.checkIntegrity()
      #expect(findings.contains { $0.contains(word) }, "\(findings)")
    }
  }

  @Test("a rolled-back batch leaves them as they were")
  func rollsBack() throws {
    try with { store, writer, apply in
      try apply(Self.reply, ann)
      try writer.begin()
      let source = try writer.source(named: "s")
      _ = try writer.apply(Self.root.draft(source: source, access: ann))
      writer.rollback()
      #expect(try writer.checkIntegrity() == [])
      #expect(try store.quotes("ann") == ["reply: \(Self.words)"])
    }
  }
}
