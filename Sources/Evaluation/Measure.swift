import Glibc

/// How well one topic's ranking agrees with its judgements; the definitions are trec_eval's.
///
/// A cutoff is at least 1. A ranking shorter than its cutoff goes on with irrelevant items.
///
/// - SeeAlso: trec_eval 10 (`m_ndcg_cut.c`, `m_map.c`, `m_recip_rank.c`, `m_P.c`, `m_recall.c`,
///   `m_success.c`); Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002).
package enum Measure: Hashable, Sendable {
  /// Discounted cumulated gain by that of the best order of *all* judged items. The gain is the
  /// grade itself, 0 where it is negative or missing; the discount log2(rank + 1). `nil`: no cutoff.
  case nDCG(at: Int?)
  /// The precision at each relevant item, over all that are relevant.
  case averagePrecision
  /// One by the rank of the first relevant item.
  case reciprocalRank
  case precision(at: Int)
  case recall(at: Int)
  /// 1 where a relevant item is within the cutoff.
  case success(at: Int)
  /// Counts; over several topics they are added, not averaged.
  case retrieved, relevant, relevantRetrieved

  /// The field's usual name, such as `nDCG@10`.
  package var label: String {
    switch self {
    case .nDCG(let cutoff): cutoff.map { "nDCG@\($0)" } ?? "nDCG"
    case .averagePrecision: "AP"
    case .reciprocalRank: "RR"
    case .precision(let cutoff): "P@\(cutoff)"
    case .recall(let cutoff): "R@\(cutoff)"
    case .success(let cutoff): "success@\(cutoff)"
    case .retrieved: "num_ret"
    case .relevant: "num_rel"
    case .relevantRetrieved: "num_rel_ret"
    }
  }

  package var isCount: Bool {
    switch self {
    case .retrieved, .relevant, .relevantRetrieved: true
    default: false
    }
  }

  /// What a report shows.
  package static let reported: [Measure] = [
    .nDCG(at: 10), .recall(at: 100), .averagePrecision, .reciprocalRank,
  ]

  /// Recall at growing depths, for a curve.
  package static let recallCurve: [Measure] = [
    1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1_000,
  ].map {
    .recall(at: $0)
  }

  /// What a report computes.
  static let all = reported + recallCurve.filter { !reported.contains($0) }
}

/// One topic's ranking with the grades in place of the items: all that a measure needs.
struct JudgedRanking {
  /// The grade at each rank; 0 where there is no judgement or a negative one.
  let grades: [Int]
  /// The grades above 0 of all judged items, descending.
  let ideal: [Int]
  /// The least grade that makes an item relevant; at least 1.
  let level: Int
  let relevant: Int

  init(ranking: [Run.Result], judged: [Identifier: Int], level: Int, depth: Int?) {
    grades = ranking.prefix(depth ?? Int.max).map { max(0, judged[$0.item] ?? 0) }
    ideal = judged.values.filter { $0 > 0 }.sorted(by: >)
    self.level = max(1, level)
    relevant = judged.values.count { $0 >= max(1, level) }
  }

  /// The value of `measure`; 0 where it would divide by nothing.
  func value(of measure: Measure) -> Double {
    switch measure {
    case .nDCG(let cutoff):
      let best = gain(ideal, cutoff)
      return best > 0 ? gain(grades, cutoff) / best : 0
    case .averagePrecision: return averagePrecision
    case .reciprocalRank:
      return grades.firstIndex { $0 >= level }.map { 1 / Double($0 + 1) } ?? 0
    case .precision(let cutoff): return Double(found(cutoff)) / Double(cutoff)
    case .recall(let cutoff):
      return relevant > 0 ? Double(found(cutoff)) / Double(relevant) : 0
    case .success(let cutoff): return found(cutoff) > 0 ? 1 : 0
    case .retrieved: return Double(grades.count)
    case .relevant: return Double(relevant)
    case .relevantRetrieved: return Double(found(grades.count))
    }
  }

  private func found(_ cutoff: Int) -> Int { grades.prefix(cutoff).count { $0 >= level } }

  private func gain(_ grades: [Int], _ cutoff: Int?) -> Double {
    var sum = 0.0
    for (index, grade) in grades.prefix(cutoff ?? Int.max).enumerated() where grade > 0 {
      sum += Double(grade) / log2(Double(index + 2))
    }
    return sum
  }

  private var averagePrecision: Double {
    guard relevant > 0 else { return 0 }
    var sum = 0.0
    var found = 0
    for (index, grade) in grades.enumerated() where grade >= level {
      found += 1
      sum += Double(found) / Double(index + 1)
    }
    return sum / Double(relevant)
  }
}
