import Grounding
import Partition
import TestSupport
import Testing

@Suite("A store of an earlier schema")
struct MigrationTests {
  private static let guest = Person(
    role: .attendee, name: "Bo", address: "bo@example.org", state: .tentative)

  /// What migrations 4 to 8 add goes, and what they replaced comes back; the ninth adds no table.
  private static let beforeRoles = [
    "DROP INDEX passage_own", "DROP TABLE pending_next", "DROP TABLE erased", "DROP TABLE digest",
    "DROP VIEW passage_source",
    "DROP TABLE open_quote",
    "DROP TABLE mix", "DROP TABLE mixed_page", "DROP INDEX passage_quoted",
    "DROP INDEX extent_class", "ALTER TABLE segment DROP COLUMN role",
    "ALTER TABLE passage DROP COLUMN role", "ALTER TABLE passage DROP COLUMN origin",
    "ALTER TABLE passage DROP COLUMN quoted_class", "ALTER TABLE extent DROP COLUMN role",
    "CREATE INDEX extent_class ON extent (class, first)",
    """
    CREATE VIEW passage_source (row, title, people, body, quoted) AS
      SELECT p.row,
        CASE p.ordinal WHEN 0 THEN coalesce(i.title, '') ELSE '' END,
        CASE p.ordinal WHEN 0 THEN i.people ELSE '' END,
        cast(substr(cast(i.text AS BLOB), p.start + 1, p.end - p.start) AS TEXT),
        ''
      FROM passage p JOIN item i ON i.key = p.item
    """,
  ]

  /// What the first release made: no states of attendees, no names of messages, no roles.
  private static func makeFirstVersion(_ home: LoamHome) throws {
    for statement in beforeRoles { try RawStore.run(statement, in: home) }
    try RawStore.run("DROP TABLE message_name", in: home)
    try RawStore.run("DROP INDEX location_subject", in: home)
    for column in ["name", "reference_names", "sent", "subject", "is_reply"] {
      try RawStore.run("ALTER TABLE location DROP COLUMN \(column)", in: home)
    }
    try RawStore.run("ALTER TABLE person DROP COLUMN state", in: home)
    try RawStore.run("UPDATE meta SET value = '1' WHERE name = 'schema'", in: home)
    try RawStore.run("DELETE FROM meta WHERE name = 'reading'", in: home)
  }

  @Test("opens for writing, is migrated, keeps its items, and takes in what the new columns hold")
  func migrates() throws {
    try withTemporaryFolder { folder in
      let home = LoamHome(path: folder)
      var first: ItemDraft
      do {
        let writer = try PartitionWriter(home: home, tenant: .default)
        let source = try writer.source(named: "s")
        first = draft(
          "a", source: source, title: "Ferry", text: "the ferry sails",
          people: [Person(role: .attendee, name: "Ann")], access: owner)
        #expect(try writer.apply(first) == .added)
      }
      try Self.makeFirstVersion(home)
      let problem = #expect(throws: Problem.self) { try Snapshot(home: home, tenant: .default) }
      #expect(problem?.code == .rebuildNeeded)
      #expect(problem?.remedy?.contains("loam ingest") == true)

      let writer = try PartitionWriter(home: home, tenant: .default)
      #expect(try writer.checkIntegrity() == [])
      #expect(try writer.apply(first) == .unchanged)
      var second = first
      second.item.people.append(Self.guest)
      second.contentHash = [1]
      #expect(try writer.apply(second) == .updated)
      #expect(try writer.checkIntegrity() == [])
      let item = try Snapshot(home: home, tenant: .default).item(
        first.id, caller: Caller(owner.owner))
      #expect(item?.text == "the ferry sails")
      #expect(item?.people == [Person(role: .attendee, name: "Ann"), Self.guest])
    }
  }

