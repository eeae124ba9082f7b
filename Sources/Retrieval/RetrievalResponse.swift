package import Grounding

/// What `POST /v1/retrieve` and `search --json` answer.
///
/// What is unknown is absent, never null. Scores are rounded to six decimals here, in the output
/// only: the order is that of the unrounded scores. Apart from `requestID`, two equal questions to two
/// stores that differ only in what the caller may not see have the same octets.
package struct RetrievalResponse: Hashable, Sendable, Codable {
  /// Best first.
  package var results: [RetrievalResult]
  package var coverage: Coverage
  package var requestID: String?

  package init(results: [RetrievalResult], coverage: Coverage, requestID: String? = nil) {
    self.results = results
    self.coverage = coverage
    self.requestID = requestID
  }

  private enum CodingKeys: String, CodingKey {
    case results, coverage
    case requestID = "request_id"
  }
}

/// An item that answers, with the passages that show it.
package struct RetrievalResult: Hashable, Sendable, Codable {
  /// From 1.
  package var rank: Int
  /// The fused score, smoothed with that of the best other message of the item's conversation.
  package var score: Double
  /// The share L / B that the item reaches; absent where the leg did not run or had no words.
  package var lexical: LegScore?
  /// The best passage's cosine; absent where the leg did not run or the item has no vector.
  package var vector: LegScore?
  package var item: ItemDescription
  /// Best first; none where the item has no text, or where none fits the budget.
  package var snippets: [Snippet]
  /// What else of the item's conversation answers; absent unless the request groups.
  package var conversation: ConversationGroup?

  package init(
    rank: Int, score: Double, lexical: LegScore?, vector: LegScore?, item: ItemDescription,
    snippets: [Snippet]
  ) {
    self.rank = rank
    self.score = score
    self.lexical = lexical
    self.vector = vector
    self.item = item
    self.snippets = snippets
  }
}

/// What of a conversation is among the candidates, where a request groups by conversation.
package struct ConversationGroup: Hashable, Sendable, Codable {
  /// As the item has it; absent where none of the conversation's messages has an id.
  package var id: String?
  /// The ids of the conversation's other candidates, best first, 100 at most.
  package var items: [String]
  /// The conversation's candidates in all, the result's own item among them.
  package var results: Int

  static let itemLimit = 100
}

/// An item's standing in one leg.
package struct LegScore: Hashable, Sendable, Codable {
  /// From 1; absent where the item is not among the leg's best 1,000.
  package var rank: Int?
  package var score: Double

  package init(rank: Int?, score: Double) {
    self.rank = rank
    self.score = score
  }

  var rounded: LegScore { LegScore(rank: rank, score: roundedScore(score)) }
}

/// An exact span of an item's text.
package struct Snippet: Hashable, Sendable, Codable {
  /// The octets of the item's text at `span`, unchanged.
  package var text: String
  package var span: TextSpan
  /// SHA-256 of `text`'s octets, hexadecimal.
  package var sha256: String
  /// Absent where nothing but the span is known.
  package var locator: Locator?
  /// Pairs of start and end of the query's words, octets from the snippet's start, ascending.
  package var marks: [[Int]]
  package var score: Double
  /// Whether the item only repeats this: another says it first; absent for the item's own words.
  package var quoted: Bool?

  package init(
    text: String, span: TextSpan, sha256: String, locator: Locator?, marks: [[Int]], score: Double,
    quoted: Bool? = nil
  ) {
    self.text = text
    self.span = span
    self.sha256 = sha256
    self.locator = locator
    self.marks = marks
    self.score = score
    self.quoted = quoted
  }
}

/// What was searched, of what the caller may see.
package struct Coverage: Hashable, Sendable, Codable {
  /// Passages of the kinds asked for.
  package var passages: Int
  /// Those among them that have no vector of the model yet.
  package var pending: Int
  /// The mode that ran: `lexical` where a hybrid question found no model.
  package var mode: Mode
  package var vector: VectorCoverage?
  /// The pieces of all snippets together; absent without a model to count with.
  package var tokens: Int?

  package init(
    passages: Int, pending: Int, mode: Mode, vector: VectorCoverage?, tokens: Int?
  ) {
    self.passages = passages
    self.pending = pending
    self.mode = mode
    self.vector = vector
    self.tokens = tokens
  }
}

/// How the vectors were searched.
package struct VectorCoverage: Hashable, Sendable, Codable {
  package enum Method: String, Hashable, Sendable, Codable {
    /// Every row is compared.
    case exact
    /// Rows are chosen by one bit a component and then compared.
    case sketch
  }

  package var method: Method
  /// The share of the true neighbours that the method finds; 1 for an exact scan.
  package var recall: Double

  package init(method: Method, recall: Double) {
    self.method = method
    self.recall = recall
  }

  static let exact = VectorCoverage(method: .exact, recall: 1)
  /// What `make bench` finds at least, of the ten nearest (Fixtures/benchmark-runs).
  static let sketch = VectorCoverage(method: .sketch, recall: 0.99)
}

/// `score` to six decimals, as the output has it: the nearest double of the decimal number, so that
/// it prints with six decimals at most; no negative zero.
package func roundedScore(_ score: Double) -> Double { (score * 1e6).rounded() / 1e6 + 0 }
