import Grounding
import Partition
import TestSupport
import Testing

/// A model's vectors are settled by its name and the words, so that those of two models differ.
private func vector(_ model: String, _ body: String) -> QuantizedVector {
  QuantizedVector.ofWords("\(model) \(body)")
}

extension PartitionWriter {
  /// Stores vectors for up to `limit` passages that wait for one of the model of that role.
  fileprivate func make(_ role: ModelRole, limit: Int = 99) throws {
    guard let id = try model(role)?.id else { return }
    try storeVectors(
      try pendingVectors(role, limit: limit).map { ($0.row, vector(id, $0.body)) }, model: id)
  }

  fileprivate func change(to id: String) throws {
    try changeModel(to: id, dimension: QuantizedVector.dimension)
  }
}

/// What a passage of whom is searched by; a place is an item's id and the passage's number.
private typealias Searched = [String: [String: QuantizedVector]]

extension Store {
  /// What every caller's searches go by with the model `id`.
  ///
  /// That what is said to be pending is what has no vector is expected here, for each caller.
  fileprivate func searched(model id: String, cache: IndexCache = IndexCache()) throws -> Searched {
    var all: Searched = [:]
    for caller in [ann, bo].map({ Caller($0.owner) }) {
      let snapshot = try snapshot(cache: cache)
      let rows = try snapshot.eligible(caller, kinds: [.mail])
      let items = try snapshot.storedItems(rows.itemKeys, caller: caller)
      let vectors = try snapshot.vectors(
        model: id, dimension: QuantizedVector.dimension, of: rows)
      var found: [String: QuantizedVector] = [:]
      for (key, item) in items {
        for passage in try snapshot.passages(item: key) {
          guard let position = rows.position(ofRow: passage.row) else { continue }
          found["\(item.id) \(passage.ordinal)"] = vectors.vector(at: position, of: rows)
        }
      }
      #expect(
        try snapshot.pendingCount(model: id, in: rows) == rows.passageCount - found.count)
      all[caller.principal.name] = found
    }
    return all
  }

  fileprivate func serving() throws -> String? { try snapshot().modelID() }
}

@Suite("A change of the model")
struct ModelChangeTests {
  private static let root = Mail(name: "root", own: ["the ferry leaves at nine"])
  private static let middle = Mail(
    name: "middle", own: ["then we meet at the pier"], references: ["root"])
  private static let leaf = Mail(
    name: "leaf", own: ["see you there"], references: ["root", "middle"])

