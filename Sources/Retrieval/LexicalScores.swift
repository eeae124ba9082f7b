import Analysis
import CKernels
import Partition

/// Where a query's terms occur in quoted text, a list a term.
struct QuotedPostings {
  let rows: QuotedRows
  let postings: [PostingList]
}

/// The lexical leg's answer to one query over one row set.
///
/// The scores stand on the row set's board, which is cleared once the candidates are known.
struct LexicalScores {
  private let board: ScoreBoard
  /// B: what a perfect match could reach; 0 where the query has no terms.
  let bound: Double
  /// What one occurrence too many is worth: qtf idf, by term.
  let weights: [Double]

  /// Scores every item that has one of `terms`; `postings` has a list a term, in the same order, and
  /// `quoted` too, where quoted text counts.
  ///
  /// What is quoted adds to an item's frequencies; document frequencies and lengths are of own words.
  /// Sums run over the terms in the order of the query, so equal inputs give equal doubles however
  /// the rows lie. O(postings), and O(items) where these are many.
  init(
    terms: [QueryTerm], postings: [TermPostings], quoted: QuotedPostings? = nil, rows: RowSet,
    lengths: Lengths, board: ScoreBoard
  ) {
    let parts = postings.map { $0.parts(in: rows) }
    var count = quoted?.postings.reduce(0) { $0 + $1.positions.count } ?? 0
    for (list, parts) in zip(postings, parts) {
      for (_, entries) in parts { count += list.postingCount(entries) }
    }
    board.begin(postings: count)
    if quoted != nil, board.extra.isEmpty {
      board.extra = Array(repeating: 0, count: board.scores.count)
    }
    var bound = 0.0
    var weights: [Double] = []
    for (number, (term, list)) in zip(terms, postings).enumerated() {
      let frequency = parts[number].reduce(0) { $0 + list.itemCount($1.entries) }
      let weight = Double(term.count) * BM25F.idf(count: rows.itemCount, frequency: frequency)
      // Those that only quote the term are scored too.
      let quoting = quoted.map { $0.add(number, to: &board.extra) } ?? []
      for (part, entries) in parts[number] {
        Self.score(
          list, entries, part, weight: weight, norm: lengths.item, hasExtra: quoted != nil, board)
      }
      for item in quoting where board.extra[item] > 0 {
        let share = BM25F.saturation(
          frequency: board.extra[item], length: rows.length(ofItem: item), norm: lengths.item)
        board.add(weight * share, to: item)
        board.extra[item] = 0
      }
      bound += weight
      weights.append(weight)
    }
    self.board = board
    self.bound = bound
    self.weights = weights
  }

  /// Adds one term's part to the items of one group.
  private static func score(
    _ list: TermPostings, _ entries: Range<Int>, _ part: RowSet.Part, weight: Double,
    norm: LengthNorm, hasExtra: Bool, _ board: ScoreBoard
  ) {
    // Safe: the kernel follows places and codes of `list` within the entries, items and lengths of the
    // group they are of, and writes scores and `extra` of the part's own items, all of which are there
    // (`TermPostings` describes the very group that the part has). An item is touched once a question,
    // so that `touched` has room.
    unsafe part.group.withArrays { items, lengths in
      unsafe board.withArrays(from: part.firstItem) { scores, extra, touched in
        guard let firstItem = items.baseAddress else { return 0 }
        var term = unsafe loam_term(
          weight: weight, constant: norm.constant, slope: norm.slope,
          lengths: lengths.baseAddress, extra: hasExtra ? extra : nil, scores: scores,
          touched: touched, touched_count: 0)
        var item = UInt32.max
        var frequency = 0.0
        unsafe list.withBlocks(entries) { firstPlace, places, codes, exceptions in
          unsafe loam_score_postings(
            &term, places.baseAddress, codes.baseAddress, places.count, TermPostings.weights,
            exceptions.baseAddress, firstItem + firstPlace, &item, &frequency)
        }
        if item != .max { unsafe loam_score_item(&term, item, frequency) }
        return unsafe term.touched_count
      }
    }
  }

  /// What the leg puts forward: the items with at least the `limit`th best score above 0, more where
  /// some share it.
  func leading(_ limit: Int) -> [ScoredItem] { board.leading(limit) }

  /// L of an item; 0 where it has none of the terms.
  func score(of item: Int32) -> Double { board.scores[Int(item)] }

  /// L / B of an item, from 0 to 1; `nil` where the query has no terms.
  func share(of item: Int32) -> Double? { bound > 0 ? board.scores[Int(item)] / bound : nil }

  /// Ends the use of the scores: the board is another question's from here on.
  func clear() { board.clear() }
}

extension QuotedPostings {
  /// Adds what the quotes of each item say of a term; the result is these items.
  fileprivate func add(_ term: Int, to frequencies: inout [Double]) -> [Int] {
    let list = postings[term]
    var items: [Int] = []
    for (position, count) in zip(list.positions, list.bodyFrequency) {
      let item = Int(rows.item[Int(position)])
      if frequencies[item] == 0 { items.append(item) }
      frequencies[item] += Double(count)
    }
    // Weighed when they are counted: sums of whole numbers do not depend on the order of the rows.
    for item in items { frequencies[item] *= BM25F.quotedWeight }
    return items
  }
}
