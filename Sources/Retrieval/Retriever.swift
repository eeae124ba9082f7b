import Analysis
package import Grounding
package import Partition

/// An item that answers a query, as an evaluation needs it.
package struct RankedItem: Hashable, Sendable {
  package var id: ItemID
  /// The store's number of the item, good for this snapshot only.
  package var key: Int64
  /// Not rounded.
  package var score: Double
  package var lexical: LegScore?
  package var vector: LegScore?
}

/// Answers questions from one snapshot of one partition.
///
/// Access is judged first (`Snapshot.eligible`); whatever is counted, averaged, scored or reported
/// afterwards is of visible rows. A retriever remembers, for the last few pairs of caller and kinds, the
/// eligible rows with their lengths. It has one owner at a time, like its snapshot.
package struct Retriever {
  private let snapshot: Snapshot
  private let encoder: (any QueryEncoder)?
  private let conversationWeight: Double
  private let memory = Memory()

  /// Without an encoder `hybrid` runs as `lexical`, and `vector` is refused.
  ///
  /// - Parameter conversationWeight: for evaluations; 0 ranks each message by itself.
  package init(
    snapshot: Snapshot, encoder: (any QueryEncoder)?,
    conversationWeight: Double = FusedScore.conversationWeight
  ) {
    self.snapshot = snapshot
    self.encoder = encoder
    self.conversationWeight = conversationWeight
  }

  /// Octets that are remembered of callers, about; the index's are not among them.
  package var octets: Int { memory.octets }

  /// Ranks items for `query`, best first, `depth` at most (of at most 2,000 candidates).
  ///
  /// The same scores and order as ``retrieve(_:caller:requestID:)`` has.
  ///
  /// - Throws: `bad_request` for a request out of its limits, `unavailable` for mode `vector` without
  ///   a model, what the store throws.
  /// - Complexity: O(postings of the query's terms), and as ``VectorScores``.
  package func rank(
    query: String, mode: Mode = .hybrid, fusion: Fusion = .convex, caller: Caller,
    kinds: Set<ItemKind> = Set(ItemKind.allCases), depth: Int = 1_000
  ) throws(Problem) -> [RankedItem] {
    let search = try search(
      RetrievalRequest(query: query, kinds: kinds, mode: mode, fusion: fusion), caller,
      depth: depth)
    let entries = search.ranking.entries
    let ids = try search.view.names.ids(of: entries.map(\.item))
    return zip(entries, ids).map { entry, id in
      RankedItem(
        id: id, key: search.view.rows.key(ofItem: Int(entry.item)), score: entry.score,
        lexical: entry.lexical, vector: entry.vector)
    }
  }

  /// The lexical leg alone: the items of the best scores L, best first, `depth` at most.
  ///
  /// - Throws: `bad_request` for a query out of its limits; what the store throws.
  /// - Complexity: O(postings of the query's terms).
  package func lexicalLeg(
    query: String, caller: Caller, kinds: Set<ItemKind> = Set(ItemKind.allCases), depth: Int
  ) throws(Problem) -> [(id: ItemID, score: Double)] {
    try RetrievalRequest(query: query, kinds: kinds).validate()
    let view = try memory.view(snapshot, caller, kinds)
    let terms = queryTerms(query)
    let scores = LexicalScores(
      terms: terms, postings: try snapshot.postings(terms.map(\.term), of: view.rows),
      rows: view.rows, lengths: view.lengths, board: view.board, depth: depth)
    defer { scores.clear() }
    return try view.named(scores.leading, depth)
  }

  /// The vector leg alone: the items whose vectors of `model` are nearest to `vector`, best first, `depth`
  /// at most.
  ///
  /// - Throws: what the store throws.
  /// - Complexity: as ``VectorScores``.
  package func vectorLeg(
    vector: [Float], model: String, caller: Caller,
    kinds: Set<ItemKind> = Set(ItemKind.allCases), depth: Int
  ) throws(Problem) -> [(id: ItemID, score: Double)] {
    let view = try memory.view(snapshot, caller, kinds)
    let scores = VectorScores(
      query: vector, vectors: try view.vectors(model: model, dimension: vector.count),
      rows: view.rows, board: view.cosines, depth: depth)
    return try view.named(scores.leading, depth)
  }

  /// Answers `request` with what `caller` may see.
  ///
  /// - Parameter requestID: goes into the response as it is; all that may differ between two equal
  ///   questions.
  /// - Throws: `bad_request` for a request out of its limits; `unavailable` for mode `vector` or a
  ///   budget without a model; what the store throws.
  package func retrieve(
    _ request: RetrievalRequest, caller: Caller, requestID: String? = nil
  ) throws(Problem) -> RetrievalResponse {
    try request.validate()
    if request.budgetTokens != nil, encoder == nil {
      throw Problem(
        .unavailable, "There is no model to count tokens with.", place: "budget_tokens",
        remedy: "Leave the budget out, or name a model in LOAM_MODEL.")
    }
    // A group may hold any of the candidates.
    let search = try search(
      request, caller, depth: request.groupBy == nil ? request.limit : 2 * Ranking.legDepth)
    let groups = RankedGroup.groups(of: search.ranking.entries, by: request.groupBy)
      .prefix(request.limit)
    let page = groups.map(\.best)
    let described = try describe(page, search, request)
    var budget = SnippetBudget(limit: request.budgetTokens)
    var results: [RetrievalResult] = []
    for (offset, (group, found)) in zip(groups, described).enumerated() {
      var result = RetrievalResult(
        rank: offset + 1, score: roundedScore(group.best.score),
        lexical: group.best.lexical?.rounded, vector: group.best.vector?.rounded, item: found.item,
        snippets: budget.take(found.snippets))
      if request.groupBy != nil {
        let shown = group.others.prefix(ConversationGroup.itemLimit)
        result.conversation = ConversationGroup(
          id: found.item.conversation,
          items: try search.view.names.ids(of: shown.map(\.item)).map(\.text),
          results: group.others.count + 1)
      }
      results.append(result)
    }
    return RetrievalResponse(
      results: results,
      coverage: Coverage(
        passages: search.view.rows.passageCount, pending: search.pending, mode: search.mode,
        vector: search.vector.map { $0.isExact ? .exact : .sketch },
        tokens: encoder == nil ? nil : budget.used),
      requestID: requestID)
  }

  /// The page's items with their snippets, in its order.
  private func describe(
    _ page: [Ranking.Entry], _ search: Search, _ request: RetrievalRequest
  ) throws(Problem) -> [(item: ItemDescription, snippets: [(snippet: Snippet, pieces: Int)])] {
    let rows = search.view.rows
    let next = try request.now.map { (now) throws(Problem) in
      try NextOccurrence(now: now, zone: request.zone)
    }
    var cutter = SnippetCutter(
      scores: search.passageScores(of: page.map(\.item)), rows: rows,
      terms: search.terms.map(\.term), isLexical: search.mode == .lexical,
      pieceCount: { [encoder] in encoder?.pieceCount($0) ?? 0 })
    return try page.map { (entry) throws(Problem) in
      let key = rows.key(ofItem: Int(entry.item))
      let item = try search.view.shelf.item(key, withSeries: next != nil)
      return (
        next.map { item.description($0) } ?? item.description,
        try cutter.snippets(of: item, limit: request.snippetsPerItem)
      )
    }
  }
}

