import Grounding
import Ingestion
import Partition
import TestSupport
import Testing

/// A message with a text and further parts, each its header lines, an empty line, and its content.
func mail(_ id: String, body: String = "See the papers.", parts: [String]) -> String {
  "From: a@example.org\nTo: b@example.org\nDate: Tue, 3 Nov 2026 09:10:00 +0100\n"
    + "Message-ID: <\(id)@example.org>\nSubject: Papers \(id)\nMIME-Version: 1.0\n"
    + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\(body)\n"
    + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
}

func attachment(_ name: String, _ text: String, type: String = "text/plain") -> String {
  "Content-Type: \(type)\nContent-Disposition: attachment; filename=\"\(name)\"\n\n\(text)"
}

func calendarText(_ events: [String], more: String = "") -> String {
  "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\n" + events.joined() + more
    + "END:VCALENDAR\n"
}

func eventText(_ uid: String, _ summary: String, _ more: String...) -> String {
  "BEGIN:VEVENT\nUID:\(uid)\nDTSTAMP:20261101T080000Z\nDTSTART:20261103T090000Z\n"
    + "DTEND:20261103T100000Z\nSUMMARY:\(summary)\n" + more.map { "\($0)\n" }.joined()
    + "END:VEVENT\n"
}

let taskText = "BEGIN:VTODO\nUID:t\nSUMMARY:Paint\nEND:VTODO\n"

func invitation(_ uid: String, _ summary: String, _ more: String = "X-A:b") -> String {
  "Content-Type: text/calendar; method=REQUEST\n\n" + calendarText([eventText(uid, summary, more)])
}

@Suite("What comes in a message")
struct ChildrenTests {
  private func parts(_ text: String = "words of the note") -> [String] {
    [attachment("note.txt", text), invitation("u1", "Audit")]
  }

  @Test("is stored as items of their kinds, counted, unchanged by a second run")
  func stored() throws {
    try withBench { bench in
      try bench.put("a.eml", mail("1", parts: parts()))
      try bench.put("box.mbox", mailbox(mail("2", parts: parts()), mail("3")))
      let first = try bench.ingest()
      #expect(first.messages == 3)
      #expect(first.items == [.mail: 3, .document: 2, .event: 2])
      #expect(first.added == 7)
      #expect(first.failed == [] && first.skipped == [:])
      let items = try bench.items()
      #expect(items.count == 7)
      let mails = Dictionary(
        uniqueKeysWithValues: items.filter { $0.kind == .mail }.map { ($0.id, $0) })
      for child in items where child.kind != .mail {
        let parent = try #require(child.parent.flatMap { mails[$0] })
        #expect(child.locations.count == 1)
        #expect(child.locations[0].uri?.hasPrefix(parent.locations[0].uri ?? "?") == true)
        #expect(child.locations[0].key.hasPrefix(parent.locations[0].key + "/"))
      }
      let second = try bench.ingest()
      #expect(second.unchanged == 7)
      #expect(second.added + second.updated + second.removed == 0)
      #expect(second.messages == 3 && second.items == first.items)
      #expect(try bench.items() == items)
    }
  }

