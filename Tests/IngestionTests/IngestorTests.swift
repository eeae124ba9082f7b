import Grounding
import Ingestion
import Partition
import Reading
import TestSupport
import Testing

/// A home, a source folder, and what an ingest of it does.
final class Bench {
  let home: LoamHome
  let folder: String
  var excludes: [String] = []
  var grants: [Grant] = []
  var acl: String?
  var source: String? = "s"
  var prune = false
  var limits = IngestLimits()
  /// None, so that no test depends on what is installed.
  var converter: any FileConverting = NoConverter()
  /// Is told what an ingest says.
  var watch: (IngestEvent) -> Void = { _ in }
  private(set) var committed: [ItemID] = []

  init(_ folder: String, home name: String = "home") {
    home = LoamHome(path: "\(folder)/\(name)")
    self.folder = "\(folder)/in"
  }

  func put(_ name: String, _ text: String) throws { try write(text, to: "\(folder)/\(name)") }

  func put(_ name: String, _ octets: [UInt8]) throws {
    try write(octets, to: "\(folder)/\(name)")
  }

  @discardableResult
  func ingest(_ paths: [String]? = nil) throws -> IngestSummary {
    var rules = AccessRules(owner: Principal("ana"), grants: grants)
    if let acl { try rules.add(Array(acl.utf8), place: "acl") }
    let options = IngestOptions(
      source: source, access: rules, excludes: try excludes.map { try Glob($0) }, prune: prune,
      limits: limits, converter: converter)
    committed = []
    let writer = try PartitionWriter(home: home, tenant: .default)
    let summary = try Ingestor(writer: writer, options: options) { event in
      if case .committed(_, let items) = event { self.committed += items }
      self.watch(event)
    }.run(paths: paths ?? [folder])
    #expect(try writer.checkIntegrity() == [])
    return summary
  }

  /// Gives every passage a vector.
  func storeVectors() throws {
    let writer = try PartitionWriter(home: home, tenant: .default)
    try writer.requireModel("test", dimension: 8)
    let pending = try writer.pendingVectors(limit: 1_000)
    try writer.storeVectors(
      pending.map { ($0.row, QuantizedVector([1, 2, 3, 4, 5, 6, 7, 8])) }, model: "test")
  }

  func pendingCount() throws -> Int {
    try PartitionWriter(home: home, tenant: .default).pendingCount()
  }

  /// The items that a caller sees, by title.
  func items(as name: String = "ana", groups: [String] = []) throws -> [StoredItem] {
    let snapshot = try Snapshot(home: home, tenant: .default)
    let caller = Caller(Principal(name), groups: groups)
    let rows = try snapshot.eligible(caller, kinds: Set(ItemKind.allCases))
    return try snapshot.storedItems(rows.itemKeys, caller: caller).values
      .sorted { ($0.title ?? "", $0.id) < ($1.title ?? "", $1.id) }
  }
}

func withBench<R>(_ body: (Bench) throws -> R) throws -> R {
  try withTemporaryFolder { folder in try body(Bench(folder)) }
}

func mail(_ id: String, subject: String = "s", body: String = "text", trace: String = "") -> String
{
  "\(trace)From: a@example.org\nTo: b@example.org\nDate: Tue, 3 Nov 2026 09:10:00 +0100\n"
    + "Message-ID: <\(id)@example.org>\nSubject: \(subject)\n\n\(body)\n"
}

func mailbox(_ messages: String...) -> String { mailbox(messages) }

func mailbox(_ messages: [String]) -> String {
  messages.map { "From a@example.org Tue Nov  3 09:10:00 2026\n\($0)\n" }.joined()
}

