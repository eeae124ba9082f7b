import Analysis
import Partition

/// The passages' own scores for a few items: what chooses and orders their snippets.
struct PassageScores {
  private let lexical: LexicalScores?
  private let vector: VectorScores?
  private let vectors: LoadedVectors?
  private let rows: RowSet
  private let averageLength: Double
  /// By position, a frequency a term: occurrences in the passage's body.
  private var frequencies: [Int32: [Int64]] = [:]
  /// The same by position in the quoted rows.
  private var quotedFrequencies: [Int32: [Int64]] = [:]
  private let quotedRows: QuotedRows?

  /// Counts the terms in the passages of `items`; O(postings).
  init(
    items: [Int32], lexical: LexicalScores?, postings: [PostingList], quoted: QuotedPostings?,
    vector: VectorScores?, vectors: LoadedVectors?, rows: RowSet, lengths: Lengths
  ) {
    quotedRows = quoted?.rows
    self.lexical = lexical
    self.vector = vector
    self.vectors = vectors
    self.rows = rows
    averageLength = lengths.averagePassage
    guard lexical != nil else { return }
    var isWanted = [Bool](repeating: false, count: rows.itemKeys.count)
    for item in items { isWanted[Int(item)] = true }
    frequencies = Self.count(postings) { isWanted[Int(rows.item[$0])] }
    if let quoted {
      quotedFrequencies = Self.count(quoted.postings) { isWanted[Int(quoted.rows.item[$0])] }
    }
  }

  /// How often each term stands in the text of the positions that are wanted.
  private static func count(
    _ postings: [PostingList], where isWanted: (Int) -> Bool
  ) -> [Int32: [Int64]] {
    var frequencies: [Int32: [Int64]] = [:]
    for (term, list) in postings.enumerated() {
      for index in list.positions.indices where list.bodyFrequency[index] > 0 {
        let position = list.positions[index]
        guard isWanted(Int(position)) else { continue }
        frequencies[position, default: [Int64](repeating: 0, count: postings.count)][term] +=
          Int64(list.bodyFrequency[index])
      }
    }
    return frequencies
  }

  /// Whether the passage has one of the query's terms in its body.
  func hasWords(_ position: Int) -> Bool { frequencies[Int32(position)] != nil }

  /// The items' formula on the passage's own words and vector.
  ///
  /// Terms weigh what they weigh for items; the length is held against the mean passage. Ranks make
  /// no sense of passages, so that `rrf` orders snippets by this score too.
  func score(_ position: Int) -> Double {
    let cosine = vector.flatMap { vector in
      vectors?.scales[position] == 0 ? nil : Double(vector.cosines[position])
    }
    guard let lexical else { return cosine ?? 0 }
    let share = share(position, lexical)
    guard vector != nil else { return share ?? 0 }
    return FusedScore.convex(cosine: cosine, share: share)
  }

  /// The score of a quoted passage by the words it repeats; `nil` for one that has none of the
  /// query's, or does not count.
  func quotedScore(row: Int64) -> Double? {
    guard let lexical, lexical.bound > 0, let quotedRows,
      let position = quotedRows.position(ofRow: row),
      let counts = quotedFrequencies[Int32(position)]
    else { return nil }
    return share(
      counts, factor: BM25F.quotedWeight, length: Int64(quotedRows.terms[position]), lexical)
  }

  /// L / B of one passage; `nil` where the query has no terms.
  private func share(_ position: Int, _ lexical: LexicalScores) -> Double? {
    guard lexical.bound > 0 else { return nil }
    guard let counts = frequencies[Int32(position)] else { return 0 }
    return share(counts, factor: 1, length: Int64(rows.bodyTerms[position]), lexical)
  }

  private func share(
    _ counts: [Int64], factor: Double, length: Int64, _ lexical: LexicalScores
  ) -> Double {
    var sum = 0.0
    for (weight, count) in zip(lexical.weights, counts) where count > 0 {
      sum +=
        weight
        * BM25F.saturation(
          frequency: factor * Double(count), length: length, averageLength: averageLength)
    }
    return sum / lexical.bound
  }
}
