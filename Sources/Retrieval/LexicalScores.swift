import Analysis
import Partition

/// Where a query's terms occur in quoted text, a list a term.
struct QuotedPostings {
  let rows: QuotedRows
  let postings: [PostingList]
}

/// The lexical leg's answer to one query over one row set.
struct LexicalScores {
  /// L by dense item; 0 where no term occurs.
  let scores: [Double]
  /// The items with a score above 0, in no order that means anything.
  let touched: [Int32]
  /// B: what a perfect match could reach; 0 where the query has no terms.
  let bound: Double
  /// What one occurrence too many is worth: qtf idf, by term.
  let weights: [Double]

  /// Scores every item that has one of `terms`; `postings` has a list a term, in the same order, and
  /// `quoted` too, where quoted text counts.
  ///
  /// What is quoted adds to an item's frequencies; document frequencies and lengths are of own words.
  /// Sums run over the terms in the order of the query, so equal inputs give equal doubles however
  /// the rows lie. O(postings + items).
  init(
    terms: [QueryTerm], postings: [PostingList], quoted: QuotedPostings? = nil, rows: RowSet,
    lengths: Lengths
  ) {
    let count = rows.itemKeys.count
    var scores = [Double](repeating: 0, count: count)
    var frequencies = [Int64](repeating: 0, count: count)
    var touched: [Int32] = []
    var bound = 0.0
    var weights: [Double] = []
    var quotedFrequencies = [Int64](repeating: 0, count: quoted == nil ? 0 : count)
    for (number, (term, list)) in zip(terms, postings).enumerated() {
      var having: [Int32] = []
      for index in list.positions.indices {
        let weighted =
          Int64(list.bodyFrequency[index]) + BM25F.titleWeight * Int64(list.titleFrequency[index])
        // An occurrence among the people alone counts nowhere, not in document frequency either.
        guard weighted > 0 else { continue }
        let item = rows.item[Int(list.positions[index])]
        if frequencies[Int(item)] == 0 { having.append(item) }
        frequencies[Int(item)] += weighted
      }
      let weight = Double(term.count) * BM25F.idf(count: count, frequency: having.count)
      // Document frequency is settled: from here on those that only quote the term are scored too.
      if let quoted {
        let list = quoted.postings[number]
        for index in list.positions.indices {
          let item = quoted.rows.item[Int(list.positions[index])]
          if frequencies[Int(item)] == 0, quotedFrequencies[Int(item)] == 0 { having.append(item) }
          quotedFrequencies[Int(item)] += Int64(list.bodyFrequency[index])
        }
      }
      for item in having {
        let index = Int(item)
        if scores[index] == 0 { touched.append(item) }
        var frequency = Double(frequencies[index])
        if quoted != nil {
          frequency += BM25F.quotedWeight * Double(quotedFrequencies[index])
          quotedFrequencies[index] = 0
        }
        scores[index] +=
          weight
          * BM25F.saturation(
            frequency: frequency, length: lengths.items[index],
            averageLength: lengths.averageItem)
        frequencies[index] = 0
      }
      bound += weight
      weights.append(weight)
    }
    self.scores = scores
    self.touched = touched
    self.bound = bound
    self.weights = weights
  }

  /// What the leg puts forward: the items with a score.
  var scoredItems: [ScoredItem] {
    touched.map { ScoredItem(item: $0, score: scores[Int($0)]) }
  }

  /// L / B of an item, from 0 to 1; `nil` where the query has no terms.
  func share(of item: Int32) -> Double? { bound > 0 ? scores[Int(item)] / bound : nil }
}
