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

  /// Ranks the union of each leg's best 1,000, of which both legs score each, and keeps the best `depth`.
  ///
  /// A leg that is `nil` did not run. The lexical leg puts forward what has a score above 0, the
  /// vector leg whatever has a vector. Among the candidates of one of `conversations` the scores are
  /// smoothed by `weight`, from 0 to 1; `nil` where nobody asks for them. O(items), and what `names` and
  /// `conversations` take for candidates that may be among the best.
  init(
    lexical: LexicalScores?, vector: VectorScores?, fusion: Fusion, names: ItemNames,
    weight: Double, depth: Int, conversations: EligibleView?
  ) throws(Problem) {
    let lexicalLeg = try Leg(lexical?.leading ?? [], names)
    let vectorLeg = try Leg(vector?.leading ?? [], names)
    let ranks =
      fusion == .rrf && lexical != nil && vector != nil
      ? (try lexicalLeg.ranks(names), try vectorLeg.ranks(names)) : ([:], [:])
    // What only the vector leg puts forward has its cosine; the others' are worked out.
    let others = vectorLeg.without(lexicalLeg, names)
    let items = lexicalLeg.items + others.map(\.item)
    var cosines = vector?.cosines(of: lexicalLeg.items) ?? lexicalLeg.items.map { _ in nil }
    cosines += others.map(\.score)
    let own: [Double] =
      switch (lexical, vector, fusion) {
      case (.some, .some, .rrf):
        items.map { FusedScore.reciprocal(ranks: ranks.0[$0], ranks.1[$0]) }
      case (let lexical?, .some, .convex):
        zip(items, cosines).map {
          FusedScore.convex(cosine: $1, share: lexical.share(of: $0))
        }
      case (let lexical?, nil, _): items.map { lexical.share(of: $0) ?? 0 }
      case (nil, _, _): cosines.map { $0 ?? 0 }
      }
    var candidates = items.indices.map {
      Candidate(item: items[$0], own: own[$0], cosine: cosines[$0])
    }
    if let conversations {
      try Self.join(&candidates, conversations, weight: weight, depth: depth)
    }
    var entries: [Entry] = []
    for candidate in try Self.best(depth, of: candidates, names) {
      let item = candidate.item
      let share = lexical?.share(of: item)
      let cosine = candidate.cosine
      entries.append(
        Entry(
          item: item, score: candidate.score,
          lexical: try share.map { (score) throws(Problem) in
            LegScore(
              rank: try lexicalLeg.rank(of: item, lexical?.score(of: item) ?? 0, names),
              score: score)
          },
          vector: try cosine.map { (score) throws(Problem) in
            LegScore(rank: try vectorLeg.rank(of: item, score, names), score: score)
          },
          conversation: candidate.conversation < 0 ? nil : Int(candidate.conversation)))
    }
    self.entries = entries
  }

  private struct Candidate {
    let item: Int32
    /// Before it is smoothed.
    let own: Double
    var score: Double
    let cosine: Double?
    /// -1 where it has none, or nobody asked.
    var conversation: Int32 = -1

    init(item: Int32, own: Double, cosine: Double?) {
      (self.item, self.own, score, self.cosine) = (item, own, own, cosine)
    }
  }

  /// Candidates that are looked up at once, besides the page.
  private static let likely = 32

  /// Smooths the scores of those candidates that can be among the best `depth`.
  ///
  /// Looking up a conversation takes some hundred times as long as smoothing it. So for a short page those of
  /// the best own scores are looked up first; of the others only such as would be among the best if
  /// they were mixed with the best of all. A conversation has all its candidates, whichever was looked up.
  private static func join(
    _ candidates: inout [Candidate], _ conversations: EligibleView, weight: Double, depth: Int
  ) throws(Problem) {
    let items = candidates.map(\.item)
    let first = depth + likely
    guard depth > 0, first * 4 < candidates.count, let best = candidates.map(\.own).max() else {
      try conversations.findConversations(of: items)
      return smooth(
        &candidates, numbers: conversations.conversationNumbers(of: items), weight: weight)
    }
    let own = candidates.indices.map { ScoredItem(item: Int32($0), score: candidates[$0].own) }
    let leading = leadingItems(first, of: own).map { Int($0.item) }
    try conversations.findConversations(of: leading.map { items[$0] })
    smooth(&candidates, numbers: conversations.conversationNumbers(of: items), weight: weight)
    let least = leading.map { candidates[$0].score }.sorted(by: >)[depth - 1]
    // Monotone in both scores, roundings included.
    let possible = candidates.filter {
      max($0.own, FusedScore.smoothed(own: $0.own, other: best, weight: weight)) >= least
    }
    if try conversations.findConversations(of: possible.map(\.item)) {
      smooth(&candidates, numbers: conversations.conversationNumbers(of: items), weight: weight)
    }
  }

  /// Mixes each score with that of the best other candidate of its conversation.
  ///
  /// - Parameter numbers: of the candidates' conversations; -1 where one has none.
  private static func smooth(
    _ candidates: inout [Candidate], numbers: [Int32], weight: Double
  ) {
    for index in candidates.indices { candidates[index].conversation = numbers[index] }
    guard candidates.contains(where: { $0.conversation >= 0 }) else { return }
    // The conversations that occur, in an open-addressed table at most half full.
    var size = 16
    while size < candidates.count * 2 { size *= 2 }
    var slots = [Int32](repeating: -1, count: size)
    // By place of the table: the best score and the next; -infinity where there is none.
    var best = [(first: Double, next: Double)](
      repeating: (-.infinity, -.infinity), count: size)
    var places = [Int](repeating: -1, count: candidates.count)
    for (index, candidate) in candidates.enumerated() where candidate.conversation >= 0 {
      var place = Int(candidate.conversation) &* 0x9E37_79B1 & (size - 1)
      while slots[place] >= 0, slots[place] != candidate.conversation {
        place = (place + 1) & (size - 1)
      }
      slots[place] = candidate.conversation
      places[index] = place
      if candidate.own > best[place].first {
        best[place] = (candidate.own, best[place].first)
      } else {
        best[place].next = max(best[place].next, candidate.own)
      }
    }
    for (index, place) in places.enumerated() where place >= 0 {
      let own = candidates[index].own
      let other = own == best[place].first ? best[place].next : best[place].first
      candidates[index].score = FusedScore.smoothed(
        own: own, other: other == -.infinity ? nil : other, weight: weight)
    }
  }

  /// The best `depth`, score descending, then item id ascending.
  private static func best(
    _ depth: Int, of candidates: [Candidate], _ names: ItemNames
  ) throws(Problem) -> [Candidate] {
    let scored = candidates.indices.map { ScoredItem(item: Int32($0), score: candidates[$0].score) }
    let leading =
      depth < candidates.count ? leadingItems(depth, of: scored) : scored
    let order = try names.ordered(leading) { candidates[Int($0)].item }
    return order.prefix(max(0, depth)).map { candidates[Int($0.item)] }
  }
}