  /// A store with three messages that have their vectors of the model `m`.
  private func with(
    endsSound: Bool = true, _ body: (Store, PartitionWriter, Int64) throws -> Void
  ) throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      for mail in [Self.root, Self.middle, Self.leaf] {
        _ = try writer.apply(mail.draft(source: source, access: ann))
      }
      try writer.change(to: "m")
      try writer.make(.serving)
      try body(store, writer, source)
      #expect(try writer.checkIntegrity().isEmpty == endsSound)
    }
  }

  @Test("the old vectors are searched until none of the new is missing, then only the new")
  func switches() throws {
    try with { store, writer, _ in
      let cache = IndexCache()
      let before = try store.searched(model: "m", cache: cache)
      #expect(before["ann"]?.count == 3)
      let early = try store.snapshot()
      try writer.change(to: "n")
      for made in 0..<3 {
        #expect(try store.serving() == "m")
        #expect(try writer.pendingCount() == 0)
        #expect(try writer.pendingCount(.next) == 3 - made)
        #expect(try store.searched(model: "m", cache: cache) == before)
        #expect(try store.searched(model: "n")["ann"] == [:])
        #expect(try writer.checkIntegrity() == [])
        // To begin again is to go on.
        try writer.change(to: "n")
        try writer.make(.next, limit: 1)
      }
      #expect(try store.serving() == "n")
      #expect(try writer.model(.next) == nil)
      #expect(try store.searched(model: "m", cache: cache)["ann"] == [:])
      let after = try store.searched(model: "n", cache: cache)
      #expect(after["ann"]?.count == 3)
      #expect(after["ann"]?["\(Self.root.id) 0"] == vector("n", Self.root.own[0]))
      #expect(after["ann"]?["\(Self.leaf.id) 0"] != vector("n", Self.leaf.own[0]))
      // Whoever began to read before has what was then.
      #expect(try early.modelID() == "m")
      let rows = try early.eligible(Caller(ann.owner), kinds: [.mail])
      let kept = try early.vectors(model: "m", dimension: QuantizedVector.dimension, of: rows)
      #expect((0..<3).allSatisfy { kept.vector(at: $0, of: rows) != nil })
    }
  }

  @Test("what comes meanwhile waits for both, what goes takes both along")
  func follows() throws {
    try with { store, writer, source in
      try writer.change(to: "n")
      try writer.make(.next, limit: 2)
      let late = Mail(name: "late", own: ["a late one"], references: ["root"])
      _ = try writer.apply(late.draft(source: source, access: ann))
      #expect(try writer.pendingCount() == 1)
      #expect(try writer.pendingCount(.next) == 2)
      #expect(try writer.checkIntegrity() == [])
      // It moves into another class, and keeps its vector of the store's model.
      _ = try writer.apply(Self.root.draft(source: source, access: both))
      #expect(try writer.pendingCount() == 1)
      #expect(try writer.pendingCount(.next) == 3)
      #expect(try writer.checkIntegrity() == [])
      for name in ["leaf", "late"] { _ = try writer.removeLocation(source: source, key: name) }
      #expect(try writer.pendingCount() == 0)
      #expect(try writer.pendingCount(.next) == 1)
      #expect(try writer.checkIntegrity() == [])
      // The last that waited goes: nothing is missing any more.
      _ = try writer.removeLocation(source: source, key: "root")
      #expect(try store.serving() == "n")
      #expect(try store.searched(model: "n")["ann"]?.count == 1)
    }
  }

  @Test("a change is given up, and begun anew for a third model; what was made for it goes")
  func givenUp() throws {
    try with { store, writer, _ in
      let before = try store.searched(model: "m")
      try writer.change(to: "n")
      try writer.make(.next, limit: 2)
      try writer.change(to: "o")
      #expect(try writer.pendingCount(.next) == 3)
      #expect(try writer.checkIntegrity() == [])
      let refused = #expect(throws: Problem.self) {
        try writer.storeVectors([(row: 1, vector: vector("n", ""))], model: "n")
      }
      #expect(refused?.code == .rebuildNeeded)
      try writer.make(.next, limit: 2)
      try writer.keepModel()
      try writer.keepModel()
      #expect(try writer.model(.next) == nil)
      #expect(try writer.pendingCount(.next) == 0)
      #expect(try RawStore.run("SELECT count(*) FROM vector_page", in: store.home) == [[1]])
      #expect(try store.searched(model: "m") == before)
      // The store's own is no change, whatever is under way.
      try writer.change(to: "n")
      try writer.change(to: "m")
      #expect(try writer.model(.next)?.id == "n")
      let wrong = #expect(throws: Problem.self) { try writer.changeModel(to: "n", dimension: 3) }
      #expect(wrong?.code == .badModel)
    }
  }

  @Test("a store without passages changes at once, one without a model takes the first")
  func empty() throws {
    try Store.with { store, writer in
      try writer.change(to: "m")
      #expect(try store.serving() == "m")
      try writer.change(to: "n")
      #expect(try store.serving() == "n")
      #expect(try writer.model(.next) == nil)
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("a batch that is rolled back changes no model")
  func rolledBack() throws {
    try with { store, writer, _ in
      try writer.begin()
      try writer.change(to: "n")
      try writer.make(.next)
      writer.rollback()
      #expect(try writer.model(.next) == nil)
      try writer.change(to: "n")
      try writer.begin()
      try writer.make(.next)
      #expect(try store.serving() == "m")
      writer.rollback()
      #expect(try writer.pendingCount(.next) == 3)
      #expect(try store.serving() == "m")
    }
  }

  @Test("a copy of a store that is changing, and one that is indexed again, go on changing")
  func survives() throws {
    try withTemporaryFolder { folder in
      try with { store, writer, _ in
        try writer.change(to: "n")
        try writer.make(.next, limit: 1)
        _ = try Backup(path: "\(folder)/copy").make(
          of: [store.tenant], in: store.home, includesKeys: false,
          failed: { Issue.record("\($0): \($1)") })
      }
      let copy = Store(home: LoamHome(path: "\(folder)/copy"))
      #expect(try PartitionWriter.verify(home: copy.home, tenant: copy.tenant).findings == [])
      try RawStore.run("UPDATE meta SET value = '0' WHERE name = 'analysis'", in: copy.home)
      try PartitionWriter.rebuild(home: copy.home, tenant: copy.tenant)
      let writer = try PartitionWriter(home: copy.home, tenant: copy.tenant)
      #expect(try writer.checkIntegrity() == [])
      #expect(try writer.pendingCount() == 0)
      #expect(try writer.pendingCount(.next) == 2)
      try writer.make(.next)
      #expect(try copy.serving() == "n")
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test(
    "what does not fit together is found",
    arguments: [
      ("DELETE FROM pending_next", "neither wait"),
      ("DELETE FROM vector_page WHERE model = 'n'", "neither wait"),
      ("UPDATE vector_page SET model = 'x' WHERE model = 'n'", "another model's vectors"),
      ("DELETE FROM meta WHERE name GLOB 'next_*'", "vectors of no model"),
      ("INSERT OR IGNORE INTO pending_next SELECT row FROM passage", "that wait for one"),
      ("INSERT INTO pending_next VALUES (99)", "pending rows of passages that are gone"),
    ])
  func damage(statement: String, says: String) throws {
    try with(endsSound: false) { store, writer, _ in
      try writer.change(to: "n")
      try writer.make(.next, limit: 1)
      try RawStore.run(statement, in: store.home)
      let findings = try writer.checkIntegrity()
      #expect(findings.contains { $0.contains(says) }, "\(findings)")
    }
  }
}

/// Whatever happens in whatever order ends as a store into which the same was put in one go.
@Suite("Vectors under random changes")
struct RandomModelChangeTests {
  private struct Run {
    let store: Store
    let writer: PartitionWriter
    let source: Int64
    var random: RandomSource
    var copies: [String: (mail: Mail, access: AccessList)] = [:]

    static let lists = [ann, bo, both]
    static let words = ["ferry", "pier", "budget", "nine", "words", "sails", "boat"]

    init(_ store: Store, _ writer: PartitionWriter, seed: UInt64) throws {
      (self.store, self.writer) = (store, writer)
      source = try writer.source(named: "s")
      random = RandomSource(seed: seed)
    }

    mutating func mail(_ name: String) -> Mail {
      let count = Int.random(in: 0...90, using: &random)
      var mail = Mail(
        name: name,
        own: [
          (0...count).map { _ in Self.words.randomElement(using: &random) ?? "" }
            .joined(separator: " ")
        ])
      mail.references = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        "mail\(Int.random(in: 0..<8, using: &random))"
      }
      return mail
    }

    mutating func step() throws {
      switch Int.random(in: 0..<14, using: &random) {
      case 0..<5: try put()
      case 5:
        guard let key = copies.keys.sorted().randomElement(using: &random) else { return }
        _ = try writer.removeLocation(source: source, key: key)
        copies[key] = nil
      case 6..<9: try writer.make(.serving, limit: Int.random(in: 1...6, using: &random))
      case 9..<12: try writer.make(.next, limit: Int.random(in: 1...6, using: &random))
      case 12: try writer.change(to: ["m", "n", "o"].randomElement(using: &random) ?? "m")
      default: if Int.random(in: 0..<4, using: &random) == 0 { try writer.keepModel() }
      }
    }

    /// A copy comes, or is read again; a new text is for all copies.
    private mutating func put() throws {
      let name = "mail\(Int.random(in: 0..<8, using: &random))"
      let known = copies.values.first { $0.mail.name == name }?.mail
      var mail = mail(name)
      if let known, Bool.random(using: &random) { mail = known }
      let access = Self.lists.randomElement(using: &random) ?? ann
      let key = "\(name) \(Int.random(in: 0..<2, using: &random))"
      copies[key] = (mail, access)
      for (other, copy) in copies where copy.mail.name == name { copies[other]?.mail = mail }
      for (other, copy) in copies.sorted(by: { $0.key < $1.key }) where copy.mail.name == name {
        _ = try writer.apply(mail.draft(source: source, key: other, access: copy.access))
      }
    }

    mutating func batch() throws {
      let isKept = Int.random(in: 0..<6, using: &random) > 0
      let before = copies
      if Bool.random(using: &random) { return try step() }
      try writer.begin()
      for _ in 0..<Int.random(in: 1...5, using: &random) { try step() }
      if isKept {
        _ = try writer.commit()
      } else {
        writer.rollback()
        copies = before
      }
    }
  }

  @Test(
    "ingests, deletions, batches of vectors and changes of the model end as a clean store",
    arguments: 0..<6)
  func ends(round: Int) throws {
    let seed = RandomSource.seedFromEnvironment() &+ UInt64(round)
    try Store.with { store, writer in
      var run = try Run(store, writer, seed: seed)
      let cache = IndexCache()
      try writer.change(to: "m")
      for step in 0..<50 {
        try run.batch()
        let findings = try writer.checkIntegrity()
        #expect(findings == [], "LOAM_TEST_SEED=\(seed), batch \(step)")
        let id = try #require(try store.serving())
        let found = try store.searched(model: id, cache: cache)
        #expect(found == (try store.searched(model: id)), "LOAM_TEST_SEED=\(seed), batch \(step)")
      }
      try writer.change(to: "last")
      try writer.make(.next, limit: 1_000)
      #expect(try store.serving() == "last")
      try Store.with { clean, other in
        let source = try other.source(named: "s")
        for (key, copy) in run.copies.sorted(by: { $0.key < $1.key }) {
          _ = try other.apply(copy.mail.draft(source: source, key: key, access: copy.access))
        }
        try other.change(to: "last")
        try other.make(.serving, limit: 1_000)
        #expect(
          try store.searched(model: "last", cache: cache) == clean.searched(model: "last"),
          "LOAM_TEST_SEED=\(seed)")
      }
    }
  }
}
