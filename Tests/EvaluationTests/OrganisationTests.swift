import Embedding
import Evaluation
import Grounding
import Ingestion
import Partition
import Retrieval
import TestSupport
import Testing

@Suite("The ferry cooperative, ingested and asked as its people")
struct OrganisationTests {
  @Test("the counts are those that another program found")
  func counts() throws {
    let expected = try JSONValue(Organisation.text("expected-counts.json"))
    func count(_ names: String...) throws -> Int {
      try Int(#require(names.reduce(expected) { $0?[$1] }?.number))
    }
    func counts(_ names: String...) throws -> [String: Int] {
      guard case .object(let members)? = names.reduce(expected, { $0?[$1] }) else { return [:] }
      return members.compactMapValues { $0.number.map { Int($0) } }
    }
    try Organisation.ingested(encoder: nil) { summary, store in
      #expect(summary.failed == [])
      var skipped = summary.skipped
      #expect(skipped.removeValue(forKey: "excluded") != nil)
      #expect(try skipped == counts("skipped"))
      #expect(summary.messages == (try count("messages", "all")))
      #expect(summary.duplicates == (try count("duplicates")))
      for kind in ItemKind.allCases {
        #expect(summary.items[kind] == (try count("items", kind.rawValue)), "\(kind)")
      }
      #expect(summary.added == (try counts("items").values.reduce(0, +)))

      let mail = store.items.values.filter { $0.kind == .mail && $0.parent == nil }
      #expect(mail.count == (try count("unique_messages")))
      #expect(Set(mail.compactMap(\.externalID)).count == (try count("message_ids")))
      #expect(
        mail.count { $0.externalID == nil } == (try count("messages_without_message_id")))
      let places = mail.flatMap { store.paths($0.key) }
      for account in ["ana", "jonas", "mirela", "theo", "list"] {
        #expect(
          places.count { $0.hasPrefix("mail/\(account)/") } == (try count("messages", account)),
          "\(account)")
      }

      let attached = store.items.values.filter { $0.parent != nil }
      for kind in ItemKind.allCases {
        #expect(
          attached.count { $0.kind == kind } == (try count("attachments", "read", kind.rawValue)),
          "\(kind) attached")
      }
      let notRead = try store.defects("attachment_not_read").map { defect in
        String(defect.detail.split(separator: " ").last ?? "")
      }
      #expect(
        try Dictionary(grouping: notRead) { $0 }.mapValues(\.count)
          == counts("attachments", "not_read"))
      let events = store.items.values.filter { $0.kind == .event && $0.parent == nil }
      #expect(events.count == (try count("calendars", "events")))

      let callers =
        try Organisation.people() + [Organisation.archive, Caller(Principal("nobody"))]
      #expect(callers.count == 6)
      for caller in callers {
        for kind in ItemKind.allCases {
          #expect(
            try store.visible(kind, caller)
              == count("visible", caller.principal.name, kind.rawValue),
            "\(kind) of \(caller.principal)")
        }
      }
    }
  }

  @Test("no hidden word is found, every visible one is, and what was hidden is counted")
  func hiddenWords() throws {
    let words = try JSONValue(Organisation.text("hidden-words.json"))
    let hidden = try #require(words["hidden"]?.array)
    let visible = try #require(words["visible"]?.array)
    try #require(hidden.count > 30 && visible.count > 15)
    try Organisation.ingested(encoder: nil) { _, store in
      let retriever = Retriever(snapshot: store.snapshot, encoder: nil)
      func places(_ word: JSONValue) throws -> [String] {
        let ranked = try retriever.rank(
          query: try #require(word["word"]?.string), mode: .lexical, caller: Organisation.archive)
        return ranked.flatMap { store.paths($0.key) }
      }
      for word in visible {
        let path = try #require(word["path"]?.string)
        let text = try #require(word["word"]?.string)
        // A signature is the message's text, and no passage of its own words.
        let isOwnWord = word["role"] == nil
        #expect(try places(word) == (isOwnWord ? [path] : []), "\(text)")
        #expect(store.items.values.contains { $0.text.contains(text) }, "\(text)")
      }
      for word in hidden {
        let text = try #require(word["word"]?.string)
        #expect(try places(word) == [], "\(text), \(word["way"]?.string ?? "")")
        // Nor does it stand in any text, as a part of what is no word.
        #expect(!store.items.values.contains { $0.text.contains(text) }, "\(text)")
      }
      #expect(try store.hiddenElements() == expectedElements(hidden))
    }
  }

  /// How many elements with a hidden word each file has, by the reason that Loam gives: what is in no
  /// element that could be seen (a comment, a script) has none.
  private func expectedElements(_ hidden: [JSONValue]) -> [String: Int] {
    var elements: [String: Int] = [:]
    for word in hidden {
      guard let path = word["path"]?.string, let reason = word["reason"]?.string else { continue }
      elements["\(path): \(reason)", default: 0] += 1
    }
    return elements
  }

  /// The bundled encoder and the ranking as a user has them: the least of a release.
  @Test("the fused ranking is no worse than either leg, and shows nothing that is hidden")
  func ranking() throws {
    let judgements = try Organisation.judgements("topics/qrels.txt")
    let all = try Organisation.judgements("topics/qrels-all.txt")
    let questions = try Organisation.questions()
    let access = try OrganisationAccess()
    #expect(questions.count == 45)
    #expect(judgements.topics.count == 37)

    try Organisation.ingested(encoder: Encoder.bundled()) { summary, store in
      #expect(summary.pending == 0)
      let retriever = Retriever(snapshot: store.snapshot, encoder: try Encoder.bundled())
      var scores: [Mode: RunScores] = [:]
      for mode in [Mode.lexical, .vector, .hybrid] {
        var run = Run(tag: mode.rawValue)
        for question in questions {
          let ranked = try retriever.rank(
            query: question.text, mode: mode, caller: question.asker)
          let names = ranked.map { store.name($0.key) }

          // Whoever reads the access lists finds every result allowed to its asker, and no answer
          // of those with more access among them.
          for (item, name) in zip(ranked, names) {
            #expect(
              access.allows(question.asker, name, paths: store.paths(item.key)),
              "\(mode) \(question.id): \(name)")
          }
          let hidden = Self.hidden(all, question, access, store)
          #expect(hidden.isDisjoint(with: names), "\(mode) \(question.id)")
          // These have answers, but none for their askers.
          if ["q07", "q23", "q35", "q38", "q39", "q40"].contains(question.id) {
            #expect(judgements.grades[question.id] == nil)
            #expect(hidden == Set(all.grades[question.id, default: [:]].keys))
            #expect(!hidden.isEmpty)
          }

          // Of two items with one Message-ID the better counts.
          var seen: Set<Identifier> = []
          let results = names.filter { seen.insert($0).inserted }.enumerated()
            .map { Run.Result(item: $1, score: -Double($0)) }
          run.set(results, topic: question.id)
        }
        scores[mode] = RunScores(run, judgements: judgements, measures: Measure.reported)
      }
      try check(scores)
    }
  }

  /// The judged items of a topic that lie only where its asker may not look.
  private static func hidden(
    _ judgements: Judgements, _ question: Organisation.Question, _ access: OrganisationAccess,
    _ store: OrganisationStore
  ) -> Set<Identifier> {
    var visible: Set<Identifier> = []
    for key in store.items.keys
    where access.allows(question.asker, store.name(key), paths: store.paths(key)) {
      visible.insert(store.name(key))
    }
    return Set(judgements.grades[question.id, default: [:]].keys).subtracting(visible)
  }

  private func check(_ scores: [Mode: RunScores]) throws {
    let lexical = try #require(scores[.lexical])
    let vector = try #require(scores[.vector])
    let hybrid = try #require(scores[.hybrid])
    for (name, scores) in [("lexical", lexical), ("vector", vector), ("hybrid", hybrid)] {
      let values = scores.measures.map { measure in
        "\(measure.label) \((scores.overall(measure) * 10_000).rounded() / 10_000)"
      }
      print("organisation, \(scores.topics.count) topics, \(name):", values.joined(separator: ", "))
    }
    let measure = Measure.nDCG(at: 10)
    #expect(hybrid.topics.count == 37)
    #expect(hybrid.overall(measure) >= lexical.overall(measure))
    #expect(hybrid.overall(measure) >= vector.overall(measure))
    #expect(hybrid.overall(measure) >= 0.68)
  }
}