/// The items that one leg puts forward: its best 1,000.
private struct Leg {
  /// In no order that means anything.
  let items: [Int32]
  private let scores: [Double]

  /// Takes what scores best, of those that share the last score the ones of the least ids.
  init(_ leading: [ScoredItem], _ names: ItemNames) throws(Problem) {
    var kept = leading
    if leading.count > Ranking.legDepth, let least = leading.map(\.score).min() {
      let last = try names.ordered(leading.filter { $0.score == least }) { $0 }
      kept.removeAll { $0.score == least }
      kept += last.prefix(Ranking.legDepth - kept.count)
    }
    items = kept.map(\.item)
    scores = kept.map(\.score)
  }

  /// What it has and the other leg has not.
  func without(_ other: Leg, _ names: ItemNames) -> [ScoredItem] {
    let own = zip(items, scores).map { ScoredItem(item: $0, score: $1) }
    guard !items.isEmpty, !other.items.isEmpty else { return own }
    var isOther = [Bool](repeating: false, count: names.count)
    for item in other.items { isOther[Int(item)] = true }
    return own.filter { !isOther[Int($0.item)] }
  }

  /// The place of an item that scores `score` among them, from 1; `nil` where it is not in.
  ///
  /// O(items).
  func rank(of item: Int32, _ score: Double, _ names: ItemNames) throws(Problem) -> Int? {
    let better = scores.count { $0 > score }
    let equal = scores.count { $0 == score }
    guard equal > 0 else { return nil }
    if equal == 1 {
      return scores.firstIndex(of: score).map { items[$0] } == item ? better + 1 : nil
    }
    let equals = items.indices.filter { scores[$0] == score }
    return try names.ordered(equals.map { ScoredItem(item: items[$0], score: score) }) { $0 }
      .firstIndex { $0.item == item }.map { better + 1 + $0 }
  }

  /// The places of all.
  func ranks(_ names: ItemNames) throws(Problem) -> [Int32: Int] {
    let scored = zip(items, scores).map { ScoredItem(item: $0, score: $1) }
    let best = try names.ordered(scored) { $0 }
    return Dictionary(
      uniqueKeysWithValues: best.enumerated().map { ($0.element.item, $0.offset + 1) })
  }
}
