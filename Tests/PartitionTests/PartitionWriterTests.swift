import Grounding
import Partition
import TestSupport
import Testing

private let owner = Caller(Principal("owner"))

@Suite("PartitionWriter")
struct PartitionWriterTests {
  @Test("what was applied is found, shown and counted")
  func walksThrough() throws {
    try Store.with { store, writer in
      try writer.begin()
      let source = try writer.source(named: "notes")
      let a = draft("a", source: source, title: "Budget plan", text: "money for the ferry")
      #expect(try writer.apply(a) == .added)
      let b = draft("b", source: source, title: "Minutes", text: "ferry ferry timetable")
      #expect(try writer.apply(b) == .added)
      let sequence = try writer.commit()
      #expect(sequence > 0)
      #expect(try writer.checkIntegrity() == [])

      let snapshot = try store.snapshot()
      #expect(try snapshot.sequence() == sequence)
      let rows = try snapshot.eligible(owner, kinds: [.document])
      #expect(rows.rows == [1, 2])
      #expect([0, 1].map { rows.bodyTerms(at: $0) } == [2, 3])
      #expect([0, 1].map { rows.length(ofItem: $0) } == [2 + 3 * 2, 3 + 3 * 1])
      let lists = try snapshot.postings(["ferri", "budget", "absent"], in: rows)
      #expect(lists[0].positions == [0, 1])
      #expect(lists[0].bodyFrequency == [1, 2])
      #expect(lists[1].positions == [0])
      #expect(lists[1].titleFrequency == [1])
      #expect(lists[2].positions == [])
      #expect(try snapshot.eligible(owner, kinds: [.mail, .event]).isEmpty)
      #expect(try snapshot.item(a.id, caller: owner)?.title == "Budget plan")
      #expect(try snapshot.item(a.id, caller: Caller(Principal("other"))) == nil)
      let pending = try writer.pendingVectors(limit: 10)
      #expect(pending.map(\.body) == ["money for the ferry", "ferry ferry timetable"])
    }
  }

  @Test("the same draft twice is unchanged and adds nothing to the change log")
  func isIdempotent() throws {
    try Store.with { _, writer in
      let source = try writer.source(named: "notes")
      let item = draft("a", source: source, title: "T", text: "some words")
      #expect(try writer.apply(item) == .added)
      let sequence = try writer.lastSequence()
      #expect(try writer.apply(item) == .unchanged)
      #expect(try writer.lastSequence() == sequence)
    }
  }

  @Test("a rolled-back batch leaves nothing, and the store goes on")
  func rollsBack() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      let sequence = try writer.lastSequence()
      try writer.begin()
      for index in 0..<40 {
        _ = try writer.apply(draft("\(index)", source: source, title: "T", text: "lost words"))
      }
      _ = try writer.source(named: "another")
      writer.rollback()
      #expect(try writer.lastSequence() == sequence)
      #expect(try writer.sources().map(\.name) == ["notes"])
      #expect(try store.rows("owner").isEmpty)
      #expect(try writer.apply(draft("0", source: source, text: "kept words")) == .added)
      #expect(try store.rows("owner").rows == [1])
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("a batch in which something failed can only be rolled back")
  func refusesBrokenBatches() throws {
    try Store.with { _, writer in
      let source = try writer.source(named: "notes")
      try writer.begin()
      _ = try writer.apply(draft("a", source: source, text: "words"))
      #expect(throws: Problem.self) { try writer.moveFile(99, to: "x") { ($0, $1) } }
      #expect(throws: Problem.self) { try writer.apply(draft("b", source: source, text: "w")) }
      #expect(throws: Problem.self) { try writer.commit() }
      writer.rollback()
      #expect(try writer.apply(draft("a", source: source, text: "words")) == .added)
    }
  }

