import Grounding
import Ingestion
import Partition
import TestSupport
import Testing

/// Whose mail is is said by `--owner`, `--allow` and the access lists, never by the mail.
@Suite("Who may see a mailbox")
struct MailboxAccessTests {
  /// Fields in which people and groups are named.
  private static let fields = [
    "To: eve@example.org", "Cc: eve <eve@example.org>", "Bcc: eve@example.org",
    "From: eve@example.org",
    "Sender: eve", "Reply-To: eve@example.org", "Delivered-To: eve@example.org", "To: everyone",
    "To: group:crew", "Cc: user:eve", "X-Original-To: eve", "List-Id: <crew.example.org>",
    "Resent-To: eve@example.org", "Apparently-To: eve", "Envelope-To: eve",
  ]

  private static func message(_ number: Int, _ field: String) -> String {
    "\(field)\nDate: Tue, 3 Nov 2026 09:10:00 +0100\nMessage-ID: <\(number)@example.org>\n"
      + "Received: from x by y for <eve@example.org>; Tue, 3 Nov 2026 09:10:00 +0100\n"
      + "Subject: s\n\nHello eve\n"
  }

  /// The same mail as a mailbox, as a Maildir and as files.
  private func put(_ folder: String, _ bench: Bench) throws {
    let messages = Self.fields.enumerated().map { Self.message($0, $1) }
    try bench.put("\(folder)/eve.mbox", mailbox(messages))
    for (number, message) in messages.enumerated() {
      try bench.put("\(folder)/Maildir/cur/\(number).eve:2,S", message)
      try bench.put("\(folder)/files/\(number).eml", message)
    }
    try bench.put("\(folder)/Maildir/new/.keep", "")
    try bench.put("\(folder)/Maildir/tmp/.keep", "")
  }

  @Test("nobody whom its messages name, in whatever field")
  func namesGrantNothing() throws {
    try withBench { bench in
      try put("eve", bench)
      let summary = try bench.ingest()
      #expect(summary.messages == 3 * Self.fields.count)
      #expect(try bench.items().count == Self.fields.count)
      for groups in [[], ["crew"], ["eve", "everyone"]] {
        #expect(try bench.items(as: "eve", groups: groups).isEmpty)
        #expect(try bench.items(as: "eve@example.org", groups: groups).isEmpty)
      }
    }
  }

  @Test("its owner, by the access lists or for all of it, and a shared one's group")
  func owners() throws {
    try withBench { bench in
      try put("eve", bench)
      try bench.put(
        "bob/box.mbox", mailbox(mail("1", subject: "bob 1"), mail("2", subject: "bob 2")))
      try bench.put("support/box.mbox", mailbox(mail("3", subject: "shared 1"), mail("4")))
      bench.acl = """
        {"glob": "bob/*", "owner": "bob", "grants": []}
        {"glob": "support/*", "grants": ["group:support", "!user:mallory"]}
        """
      try bench.ingest()
      #expect(try bench.items(as: "bob").map(\.title) == ["bob 1", "bob 2"])
      // The owner of everything else does not own what a line gives to another.
      #expect(try bench.items().count == Self.fields.count + 2)
      #expect(try bench.items(as: "kim", groups: ["support"]).count == 2)
      #expect(try bench.items(as: "mallory", groups: ["support"]).isEmpty)
      #expect(try bench.items(as: "eve", groups: ["crew"]).isEmpty)
    }
  }

  @Test("changes with the list alone: a mailbox that is handed over is its new owner's only")
  func handedOver() throws {
    try withBench { bench in
      try bench.put("m/box.mbox", mailbox(mail("1"), mail("2")))
      bench.acl = #"{"glob": "m/*", "owner": "bob", "grants": []}"#
      try bench.ingest()
      bench.acl = #"{"glob": "m/*", "owner": "kim", "grants": []}"#
      let summary = try bench.ingest()
      #expect(summary.updated == 2 && summary.added + summary.removed == 0)
      #expect(try bench.items(as: "bob").isEmpty)
      #expect(try bench.items(as: "kim").count == 2)
    }
  }
}
