import CKernels

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

/// The items that score more than `floor` and at least what the `limit`th best does, in their order.
///
/// They are more than `limit` where several share that score: which of them are in is for the items'
/// ids to say, and only these ids have to be known. `scores` has one an item, none of them NaN.
/// - Complexity: O(items + limit log(items)) in the mean; a comparison for what is not among the best
///   so far.
package func leadingItems(_ limit: Int, of scores: [Double], above floor: Double) -> [ScoredItem] {
  guard limit > 0 else { return [] }
  if let guess = guess(limit, of: scores), guess > floor {
    let kept = leadingItems(limit, of: scores, from: guess)
    if kept.count >= limit { return kept }
  }
  return leadingItems(limit, of: scores, from: floor.nextUp)
}

/// A score that somewhat more than `limit` reach, by a sample; `nil` where a sample is not worth it.
private func guess(_ limit: Int, of scores: [Double]) -> Double? {
  let step = 61
  guard scores.count > 16 * limit, scores.count > 64 * step else { return nil }
  var sample: [Double] = []
  sample.reserveCapacity(scores.count / step + 1)
  var index = 0
  while index < scores.count {
    sample.append(scores[index])
    index += step
  }
  return greatest(min(sample.count, limit * 2 / step + 8), of: &sample)
}

private func leadingItems(_ limit: Int, of scores: [Double], from first: Double) -> [ScoredItem] {
  var kept: [ScoredItem] = []
  kept.reserveCapacity(limit * 4)
  var room = limit * 4
  var least = first
  var index = 0
  while true {
    // Safe: the kernel reads the scores from `index` to their count.
    index = unsafe loam_find_not_below(scores, index, scores.count, least)
    guard index < scores.count else { break }
    kept.append(ScoredItem(item: Int32(index), score: scores[index]))
    index += 1
    if kept.count == room {
      least = cut(&kept, to: limit)
      // Where many score the same they stay, and are not looked through again and again.
      room = max(limit * 4, kept.count * 2)
    }
  }
  if kept.count > limit { _ = cut(&kept, to: limit) }
  return kept
}

/// The same of `items` alone, each of them once, in their order.
package func leadingItems(
  _ limit: Int, of scores: [Double], among items: ArraySlice<UInt32>, above floor: Double
) -> [ScoredItem] {
  guard limit > 0 else { return [] }
  var kept: [ScoredItem] = []
  var room = limit * 4
  var least = floor.nextUp
  for item in items where scores[Int(item)] >= least {
    kept.append(ScoredItem(item: Int32(item), score: scores[Int(item)]))
    if kept.count == room {
      least = cut(&kept, to: limit)
      room = max(limit * 4, kept.count * 2)
    }
  }
  if kept.count > limit { _ = cut(&kept, to: limit) }
  return kept
}

/// Of `items` those that score at least what the `limit`th best does.
package func leadingItems(_ limit: Int, of items: [ScoredItem]) -> [ScoredItem] {
  guard limit > 0 else { return [] }
  var kept = items
  if kept.count > limit { _ = cut(&kept, to: limit) }
  return kept
}

/// Leaves what scores at least as the `limit`th best of more; the result is that score.
private func cut(_ kept: inout [ScoredItem], to limit: Int) -> Double {
  var scores = kept.map(\.score)
  let least = greatest(limit, of: &scores)
  kept.removeAll { $0.score < least }
  return least
}

/// The `rank`th greatest of `values`, from 1; they are put into another order.
///
/// O(count) in the mean.
/// - SeeAlso: Hoare: Algorithm 65, Find (CACM 1961).
func greatest<Score: Comparable>(_ rank: Int, of values: inout [Score]) -> Score {
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
