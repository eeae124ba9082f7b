import Grounding
import Partition

/// The ids of a row set's items, which a tie is decided by; read when they are first asked for.
final class ItemNames {
  private let snapshot: Snapshot
  private let caller: Caller
  /// By dense item.
  private let keys: [Int64]
  private var known: [ItemID?]

  init(_ snapshot: Snapshot, caller: Caller, keys: [Int64]) {
    self.snapshot = snapshot
    self.caller = caller
    self.keys = keys
    known = Array(repeating: nil, count: keys.count)
  }

  /// The ids of dense items, in the order of `items`.
  ///
  /// - Throws: `internal` where an eligible item cannot be read.
  func ids(of items: [Int32]) throws(Problem) -> [ItemID] {
    let unknown = items.filter { known[Int($0)] == nil }
    if !unknown.isEmpty {
      let stored = try snapshot.storedItems(unknown.map { keys[Int($0)] }, caller: caller)
      for item in unknown { known[Int(item)] = stored[keys[Int(item)]]?.id }
    }
    var ids: [ItemID] = []
    for item in items {
      guard let id = known[Int(item)] else {
        throw Problem(.internal, "An eligible item cannot be read.")
      }
      ids.append(id)
    }
    return ids
  }

  /// Numbers that order as the ids of `items` do.
  func sortKeys(of items: [Int32]) throws(Problem) -> [UInt128] {
    try ids(of: items).map(\.sortKey)
  }
}

extension ItemID {
  /// A number that orders as the text does: five bits a letter, digits before letters.
  var sortKey: UInt128 {
    text.utf8.reduce(0) { key, octet in
      key << 5 | UInt128(octet < 0x61 ? octet &- 0x32 : octet &- 0x61 &+ 6)
    }
  }
}
