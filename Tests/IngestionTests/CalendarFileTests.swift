import Grounding
import Ingestion
import Partition
import TestSupport
import Testing

@Suite("A calendar file")
struct CalendarFileTests {
  @Test("is an item for each event, with names of their own, and is followed when it changes")
  func follows() throws {
    try withBench { bench in
      try bench.put(
        "c.ics",
        calendarText([eventText("u/1", "One"), eventText("u2", "Two"), eventText("u3", "Three")]))
      let first = try bench.ingest()
      #expect(first.items == [.event: 3])
      #expect(first.messages == 0 && first.scanned == 1)
      let before = try bench.items()
      #expect(
        before.map { $0.locations[0].key } == ["in/c.ics//u%2F1", "in/c.ics//u3", "in/c.ics//u2"])
      #expect(before[0].locations[0].uri == "file://\(bench.folder)/c.ics#u%2F1")
      #expect(try bench.ingest().unchanged == 3)
      try bench.put(
        "c.ics",
        calendarText([
          eventText("u/1", "One"), eventText("u3", "Three changed"), eventText("u4", "Four"),
        ]))
      let changed = try bench.ingest()
      #expect(changed.unchanged == 1)
      #expect(changed.updated == 1)
      #expect(changed.added == 1)
      #expect(changed.removed == 1)
      let after = try bench.items()
      #expect(after.map(\.title) == ["Four", "One", "Three changed"])
      #expect(after[1].id == before[0].id && after[2].id == before[1].id)
    }
  }

  @Test("that moved keeps its events; a later one at its place has others")
  func moves() throws {
    try withBench { bench in
      for number in 0..<9 { try bench.put("\(number).md", "# Note \(number)\n\ntext") }
      try bench.put("c.ics", calendarText([eventText("u1", "One")]))
      try bench.ingest()
      let before = try bench.items().filter { $0.kind == .event }
      move("\(bench.folder)/c.ics", to: "\(bench.folder)/d.ics")
      #expect(try bench.ingest().unchanged == 10)
      try bench.put("c.ics", calendarText([eventText("u1", "Another one")]))
      let summary = try bench.ingest()
      #expect(summary.added == 1)
      let events = try bench.items().filter { $0.kind == .event }
      #expect(events.count == 2)
      #expect(events.contains { $0.id == before[0].id && $0.title == "One" })
      #expect(try bench.ingest().unchanged == 11)
    }
  }

  @Test("without events is empty; tasks are counted as not read; nothing is silent")
  func accounting() throws {
    try withBench { bench in
      try bench.put("empty.ics", calendarText([]))
      try bench.put("tasks.ics", calendarText([], more: taskText))
      try bench.put("both.ics", calendarText([eventText("u1", "One")], more: taskText + taskText))
      let summary = try bench.ingest()
      #expect(summary.scanned == 3)
      #expect(summary.skipped == ["empty": 2, "not_yet": 3])
      #expect(summary.items == [.event: 1])
      #expect(summary.failed == [])
    }
  }

  @Test("that loses all its events loses their items")
  func emptied() throws {
    try withBench { bench in
      bench.prune = true
      try bench.put("c.ics", calendarText([eventText("u1", "One")]))
      try bench.ingest()
      try bench.put("c.ics", calendarText([]))
      let summary = try bench.ingest()
      #expect(summary.removed == 1)
      #expect(summary.skipped == ["empty": 1])
      #expect(try bench.items().isEmpty)
    }
  }
}

@Suite("Everything is accounted for")
struct AccountingTests {
  @Test("each file ends in one way, and each message and event in one")
  func invariant() throws {
    try withBench { bench in
      var files: [String: String] = [
        "a.md": "# A\n\nwords", "b.txt": " \n", "c.pdf": "%PDF-1.4", "d.docx": "PK\u{3}\u{4}word/",
        "e.bin": "\u{0}\u{1}\u{0}", "f.html": "<!doctype html><p>words</p>",
        "g.csv": "a,b\n1,2\n", "h.json": "{\"a\":\"words\"}", "i.py": "def a():\n  return 1\n",
        "j.ics": calendarText([eventText("u1", "One"), eventText("u1", "Other")], more: taskText),
        "k.ics": calendarText([]), "l.eml": mail("1", parts: [invitation("u1", "Audit")]),
        "m.mbox": mailbox(mail("1", parts: [invitation("u1", "Audit")]), mail("2"), mail("2")),
        "n.jsonl": "{\"_id\":\"1\",\"text\":\"x\"}\n{\"_id\":\n", "o.log": "",
        "Box/cur/1.a:2,S": mail("3"), "Box/new/2.a": mail("4"), "Box/tmp/3.a": mail("5"),
        "Box/dovecot-uidlist": "3 V1", "big.txt": String(repeating: "word ", count: 1_000),
      ]
      files["long.mbox"] = mailbox(
        mail("6"), mail("7", body: String(repeating: "word ", count: 1_000)))
      for (name, text) in files { try bench.put(name, text) }
      bench.limits.itemOctets = 3_000
      var skipped: [String] = []
      var failed: [String] = []
      bench.watch = { event in
        switch event {
        case .skipped(let path, _): skipped.append(path)
        case .failed(let problem): failed.append(problem.place ?? "")
        default: break
        }
      }
      let summary = try bench.ingest()
      let prefix = bench.folder + "/"
      let read = Set(
        try bench.items().flatMap(\.locations).map { location in
          String(
            location.key.split(separator: "/", omittingEmptySubsequences: false)
              .prefix { !$0.isEmpty }.joined(separator: "/"))
        })
      for name in files.keys.sorted() where !name.hasPrefix("Box/tmp/") {
        let ends = [
          read.contains("in/" + name), skipped.contains(prefix + name),
          failed.contains(prefix + name),
        ].count { $0 }
        #expect(ends == 1, "\(name)")
      }
      #expect(skipped.contains(prefix + "Box/tmp"))
      // A folder that is passed over counts once.
      #expect(summary.scanned == files.count)
      #expect(summary.skipped.values.reduce(0, +) == skipped.count)
      #expect(summary.failed.count == failed.count)
      // l, m (three), Box (two), long (one of two; the other failed).
      #expect(summary.messages == 7)
      #expect(failed.contains(prefix + "long.mbox, message 2"))
      #expect(summary.items[.mail] == 5)
      // One in j, where the other has its name and is an oddity; one in both copies of message 1.
      #expect(summary.items[.event] == 2)
      #expect(summary.added == summary.items.values.reduce(0, +))
      #expect(summary.added == (try bench.items().count))
      #expect(summary.skipped["not_yet"] == 2)
    }
  }
}
