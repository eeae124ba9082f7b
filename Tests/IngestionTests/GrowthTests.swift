import Grounding
import Ingestion
import Partition
import TestSupport
import Testing

/// A mailbox whose old messages are larger than what a later run may read, so that reading one of
/// them again shows as a failure.
@Suite("A mailbox that grows")
struct GrowthTests {
  private static let long = String(repeating: "word ", count: 500)
  private static let old = (1...4).map { mail("\($0)", body: "\(long) old \($0)") }

  private func withOldMailbox(
    _ messages: [String] = old, _ body: (Bench) throws -> Void
  ) throws {
    try withBench { bench in
      try bench.put("box.mbox", mailbox(messages))
      #expect(try bench.ingest().failed == [])
      bench.limits.itemOctets = 1_000
      try body(bench)
    }
  }

  private func append(_ text: String, _ bench: Bench) throws {
    try IngestionTests.append(text, to: "\(bench.folder)/box.mbox")
  }

  /// What a caller sees, whatever the history that led there.
  private func content(_ bench: Bench) throws -> [String] {
    try bench.items().map {
      "\($0.id) \($0.text) \($0.locations.map(\.uri).sorted { $0 ?? "" < $1 ?? "" })"
    }
  }

  @Test("is read from where it ended, and what is old counts as unchanged")
  func grown() throws {
    try withOldMailbox { bench in
      let before = try bench.items()
      for round in 1...3 {
        try append(mailbox(mail("n\(round)")), bench)
        let summary = try bench.ingest()
        #expect(summary.failed == [])
        #expect(summary.added == 1)
        #expect(summary.unchanged == 3 + round)
        #expect(summary.messages == 4 + round)
        #expect(summary.items == [.mail: 4 + round])
        #expect(summary.removed + summary.updated + summary.duplicates == 0)
        #expect(bench.committed.count == 1)
        #expect(try bench.ingest().unchanged == 4 + round)
      }
      let ids = Set(try bench.items().map(\.id))
      #expect(ids.count == 7 && ids.isSuperset(of: before.map(\.id)))
    }
  }

  @Test("has at each step what it would have if it were read whole")
  func sameAsWhole() throws {
    let added = [mail("5"), mail("1", body: "\(Self.long) old 1"), mail("5"), mail("6", body: "x")]
    try withBench { bench in
      var messages = Self.old
      try bench.put("box.mbox", mailbox(messages))
      try bench.ingest()
      for message in added {
        messages.append(message)
        try bench.put("box.mbox", mailbox(messages))
        let summary = try bench.ingest()
        #expect(summary.messages == messages.count)
        let whole = Bench(String(bench.folder.dropLast(3)), home: "whole\(messages.count)")
        try whole.ingest()
        #expect(try content(bench) == content(whole))
        let places = try bench.items().flatMap(\.locations)
        #expect(places.count == messages.count)
      }
    }
  }

  @Test(
    "is read whole where anything else changed",
    arguments: [
      "a byte", "the last message", "a message in the middle", "its head", "the same size",
    ])
  func changed(what: String) throws {
    var messages = Self.old
    var tail = mailbox(mail("9"))
    switch what {
    case "a byte": messages[1] = messages[1].replacing("old 2", with: "odd 2")
    case "the last message": tail = "more\n" + tail
    case "a message in the middle":
      messages.remove(at: 1)
      tail += mailbox(mail("10", body: Self.long + Self.long))
    case "its head": messages.removeFirst(2)
    default:
      messages[2] = messages[2].replacing("old 3", with: "new 3")
      tail = ""
    }
    let now = mailbox(messages) + tail
    try withOldMailbox { bench in
      try bench.put("box.mbox", now)
      #expect(try bench.ingest().failed.count >= messages.count)
    }
    try withOldMailbox { bench in
      bench.limits = IngestLimits()
      try bench.put("box.mbox", now)
      #expect(try bench.ingest().failed == [])
      let whole = Bench(String(bench.folder.dropLast(3)), home: "whole")
      try whole.ingest()
      #expect(try content(bench) == content(whole))
      #expect(try bench.ingest().unchanged == bench.items().count)
    }
  }

  @Test("under another access list is read whole")
  func otherAccess() throws {
    try withOldMailbox { bench in
      bench.limits = IngestLimits()
      bench.grants = [Grant(.everyone)]
      try append(mailbox(mail("9")), bench)
      let summary = try bench.ingest()
      #expect(summary.updated == 4 && summary.added == 1)
      #expect(try bench.items(as: "eve").count == 5)
    }
  }

  @Test("and turns out to be of another dialect is read whole")
  func otherDialect() throws {
    let marked = mail("1", body: "x\n\n>From here on it rains")
    try withBench { bench in
      try bench.put("box.mbox", mailbox(marked, mail("2")))
      try bench.ingest()
      #expect(try bench.items().contains { $0.text.contains("\nFrom here") })
      // A line that nobody marked: so the mark before is the sender's.
      try append(mailbox(mail("3", body: "y\n\nFrom there it does not")), bench)
      #expect(try bench.ingest().failed == [])
      #expect(try bench.items().contains { $0.text.contains("\n>From here") })
      #expect(try bench.items().count == 3)
    }
  }

  @Test("while it is read is said to have changed, and the next run has all of it")
  func grownMeanwhile() throws {
    try withBench { bench in
      bench.limits.batchItems = 1
      let path = "\(bench.folder)/box.mbox"
      let many = (0..<600).map { mail("m\($0)", body: "\(Self.long) \($0)") }
      try bench.put("box.mbox", mailbox(many))
      var isGrown = false
      bench.watch = { event in
        guard case .committed = event, !isGrown else { return }
        isGrown = true
        try? IngestionTests.append(mailbox(mail("late")), to: path)
      }
      let summary = try bench.ingest()
      #expect(isGrown)
      #expect(summary.failed.map(\.code) == [.changed])
      #expect(summary.added == 600)
      bench.watch = { _ in }
      let next = try bench.ingest()
      #expect(next.failed == [])
      #expect(next.added == 1 && next.unchanged == 600 && next.messages == 601)
      #expect(try bench.ingest().unchanged == 601)
    }
  }

  @Test("and is cut while it is read loses nothing that was read, and is read again")
  func cutMeanwhile() throws {
    try withBench { bench in
      bench.limits.batchItems = 1
      bench.prune = true
      let many = (0..<3_000).map { mail("m\($0)", body: "\(Self.long) \($0)") }
      try bench.put("box.mbox", mailbox(many))
      var isCut = false
      bench.watch = { event in
        guard case .committed = event, !isCut else { return }
        isCut = true
        shorten("\(bench.folder)/box.mbox", to: 20_000)
      }
      #expect(try bench.ingest().failed.map(\.code).contains(.changed))
      bench.watch = { _ in }
      let next = try bench.ingest()
      #expect(next.failed == [])
      #expect(next.messages < 10)
      #expect(try bench.items().count == next.messages)
    }
  }
}
