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
    try Organisation.ingested(encoder: nil) { summary, store in
      #expect(summary.failed == [])
      #expect(Set(summary.skipped.keys) == ["excluded"])
      #expect(summary.messages == (try count("messages", "all")))
      #expect(summary.duplicates == (try count("duplicates")))
      #expect(summary.items[.mail] == (try count("unique_messages")))
      #expect(summary.items[.document] == (try count("files")))
      #expect(summary.items[.event, default: 0] == 0)
      #expect(summary.added == (try count("items", "mail") + count("items", "document")))

      let mail = store.items.values.filter { $0.kind == .mail }
      #expect(Set(mail.compactMap(\.externalID)).count == (try count("message_ids")))
      #expect(
        mail.count { $0.externalID == nil } == (try count("messages_without_message_id")))
      let places = mail.flatMap { store.paths($0.key) }
      for account in ["ana", "jonas", "mirela", "list"] {
        #expect(
          places.count { $0.hasPrefix("mail/\(account)/") } == (try count("messages", account)),
          "\(account)")
      }

      let callers =
        try Organisation.people() + [Organisation.archive, Caller(Principal("nobody"))]
      #expect(callers.count == 6)
      for caller in callers {
        for kind in [ItemKind.mail, .document] {
          #expect(
            try store.visible(kind, caller)
              == count("visible", caller.principal.name, kind.rawValue),
            "\(kind) of \(caller.principal)")
        }
      }
    }
  }

  /// The bundled encoder and the ranking as a user has them: the least of a release.
  @Test("the fused ranking is no worse than either leg, and shows nothing that is hidden")
  func ranking() throws {
    let judgements = try Organisation.judgements("topics/qrels.txt")
    let all = try Organisation.judgements("topics/qrels-all.txt")
    let questions = try Organisation.questions()
    let access = try OrganisationAccess()
    #expect(questions.count == 30)
    #expect(judgements.topics.count == 26)

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
              store.paths(item.key).contains { access.allows(question.asker, path: $0) },
              "\(mode) \(question.id): \(name)")
          }
          let hidden = Self.hidden(all, question, access, store)
          #expect(hidden.isDisjoint(with: names), "\(mode) \(question.id)")
          // These two have answers, but none for their askers.
          if question.id == "q07" || question.id == "q23" {
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
    where store.paths(key).contains(where: { access.allows(question.asker, path: $0) }) {
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
    #expect(hybrid.topics.count == 26)
    #expect(hybrid.overall(measure) >= lexical.overall(measure))
    #expect(hybrid.overall(measure) >= vector.overall(measure))
    #expect(hybrid.overall(measure) >= 0.65)
  }
}
