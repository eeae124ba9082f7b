import Analysis
import Partition

/// The passages' own scores for a few items: what chooses and orders their snippets.
struct PassageScores {
  private let lexical: LexicalScores?
  private let vector: VectorScores?
  private let rows: RowSet
  private let norm: LengthNorm
  /// By position, a frequency a term: occurrences in the passage's body, where there are any.
  private var frequencies: [Int32: [Int64]] = [:]
  private let quoted: QuotedPostings?

  /// Counts the terms in the passages of `items`; O(items, terms, logarithm of the postings).
  init(
    items: [Int32], lexical: LexicalScores?, postings: [TermPostings], quoted: QuotedPostings?,
    vector: VectorScores?, rows: RowSet, lengths: Lengths
  ) {
    self.quoted = quoted
    self.lexical = lexical
    self.vector = vector
    self.rows = rows
    norm = lengths.passage
    guard lexical != nil else { return }
    for item in items { countTerms(of: Int(item), postings) }
  }

  private mutating func countTerms(of item: Int, _ postings: [TermPostings]) {
    let part = rows.part(ofItem: item)
    let places = part.group.places(of: item - part.firstItem)
    var counts = [Int64](repeating: 0, count: places.count * postings.count)
    for (term, list) in postings.enumerated() {
      list.bodyFrequencies(
        of: item - part.firstItem, group: part.group.serial, into: &counts, offset: term,
        stride: postings.count)
    }
    for (index, place) in places.enumerated() {
      let own = Array(counts[index * postings.count..<(index + 1) * postings.count])
      if own.contains(where: { $0 > 0 }) {
        frequencies[Int32(part.firstPosition + place)] = own
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
    let cosine = vector.flatMap { $0.cosine(at: position) }
    guard let lexical else { return cosine ?? 0 }
    let share = share(position, lexical)
    guard vector != nil else { return share ?? 0 }
    return FusedScore.convex(cosine: cosine, share: share)
  }

  /// The score of a quoted passage by the words it repeats; `nil` for one that has none of the
  /// query's, or does not count.
  func quotedScore(row: Int64) -> Double? {
    guard let lexical, lexical.bound > 0, let found = quoted?.counts(ofRow: row) else { return nil }
    return share(found.counts, factor: BM25F.quotedWeight, length: found.length, lexical)
  }

  /// L / B of one passage; `nil` where the query has no terms.
  private func share(_ position: Int, _ lexical: LexicalScores) -> Double? {
    guard lexical.bound > 0 else { return nil }
    guard let counts = frequencies[Int32(position)] else { return 0 }
    return share(counts, factor: 1, length: rows.bodyTerms(at: position), lexical)
  }

  private func share(
    _ counts: [Int64], factor: Double, length: Int, _ lexical: LexicalScores
  ) -> Double {
    var sum = 0.0
    for (weight, count) in zip(lexical.weights, counts) where count > 0 {
      sum +=
        weight
        * BM25F.saturation(
          frequency: factor * Double(count), length: length, norm: norm)
    }
    return sum / lexical.bound
  }
}
