import Grounding
import Partition

/// The ids of a row set's items, which a tie is decided by; read when they are first asked for.
final class ItemNames {
  private let snapshot: Snapshot
  private let rows: RowSet
  /// By dense item.
  private var known: [Int32: ItemID] = [:]
  /// The first twelve letters by dense item, as numbers that order as they do; 0 where they were not
  /// asked for.
  private var beginnings: [UInt64] = []

  init(_ snapshot: Snapshot, _ rows: RowSet) {
    self.snapshot = snapshot
    self.rows = rows
  }

  /// Dense items given out.
  var count: Int { rows.denseItemCount }

  /// The ids of dense items, in the order of `items`.
  ///
  /// - Throws: `internal` where an eligible item cannot be read.
  func ids(of items: [Int32]) throws(Problem) -> [ItemID] {
    try items.map { (item) throws(Problem) in try id(of: item) }
  }

  private func id(of item: Int32) throws(Problem) -> ItemID {
    if let id = known[item] { return id }
    guard let id = try snapshot.id(ofItem: rows.key(ofItem: Int(item))) else {
      throw Problem(.internal, "An eligible item cannot be read.")
    }
    known[item] = id
    return id
  }

  /// Reads what ``areInOrder(_:_:)`` needs of `items`.
  private func read(_ items: [Int32]) throws(Problem) {
    if beginnings.isEmpty { beginnings = Array(repeating: 0, count: count) }
    for item in items where beginnings[Int(item)] == 0 {
      beginnings[Int(item)] = try id(of: item).beginning
    }
  }

  /// Whether one item's id comes before another's; both were read.
  private func areInOrder(_ first: Int32, _ second: Int32) -> Bool {
    let (a, b) = (beginnings[Int(first)], beginnings[Int(second)])
    guard a == b, let a = known[first], let b = known[second] else { return a < b }
    return a < b
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
        let equals = order[start..<end].map { (scored: $0, item: item($0.item)) }
        try read(equals.map(\.item))
        let sorted = equals.sorted { areInOrder($0.item, $1.item) }
        order.replaceSubrange(start..<end, with: sorted.map(\.scored))
      }
      start = end
    }
    return order
  }
}

extension ItemID {
  /// Twelve letters of five bits, digits before letters, above a one, so that it is never 0.
  fileprivate var beginning: UInt64 {
    text.utf8.prefix(12).reduce(1) { key, octet in
      key << 5 | UInt64(octet < 0x61 ? octet &- 0x32 : octet &- 0x61 &+ 6)
    }
  }
}
