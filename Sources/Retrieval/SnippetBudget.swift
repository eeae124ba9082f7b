/// Cuts a response's snippets to a number of model pieces.
///
/// Snippets are taken in the order of the response; one that does not fit what is left is passed
/// over, and a later, shorter one may still fit. Nothing takes the place of a snippet that fell away,
/// and an item stays where all of its snippets did: ranks, scores and items are the same with every
/// budget, and a smaller budget never shows a text that the response without one does not.
struct SnippetBudget {
  private(set) var used = 0
  let limit: Int?
  private let pieceCount: (String) -> Int

  init(limit: Int?, pieceCount: @escaping (String) -> Int) {
    self.limit = limit
    self.pieceCount = pieceCount
  }

  /// Keeps what fits of one item's snippets.
  mutating func take(_ snippets: [Snippet]) -> [Snippet] {
    var kept: [Snippet] = []
    for snippet in snippets {
      let cost = pieceCount(snippet.text)
      guard cost <= (limit ?? .max) - used else { continue }
      used += cost
      kept.append(snippet)
    }
    return kept
  }
}
