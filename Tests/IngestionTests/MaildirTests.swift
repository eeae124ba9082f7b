import Grounding
import Ingestion
import Partition
import TestSupport
import Testing

@Suite("A Maildir")
struct MaildirTests {
  private func flags(_ bench: Bench, _ title: String) throws -> [Fact.Value] {
    let snapshot = try Snapshot(home: bench.home, tenant: .default)
    let item = try #require(try bench.items().first { $0.title == title })
    return try #require(try snapshot.item(item.id, caller: Caller(Principal("ana"))))
      .facts.filter { $0.name == "flag" }.map(\.value)
  }

  @Test("is told by its folders: messages in cur and new, tmp and its server's files passed over")
  func listing() throws {
    try withBench { bench in
      try bench.put("Mail/cur/1.a:2,FS", mail("1", subject: "one"))
      try bench.put("Mail/new/2.a", "Subject: two\n\nno other field")
      try bench.put("Mail/tmp/3.a", mail("3"))
      for name in ["dovecot.index.log", "dovecot-uidlist", "maildirsize", "subscriptions"] {
        try bench.put("Mail/\(name)", "text of a server")
      }
      try bench.put("Mail/notes.txt", "a note beside")
      try bench.put("Mail/.Sent/cur/4.a:2,S", mail("4", subject: "four"))
      try bench.put("Mail/.Sent/new/.keep", "")
      try bench.put("Mail/.Sent/tmp/.keep", "")
      try bench.put("Mail/.Sent/maildirfolder", "")
      // No Maildir: one of the three folders is missing.
      try bench.put("other/cur/5.a:2,S", mail("5", subject: "five"))
      try bench.put("other/tmp/6.a", mail("6", subject: "six"))
      let summary = try bench.ingest()
      #expect(summary.skipped == ["control_file": 7, "empty": 1])
      #expect(summary.items == [.mail: 5, .document: 1])
      #expect(summary.messages == 5)
      #expect(try flags(bench, "one") == [.text("seen"), .text("flagged")])
      #expect(try flags(bench, "two") == [])
      #expect(try flags(bench, "four") == [.text("seen")])
      #expect(try flags(bench, "five") == [])
    }
  }

  @Test(
    "whose message is read, answered or moved from new to cur has the same item, vectors and all")
  func flagChange() throws {
    try withBench { bench in
      bench.grants = [Grant(.everyone)]
      for number in 0..<4 {
        try bench.put("M/new/\(number).a", mail("\(number)", subject: "s\(number)", parts: number))
      }
      try bench.put("M/cur/.keep", "")
      try bench.put("M/tmp/.keep", "")
      try bench.ingest()
      let before = try bench.items()
      #expect(before.count == 8)
      try bench.storeVectors()
      #expect(try bench.pendingCount() == 0)
      move("\(bench.folder)/M/new/0.a", to: "\(bench.folder)/M/cur/0.a:2,S")
      move("\(bench.folder)/M/new/1.a", to: "\(bench.folder)/M/cur/1.a:2,")
      let seen = try bench.ingest()
      #expect(seen.added + seen.removed == 0)
      #expect(seen.updated + seen.unchanged == 8)
      #expect(seen.updated == 2)
      #expect(try bench.pendingCount() == 0)
      #expect(try flags(bench, "s0") == [.text("seen")])
      #expect(try flags(bench, "s1") == [])
      move("\(bench.folder)/M/cur/0.a:2,S", to: "\(bench.folder)/M/cur/0.a:2,RS")
      #expect(try bench.ingest().updated == 2)
      #expect(try flags(bench, "s0") == [.text("seen"), .text("replied")])
      #expect(try bench.ingest().unchanged == 8)
      let after = try bench.items()
      #expect(after.map(\.id) == before.map(\.id))
      #expect(after.map(\.version) == before.map(\.version))
      #expect(
        after.first { $0.title == "s0" }?.locations.map(\.uri)
          == ["file://\(bench.folder)/M/cur/0.a%3A2%2CRS"])
      #expect(try bench.pendingCount() == 0)
    }
  }

  @Test("another message under a known name is another item")
  func reusedName() throws {
    try withBench { bench in
      bench.prune = true
      try bench.put("M/new/0.a", mail("1", subject: "one"))
      try bench.put("M/cur/.keep", "")
      try bench.put("M/tmp/.keep", "")
      try bench.ingest()
      remove("\(bench.folder)/M/new/0.a")
      try bench.put("M/cur/0.a:2,S", mail("2", subject: "two"))
      let summary = try bench.ingest()
      #expect(summary.added == 1 && summary.removed == 1)
      #expect(try bench.items().map(\.title) == ["two"])
      #expect(try flags(bench, "two") == [.text("seen")])
    }
  }
}

/// A message with an attachment.
func mail(_ id: String, subject: String, parts number: Int) -> String {
  mail(id, parts: [attachment("note\(number).txt", "words of note \(number)")])
    .replacing("Subject: Papers \(id)", with: "Subject: \(subject)")
}
