import Grounding
import Ingestion
import Partition
import TestSupport
import Testing

@Suite("Stores of mail")
struct MailStoreTests {
  private func facts(_ bench: Bench, _ title: String, _ name: String) throws -> [Fact.Value] {
    let snapshot = try Snapshot(home: bench.home, tenant: .default)
    let item = try #require(try bench.items().first { $0.title == title })
    return try #require(try snapshot.item(item.id, caller: Caller(Principal("ana"))))
      .facts.filter { $0.name == name }.map(\.value)
  }

  private func folder(_ bench: Bench, _ title: String) throws -> [Fact.Value] {
    try facts(bench, title, "folder")
  }

  private static func apple(_ message: String, flags: Int) -> String {
    "\(message.utf8.count)\n\(message)<plist><dict><key>flags</key><integer>\(flags)</integer>"
      + "</dict></plist>\n"
  }

  @Test("of all kinds say in which folder a message is; what came in it is in none")
  func folders() throws {
    try withBench { bench in
      bench.source = nil
      try bench.put("cur/1:2,S", mail("1", subject: "inbox", parts: 1))
      try bench.put("new/.keep", "")
      try bench.put("tmp/.keep", "")
      try bench.put(".Entw&APw-rfe.2020/cur/2:2,D", mail("2", subject: "draft"))
      try bench.put(".Entw&APw-rfe.2020/maildirfolder", "")
      try bench.put("lists/r.mbox", mailbox(mail("3", subject: "r 1"), mail("4", subject: "r 2")))
      try bench.put("mh/inbox/1", mail("5", subject: "mh"))
      try bench.put("mh/inbox/.mh_sequences", "cur: 1\n")
      try bench.put("Local.sbd/Old", mailbox(mail("6", subject: "bird"), mail("7")))
      try bench.put("Local.sbd/Old.msf", "// <!-- <mdb:mork:z v=\"1.4\"/> -->\n")
      try bench.put("Local.sbd/lone.msf", "an index of nothing is a text\n")
      try bench.put(
        "V9/Sent.mbox/1/Messages/8.emlx", Self.apple(mail("8", subject: "apple"), flags: 20))
      try bench.put(
        "V9/Sent.mbox/1/Messages/9.partial.emlx",
        Self.apple(mail("9", subject: "partial"), flags: 1))
      try bench.put("single.eml", mail("10", subject: "single"))
      let summary = try bench.ingest()
      #expect(summary.failed == [])
      #expect(summary.skipped == ["control_file": 4, "empty": 1])
      #expect(summary.items == [.mail: 10, .document: 2])
      #expect(try folder(bench, "inbox") == [.text("INBOX")])
      #expect(try folder(bench, "draft") == [.text("Entw\u{FC}rfe/2020")])
      #expect(try facts(bench, "draft", "flag") == [.text("draft")])
      #expect(try folder(bench, "r 2") == [.text("lists/r")])
      #expect(try folder(bench, "mh") == [.text("mh/inbox")])
      #expect(try folder(bench, "bird") == [.text("Local/Old")])
      #expect(try folder(bench, "apple") == [.text("V9/Sent")])
      #expect(try facts(bench, "apple", "flag") == [.text("replied"), .text("flagged")])
      #expect(try facts(bench, "partial", "flag") == [.text("seen")])
      #expect(try folder(bench, "single") == [])
      let attached = try #require(try bench.items().first { $0.text.contains("words of note 1") })
      #expect(try folder(bench, attached.title ?? "") == [])
      #expect(try bench.ingest().unchanged == 12)
    }
  }

  @Test("whose message moves to another folder have the same item, which says so")
  func moved() throws {
    try withBench { bench in
      bench.grants = [Grant(.everyone)]
      for name in ["Inbox", "Trash"] {
        try bench.put("\(name)/cur/.keep", "")
        try bench.put("\(name)/tmp/.keep", "")
        try bench.put("\(name)/new/.keep", "")
      }
      for number in 0..<10 {
        try bench.put("Inbox/cur/\(number):2,S", mail("\(number)", subject: "s\(number)"))
      }
      try bench.put("box/a.mbox", mailbox(mail("a", subject: "a"), mail("b", subject: "b")))
      try bench.put("notes/a.md", "# A note\n\ntext")
      try bench.ingest()
      let before = try bench.items()
      try bench.storeVectors()
      move("\(bench.folder)/Inbox/cur/3:2,S", to: "\(bench.folder)/Trash/cur/3:2,S")
      move("\(bench.folder)/box/a.mbox", to: "\(bench.folder)/box/b.mbox")
      move("\(bench.folder)/notes/a.md", to: "\(bench.folder)/box/a.md")
      let summary = try bench.ingest()
      #expect(summary.added + summary.removed == 0)
      // The note is in no mail folder: it is not read again.
      #expect(summary.updated == 3 && summary.unchanged == 10)
      #expect(try folder(bench, "s3") == [.text("Trash")])
      #expect(try folder(bench, "b") == [.text("box/b")])
      #expect(try bench.items().map(\.id) == before.map(\.id))
      #expect(try bench.pendingCount() == 0)
      #expect(try bench.ingest().unchanged == 13)
    }
  }

  @Test("that mark lines of a text show it as it was written")
  func marks() throws {
    try withBench { bench in
      try bench.put(
        "marked.mbox",
        mailbox(mail("1", subject: "marked", body: "x\n\n>From here on"), mail("2")))
      try bench.put(
        "plain.mbox",
        mailbox(mail("3", subject: "plain", body: "x\n\n>From here on\n\nFrom there"), mail("4")))
      try bench.put("one", mailbox(mail("5", subject: "one", body: "x\n\n>From here on")))
      try bench.ingest()
      let texts = Dictionary(
        try bench.items().map { ($0.title ?? "", $0.text) }, uniquingKeysWith: { $1 })
      #expect(texts["marked"] == "x\n\nFrom here on\n")
      #expect(texts["plain"] == "x\n\n>From here on\n\nFrom there\n")
      #expect(texts["one"]?.hasPrefix("x\n\nFrom here on\n") == true)
    }
  }

  @Test("a copy in a mailbox and one in a Maildir are one item, mark or not")
  func copies() throws {
    try withBench { bench in
      let body = "x\n\nFrom here on"
      try bench.put(
        "box.mbox", mailbox(mail("1", body: body.replacing("From", with: ">From")), mail("2")))
      try bench.put("1.eml", mail("1", body: body))
      let summary = try bench.ingest()
      #expect(summary.duplicates == 1 && summary.items == [.mail: 2])
    }
  }
}
