import Grounding
import Partition
import Retrieval

/// The questions that are asked of every store.
enum Questions {
  static let callers = [
    Caller(Principal("ann")), Caller(Principal("bo")), Caller(Principal("cy"), groups: ["crew"]),
  ]
  /// Both legs, one leg with quoted text, and groups, by different callers.
  static let all = [
    Question(
      caller: callers[0], request: RetrievalRequest(query: "ferries to the pier", limit: 4)),
    Question(
      caller: callers[1],
      request: RetrievalRequest(query: "line 3 of the very same words", limit: 4, mode: .lexical)),
    Question(
      caller: callers[2],
      request: RetrievalRequest(
        query: "budget naïve words", limit: 4, groupBy: .conversation, budgetTokens: 200)),
  ]

  struct Question {
    let caller: Caller
    let request: RetrievalRequest

    /// The whole answer.
    func answer(of retriever: Retriever) throws(Problem) -> String {
      String(decoding: try retriever.retrieve(request, caller: caller).json(), as: UTF8.self)
    }
  }

  static func retriever(of snapshot: Snapshot) throws(Problem) -> Retriever {
    let encoder = try snapshot.modelID().map { LetterEncoder(modelID: $0) }
    return Retriever(snapshot: snapshot, encoder: encoder)
  }

  /// The answers to all questions.
  static func answers(of snapshot: Snapshot) throws(Problem) -> [String] {
    let retriever = try retriever(of: snapshot)
    return try all.map { (question) throws(Problem) in try question.answer(of: retriever) }
  }

  /// Holds what every caller is shown against the model.
  static func compare(_ snapshot: Snapshot, with model: Model) throws {
    for caller in callers {
      let visible = model.visible(to: caller)
      let rows = try snapshot.eligible(caller, kinds: Set(ItemKind.allCases))
      guard rows.itemKeys.count == visible.count else {
        throw Finding("\(caller.principal) sees \(rows.itemKeys.count) items of \(visible.count)")
      }
      let items = try snapshot.storedItems(rows.itemKeys, caller: caller)
      for (letter, keys) in visible.values {
        guard let item = items.values.first(where: { $0.id == letter.id }) else {
          throw Finding("\(letter.name) is lost to \(caller.principal)")
        }
        try compare(item, with: letter, keys: keys, snapshot)
      }
    }
  }

  private static func compare(
    _ item: StoredItem, with letter: Letter, keys: [String], _ snapshot: Snapshot
  ) throws {
    let draft = letter.draft(
      source: 1, key: "-", file: nil, access: AccessList(owner: Principal("-")))
    var passages = draft.passages
    if passages.isEmpty {
      passages = [Passage(ordinal: 0, span: TextSpan(start: 0, end: 0))]
    }
    let stored = try snapshot.passages(item: item.key).map {
      Passage(ordinal: $0.ordinal, role: $0.role, span: $0.span, locator: $0.locator)
    }
    let isSame =
      item.text == draft.item.text && item.title == letter.title && item.kind == letter.kind
      && item.externalID == draft.item.externalID && item.locations.map(\.key) == keys
      && item.locations.allSatisfy { $0.source == Session.source } && stored == passages
    if !isSame { throw Finding("\(letter.name) is not what was stored last") }
  }
}