@Suite struct IngestorTests {
  @Test("a second run changes nothing and counts the same items")
  func idempotent() throws {
    try withBench { bench in
      try bench.put("a.md", "# One\n\ntext")
      try bench.put("box.mbox", mailbox(mail("1"), mail("2"), mail("1")))
      try bench.put("mail/x.eml", mail("3"))
      try bench.put(
        "corpus.jsonl",
        "{\"_id\":\"d1\",\"title\":\"T\",\"text\":\"x\"}\n\n{\"_id\":\"d2\",\"text\":\"y\"}\n")
      let first = try bench.ingest()
      #expect(first.scanned == 4)
      #expect(first.added == 6)
      #expect(first.messages == 4)
      #expect(first.duplicates == 1)
      #expect(first.items == [.mail: 3, .document: 3])
      #expect(first.failed == [])
      #expect(first.pending == first.passages)
      #expect(Set(bench.committed).count == 6)
      let items = try bench.items()
      let second = try bench.ingest()
      #expect(second.unchanged == 6)
      #expect(second.added + second.updated + second.removed + second.duplicates == 0)
      #expect(second.items == first.items)
      #expect(second.messages == 4)
      #expect(bench.committed == [])
      #expect(try bench.items() == items)
    }
  }

  @Test("a changed file updates its item, a touched one does not")
  func update() throws {
    try withBench { bench in
      try bench.put("a.md", "# One\n\nold text")
      try bench.put("b.md", "# Two\n\ntext")
      try bench.ingest()
      let before = try bench.items()
      try bench.put("a.md", "# One\n\nnew text")
      try bench.put("b.md", "# Two\n\ntext")
      let summary = try bench.ingest()
      #expect(summary.updated == 1)
      #expect(summary.unchanged == 1)
      let after = try bench.items()
      #expect(after.map(\.id) == before.map(\.id))
      #expect(after[0].text.contains("new text"))
      #expect(try bench.ingest().unchanged == 2)
    }
  }

  @Test("what vanished goes, up to a fifth; more asks for --prune")
  func prune() throws {
    try withBench { bench in
      for number in 0..<10 { try bench.put("\(number).md", "# Note \(number)\n\ntext \(number)") }
      try bench.ingest()
      remove("\(bench.folder)/0.md")
      remove("\(bench.folder)/1.md")
      let two = try bench.ingest()
      #expect(two.removed == 2)
      #expect(two.failed == [])
      remove("\(bench.folder)/2.md")
      remove("\(bench.folder)/3.md")
      try bench.put("new.md", "# New\n\nnew")
      let refused = try bench.ingest()
      #expect(refused.removed == 0)
      #expect(refused.added == 1)
      #expect(refused.failed.map(\.code) == [.pruneNeeded])
      #expect(refused.failed.first?.detail.hasPrefix("2 of 8 ") == true)
      #expect(try bench.items().count == 9)
      bench.prune = true
      let pruned = try bench.ingest()
      #expect(pruned.removed == 2)
      #expect(pruned.failed == [])
      #expect(try bench.items().count == 7)
    }
  }

  @Test("a root that is not there, or was not listed whole, removes nothing")
  func notWhole() throws {
    try withBench { bench in
      for number in 0..<10 { try bench.put("\(number).md", "# Note \(number)\n\ntext") }
      try bench.ingest()
      move(bench.folder, to: bench.folder + ".away")
      let gone = try bench.ingest()
      #expect(gone.failed.map(\.code) == [.vanished])
      #expect(gone.removed == 0)
      #expect(try bench.items().count == 10)
    }
  }

  @Test("an excluded or passed-over path keeps what it has; an emptied file loses it")
  func keptAndEmptied() throws {
    try withBench { bench in
      for number in 0..<10 { try bench.put("\(number).md", "# Note \(number)\n\ntext") }
      try bench.ingest()
      bench.excludes = ["0.md"]
      try bench.put("1.md", "")
      let summary = try bench.ingest()
      #expect(summary.removed == 1)
      #expect(summary.skipped == ["excluded": 1, "empty": 1])
      #expect(try bench.items().count == 9)
    }
  }

  @Test("a file that moved keeps its id, and a later file at its place has another")
  func moved() throws {
    try withBench { bench in
      for number in 0..<10 { try bench.put("\(number).md", "# Note \(number)\n\ntext") }
      try bench.ingest()
      let before = try bench.items()
      move("\(bench.folder)/0.md", to: "\(bench.folder)/moved.md")
      let summary = try bench.ingest()
      #expect(summary.unchanged == 10)
      #expect(summary.removed + summary.added + summary.updated == 0)
      let after = try bench.items()
      #expect(after.map(\.id) == before.map(\.id))
      #expect(after[0].locations.map(\.uri) == ["file://\(bench.folder)/moved.md"])
      try bench.put("0.md", "# Note 0\n\nanother text")
      #expect(try bench.ingest().added == 1)
      let later = try bench.items()
      #expect(later.count == 11)
      #expect(Set(later.map(\.id)).count == 11)
      #expect(Set(later.map(\.id)).isSuperset(of: before.map(\.id)))
      #expect(try bench.ingest().unchanged == 11)
    }
  }

