import Grounding
import Partition
import TestSupport
import Testing

private let owner = Caller(Principal("owner"))

@Suite("Backup and restore")
struct BackupTests {
  private func ids(in home: LoamHome, cache: IndexCache = IndexCache()) throws -> Set<String> {
    let snapshot = try Snapshot(home: home, tenant: .default, cache: cache)
    let rows = try snapshot.eligible(owner, kinds: Set(ItemKind.allCases))
    return Set(
      try snapshot.storedItems(rows.itemKeys, caller: owner).values.map(\.id.text))
  }

  private func back(
    _ store: Store, _ path: String, keys: Bool = false
  ) throws -> BackupManifest? {
    try Backup(path: path).make(
      of: [store.tenant], in: store.home, includesKeys: keys,
      failed: { Issue.record("\($0): \($1)") })
  }

  private func restore(_ path: String, to home: LoamHome, replaces: Bool = false) throws
    -> TenantCopy
  {
    try Backup(path: path).restore(.default, to: home, replaces: replaces, seconds: 1_700_000_000)
  }

  @Test("a copy that is made inside a batch is the last commit's; it opens as a home of its own")
  func copiesPrefix() throws {
    try withTemporaryFolder { folder in
      try Store.with { store, writer in
        let source = try writer.source(named: "s")
        var acknowledged: Set<String> = []
        var reader: Snapshot? = try store.snapshot()
        for number in 0..<4 {
          try writer.begin()
          for index in 0..<30 {
            _ = try writer.apply(
              draft("\(number) \(index)", source: source, text: "words of \(number), \(index)"))
          }
          let manifest = try #require(try back(store, "\(folder)/\(number)"))
          #expect(manifest.tenants.map(\.items) == [acknowledged.count])
          #expect(try ids(in: LoamHome(path: "\(folder)/\(number)")) == acknowledged)
          let sequence = try writer.commit()
          acknowledged = try ids(in: store.home)
          #expect(acknowledged.count == (number + 1) * 30)
          #expect(manifest.tenants[0].sequence < sequence)
          // A reader that stays changes nothing.
          if number == 2 { reader = nil }
        }
        #expect(reader == nil)
        #expect(try writer.checkIntegrity() == [])
      }
    }
  }

  @Test("a restore gives what was, raises the epoch, and is noticed by what is in memory")
  func restores() throws {
    try withTemporaryFolder { folder in
      let store = Store(home: LoamHome(path: "\(folder)/home"))
      let cache = IndexCache()
      var writer: PartitionWriter? = try PartitionWriter(home: store.home, tenant: .default)
      let source = try #require(try writer?.source(named: "s"))
      _ = try writer?.apply(draft("a", source: source, text: "the ferry sails"))
      let manifest = try #require(try back(store, "\(folder)/backup"))
      let before = try ids(in: store.home)
      _ = try writer?.removeLocation(source: source, key: "a")
      _ = try writer?.apply(draft("b", source: source, text: "a ferry and a ferry"))
      _ = try writer?.apply(draft("c", source: source, text: "no ferry"))
      // The index of the second state is in memory, and so are its lists.
      #expect(try frequencies(store, cache) == [2, 1])
      #expect(throws: Problem.self) { try restore("\(folder)/backup", to: store.home) }
      let locked = #expect(throws: Problem.self) {
        try restore("\(folder)/backup", to: store.home, replaces: true)
      }
      #expect(locked?.code == .locked)
      writer = nil
      let refused = #expect(throws: Problem.self) {
        try restore("\(folder)/backup", to: store.home)
      }
      #expect(refused?.code == .replaceNeeded)
      #expect(try ids(in: store.home).count == 2)