  /// What schema 8 made: pages of vectors without steps.
  private static func dropSteps(
    _ home: LoamHome, table: String, dimension: Int, where condition: String = "true"
  ) throws {
    try RawStore.run(
      """
      UPDATE \(table) SET page = substr(page, 1,
        \(dimension + 4) * (SELECT count FROM extent e WHERE e.first = extent))
      WHERE \(condition)
      """, in: home)
  }

  @Test(
    "keeps vectors that have one scale a row, of either model, and mixes replies again",
    arguments: [8, 64, 65, 200])
  func vectorsWithoutSteps(dimension: Int) throws {
    let root = Mail(name: "root", own: ["the ferry leaves at nine"])
    let reply = Mail(name: "reply", own: ["see you there"], references: ["root"])
    func vector(_ body: String, _ dimension: Int) -> QuantizedVector {
      let sum = body.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
      return QuantizedVector(
        (0..<dimension).map { index -> Float in
          let value = (sum >> UInt64(index % 59)) & 15
          return Float(value + 1) / Float(index / 64 + 1)
        })
    }
    try withTemporaryFolder { folder in
      let store = Store(home: LoamHome(path: folder))
      do {
        let writer = try PartitionWriter(home: store.home, tenant: .default)
        let source = try writer.source(named: "s")
        try writer.requireModel("m", dimension: dimension)
        for mail in [root, reply] {
          _ = try writer.apply(mail.draft(source: source, access: owner))
        }
        try writer.storeVectors(
          try writer.pendingVectors(limit: 9).map { ($0.row, vector($0.body, dimension)) },
          model: "m")
        try writer.changeModel(to: "n", dimension: 65)
        try writer.storeVectors(
          try writer.pendingVectors(.next, limit: 1).map { ($0.row, vector($0.body, 65)) },
          model: "n")
      }
      try Self.dropSteps(store.home, table: "mixed_page", dimension: dimension)
      for (model, dimension) in [("m", dimension), ("n", 65)] {
        try Self.dropSteps(
          store.home, table: "vector_page", dimension: dimension, where: "model = '\(model)'")
      }
      try RawStore.run("UPDATE meta SET value = '8' WHERE name = 'schema'", in: store.home)

      do {
        let writer = try PartitionWriter(home: store.home, tenant: .default)
        #expect(try writer.checkIntegrity() == [])
      }
      #expect(try PartitionWriter.verify(home: store.home, tenant: .default).findings == [])
      let found = try store.searched(Caller(owner.owner), dimension: dimension)
      var expected = vector(root.own[0], dimension)
      expected.steps = expected.steps.map { _ in 255 }
      #expect(found[root.id] == expected)
      #expect(found[reply.id]?.steps.max() == 255)
      #expect(found[reply.id]?.codes != vector(reply.own[0], dimension).codes)
      let writer = try PartitionWriter(home: store.home, tenant: .default)
      try writer.storeVectors(
        try writer.pendingVectors(.next, limit: 9).map { ($0.row, vector($0.body, 65)) },
        model: "n")
      #expect(try writer.model()?.id == "n")
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("every state of an attendee comes back; one that there is not is damage")
  func states() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      let people = Person.State.allCases.map { Person(role: .attendee, name: "x", state: $0) }
      let event = draft("a", source: source, text: "x", kind: .event, people: people, access: owner)
      _ = try writer.apply(event)
      let caller = Caller(owner.owner)
      #expect(try store.snapshot().item(event.id, caller: caller)?.people == people)
      try RawStore.run("UPDATE person SET state = 'perhaps' WHERE ordinal = 0", in: store.home)
      let problem = #expect(throws: Problem.self) {
        try store.snapshot().item(event.id, caller: caller)
      }
      #expect(problem?.code == .damaged)
    }
  }

  @Test("a store that other readers filled is read again, once, and what is the same stays")
  func readsAgain() throws {
    try Store.with { _, writer in
      let source = try writer.source(named: "s")
      let file = try writer.put(
        FileRecord(source: source, path: "a", size: 9, modified: 1, inode: 1, hash: [7], readTo: 9))
      let item = draft("a", source: source, text: "the ferry", file: file, access: owner)
      _ = try writer.apply(item)
      try writer.requireModel("test", dimension: 8)
      let pending = try writer.pendingVectors(limit: 9)
      try writer.storeVectors(
        pending.map { ($0.row, QuantizedVector([1, 2, 3, 4, 5, 6, 7, 8])) }, model: "test")
      try writer.requireReading(1)
      #expect(try writer.file(source: source, path: "a")?.readTo == -1)
      #expect(try writer.apply(item) == .updated)
      #expect(try writer.apply(item) == .unchanged)
      #expect(try writer.pendingCount() == 0)
      try writer.requireReading(1)
      #expect(try writer.apply(item) == .unchanged)
      #expect(try writer.checkIntegrity() == [])
    }
  }
}

