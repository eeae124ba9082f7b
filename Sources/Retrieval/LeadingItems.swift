/// An item of a row set and what it scores.
package struct ScoredItem: Hashable, Sendable {
  /// The dense item of the row set.
  package var item: Int32
  package var score: Double

  package init(item: Int32, score: Double) {
    self.item = item
    self.score = score
  }
}

/// Those of the items looked at that score at least what the `limit`th best of them does, in the order
/// in which they were looked at.
///
/// They are more than `limit` where several share that score: which of them are in is for the items'
/// ids to say, and only these ids have to be known. No score is NaN.
/// - Complexity: a comparison for what is not among the best so far; else O(1) in the mean.
struct LeadingItems {
  /// So many times the limit are kept before they are looked through: with more each look takes longer,
  /// with fewer there are more of them.
  private static let roominess = 3

  private let limit: Int
  private var kept: [ScoredItem] = []
  private var room: Int
  /// What an item has to score.
  private(set) var least: Double

  /// Keeps `limit` items, and only such as score more than `floor`.
  init(_ limit: Int, above floor: Double) {
    self.limit = limit
    room = limit * Self.roominess
    least = limit > 0 ? floor.nextUp : .infinity
    kept.reserveCapacity(max(0, room))
  }

  /// Looks at one item.
  mutating func look(at item: ScoredItem) {
    if item.score >= least { keep(item) }
  }

  private mutating func keep(_ item: ScoredItem) {
    guard limit > 0 else { return }
    kept.append(item)
    guard kept.count >= room else { return }
    cut()
    // Where many score the same they stay, and are not looked through again and again.
    room = max(limit * Self.roominess, kept.count * 2)
  }

  private mutating func cut() {
    var scores = kept.map(\.score)
    let least = greatest(limit, of: &scores)
    kept.removeAll { $0.score < least }
    self.least = least
  }

  /// The items that lead.
  consuming func finish() -> [ScoredItem] {
    if kept.count > limit { cut() }
    return kept
  }
}

/// The leading ones of `items`, whatever they score.
package func leadingItems(_ limit: Int, of items: [ScoredItem]) -> [ScoredItem] {
  var leading = LeadingItems(limit, above: -.infinity)
  for item in items { leading.look(at: item) }
  return leading.finish()
}

/// The `rank`th greatest of `values`, from 1; they are put into another order.
///
/// O(count) in the mean.
/// - SeeAlso: Hoare: Algorithm 65, Find (CACM 1961).
private func greatest(_ rank: Int, of values: inout [Double]) -> Double {
  var (low, high) = (0, values.count - 1)
  while low < high {
    let (first, middle, last) = (values[low], values[(low + high) / 2], values[high])
    let pivot = max(min(first, middle), min(max(first, middle), last))
    var (left, right) = (low, high)
    while left <= right {
      while values[left] > pivot { left += 1 }
      while values[right] < pivot { right -= 1 }
      if left <= right {
        values.swapAt(left, right)
        (left, right) = (left + 1, right - 1)
      }
    }
    if rank - 1 <= right {
      high = right
    } else if rank - 1 >= left {
      low = left
    } else {
      break
    }
  }
  return values[rank - 1]
}