      let copy = try restore("\(folder)/backup", to: store.home, replaces: true)
      #expect(copy.epoch == manifest.tenants[0].epoch + 1)
      #expect(try ids(in: store.home, cache: cache) == before)
      #expect(try frequencies(store, cache) == [1])
      // Once more: equal sequences, but not the same store.
      writer = try PartitionWriter(home: store.home, tenant: .default)
      _ = try writer?.apply(draft("d", source: source, text: "ferry ferry ferry"))
      #expect(try writer?.checkIntegrity() == [])
      #expect(try frequencies(store, cache) == [1, 3])
      writer = nil
      #expect(
        try restore("\(folder)/backup", to: store.home, replaces: true).epoch == copy.epoch + 1)
      #expect(try frequencies(store, cache) == [1])
      writer = try PartitionWriter(home: store.home, tenant: .default)
      _ = try writer?.apply(draft("e", source: source, text: "ferry ferry"))
      #expect(try frequencies(store, cache) == [1, 2])
    }
  }

  private func frequencies(_ store: Store, _ cache: IndexCache) throws -> [Int32] {
    let snapshot = try store.snapshot(cache: cache)
    let rows = try snapshot.eligible(owner, kinds: [.document])
    return try snapshot.postings(["ferri"], in: rows)[0].bodyFrequency
  }

  /// A store of one item in `home`, with its copy in `backup`.
  private func backedUpStore(in folder: String) throws -> Store {
    let store = Store(home: LoamHome(path: "\(folder)/home"))
    do {
      let writer = try PartitionWriter(home: store.home, tenant: .default)
      let source = try writer.source(named: "s")
      _ = try writer.apply(draft("a", source: source, text: "the ferry sails"))
    }
    _ = try back(store, "\(folder)/backup")
    return store
  }

  @Test("a store whose file is destroyed is restored, with an epoch that no count reaches")
  func replacesDamaged() throws {
    try withTemporaryFolder { folder in
      let store = try backedUpStore(in: folder)
      try write(Array("nothing".utf8), to: store.home.partition(of: .default))
      let report = try PartitionWriter.verify(home: store.home, tenant: .default)
      #expect(report.findings.map(\.check) == [.opening])
      var failed: [Problem] = []
      #expect(
        try Backup(path: "\(folder)/none").make(
          of: [.default], in: store.home, includesKeys: false, failed: { failed.append($1) }) == nil
      )
      #expect(failed.map(\.code) == [.damaged])
      #expect(throws: Problem.self) { try Backup(path: "\(folder)/none").manifest() }
      #expect(
        try restore("\(folder)/backup", to: store.home, replaces: true).epoch == 1_700_000_001)
      #expect(try PartitionWriter.verify(home: store.home, tenant: .default).findings == [])
      #expect(try ids(in: store.home).count == 1)
    }
  }

  @Test("nothing is put in place of what is not what the manifest says")
  func refusesTampered() throws {
    try withTemporaryFolder { folder in
      let store = try backedUpStore(in: folder)
      let again = #expect(throws: Problem.self) { try back(store, "\(folder)/backup") }
      #expect(again?.code == .usage)
      let path = Backup(path: "\(folder)/backup").partition(of: .default)
      var octets = try octets(ofFile: path)
      octets[octets.count / 2] ^= 1
      try write(octets, to: path)
      let home = LoamHome(path: "\(folder)/other")
      let changed = #expect(throws: Problem.self) { try restore("\(folder)/backup", to: home) }
      #expect(changed?.code == .changed)
      #expect(home.tenants() == [])
      try write(Array("{}".utf8), to: "\(folder)/backup/manifest.json")
      let malformed = #expect(throws: Problem.self) { try restore("\(folder)/backup", to: home) }
      #expect(malformed?.code == .malformed)
      let missing = #expect(throws: Problem.self) { try restore("\(folder)/nowhere", to: home) }
      #expect(missing?.code == .notFound)
    }
  }
}

@Suite("The write-ahead log")
struct WriteAheadLogTests {
  @Test("does not grow on when a reader that stayed long has left, and no reader empties it")
  func bounded() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      let log = store.home.partition(of: .default) + "-wal"
      // Texts without passages: much for the log and nothing for the index.
      func write(_ batches: Range<Int>) throws {
        for batch in batches {
          try writer.begin()
          for index in 0..<8 {
            let text = String(repeating: "batch \(batch), item \(index). ", count: 12_000)
            var item = draft("\(batch) \(index)", source: source, text: text)
            item.passages = []
            _ = try writer.apply(item)
          }
          _ = try writer.commit()
        }
      }
      var reader: Snapshot? = try store.snapshot()
      try write(0..<16)
      let held = try octets(ofFile: log).count
      #expect(held > 24 << 20)
      #expect(reader != nil)
      reader = nil
      #expect(try octets(ofFile: log).count == held)
      try write(16..<64)
      // What the longest reader made it grow to is the most that it keeps.
      #expect(try octets(ofFile: log).count == held)
    }
  }
}
