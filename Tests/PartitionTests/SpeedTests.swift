import Analysis
import Glibc
import Grounding
import Partition
import TestSupport
import Testing

/// Prints what the store reaches; asserts only what it has to do, never a time.
@Suite("Speed", .serialized)
struct SpeedTests {
  private static func cpuSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// A text of words whose frequencies fall as those of a language do.
  private static func text(_ words: Int, _ random: inout RandomSource) -> String {
    var parts: [String] = []
    for _ in 0..<words {
      let rank = Int(Double.random(in: 0..<1, using: &random).magnitude * 11)
      let word = Int.random(in: 0..<(1 << (rank + 1)), using: &random)
      parts.append("w\(String(word &* 2_654_435_761 & 0xFF_FFFF, radix: 36))")
    }
    return parts.joined(separator: " ")
  }

  @Test("100,000 passages are written, found and counted")
  func speed() throws {
    try Store.with { store, writer in
      var random = RandomSource(seed: 1)
      let source = try writer.source(named: "speed")
      var drafts: [ItemDraft] = []
      for index in 0..<20_000 {
        let text = Self.text(450, &random)
        var item = draft(
          "item \(index)", source: source, title: "Title \(index % 97)", text: text)
        item.passages = cut(text, words: 90)
        drafts.append(item)
      }
      let passages = drafts.reduce(0) { $0 + $1.passages.count }
      let octets = drafts.reduce(0) { $0 + $1.item.text.utf8.count }
      var start = Self.cpuSeconds()
      for batch in stride(from: 0, to: drafts.count, by: 200) {
        try writer.begin()
        for draft in drafts[batch..<min(batch + 200, drafts.count)] { _ = try writer.apply(draft) }
        _ = try writer.commit()
      }
      report("write", start, passages, "passages, \(octets / passages) octets each")

      start = Self.cpuSeconds()
      let snapshot = try store.snapshot()
      report("open a snapshot", start)
      start = Self.cpuSeconds()
      let rows = try snapshot.eligible(Caller(Principal("owner")), kinds: Set(ItemKind.allCases))
      report("eligible", start, rows.passageCount, "rows")
      let all = rows.rows
      #expect(all.count == passages)
      let query = Self.text(6, &random)
      let terms = queryTerms(query).map(\.term)
      for _ in 0..<3 {
        start = Self.cpuSeconds()
        let lists = try snapshot.postings(terms, in: rows)
        report(
          "postings of \(terms.count) terms", start,
          lists.reduce(0) { $0 + $1.positions.count }, "postings")
      }

      try writer.requireModel("speed", dimension: 384)
      let vector = QuantizedVector((0..<384).map { Float($0 - 190) })
      start = Self.cpuSeconds()
      for batch in stride(from: 0, to: 20_000, by: 500) {
        try writer.begin()
        try writer.storeVectors(
          all[batch..<batch + 500].map { (row: $0, vector: vector) }, model: "speed")
        _ = try writer.commit()
      }
      report("vectors", start, 20_000, "vectors")
      try snapshot.pause()
      _ = try snapshot.resume()
      start = Self.cpuSeconds()
      let again = try snapshot.eligible(
        Caller(Principal("owner")), kinds: Set(ItemKind.allCases))
      let vectors = try snapshot.vectors(model: "speed", dimension: 384, of: again)
      #expect(vectors.query((0..<384).map { Float($0) }) != nil)
      report("vector pages", start, 20_000, "vectors read")

      start = Self.cpuSeconds()
      for batch in stride(from: 0, to: 2_000, by: 200) {
        try writer.begin()
        for draft in drafts[batch..<batch + 200] {
          _ = try writer.removeLocation(source: source, key: draft.key)
        }
        _ = try writer.commit()
      }
      report("remove", start, 2_000, "items")
    }
  }

  @Test(
    "the conversations of 1,000 candidates among 100,000 messages",
    .enabled(if: Corpora.environment("LOAM_MEASURE") == "1"))
  func conversations() throws {
    try Store.with { store, writer in
      var random = RandomSource(seed: 1)
      let (letters, threads) = Self.list(100_000, &random)
      let source = try writer.source(named: "speed")
      var start = Self.cpuSeconds()
      for batch in stride(from: 0, to: letters.count, by: 1_000) {
        try writer.begin()
        for letter in letters[batch..<batch + 1_000] { _ = try writer.apply(letter.draft(source)) }
        _ = try writer.commit()
      }
      report("write", start, letters.count, "messages")
      let keys = try store.snapshot().eligible(Caller(ann.owner), kinds: [.mail]).itemKeys
      // Messages came in the order of their numbers.
      #expect(keys == keys.sorted() && keys.count == letters.count)
      for _ in 0..<5 {
        let candidates = letters.indices.shuffled(using: &random).prefix(1_000)
        let snapshot = try store.snapshot()
        start = Self.cpuSeconds()
        let joined = try snapshot.conversations(Caller(ann.owner))
        let numbers = try candidates.map { try joined.number(of: keys[$0]) }
        report("conversations of 1,000 candidates", start)
        start = Self.cpuSeconds()
        for number in Set(numbers.prefix(10)) { _ = try joined.id(of: number) }
        report("ids of 10 of them", start)
        let expected = Dictionary(grouping: candidates.indices) { threads[candidates[$0]] }
        let found = Dictionary(grouping: candidates.indices) { numbers[$0] }
        #expect(Set(found.values) == Set(expected.values))
      }
    }
  }

  /// The messages of a mailing list, in threads of three on average, and the thread of each.
  ///
  /// A reply in twenty has no references and is known by its subject; a thread in fifty has the
  /// subject of a thousand others.
  private static func list(_ count: Int, _ random: inout RandomSource) -> ([Letter], [Int]) {
    var letters: [Letter] = []
    var threads: [[Int]] = []
    var thread: [Int] = []
    for number in 0..<count {
      var letter = Letter(name: "m\(number)", day: Double(number) / 1_440)
      let name = "Person\(number) Of\(number % 1_000)"
      letter.people = [
        Person(role: .from, name: name, address: "p\(number)@x"),
        Person(role: .to, address: "list@x"),
      ]
      letter.text = text(20, &random)
      if threads.isEmpty || Int.random(in: 0..<3, using: &random) == 0 {
        letter.title = threads.count.isMultiple(of: 50) ? "help" : "topic \(number)"
        threads.append([])
        thread.append(threads.count - 1)
      } else {
        let chosen = threads.indices.suffix(50).randomElement(using: &random) ?? 0
        let members = threads[chosen]
        let parent = members.randomElement(using: &random) ?? 0
        letter.title = "Re: \(letters[members[0]].title)"
        if letter.title != "Re: help", Int.random(in: 0..<20, using: &random) == 0 {
          let last = letters[members[members.count - 1]].people[0].name ?? ""
          letter.text = "\(last) wrote:\n\(letter.text)"
        } else {
          letter.references = Set([members[0], parent]).sorted().map { "m\($0)" }
        }
        thread.append(chosen)
      }
      threads[thread[number]].append(number)
      letters.append(letter)
    }
    return (letters, thread)
  }

  private func report(_ what: String, _ start: Double, _ count: Int = 0, _ unit: String = "") {
    let seconds = Self.cpuSeconds() - start
    let rate = count > 0 ? ": \(count) \(unit), \(Int(Double(count) / seconds)) a CPU second" : ""
    print("\(what) \((seconds * 1e5).rounded() / 100) ms of CPU\(rate)")
  }
}
