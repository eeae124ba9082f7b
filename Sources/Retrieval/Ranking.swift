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

extension FusedScore {
  /// What the best other message of a conversation adds to a message's own score.
  package static let conversationWeight = 0.3

  /// (1 - weight) own + weight other: the score of an item whose conversation has another candidate.
  ///
  /// Own alone where there is no other, so that documents and single messages compare as they did.
  package static func smoothed(own: Double, other: Double?, weight: Double) -> Double {
    guard let other else { return own }
    return (1 - weight) * own + weight * other
  }
}

/// One query's items over one row set, best first.
struct Ranking {
  struct Entry {
    /// The dense item of the row set.
    var item: Int32
    /// Smoothed with the conversation's best other candidate.
    var score: Double
    var lexical: LegScore?
    var vector: LegScore?
    /// The number of the item's conversation; `nil` where nobody asked.
    var conversation: Int?
  }

  /// How many items a leg puts forward, whatever the page size is.
  static let legDepth = 1_000

  /// Score descending, then item id ascending.
  let entries: [Entry]

  /// Ranks the union of each leg's best 1,000; both legs score each of them.
  ///
  /// A leg that is `nil` did not run. The lexical leg puts forward what has a score above 0, the
  /// vector leg whatever has a vector. `conversation` numbers the candidates' conversations, among
  /// whose candidates the scores are then smoothed by `weight`. O(items log 1,000) and what `names` and
  /// `conversation` take for the candidates.
  init(
    lexical: LexicalScores?, vector: VectorScores?, fusion: Fusion, names: ItemNames,
    weight: Double, conversation: (Int32) throws(Problem) -> Int?
  ) throws(Problem) {
    let lexicalRanks = try Self.ranks(lexical?.scoredItems ?? [], names)
    let vectorRanks = try Self.ranks(vector?.scoredItems ?? [], names)
    var entries: [Int32: Entry] = [:]
    for item in Set(lexicalRanks.keys).union(vectorRanks.keys) {
      let share = lexical?.share(of: item)
      let cosine = vector?.best[Int(item)]
      let lexicalScore = share.map { LegScore(rank: lexicalRanks[item], score: $0) }
      let vectorScore = cosine.map { LegScore(rank: vectorRanks[item], score: $0) }
      let score =
        switch (lexical != nil, vector != nil, fusion) {
        case (true, true, .rrf):
          FusedScore.reciprocal(ranks: lexicalScore?.rank, vectorScore?.rank)
        case (true, true, .convex): FusedScore.convex(cosine: cosine, share: share)
        case (true, false, _): share ?? 0
        case (false, _, _): cosine ?? 0
        }
      entries[item] = Entry(
        item: item, score: score, lexical: lexicalScore, vector: vectorScore,
        conversation: try conversation(item))
    }
    Self.smooth(&entries, weight: weight)
    let scored = entries.values.map { ScoredItem(item: $0.item, score: $0.score) }
    self.entries = try Self.ordered(scored, names).compactMap { entries[$0] }
  }

  /// Mixes each score with that of the best other candidate of its conversation.
  private static func smooth(_ entries: inout [Int32: Entry], weight: Double) {
    var best: [Int: (first: Double, second: Double?)] = [:]
    for entry in entries.values {
      guard let conversation = entry.conversation else { continue }
      guard let known = best[conversation] else {
        best[conversation] = (entry.score, nil)
        continue
      }
      best[conversation] =
        entry.score > known.first
        ? (entry.score, known.first)
        : (known.first, max(entry.score, known.second ?? -.infinity))
    }
    for (item, entry) in entries {
      guard let conversation = entry.conversation, let known = best[conversation] else { continue }
      let other = entry.score == known.first ? known.second : known.first
      entries[item]?.score = FusedScore.smoothed(own: entry.score, other: other, weight: weight)
    }
  }

  /// The ranks of a leg's best items, by dense item.
  private static func ranks(
    _ scored: [ScoredItem], _ names: ItemNames
  ) throws(Problem) -> [Int32: Int] {
    let best = try ordered(leadingItems(legDepth, of: scored), names).prefix(legDepth)
    return Dictionary(uniqueKeysWithValues: best.enumerated().map { ($0.element, $0.offset + 1) })
  }

  /// Score descending, then item id ascending: as ids are unique, the order of `scored` cannot show.
  private static func ordered(
    _ scored: [ScoredItem], _ names: ItemNames
  ) throws(Problem) -> [Int32] {
    let keys = try names.sortKeys(of: scored.map(\.item))
    return zip(scored, keys)
      .sorted { a, b in a.0.score != b.0.score ? a.0.score > b.0.score : a.1 < b.1 }
      .map(\.0.item)
  }
}
