/// Cuts a response's snippets to a number of model pieces.
///
/// Snippets are taken in the order of the response; one that does not fit what is left is passed
/// over, and a later, shorter one may still fit. Nothing takes the place of a snippet that fell away,
/// and an item stays where all of its snippets did: ranks, scores and items are the same with every
/// budget, and a smaller budget never shows a text that the response without one does not.
struct SnippetBudget {
  private(set) var used = 0
  let limit: Int?

  init(limit: Int?) { self.limit = limit }

  /// Keeps what fits of one item's snippets.
  mutating func take(_ snippets: [(snippet: Snippet, pieces: Int)]) -> [Snippet] {
    var kept: [Snippet] = []
    for (snippet, pieces) in snippets {
      guard pieces <= (limit ?? .max) - used else { continue }
      used += pieces
      kept.append(snippet)
    }
    return kept
  }
}
