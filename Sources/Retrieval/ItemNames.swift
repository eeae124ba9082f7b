import Grounding
import Partition

/// The ids of a row set's items, which a tie is decided by; read when they are first asked for.
final class ItemNames {
  private let snapshot: Snapshot
  private let rows: RowSet
  /// By dense item; empty until one is asked for.
  private var known: [ItemID?] = []

  init(_ snapshot: Snapshot, _ rows: RowSet) {
    self.snapshot = snapshot
    self.rows = rows
  }

  /// Dense items given out.
  var count: Int { rows.denseItemCount }

  /// Resident octets.
  var octets: Int { known.count * MemoryLayout<ItemID?>.stride }

  /// The ids of dense items, in the order of `items`.
  ///
  /// - Throws: `internal` where an eligible item cannot be read.
  func ids(of items: [Int32]) throws(Problem) -> [ItemID] {
    if let ids = knownIDs(of: items) { return ids }
    return try items.map { (item) throws(Problem) in try id(of: item) }
  }

  /// The same where all are known; the table is asked for once, as each time costs a check.
  private func knownIDs(of items: [Int32]) -> [ItemID]? {
    let known = known
    guard !known.isEmpty else { return nil }
    var ids: [ItemID] = []
    ids.reserveCapacity(items.count)
    for item in items {
      guard let id = known[Int(item)] else { return nil }
      ids.append(id)
    }
    return ids
  }

  private func id(of item: Int32) throws(Problem) -> ItemID {
    if known.isEmpty { known = Array(repeating: nil, count: count) }
    if let id = known[Int(item)] { return id }
    guard let id = try snapshot.id(ofItem: rows.key(ofItem: Int(item))) else {
      throw Problem(.internal, "An eligible item cannot be read.")
    }
    known[Int(item)] = id
    return id
  }

  /// Score descending, then id ascending, `item` naming the dense item of what is scored.
  ///
  /// As ids are unique, the order of `scored` cannot show. Only the ids of those that share a score are
  /// looked up.
  func ordered(
    _ scored: [ScoredItem], item: (Int32) -> Int32
  ) throws(Problem) -> [ScoredItem] {
    var order = scored.sorted { $0.score > $1.score }
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end].score == order[start].score { end += 1 }
      if end > start + 1 {
        let equals = try order[start..<end].map { (scored) throws(Problem) in
          (scored: scored, id: try id(of: item(scored.item)))
        }
        order.replaceSubrange(start..<end, with: equals.sorted { $0.id < $1.id }.map(\.scored))
      }
      start = end
    }
    return order
  }
}