@Suite("What came in an item")
struct ChildrenTests {
  private func child(
    _ name: String, of parent: ItemDraft, key: String, access: AccessList? = nil
  ) -> ItemDraft {
    var child = draft(
      name, source: parent.source, text: "words of \(name)", key: key, file: parent.file,
      access: access ?? parent.access)
    child.parent = parent.id
    return child
  }

  @Test("goes with each place of it, to any depth, and with the last place as an item")
  func removal() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      for place in ["one", "two"] {
        let mail = draft("mail", source: source, text: "a mail", kind: .mail, key: place)
        _ = try writer.apply(mail)
        let inner = child("inner", of: mail, key: "\(place)/2")
        _ = try writer.apply(inner)
        _ = try writer.apply(child("leaf", of: inner, key: "\(place)/2/1"))
        // Another item whose key begins with the same letters.
        _ = try writer.apply(draft("other", source: source, text: "other", key: "\(place)+2"))
      }
      #expect(try writer.checkIntegrity() == [])
      #expect(try writer.removeLocation(source: source, key: "one") == [])
      #expect(try writer.checkIntegrity() == [])
      #expect(try store.rows("owner").itemKeys.count == 4)
      let gone = try writer.removeLocation(source: source, key: "two")
      #expect(
        gone.map(\.text)
          == ["mail", "inner", "leaf"].map { draft($0, source: 1, text: "").id.text })
      #expect(try writer.checkIntegrity() == [])
      #expect(try store.rows("owner").itemKeys.count == 1)
    }
  }

  @Test("the check finds a child without its parent, at another place, or open to more")
  func integrity() throws {
    let everyone = AccessList(owner: Principal("owner"), grants: [Grant(.everyone)])
    let denied = Grant(.user(Principal("eve")), denies: true)
    for (key, access, isSound) in [
      ("mail/2", nil, true), ("elsewhere", nil, false), ("mail+2/2", nil, false),
      ("mail/2", everyone, false), ("mail/2", AccessList(owner: Principal("owner")), false),
      ("mail/2", AccessList(owner: Principal("owner"), grants: [denied]), true),
      ("mail/2", AccessList(owner: Principal("eve"), grants: [denied]), false),
    ] as [(String, AccessList?, Bool)] {
      try Store.with { _, writer in
        let source = try writer.source(named: "s")
        let list = AccessList(
          owner: Principal("owner"), grants: [Grant(.group("crew")), denied])
        let mail = draft("mail", source: source, text: "x", kind: .mail, access: list)
        _ = try writer.apply(mail)
        _ = try writer.apply(child("child", of: mail, key: key, access: access))
        #expect(try writer.checkIntegrity().isEmpty == isSound, "\(key) \(access?.canonical ?? "")")
      }
    }
    try Store.with { _, writer in
      let source = try writer.source(named: "s")
      let mail = draft("mail", source: source, text: "x", kind: .mail)
      _ = try writer.apply(child("child", of: mail, key: "mail/2"))
      #expect(
        try writer.checkIntegrity() == [
          "1 items whose parent is not there"
        ])
    }
  }
}

private let owner = AccessList(owner: Principal("owner"))
