import Grounding

/// How the legs' scores become one, for an item as for a passage.
package enum FusedScore {
  /// The vector leg's weight for the default model, fitted on SciFact's training topics.
  package static let cosineWeight = 0.4
  package static let reciprocalRankConstant = 60.0

  /// .4 cos + .6 L / B; a part without a value counts 0.
  ///
  /// A query without terms has no share (`share` is `nil`): the cosine alone. The sum uses no maximum
  /// of a candidate list, so a score is the same on every page.
  package static func convex(cosine: Double?, share: Double?) -> Double {
    guard let share else { return cosine ?? 0 }
    return cosineWeight * (cosine ?? 0) + (1 - cosineWeight) * share
  }

  /// The sum over the legs of 1 / (60 + rank).
  ///
  /// - SeeAlso: Cormack, Clarke, Buettcher: Reciprocal Rank Fusion (SIGIR 2009).
  package static func reciprocal(ranks: Int?...) -> Double {
    ranks.reduce(0) { sum, rank in
      sum + (rank.map { 1 / (reciprocalRankConstant + Double($0)) } ?? 0)
    }
  }
}

/// One query's items over one row set, best first.
struct Ranking {
  struct Entry {
    /// The dense item of the row set.
    var item: Int32
    var score: Double
    var lexical: LegScore?
    var vector: LegScore?
  }

  /// How many items a leg puts forward, whatever the page size is.
  static let legDepth = 1_000

  /// Score descending, then item id ascending.
  let entries: [Entry]

  /// Ranks the union of each leg's best 1,000; both legs score each of them.
  ///
  /// A leg that is `nil` did not run. The lexical leg puts forward what has a score above 0, the
  /// vector leg whatever has a vector. O(items log candidates).
  init(lexical: LexicalScores?, vector: VectorScores?, fusion: Fusion, ids: [UInt128]) {
    let lexicalRanks = lexical.map { Self.ranks($0, ids) } ?? [:]
    let vectorRanks = vector.map { Self.ranks($0, ids) } ?? [:]
    let candidates = Set(lexicalRanks.keys).union(vectorRanks.keys)
    entries =
      candidates.map { item in
        let share = lexical?.share(of: item)
        let cosine = vector?.best[Int(item)]
        let lexicalScore = share.map { LegScore(rank: lexicalRanks[item], score: $0) }
        let vectorScore = cosine.map { LegScore(rank: vectorRanks[item], score: $0) }
        let score =
          switch (lexical != nil, vector != nil, fusion) {
          case (true, true, .rrf):
            FusedScore.reciprocal(ranks: lexicalScore?.rank, vectorScore?.rank)
          case (true, false, _): share ?? 0
          case (false, _, _): cosine ?? 0
          case (true, true, .convex): FusedScore.convex(cosine: cosine, share: share)
          }
        return Entry(item: item, score: score, lexical: lexicalScore, vector: vectorScore)
      }
      // Ids are unique, so that the order of the set above cannot show.
      .sorted { a, b in
        a.score != b.score ? a.score > b.score : ids[Int(a.item)] < ids[Int(b.item)]
      }
  }

  private static func ranks(_ scores: LexicalScores, _ ids: [UInt128]) -> [Int32: Int] {
    var best = BestItems(limit: legDepth, ids: ids)
    for item in scores.touched { best.offer(item, score: scores.scores[Int(item)]) }
    return ranks(best)
  }

  private static func ranks(_ scores: VectorScores, _ ids: [UInt128]) -> [Int32: Int] {
    var best = BestItems(limit: legDepth, ids: ids)
    for (item, score) in scores.best.enumerated() {
      if let score { best.offer(Int32(item), score: score) }
    }
    return ranks(best)
  }

  private static func ranks(_ best: BestItems) -> [Int32: Int] {
    Dictionary(
      uniqueKeysWithValues: best.ranked().enumerated().map { ($0.element.item, $0.offset + 1) })
  }
}
