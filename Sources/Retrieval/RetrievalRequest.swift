package import Grounding

/// Which legs score.
package enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
  /// Both legs, fused.
  case hybrid
  /// Words alone.
  case lexical
  /// Meaning alone: the cosine of the query's and a passage's vector.
  case vector
}

/// How the two legs' scores become one.
package enum Fusion: String, Hashable, Sendable, Codable, CaseIterable {
  /// .4 cosine + .6 share of the lexical score that a perfect match would reach.
  case convex
  /// Reciprocal ranks, k = 60.
  case rrf
}

/// What becomes one result.
package enum GroupBy: String, Hashable, Sendable, Codable, CaseIterable {
  /// A conversation, for which its best item stands; what has none is a group of one.
  case conversation
}

/// A question to one partition: the body of `POST /v1/retrieve`.
///
/// In JSON the names are written with underscores; a field that this version does not know, one that
/// it keeps for later (``reservedFields``) and `null` are errors, so that nobody believes in a filter
/// that was not applied. ``init(json:)`` reads and validates; ``validate()`` holds the limits alone.
package struct RetrievalRequest: Hashable, Sendable {
  /// What is asked; 1 to 4,096 octets.
  package var query: String
  /// Which kinds of items may answer; at least one.
  package var kinds: Set<ItemKind>
  /// Items in the response, or groups of them; 1 to 100.
  package var limit: Int
  /// Snippets an item at most; 1 to 10.
  package var snippetsPerItem: Int
  package var mode: Mode
  package var fusion: Fusion
  /// `nil` where every item is a result of its own.
  package var groupBy: GroupBy?
  /// What all snippets together may take, in pieces of the model; 1 to 1,000,000.
  package var budgetTokens: Int?
  /// The asker's time, RFC 3339 with seconds and offset.
  ///
  /// Series that go on after it say when; ranking does not read it.
  package var now: String?
  /// The asker's zone, as `Europe/Berlin` or `+01:00`, where times without a zone are placed; the
  /// offset of `now` where it is absent.
  package var zone: String?

  package init(
    query: String, kinds: Set<ItemKind> = Set(ItemKind.allCases), limit: Int = 10,
    snippetsPerItem: Int = 3, mode: Mode = .hybrid, fusion: Fusion = .convex,
    groupBy: GroupBy? = nil, budgetTokens: Int? = nil, now: String? = nil, zone: String? = nil
  ) {
    self.query = query
    self.kinds = kinds
    self.limit = limit
    self.snippetsPerItem = snippetsPerItem
    self.mode = mode
    self.fusion = fusion
    self.groupBy = groupBy
    self.budgetTokens = budgetTokens
    self.now = now
    self.zone = zone
  }

  package static let queryOctets = 1...4_096
  package static let limits = 1...100
  package static let snippetsPerItemLimits = 1...10
  package static let budgetLimits = 1...1_000_000
  /// Names of the contract that have no meaning yet.
  package static let reservedFields: Set<String> = ["cursor", "filter", "explain"]

  /// Holds the limits of every field.
  ///
  /// - Throws: `bad_request` whose place is the field's name in JSON; `unavailable` for a zone's name
  ///   where the machine has no zone files.
  package func validate() throws(Problem) {
    try hold(
      Self.queryOctets.contains(query.utf8.count), "query", "The query's length is out of bounds.",
      "Ask with 1 to 4,096 octets of UTF-8.")
    try hold(
      !kinds.isEmpty, "kinds", "No kind of item is asked for.",
      "Name mail, document or event, or leave the field out for all.")
    try hold(
      Self.limits.contains(limit), "limit", "The limit is out of bounds.", "Ask for 1 to 100 items."
    )
    try hold(
      Self.snippetsPerItemLimits.contains(snippetsPerItem), "snippets_per_item",
      "The number of snippets an item is out of bounds.", "Ask for 1 to 10.")
    try hold(
      budgetTokens.map(Self.budgetLimits.contains) ?? true, "budget_tokens",
      "The budget is out of bounds.", "Give 1 to 1,000,000 tokens, or leave the field out.")
    try hold(
      now.map { AskedTime($0) != nil } ?? true, "now", "The time is not valid.",
      "Write RFC 3339 with seconds and offset, such as 2026-11-24T09:00:00+01:00.")
    if let zone { _ = try AskedTime.zone(zone) }
  }

  private func hold(
    _ condition: Bool, _ field: String, _ detail: String, _ remedy: String
  ) throws(Problem) {
    if !condition { throw Problem(.badRequest, detail, place: field, remedy: remedy) }
  }
}