  @Test("a file that moved under another access list is another item")
  func movedAccess() throws {
    try withBench { bench in
      for number in 0..<10 { try bench.put("\(number).md", "# Note \(number)\n\ntext") }
      bench.acl = #"{"glob": "open/*", "grants": ["everyone"]}"#
      try bench.ingest()
      try bench.put("open/0.md", "# Note 0\n\ntext")
      remove("\(bench.folder)/0.md")
      let summary = try bench.ingest()
      #expect(summary.added == 1)
      #expect(summary.removed == 1)
      #expect(try bench.items(as: "eve").count == 1)
    }
  }

  @Test("one message in two files is one item, seen by whom either list allows")
  func twoLocations() throws {
    try withBench { bench in
      try bench.put("ana/x.eml", mail("1", trace: "Received: from y by x\n"))
      try bench.put("bob/box.mbox", mailbox(mail("1"), mail("2")))
      bench.acl = """
        {"glob": "ana/*", "grants": ["user:ann"]}
        {"glob": "bob/*", "grants": ["user:bob"]}
        """
      let summary = try bench.ingest()
      #expect(summary.added == 2)
      #expect(summary.duplicates == 1)
      #expect(summary.messages == 3)
      #expect(try bench.items(as: "ann").count == 1)
      let bob = try bench.items(as: "bob")
      #expect(bob.count == 2)
      #expect(bob.allSatisfy { $0.locations.count == 1 })
      #expect(try bench.items(as: "eve").isEmpty)
    }
  }

  @Test("a changed access list reaches what is unchanged otherwise")
  func changedAccess() throws {
    try withBench { bench in
      try bench.put("a.md", "# A\n\ntext")
      try bench.put("box.mbox", mailbox(mail("1"), mail("2")))
      bench.grants = [Grant(.everyone)]
      try bench.ingest()
      #expect(try bench.items(as: "eve").count == 3)
      bench.grants = []
      let summary = try bench.ingest()
      #expect(summary.updated == 3)
      #expect(try bench.items(as: "eve").isEmpty)
      #expect(try bench.items().count == 3)
    }
  }

  @Test("an access list that cannot be read fails the item and never opens it")
  func unreadableAccess() throws {
    try withBench { bench in
      try bench.put("a.md", "# A\n\ntext")
      try bench.put("open/b.md", "# B\n\ntext")
      bench.acl = "nonsense\n" + #"{"glob": "open/*", "grants": ["everyone"]}"#
      let summary = try bench.ingest()
      #expect(summary.failed.map(\.code) == [.accessUnreadable])
      #expect(try bench.items().map(\.title) == ["B"])
    }
  }

  @Test("a mailbox that grows, shrinks or changes a message is followed")
  func mailboxChanges() throws {
    try withBench { bench in
      try bench.put("box.mbox", mailbox(mail("1"), mail("2"), mail("3")))
      try bench.ingest()
      try bench.put("box.mbox", mailbox(mail("1"), mail("2"), mail("3"), mail("4")))
      let grown = try bench.ingest()
      #expect(grown.added == 1)
      #expect(grown.unchanged == 3)
      try bench.put("box.mbox", mailbox(mail("1"), mail("3", body: "other"), mail("4")))
      let changed = try bench.ingest()
      #expect(changed.added == 1)
      #expect(changed.removed == 2)
      #expect(try bench.items().count == 3)
      #expect(try bench.ingest().unchanged == 3)
    }
  }

  @Test("a message that moves from one mailbox to another stays the same item")
  func messageMoves() throws {
    try withBench { bench in
      try bench.put("a.mbox", mailbox(mail("1"), mail("2"), mail("3")))
      try bench.put("b.mbox", mailbox(mail("4"), mail("5")))
      try bench.ingest()
      try bench.put("a.mbox", mailbox(mail("1"), mail("2")))
      try bench.put("b.mbox", mailbox(mail("4"), mail("5"), mail("3")))
      let summary = try bench.ingest()
      #expect(summary.removed == 0)
      #expect(summary.added == 0)
      #expect(try bench.items().count == 5)
    }
  }

