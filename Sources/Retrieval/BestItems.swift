/// The best of the items that are offered, bounded.
///
/// Better is a higher score, then a lower item id, so that the outcome does not depend on the order
/// of offering. A binary heap with the worst on top: O(log limit) for an offer that enters, one
/// comparison for one that does not.
package struct BestItems {
  /// An item and its score.
  package struct Entry: Equatable {
    package var score: Double
    /// The dense item of the row set.
    package var item: Int32
  }

  private let limit: Int
  private let ids: [UInt128]
  private var heap: [Entry] = []

  /// - Parameter ids: by dense item, in the order of their texts.
  package init(limit: Int, ids: [UInt128]) {
    self.limit = limit
    self.ids = ids
  }

  private func isBetter(_ a: Entry, _ b: Entry) -> Bool {
    a.score != b.score ? a.score > b.score : ids[Int(a.item)] < ids[Int(b.item)]
  }

  /// Takes the item in where it is better than the worst kept, or where there is room.
  package mutating func offer(_ item: Int32, score: Double) {
    let entry = Entry(score: score, item: item)
    if heap.count < limit {
      heap.append(entry)
      siftUp(heap.count - 1)
    } else if let worst = heap.first, isBetter(entry, worst) {
      heap[0] = entry
      siftDown(0)
    }
  }

  /// Best first; O(n log n).
  package func ranked() -> [Entry] { heap.sorted(by: isBetter) }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard isBetter(heap[parent], heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while case let left = 2 * parent + 1, left < heap.count {
      let right = left + 1
      let worse = right < heap.count && isBetter(heap[left], heap[right]) ? right : left
      guard isBetter(heap[parent], heap[worse]) else { return }
      heap.swapAt(parent, worse)
      parent = worse
    }
  }
}