  @Test("has an id that its message and its part give, wherever the message lies")
  func ids() throws {
    func ids(_ put: (Bench) throws -> Void) throws -> [ItemID] {
      try withBench { bench in
        try put(bench)
        try bench.ingest()
        return try bench.items().map(\.id)
      }
    }
    let message = mail("1", parts: parts())
    let file = try ids { try $0.put("a.eml", message) }
    #expect(file.count == 3)
    #expect(try ids { try $0.put("sub/b.eml", message) } == file)
    #expect(
      try ids { try $0.put("c.mbox", mailbox(message, mail("2"))) }.filter(file.contains) == file)
    // What cannot be read does not move the numbers of what can.
    let more = mail("1", parts: [attachment("a.pdf", "%PDF-1.4")] + parts())
    #expect(try ids { try $0.put("a.eml", more) }.count == 3)
  }

  @Test("goes with its message, and with a part that the message no longer has")
  func removal() throws {
    try withBench { bench in
      bench.prune = true
      try bench.put("a.eml", mail("1", parts: parts()))
      try bench.put("box.mbox", mailbox(mail("2", parts: parts()), mail("3")))
      try bench.ingest()
      try bench.put("box.mbox", mailbox(mail("3"), mail("4")))
      let changed = try bench.ingest()
      #expect(changed.removed == 3)
      #expect(changed.added == 1)
      remove("\(bench.folder)/a.eml")
      let gone = try bench.ingest()
      #expect(gone.removed == 3)
      #expect(try bench.items().map(\.kind) == [.mail, .mail])
    }
  }

  @Test("is seen by whom its message is, and follows it from one list to another")
  func access() throws {
    try withBench { bench in
      let message = mail("1", parts: parts())
      try bench.put("ana/a.eml", message)
      try bench.put("bob/a.eml", message)
      try bench.put("bob/b.eml", mail("2", parts: parts("other words")))
      bench.acl = """
        {"glob": "ana/*", "grants": ["user:ann"]}
        {"glob": "bob/*", "grants": ["user:bob"]}
        """
      let summary = try bench.ingest()
      #expect(summary.items == [.mail: 2, .document: 2, .event: 2])
      #expect(summary.duplicates == 1)
      #expect(try bench.items(as: "ann").count == 3)
      #expect(try bench.items(as: "ann").allSatisfy { $0.locations.count == 1 })
      #expect(try bench.items(as: "bob").count == 6)
      #expect(try bench.items(as: "eve").isEmpty)
      bench.acl = #"{"glob": "bob/*", "grants": ["user:eve"]}"#
      try bench.ingest()
      #expect(try bench.items(as: "ann").isEmpty)
      #expect(try bench.items(as: "bob").isEmpty)
      #expect(try bench.items(as: "eve").count == 6)
      #expect(try bench.items().count == 6)
    }
  }

  @Test("a private event is its owner's, whomever the list allows, and a denial still holds")
  func privateEvent() throws {
    try withBench { bench in
      try bench.put("a.eml", mail("1", parts: [invitation("u1", "Secret audit", "CLASS:PRIVATE")]))
      try bench.put(
        "c.ics",
        calendarText([eventText("u1", "Open"), eventText("u2", "Private", "CLASS:CONFIDENTIAL")]))
      bench.grants = [
        Grant(.group("crew")), Grant(.everyone), Grant(.user(Principal("ann")), denies: true),
      ]
      let summary = try bench.ingest()
      #expect(summary.items == [.mail: 1, .event: 3])
      #expect(try bench.items().map(\.title) == ["Open", "Papers 1", "Private", "Secret audit"])
      #expect(try bench.items(as: "eve", groups: ["crew"]).map(\.title) == ["Open", "Papers 1"])
      #expect(try bench.items(as: "ann").isEmpty)
      // The owner is denied by a group of theirs.
      bench.grants = [Grant(.everyone), Grant(.group("away"), denies: true)]
      try bench.ingest()
      #expect(try bench.items(as: "ana", groups: ["away"]).isEmpty)
      #expect(try bench.items().count == 4)
      #expect(try bench.items(as: "eve").count == 2)
    }
  }

  @Test("an event whose class changes is open or closed with it")
  func classChange() throws {
    try withBench { bench in
      bench.grants = [Grant(.everyone)]
      for (line, isOpen) in [("CLASS:PUBLIC", true), ("CLASS:PRIVATE", false), ("X-A:b", true)] {
        try bench.put("c.ics", calendarText([eventText("u1", "Audit", line)]))
        try bench.ingest()
        #expect(try bench.items(as: "eve").isEmpty != isOpen, "\(line)")
        #expect(try bench.items().count == 1)
      }
    }
  }

  @Test("an attachment that is not read is an oddity of its message, which is counted")
  func notRead() throws {
    try withBench { bench in
      try bench.put(
        "a.eml",
        mail("1", parts: [attachment("a.pdf", "%PDF-1.4"), attachment("a.txt", "words")]))
      let summary = try bench.ingest()
      #expect(summary.defects == 1)
      #expect(summary.items == [.mail: 1, .document: 1])
      let snapshot = try Snapshot(home: bench.home, tenant: .default)
      let id = try #require(try bench.items().first { $0.kind == .mail }?.id)
      let item = try snapshot.item(id, caller: Caller(Principal("ana")))
      #expect(item?.defects == [Defect("attachment_not_read", "part 2: needs_program")])
    }
  }

  @Test("a message's quotes are passages of a role of their own, unless nothing else has a word")
  func quotes() throws {
    try withBench { bench in
      try bench.put("a.eml", mail("1", body: "Yes.\n\n> Shall we sail at nine?", parts: []))
      try bench.put("b.eml", mail("2", body: "> Shall we sail at ten?", parts: []))
      try bench.ingest()
      let snapshot = try Snapshot(home: bench.home, tenant: .default)
      var passages: [String] = []
      for item in try bench.items() {
        #expect(item.text.contains("Shall we sail"))
        for passage in try snapshot.passages(item: item.key) {
          let words = Array(item.text.utf8)[passage.span.range]
          passages.append("\(passage.role): \(String(decoding: words, as: UTF8.self))")
        }
      }
      #expect(
        passages == [
          "new: Yes.", "quoted: > Shall we sail at nine?", "new: > Shall we sail at ten?",
        ])
    }
  }
}
