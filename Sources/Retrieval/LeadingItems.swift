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

/// Those of `scored` whose score is at least that of the `limit`th best, in their order.
///
/// They are more than `limit` where several share that score: which of them are in is for the items'
/// ids to say, and only these ids have to be known. O(n log limit) at worst; one comparison for
/// what is not among the best so far.
package func leadingItems(_ limit: Int, of scored: [ScoredItem]) -> [ScoredItem] {
  guard limit > 0 else { return [] }
  guard scored.count > limit else { return scored }
  // A binary heap of the best scores so far, the least on top.
  var heap = scored.prefix(limit).map(\.score).sorted()
  for candidate in scored.dropFirst(limit) where candidate.score > heap[0] {
    heap[0] = candidate.score
    siftDown(&heap)
  }
  let least = heap[0]
  return scored.filter { $0.score >= least }
}

/// Restores the order of a heap whose top has grown.
private func siftDown(_ heap: inout [Double]) {
  var parent = 0
  while case let left = 2 * parent + 1, left < heap.count {
    let right = left + 1
    let less = right < heap.count && heap[right] < heap[left] ? right : left
    guard heap[less] < heap[parent] else { return }
    heap.swapAt(parent, less)
    parent = less
  }
}