  @Test("a draft that contradicts itself is refused before anything is written")
  func refusesMalformedDrafts() throws {
    try Store.with { _, writer in
      let source = try writer.source(named: "notes")
      let spans = [(0, 5), (1, 2), (2, 3), (4, 9)]
      for (start, end) in spans {
        var item = draft("a", source: source, text: "é€")
        item.passages = [Passage(ordinal: 0, span: TextSpan(start: start, end: end))]
        let isSound = start == 0 && end == 5
        if isSound {
          #expect(try writer.apply(item) == .added)
        } else {
          let problem = #expect(throws: Problem.self) { try writer.apply(item) }
          #expect(problem?.code == .malformed)
        }
      }
      var gap = draft("b", source: source, text: "words")
      gap.passages[0].ordinal = 1
      #expect(throws: Problem.self) { try writer.apply(gap) }
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("copies with other trace headers give the same store in every order", arguments: 0..<6)
  func isIndependentOfOrder(permutation: Int) throws {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    func build(_ order: [Int]) throws -> ([StoredItem], [Int64: Int]) {
      try Store.with { store, writer in
        let source = try writer.source(named: "mail")
        let copies = (0..<3).map { index in
          var copy = draft(
            "m", source: source, title: "Subject", text: "the body", key: "folder \(index)",
            trace: "received \(index)", access: AccessList(owner: Principal("p\(index % 2)")))
          copy.item.label = "trace \(index)"
          return copy
        }
        for index in order { _ = try writer.apply(copies[index]) }
        #expect(try writer.checkIntegrity() == [])
        let snapshot = try store.snapshot()
        var seen: [StoredItem] = []
        for name in ["p0", "p1", "p2"] {
          let caller = Caller(Principal(name))
          if var item = try snapshot.item(copies[0].id, caller: caller) {
            item.version = 0
            seen.append(item)
          }
        }
        return (seen, [:])
      }
    }
    let expected = try build(orders[0]).0
    #expect(expected.map(\.locations.count) == [2, 1])
    #expect(try build(orders[permutation]).0 == expected)
  }

  @Test("a copy that is gone takes its own words along, and a newer reading replaces the text")
  func copiesOfOne() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "mail")
      var copies: [ItemDraft] = []
      for index in 0..<3 {
        let file = try writer.put(
          FileRecord(source: source, path: "f\(index)", size: 9, modified: 1, inode: 1))
        var copy = draft(
          "m", source: source, text: "body", key: "f\(index)", trace: "t\(index)", file: file)
        copy.item.label = "label \(index)"
        copies.append(copy)
        _ = try writer.apply(copy)
      }
      copies.sort { $0.contentHash.lexicographicallyPrecedes($1.contentHash) }
      #expect(try writer.removeFile(try #require(copies[0].file)) == [])
      #expect(try store.snapshot().item(copies[1].id, caller: owner)?.label == copies[1].item.label)
      // Whichever copy brings it, and whatever its hash.
      var newer = draft(
        "m", source: source, text: "another body", key: copies[2].key, trace: "t9",
        file: copies[2].file)
      newer.item.label = "newer"
      #expect(try writer.apply(newer) == .updated)
      #expect(try store.snapshot().item(newer.id, caller: owner)?.text == "another body")
      #expect(try writer.apply(newer) == .unchanged)
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("a moved file keeps its item; a taken place is refused")
  func movesFiles() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      func file(_ path: String) throws -> Int64 {
        try writer.put(FileRecord(source: source, path: path, size: 1, modified: 2, inode: 3))
      }
      let old = try file("old.md")
      let item = draft("old.md", source: source, text: "words", key: "old.md", file: old)
      _ = try writer.apply(item)
      try writer.moveFile(old, to: "new.md") { key, _ in
        (key == "old.md" ? "new.md" : key, "file:///new.md")
      }
      #expect(try writer.itemID(source: source, key: "new.md") == item.id)
      #expect(try writer.itemID(source: source, key: "old.md") == nil)
      #expect(try writer.places(file: old).map(\.item) == [item.id])
      let shown = try store.snapshot().item(item.id, caller: owner)
      #expect(shown?.locations.map(\.uri) == ["file:///new.md"])
      #expect(try store.rows("owner").rows == [1])
      let other = try file("other.md")
      let problem = #expect(throws: Problem.self) {
        try writer.moveFile(other, to: "new.md") { ($0, $1) }
      }
      #expect(problem?.code == .badRequest)
      #expect(try writer.file(source: source, path: "other.md") != nil)
    }
  }

  @Test("files are listed below a path, and not beside it")
  func listsFiles() throws {
    try Store.with { _, writer in
      let source = try writer.source(named: "notes")
      for path in ["a", "a/b", "a/c/d", "a-b", "a0", "ab", "b"] {
        let record = FileRecord(
          source: source, path: path, size: 5, modified: 7, inode: 9, hash: [1, 2], readTo: 4,
          access: AccessList(owner: Principal("ann"), grants: [Grant(.everyone)]), note: "n")
        let id = try writer.put(record)
        var expected = record
        expected.id = id
        #expect(try writer.file(source: source, path: path) == expected)
        #expect(try writer.put(record) == id)
      }
      #expect(try writer.files(source: source, below: "a").map(\.path) == ["a", "a/b", "a/c/d"])
      #expect(try writer.files(source: source).count == 7)
    }
  }

  @Test("a removed source takes its files, locations and items along")
  func removesSources() throws {
    try Store.with { store, writer in
      let kept = try writer.source(named: "kept")
      let gone = try writer.source(named: "gone")
      _ = try writer.put(FileRecord(source: gone, path: "f", size: 1, modified: 1, inode: 1))
      _ = try writer.apply(draft("a", source: kept, text: "words"))
      _ = try writer.apply(draft("a", source: gone, text: "words"))
      _ = try writer.apply(draft("b", source: gone, text: "words"))
      #expect(try writer.removeSource(named: "gone") == 1)
      #expect(try writer.sources().map(\.name) == ["kept"])
      #expect(try writer.checkIntegrity() == [])
      #expect(try store.rows("owner").itemKeys.count == 1)
      let problem = #expect(throws: Problem.self) { try writer.removeSource(named: "gone") }
      #expect(problem?.code == .notFound)
    }
  }

  @Test("a place that another item takes no longer shows the first")
  func replacesItems() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "mail")
      _ = try writer.apply(draft("first", source: source, text: "words", key: "place"))
      #expect(try writer.apply(draft("second", source: source, text: "w", key: "place")) == .added)
      #expect(try writer.contains(draft("first", source: source, text: "").id) == false)
      #expect(try store.rows("owner").itemKeys.count == 1)
      #expect(try writer.checkIntegrity() == [])
    }
  }
}
