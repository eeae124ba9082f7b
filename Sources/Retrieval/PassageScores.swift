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

  /// Counts the terms in the passages of `items`; O(postings).
  init(
    items: [Int32], lexical: LexicalScores?, postings: [PostingList], vector: VectorScores?,
    vectors: LoadedVectors?, rows: RowSet, lengths: Lengths
  ) {
    self.lexical = lexical
    self.vector = vector
    self.vectors = vectors
    self.rows = rows
    averageLength = lengths.averagePassage
    guard lexical != nil else { return }
    var isWanted = [Bool](repeating: false, count: rows.itemKeys.count)
    for item in items { isWanted[Int(item)] = true }
    for (term, list) in postings.enumerated() {
      for index in list.positions.indices where list.bodyFrequency[index] > 0 {
        let position = list.positions[index]
        guard isWanted[Int(rows.item[Int(position)])] else { continue }
        frequencies[position, default: [Int64](repeating: 0, count: postings.count)][term] +=
          Int64(list.bodyFrequency[index])
      }
    }
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

  /// L / B of one passage; `nil` where the query has no terms.
  private func share(_ position: Int, _ lexical: LexicalScores) -> Double? {
    guard lexical.bound > 0 else { return nil }
    guard let counts = frequencies[Int32(position)] else { return 0 }
    var sum = 0.0
    for (weight, count) in zip(lexical.weights, counts) where count > 0 {
      sum +=
        weight
        * BM25F.saturation(
          frequency: count, length: Int64(rows.bodyTerms[position]), averageLength: averageLength)
    }
    return sum / lexical.bound
  }
}
