import Analysis
import Partition

/// The lexical leg's answer to one query over one row set.
///
/// The scores stand on the row set's board, which is cleared once the answer is known.
struct LexicalScores {
  private let board: ScoreBoard
  /// B: what a perfect match could reach; 0 where the query has no terms.
  let bound: Double
  /// What one occurrence too many is worth: qtf idf, by term.
  let weights: [Double]
  /// What the leg puts forward: the items with at least the `depth`th best score above 0, more where some
  /// share it.
  let leading: [ScoredItem]

  /// Scores every item that has one of `terms` and puts `depth` forward.
  ///
  /// `postings` has a list a term, in the same order, and `quoted` too, where quoted text counts. Of
  /// `items` the scores can be asked for whether they lead or not.
  ///
  /// What is quoted adds to an item's frequencies; document frequencies and lengths are of own words.
  /// Sums run over the terms in the order of the query, so equal inputs give equal doubles however
  /// the rows lie. O(postings), and O(items) where these are many.
  init(
    terms: [QueryTerm], postings: [TermPostings], quoted: QuotedPostings? = nil, rows: RowSet,
    lengths: Lengths, board: ScoreBoard, depth: Int, items: [Int32] = []
  ) {
    let parts = postings.map { $0.parts(in: rows) }
    var count = quoted?.count ?? 0
    var bound = 0.0
    var weights: [Double] = []
    for (number, (term, list)) in zip(terms, postings).enumerated() {
      var frequency = 0
      for (_, entries) in parts[number] {
        frequency += list.itemCount(entries)
        count += list.postingCount(entries)
      }
      let weight = Double(term.count) * BM25F.idf(count: rows.itemCount, frequency: frequency)
      bound += weight
      weights.append(weight)
    }
    self.board = board
    self.bound = bound
    self.weights = weights
    let scorer = TermScorer(
      postings: postings, parts: parts, quoted: quoted, weights: weights, rows: rows,
      lengths: lengths, board: board)
    board.begin(
      postings: count, hasQuoted: quoted != nil, window: TermScorer.window, items: items)
    var leading = LeadingItems(depth, above: 0)
    scorer.scoreWindows(&leading)
    self.leading = leading.finish()
    board.keep(self.leading)
  }

  /// L of an item that leads or was asked for; 0 where it has none of the terms.
  func score(of item: Int32) -> Double { board.scores[Int(item)] }

  /// L / B of such an item, from 0 to 1; `nil` where the query has no terms.
  func share(of item: Int32) -> Double? { bound > 0 ? board.scores[Int(item)] / bound : nil }

  /// Ends the use of the scores: the board is another question's from here on.
  func clear() { board.clear() }
}
