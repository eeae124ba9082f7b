import Dispatch
import Glibc
import Grounding
import Partition
import Synchronization
import TestSupport
import Testing

private let owner = Caller(Principal("owner"))

@Suite("Integrity and failure")
struct IntegrityTests {
  /// A check that cannot fail would prove nothing.
  @Test("a delete that binds a wrong value leaves a ghost that the check reports")
  func reportsGhosts() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      _ = try writer.apply(draft("a", source: source, text: "money for the ferry"))
      _ = try writer.apply(draft("b", source: source, text: "other words"))
      #expect(try writer.checkIntegrity() == [])
      // The writer will bind the text that it finds: one that was never indexed.
      try RawStore.run("UPDATE item SET text = 'money for the fairy' WHERE key = 1", in: store.home)
      _ = try writer.removeLocation(source: source, key: "a")
      #expect(try writer.checkIntegrity() == ["the full-text index is not that of the texts"])
    }
  }

  @Test(
    "each cross check reports what it is for",
    arguments: zip(
      [
        "UPDATE item SET text = 'money for the ferrr' WHERE key = 1",
        "UPDATE extent SET used = 0", "UPDATE extent SET count = 17 WHERE first = 1",
        "DELETE FROM location WHERE item = 1", "UPDATE passage SET ordinal = 1 WHERE row = 1",
        "UPDATE item SET class = 2 WHERE key = 1", "DELETE FROM pending_vector",
        "INSERT INTO pending_vector VALUES (99)", "DELETE FROM message_name",
        "UPDATE message_name SET access = 2", "INSERT INTO message_name VALUES (9, 1, 1, 1, 0)",
        "UPDATE item SET external_id = 'other' WHERE key = 3",
      ],
      [
        "full-text", "outside", "overlap", "location", "numbered", "class", "vector", "",
        "2 names", "2 names", "1 names", "another id",
      ]))
  func reports(change: String, word: String) throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      _ = try writer.apply(draft("a", source: source, text: "money for the ferry"))
      _ = try writer.apply(
        draft("b", source: source, text: "w", access: AccessList(owner: Principal("bo"))))
      var mail = draft("c", source: source, text: "aye", kind: .mail)
      mail.item.externalID = "c"
      mail.item.references = ["b"]
      _ = try writer.apply(mail)
      #expect(try writer.checkIntegrity() == [])
      try RawStore.run(change, in: store.home)
      let findings = try writer.checkIntegrity()
      #expect(findings.contains { $0.contains(word) }, "\(findings)")
    }
  }

  @Test("a writer that is refused closes no descriptor but its own")
  func closesItsOwn() throws {
    try withTemporaryFolder { folder in
      let home = LoamHome(path: folder)
      let writer = try PartitionWriter(home: home, tenant: .default)
      let failures = Atomic(0)
      // The other thread opens what the refused one has just closed.
      DispatchQueue.concurrentPerform(iterations: 2) { thread in
        for _ in 0..<20_000 {
          if thread == 0 {
            if !PartitionWriter.isBusy(home: home, tenant: .default) {
              failures.wrappingAdd(1, ordering: .relaxed)
            }
          } else {
            let descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
            if close(descriptor) != 0 { failures.wrappingAdd(1, ordering: .relaxed) }
          }
        }
      }
      #expect(failures.load(ordering: .relaxed) == 0)
      withExtendedLifetime(writer) {}
    }
  }

  @Test("a second writer is told that the tenant is locked, until the first goes")
  func locks() throws {
    try withTemporaryFolder { folder in
      let home = LoamHome(path: folder)
      do {
        let first = try PartitionWriter(home: home, tenant: .default)
        let problem = #expect(throws: Problem.self) {
          try PartitionWriter(home: home, tenant: .default)
        }
        #expect(problem?.code == .locked)
        #expect(problem?.remedy != nil)
        _ = try PartitionWriter(home: home, tenant: try Tenant("other"))
        _ = try first.source(named: "s")
      }
      let second = try PartitionWriter(home: home, tenant: .default)
      #expect(try second.sources().map(\.name) == ["s"])
    }
  }

  @Test("a damaged file is reported as damaged", arguments: 0..<4)
  func reportsDamage(way: Int) throws {
    try withTemporaryFolder { folder in
      let home = LoamHome(path: folder)
      let path = home.partition(of: .default)
      do {
        let writer = try PartitionWriter(home: home, tenant: .default)
        let source = try writer.source(named: "notes")
        for index in 0..<200 {
          _ = try writer.apply(draft("\(index)", source: source, text: "words of \(index)"))
        }
      }
      var octets = try octets(ofFile: path)
      switch way {
      case 0: octets = Array("this is no database at all, whatever its name says".utf8)
      case 1: for index in 0..<64 { octets[index] = 0xA5 }
      case 2: for index in 4_096..<octets.count { octets[index] = 0xA5 }
      default: octets = Array(octets[..<(octets.count / 2)])
      }
      try write(octets, to: path)
      #expect(throws: Problem.self) {
        do {
          let snapshot = try Snapshot(home: home, tenant: .default)
          let rows = try snapshot.eligible(owner, kinds: [.document])
          _ = try snapshot.storedItems(rows.itemKeys, caller: owner)
          _ = try snapshot.postings(["word"], in: rows)
          let writer = try PartitionWriter(home: home, tenant: .default)
          let findings = try writer.checkIntegrity()
          if !findings.isEmpty { throw Problem(.damaged, "the check found it") }
        } catch let problem as Problem {
          #expect(problem.code == .damaged, "\(problem)")
          throw problem
        }
      }
    }
  }

  @Test("a full disk is reported, and the store is what it was")
  func reportsFullDisk() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      _ = try writer.apply(draft("a", source: source, text: "words"))
      try writer.limit(octets: 1 << 20)
      try writer.begin()
      let problem = #expect(throws: Problem.self) {
        for index in 0..<2_000 {
          let text = String(repeating: "words and \(index) more ", count: 50)
          _ = try writer.apply(draft("b\(index)", source: source, text: text))
        }
        _ = try writer.commit()
      }
      #expect(problem?.code == .noSpace)
      #expect(problem?.remedy != nil)
      writer.rollback()
      #expect(try writer.checkIntegrity() == [])
      #expect(try store.rows("owner").rows == [1])
    }
  }

  @Test("a store of a newer schema is left alone")
  func refusesNewerSchema() throws {
    try withTemporaryFolder { folder in
      let home = LoamHome(path: folder)
      _ = try PartitionWriter(home: home, tenant: .default)
      try RawStore.run("UPDATE meta SET value = '99' WHERE name = 'schema'", in: home)
      let first = #expect(throws: Problem.self) {
        try PartitionWriter(home: home, tenant: .default)
      }
      #expect(first?.code == .newerSchema)
      let second = #expect(throws: Problem.self) { try Snapshot(home: home, tenant: .default) }
      #expect(second?.code == .newerSchema)
    }
  }

  @Test("a store of another analysis asks for a rebuild, which keeps unchanged rows and vectors")
  func rebuilds() throws {
    try withTemporaryFolder { folder in
      let store = Store(home: LoamHome(path: folder))
      do {
        let writer = try PartitionWriter(home: store.home, tenant: .default)
        let source = try writer.source(named: "notes")
        _ = try writer.apply(draft("a", source: source, title: "One", text: "money for the barge"))
        let long = (0..<300).map { "word\($0)" }.joined(separator: " ")
        _ = try writer.apply(draft("b", source: source, title: "Two", text: long))
        try writer.requireModel("m", dimension: 4)
        try writer.storeVectors([(row: 1, vector: QuantizedVector([1, 2, 3, 4]))], model: "m")
      }
      try RawStore.run("UPDATE meta SET value = '0' WHERE name = 'analysis'", in: store.home)
      // Now the index is not that of the texts, as after a change of the analysis.
      try RawStore.run("UPDATE item SET text = 'money for the FERRY' WHERE key = 1", in: store.home)
      for isSnapshot in [true, false] {
        let problem = #expect(throws: Problem.self) {
          if isSnapshot {
            _ = try store.snapshot()
          } else {
            _ = try PartitionWriter(home: store.home, tenant: .default)
          }
        }
        #expect(problem?.code == .rebuildNeeded)
      }
      try PartitionWriter.rebuild(home: store.home, tenant: .default)
      let writer = try PartitionWriter(home: store.home, tenant: .default)
      #expect(try writer.checkIntegrity() == [])
      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(owner, kinds: [.document])
      // The test's own passages of 20 words are cut anew; the short text's stays in its row.
      #expect(rows.rows.first == 1)
      #expect(rows.rows.count < 10)
      #expect(try snapshot.postings(["ferri"], in: rows)[0].positions == [0])
      #expect(try writer.pendingVectors(limit: 99).contains { $0.row == 1 } == false)
    }
  }

  @Test("a tenant without a store is not found")
  func findsNothing() throws {
    try withTemporaryFolder { folder in
      let problem = #expect(throws: Problem.self) {
        try Snapshot(home: LoamHome(path: folder), tenant: .default)
      }
      #expect(problem?.code == .notFound)
    }
  }
}