  @Test("what is passed over has a reason")
  func skipped() throws {
    try withBench { bench in
      try bench.put("empty.md", "")
      try bench.put("blank.txt", " \n\n")
      try bench.put("data.bin", "\u{0}\u{1}\u{2}\u{0}\u{0}")
      try bench.put("paper.rtf", "{\\rtf1 text}")
      try bench.put("paper.pdf", "%PDF-1.4\nx")
      try bench.put(".git/config", "x")
      try bench.put("out.tmp", "x")
      try bench.put(
        "corpus.jsonl", "{\"_id\":\"1\",\"text\":\"x\"}\n{\"_id\":\"2\",\"text\":\"\"}\n")
      link("\(bench.folder)/etc", to: "/etc")
      link("\(bench.folder)/loop", to: ".")
      makePipe("\(bench.folder)/pipe")
      bench.excludes = ["*.tmp"]
      let summary = try bench.ingest()
      #expect(
        summary.skipped == [
          "empty": 3, "unknown_type": 1, "not_yet": 1, "needs_program": 1, "excluded": 2,
          "outside_root": 1, "directory_loop": 1, "special_file": 1,
        ])
      #expect(summary.failed == [])
      #expect(summary.added == 1)
    }
  }

  @Test("what fails has a path and a code, and the rest is ingested")
  func failed() throws {
    try withBench { bench in
      bench.limits.itemOctets = 2_000
      try bench.put("large.txt", String(repeating: "word ", count: 1_000))
      try bench.put(
        "box.mbox",
        mailbox(mail("1"), mail("2", body: String(repeating: "word ", count: 1_000)), mail("3")))
      try bench.put(
        "corpus.jsonl",
        """
        {"_id":"1","text":"x"}
        {"_id":"2","text":
        {"_id":"1","text":"again"}
        {"_id":"3","text":"y"}
        """)
      try bench.put("good.md", "# Good\n\ntext")
      let summary = try bench.ingest()
      #expect(
        summary.failed.map { "\($0.path) \($0.code.rawValue)" }
          == [
            "box.mbox, message 2 too_large", "corpus.jsonl, line 2, octet 18 malformed",
            "corpus.jsonl, line 3 malformed", "large.txt too_large",
          ].map { "\(bench.folder)/\($0)" })
      #expect(summary.added == 5)
      #expect(try bench.items().count == 5)
    }
  }

  @Test("a truncated mailbox and a wrong encoding come in, with their oddities counted")
  func odd() throws {
    try withBench { bench in
      let whole = mailbox(mail("1"), mail("2", body: "a longer body that is cut"))
      try bench.put("cut.mbox", String(whole.dropLast(20)))
      try write(Array("caf".utf8) + [0xE9, 0x20, 0xFF], to: "\(bench.folder)/latin.txt")
      let summary = try bench.ingest()
      #expect(summary.failed == [])
      #expect(summary.added == 3)
      #expect(summary.defects > 0)
    }
  }

  @Test("paths in one source that would have the same names are wrong usage")
  func sameNames() throws {
    try withBench { bench in
      try bench.put("x/box/a.md", "a")
      try bench.put("y/box/a.md", "b")
      let paths = ["\(bench.folder)/x/box", "\(bench.folder)/y/box"]
      #expect(#expect(throws: Problem.self) { try bench.ingest(paths) }?.code == .usage)
      bench.source = nil
      #expect(try bench.ingest(paths).added == 2)
    }
  }

  @Test("ids depend on the source's name and the path alone")
  func stableIDs() throws {
    func ids() throws -> [ItemID] {
      try withBench { bench in
        try bench.put("a.md", "# A\n\ntext")
        try bench.put("box.mbox", mailbox(mail("1"), mail("2")))
        try bench.put("corpus.jsonl", "{\"_id\":\"d1\",\"title\":\"T\",\"text\":\"x\"}\n")
        try bench.ingest()
        return try bench.items().map(\.id)
      }
    }
    #expect(try ids() == ids())
  }
}