/// One query's way through the legs.
private struct Search {
  let view: EligibleView
  /// The mode that runs.
  let mode: Mode
  let terms: [QueryTerm]
  let postings: [TermPostings]
  /// `nil` where quoted text does not count.
  let quoted: QuotedPostings?
  let lexical: LexicalScores?
  let vector: VectorScores?
  let pending: Int
  let ranking: Ranking

  func passageScores(of items: [Int32]) -> PassageScores {
    PassageScores(
      items: items, lexical: lexical, postings: postings, quoted: quoted, vector: vector,
      rows: view.rows, lengths: view.lengths)
  }
}

extension Retriever {
  private func search(
    _ request: RetrievalRequest, _ caller: Caller, depth: Int
  ) throws(Problem) -> Search {
    try request.validate()
    if request.mode == .vector, encoder == nil {
      throw Problem(
        .unavailable, "There is no model for mode vector.", place: "mode",
        remedy: "Ask with mode lexical, or name a model in LOAM_MODEL.")
    }
    let mode = encoder == nil ? .lexical : request.mode
    let view = try memory.view(snapshot, caller, request.kinds)
    let terms = queryTerms(request.query)
    let needsConversations =
      request.groupBy != nil || conversationWeight > 0 && request.kinds.contains(.mail)

    var vector: VectorScores?
    var pending = view.rows.passageCount
    if let encoder {
      pending = try view.pendingCount(model: encoder.modelID)
      if mode != .lexical {
        vector = VectorScores(
          query: memory.vector(of: request.query, encoder),
          vectors: try view.vectors(model: encoder.modelID, dimension: encoder.dimension),
          rows: view.rows, board: view.cosines, depth: Ranking.legDepth)
      }
    }
    var postings: [TermPostings] = []
    var quoted: QuotedPostings?
    var lexical: LexicalScores?
    if mode != .vector {
      let words = terms.map(\.term)
      postings = try snapshot.postings(words, of: view.rows)
      // With quoted text the fused ranking falls below its lexical leg (DESIGN section 4).
      if mode == .lexical { quoted = try view.quotedPostings(words) }
      lexical = LexicalScores(
        terms: terms, postings: postings, quoted: quoted, rows: view.rows, lengths: view.lengths,
        board: view.board, depth: Ranking.legDepth, items: vector?.leading.map(\.item) ?? [])
    }
    defer { lexical?.clear() }
    return Search(
      view: view, mode: mode, terms: terms, postings: postings, quoted: quoted, lexical: lexical,
      vector: vector, pending: pending,
      ranking: try Ranking(
        lexical: lexical, vector: vector, fusion: request.fusion, names: view.names,
        weight: conversationWeight, depth: depth, conversations: needsConversations ? view : nil))
  }

  /// What is kept between questions to one snapshot.
  private final class Memory {
    private struct Key: Hashable {
      let caller: Caller
      let kinds: Set<ItemKind>
    }

    /// Views hold arrays over all visible items; a service asks a snapshot for few callers.
    private static let viewLimit = 4
    private var views: [(key: Key, view: EligibleView)] = []
    /// An evaluation asks each query once a leg.
    private var lastQuery: (text: String, vector: [Float])?

    var octets: Int {
      views.reduce(0) { $0 + $1.view.octets } + (lastQuery?.vector.count ?? 0) * 4
    }

    /// The least recently used view gives way.
    func view(
      _ snapshot: Snapshot, _ caller: Caller, _ kinds: Set<ItemKind>
    ) throws(Problem) -> EligibleView {
      let key = Key(caller: caller, kinds: kinds)
      if let index = views.firstIndex(where: { $0.key == key }) {
        views.append(views.remove(at: index))
        return views[views.count - 1].view
      }
      let view = try EligibleView(snapshot, caller: caller, kinds: kinds)
      if views.count == Self.viewLimit { views.removeFirst() }
      views.append((key, view))
      return view
    }

    func vector(of query: String, _ encoder: any QueryEncoder) -> [Float] {
      if let lastQuery, lastQuery.text == query { return lastQuery.vector }
      let vector = encoder.encode(query: query)
      lastQuery = (query, vector)
      return vector
    }
  }
}
