import Grounding
import Partition
import TestSupport
import Testing

private let owner = Caller(Principal("owner"))

@Suite("The resident index")
struct ResidentIndexTests {
  @Test("lists that are in memory follow what comes, goes and changes")
  func follows() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      let cache = IndexCache()
      let snapshot = try apply(
        ["ferry", "budget", "ferry ferry"], to: writer, source, store, cache)
      #expect(try frequencies("ferri", snapshot) == [1, 2])
      // What came.
      _ = try writer.apply(draft("3", source: source, text: "ferry timetable"))
      #expect(try frequencies("ferri", snapshot) == [1, 2])
      try renew(snapshot)
      #expect(try frequencies("ferri", snapshot) == [1, 2, 1])
      // What went.
      _ = try writer.removeLocation(source: source, key: "2")
      try renew(snapshot)
      #expect(try frequencies("ferri", snapshot) == [1, 1])
      // What changed, twice between two questions.
      _ = try writer.apply(draft("0", source: source, text: "pier", key: "0"))
      _ = try writer.apply(
        draft("1", source: source, title: "Ferries", text: "ferry ferry ferry", key: "1"))
      try renew(snapshot)
      #expect(try frequencies("ferri", snapshot).sorted() == [1, 3])
      #expect(try snapshot.eligible(owner, kinds: [.document]).itemCount == 3)
      // An index made anew says the same.
      let fresh = try store.snapshot()
      #expect(try counts(snapshot) == counts(fresh))
    }
  }

  @Test("a snapshot that is behind the index, and a row set of before, are answered as they are")
  func answersOldSnapshots() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      let cache = IndexCache()
      let old = try apply(["ferry", "ferry"], to: writer, source, store, cache)
      let rows = try old.eligible(owner, kinds: [.document])
      _ = try writer.removeLocation(source: source, key: "0")
      _ = try writer.apply(draft("2", source: source, text: "ferry ferry ferry"))
      let new = try store.snapshot(cache: cache)
      #expect(try frequencies("ferri", new) == [1, 3])
      #expect(try old.postings(["ferri"], in: rows)[0].bodyFrequency == [1, 1])
      #expect(try frequencies("ferri", old) == [1, 1])
      #expect(try old.eligible(owner, kinds: [.document]).rows == [1, 2])
      #expect(try frequencies("ferri", new) == [1, 3])
    }
  }

  @Test("callers share an index, each sees its own rows, and classes join it as they are asked for")
  func keepsClassesApart() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      let cache = IndexCache()
      for (key, access) in [("a", ann), ("b", bo), ("c", both), ("d", ann)] {
        _ = try writer.apply(
          draft(key, source: source, text: "ferry \(key)", key: key, access: access))
      }
      for (name, count) in [("ann", 3), ("bo", 2), ("eve", 0), ("ann", 3)] {
        let snapshot = try store.snapshot(cache: cache)
        let rows = try snapshot.eligible(Caller(Principal(name)), kinds: [.document])
        #expect(rows.itemCount == count)
        #expect(try snapshot.postings(["ferri"], in: rows)[0].positions.count == count)
      }
    }
  }

  @Test("kinds are apart within a class")
  func keepsKindsApart() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      for index in 0..<60 {
        var item = draft("\(index)", source: source, text: "ferry \(index)")
        item.item.kind = ItemKind.allCases[index % 3]
        _ = try writer.apply(item)
      }
      let cache = IndexCache()
      for kinds in [[ItemKind.mail], [.document, .event], ItemKind.allCases] {
        let snapshot = try store.snapshot(cache: cache)
        let rows = try snapshot.eligible(owner, kinds: Set(kinds))
        #expect(rows.passageCount == 20 * kinds.count)
        let list = try snapshot.postings(["ferri"], in: rows)[0]
        #expect(list.positions.count == 20 * kinds.count)
        for position in list.positions {
          let row = rows.row(at: Int(position))
          #expect(rows.position(ofRow: row) == Int(position))
          #expect(kinds.contains(ItemKind.allCases[Int(row - 1) % 3]))
        }
      }
    }
  }

  @Test(
    "frequencies of any size come back as they were",
    arguments: [0, 1, 3, 15, 16, 17, 1_000], [0, 1, 3, 4, 300])
  func keepsFrequencies(body: Int, title: Int) throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      func words(_ count: Int) -> String {
        Array(repeating: "ferry", count: count).joined(separator: " ")
      }
      for key in ["a", "b"] {
        var item = draft(key, source: source, title: "x \(words(title))", text: "")
        item.item.text = "y \(words(body))"
        item.passages = cut(item.item.text, words: 2_000)
        _ = try writer.apply(item)
      }
      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(owner, kinds: [.document])
      let list = try snapshot.postings(["ferri"], in: rows)[0]
      let isThere = body + title > 0
      #expect(list.bodyFrequency == (isThere ? [Int32(body), Int32(body)] : []))
      #expect(list.titleFrequency == (isThere ? [Int32(title), Int32(title)] : []))
      var found = [Int64](repeating: 0, count: 2)
      let postings = try snapshot.postings(["ferri"], of: rows)[0]
      for item in 0..<2 {
        postings.bodyFrequencies(
          of: item, group: rows.parts[0].group.serial, into: &found, offset: item, stride: 1)
      }
      #expect(found == [Int64(body), Int64(body)])
    }
  }

  @Test("passages near to and far from each other, each with many or few occurrences")
  func keepsPassages() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      // By item, occurrences a passage.
      var expected: [[Int]] = []
      for key in 0..<30 {
        let counts = (0..<Int.random(in: 1...60, using: &random)).map { _ in
          [0, 0, 0, 0, 0, 0, 1, 2, 15, 16, 40].randomElement(using: &random) ?? 0
        }
        var item = draft(
          "\(key)", source: source, title: key.isMultiple(of: 3) ? "ferry" : "boat", text: "")
        item.item.text = counts.map { count in
          (Array(repeating: "ferry", count: count) + Array(repeating: "pier", count: 50 - count))
            .joined(separator: " ")
        }.joined(separator: " ")
        item.passages = cut(item.item.text, words: 50)
        #expect(item.passages.count == counts.count)
        _ = try writer.apply(item)
        expected.append(counts)
      }
      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(owner, kinds: [.document])
      let list = try snapshot.postings(["ferri"], in: rows)[0]
      var frequencies = Array(repeating: 0, count: rows.positionCount)
      for (position, count) in zip(list.positions, list.bodyFrequency) {
        frequencies[Int(position)] = Int(count)
      }
      #expect(frequencies == expected.flatMap(\.self), "seed \(seed)")
      let postings = try snapshot.postings(["ferri"], of: rows)[0]
      for (item, counts) in expected.enumerated() {
        var found = [Int64](repeating: 0, count: counts.count)
        postings.bodyFrequencies(
          of: item, group: rows.parts[0].group.serial, into: &found, offset: 0, stride: 1)
        #expect(found == counts.map { Int64($0) }, "seed \(seed), item \(item)")
      }
      let titled = zip(list.positions, list.titleFrequency).filter { $0.1 > 0 }.map(\.0)
      let firsts = expected.indices.map { expected[..<$0].reduce(0) { $0 + $1.count } }
      #expect(titled == firsts.enumerated().filter { $0.0 % 3 == 0 }.map { Int32($0.1) })
    }
  }

  @Test("a class of more than 65,536 passages; an item whose passages lie on both sides of that")
  func crossesBlocks() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      let text = Array(repeating: "ferry pier", count: 40_000).joined(separator: " ")
      for key in ["a", "b", "c"] {
        var item = draft(key, source: source, text: "")
        item.item.text = text
        item.passages = cut(text, words: 2)
        _ = try writer.apply(item)
      }
      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(owner, kinds: [.document])
      #expect(rows.passageCount == 120_000)
      let postings = try snapshot.postings(["ferri", "absent"], of: rows)
      let parts = postings[0].parts(in: rows)
      #expect(parts.count == 1)
      #expect(postings[0].itemCount(parts[0].entries) == 3)
      #expect(postings[1].parts(in: rows).isEmpty)
      let list = try snapshot.postings(["pier"], in: rows)[0]
      #expect(list.positions == (0..<120_000).map { Int32($0) })
      #expect(list.bodyFrequency.allSatisfy { $0 == 1 })
    }
  }

  @Test(
    "whatever goes beyond the bound of octets is given up, the partition not asked longest first")
  func givesUpMemory() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      for index in 0..<200 {
        _ = try writer.apply(
          draft(
            "\(index)", source: source,
            text: (0..<20).map { "w\(index % 7)x\($0)" }.joined(separator: " ")))
      }
      let cache = IndexCache(octets: 20_000)
      for round in 0..<3 {
        for index in 0..<140 {
          let snapshot = try store.snapshot(cache: cache)
          let count = try frequencies("w\(index % 7)x\(index / 7)", snapshot).count
          #expect(count == 200 / 7 + (index % 7 < 200 % 7 ? 1 : 0), "round \(round)")
          #expect(cache.octets < 22_000)
        }
      }
    }
  }

  // MARK: Helpers

  private func apply(
    _ texts: [String], to writer: PartitionWriter, _ source: Int64, _ store: Store,
    _ cache: IndexCache
  ) throws -> Snapshot {
    for (index, text) in texts.enumerated() {
      _ = try writer.apply(draft("\(index)", source: source, text: text, key: "\(index)"))
    }
    return try store.snapshot(cache: cache)
  }

  private func renew(_ snapshot: Snapshot) throws {
    try snapshot.pause()
    #expect(try !snapshot.resume())
  }

  /// In title and body, by position.
  private func frequencies(_ term: String, _ snapshot: Snapshot) throws -> [Int32] {
    let rows = try snapshot.eligible(owner, kinds: [.document])
    return try snapshot.postings([term], in: rows)[0].bodyFrequency
  }

  private func counts(_ snapshot: Snapshot) throws -> [Int64: Int32] {
    let rows = try snapshot.eligible(owner, kinds: [.document])
    let list = try snapshot.postings(["ferri"], in: rows)[0]
    return Dictionary(
      uniqueKeysWithValues: zip(list.positions, list.bodyFrequency).map {
        (rows.row(at: Int($0)), $1)
      })
  }
}
