import Grounding
import Retrieval
import Testing

/// When series go on after `now`.
@Suite("A series in the response")
struct NextOccurrenceTests {
  private static let alice = Caller(Principal("alice"))
  private static let hers = AccessList(owner: Principal("alice"))

  /// The times that a series of these content lines has in the response to a question.
  private func times(
    _ lines: String?, start: ItemTime? = nil, kind: ItemKind = .event, now: String?,
    zone: String? = nil
  ) throws -> [String: TimeDescription] {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      var spec = ItemSpec(key: "series", kind: kind, passages: [["zorb"]])
      spec.times = start.map { [$0] } ?? []
      spec.facts =
        lines.map { [Fact("sequence", .number(1)), Fact("recurrence", .text($0))] } ?? []
      try store.write { try store.add(spec, access: Self.hers) }
      let response = try store.retriever(nil).retrieve(
        RetrievalRequest(query: "zorb", now: now, zone: zone), caller: Self.alice)
      return response.results.first?.item.times ?? [:]
    }
  }

  private static let weekly = """
    DTSTART;TZID=Europe/Berlin:20260901T090000
    DTEND;TZID=Europe/Berlin:20260901T103000
    RRULE:FREQ=WEEKLY;UNTIL=20270331T215959Z
    EXDATE;TZID=Europe/Berlin:20261201T090000

    """
  private static let berlin = ItemTime(
    role: .start, instant: 1_788_246_000, local: "2026-09-01T09:00:00", zone: "Europe/Berlin")

  @Test("says when it goes on, in its own zone, without the exceptions")
  func next() throws {
    let times = try times(Self.weekly, start: Self.berlin, now: "2026-11-24T09:00:00+01:00")
    #expect(
      times["next_start"]
        == TimeDescription(
          ItemTime(
            role: .nextStart, instant: 1_796_716_800, local: "2026-12-08T09:00:00",
            zone: "Europe/Berlin")))
    #expect(times["next_start"]?.instant == "2026-12-08T08:00:00Z")
    #expect(times["next_end"]?.local == "2026-12-08T10:30:00")
    #expect(times["start"] == TimeDescription(Self.berlin))
  }

  @Test("an occurrence that begins at now is not after it, one a second later is")
  func strictlyAfter() throws {
    let at = try times(Self.weekly, start: Self.berlin, now: "2026-11-24T08:00:00Z")
    #expect(at["next_start"]?.local == "2026-12-08T09:00:00")
    let before = try times(Self.weekly, start: Self.berlin, now: "2026-11-24T07:59:59Z")
    #expect(before["next_start"]?.local == "2026-11-24T09:00:00")
  }

  @Test(
    "has no next time where it has ended, is no series, cannot be read, or nobody asks",
    arguments: [
      (weekly, ItemKind.event, "2027-04-01T00:00:00Z"), (weekly, .event, nil),
      (nil, .event, "2026-11-24T09:00:00Z"), ("DTSTART:x", .event, "2026-11-24T09:00:00Z"),
      (weekly, .document, "2026-11-24T09:00:00Z"),
      ("DTSTART:20260901\nRRULE:FREQ=DAILY;RSCALE=CHINESE\n", .event, "2026-11-24T09:00:00Z"),
    ] as [(String?, ItemKind, String?)])
  func none(lines: String?, kind: ItemKind, now: String?) throws {
    let times = try times(lines, start: Self.berlin, kind: kind, now: now)
    #expect(times.keys.sorted() == ["start"])
  }

  /// At 23:30 in Berlin it is the day before in New York.
  @Test(
    "whole days and times without a zone are placed in the asker's zone, else at the offset of now",
    arguments: [
      ("2026-11-24T23:30:00+01:00", nil, "2026-11-25"),
      ("2026-11-24T23:30:00+01:00", "America/New_York", "2026-11-25"),
      ("2026-11-25T00:30:00+01:00", nil, "2026-11-26"),
      ("2026-11-25T00:30:00+01:00", "America/New_York", "2026-11-25"),
      ("2026-11-25T00:30:00+01:00", "-05:00", "2026-11-25"),
    ] as [(String, String?, String)])
  func floating(now: String, zone: String?, day: String) throws {
    let days = try times(
      "DTSTART;VALUE=DATE:20260901\nDTEND;VALUE=DATE:20260902\nRRULE:FREQ=DAILY\n", now: now,
      zone: zone)
    #expect(
      days["next_start"] == TimeDescription(ItemTime(role: .nextStart, local: day, allDay: true)))
    #expect(days["next_end"]?.allDay == true)
    let midnights = try times("DTSTART:20260901T000000\nRRULE:FREQ=DAILY\n", now: now, zone: zone)
    #expect(
      midnights["next_start"]
        == TimeDescription(ItemTime(role: .nextStart, local: day + "T00:00:00")))
    #expect(midnights["next_end"] == nil)
  }

  @Test("is that of a copy that may be seen, whatever the others say")
  func otherCopy() throws {
    for salt in 0..<16 {
      try withStoreFolder { folder in
        let store = try TestStore(folder)
        var hidden = ItemSpec(key: "series", kind: .event, passages: [["zorb"]])
        hidden.salt = 2 * salt
        hidden.facts = [Fact("recurrence", .text("DTSTART:20260901T090000Z\nRRULE:FREQ=DAILY\n"))]
        var seen = hidden
        seen.salt += 1
        seen.facts = []
        try store.write {
          try store.add(hidden, at: "his", access: AccessList(owner: Principal("bob")))
          try store.add(seen, at: "hers", access: Self.hers)
        }
        let request = RetrievalRequest(query: "zorb", now: "2026-11-24T09:00:00Z")
        let asAlice = try store.retriever(nil).retrieve(request, caller: Self.alice)
        #expect(asAlice.results.count == 1 && asAlice.results[0].item.times == nil, "\(salt)")
        let asBob = try store.retriever(nil).retrieve(request, caller: Caller(Principal("bob")))
        #expect(asBob.results.first?.item.times?["next_start"]?.local == "2026-11-25T09:00:00")
      }
    }
  }

  @Test("changes nothing else: scores, order and snippets are those without now")
  func nothingElse() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      try store.write {
        for index in 0..<5 {
          var spec = ItemSpec(key: "k\(index)", kind: .event, passages: [["zorb", "quix"]])
          spec.facts = [Fact("recurrence", .text(Self.weekly))]
          try store.add(spec, access: Self.hers)
        }
      }
      let retriever = try store.retriever(nil)
      let plain = try retriever.retrieve(RetrievalRequest(query: "zorb"), caller: Self.alice)
      var asked = try retriever.retrieve(
        RetrievalRequest(query: "zorb", now: "2026-11-24T09:00:00Z"), caller: Self.alice)
      #expect(asked.results.allSatisfy { $0.item.times?["next_start"] != nil })
      for index in asked.results.indices { asked.results[index].item.times = nil }
      #expect(asked == plain)
    }
  }
}
