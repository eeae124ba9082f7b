import Grounding

/// A group that is being read or changed.
struct RowGroupDraft {
  let id: RowGroup.ID
  private let serial: Int
  private var rows: [Int64] = []
  private var items: [UInt32] = []
  private var bodyTerms: [UInt32] = []
  private var keys: [Int64] = []
  private var lengths: [UInt32] = []
  private var isDead: [Bool] = []

  init(id: RowGroup.ID, serial: Int) {
    self.id = id
    self.serial = serial
  }

  init(_ group: RowGroup) {
    id = group.id
    serial = group.serial
    (rows, items, bodyTerms) = (group.rows, group.items, group.bodyTerms)
    (keys, lengths) = (group.keys, group.lengths)
    isDead = group.isDead.isEmpty ? Array(repeating: false, count: keys.count) : group.isDead
  }

  /// Whether `row` could be appended: rows of a class are given out in ascending order.
  func takes(_ row: Int64) -> Bool { rows.last.map { $0 < row } ?? true }

  /// Appends a passage; one of another item than the last begins a new local item.
  mutating func append(row: Int64, item key: Int64, bodyTerms terms: Int, titleTerms: Int) {
    if keys.last != key || isDead.last == true {
      keys.append(key)
      lengths.append(UInt32(clamping: titleTerms * RowGroup.titleWeight))
      isDead.append(false)
    }
    let item = keys.count - 1
    rows.append(row)
    items.append(UInt32(item))
    bodyTerms.append(UInt32(clamping: terms))
    lengths[item] = UInt32(clamping: Int(lengths[item]) + terms)
  }

  /// Marks the items of the rows in `range` as dead.
  mutating func remove(_ range: ClosedRange<Int64>) {
    var place = rows.firstIndex(notBelow: range.lowerBound)
    while place < rows.count, rows[place] <= range.upperBound {
      isDead[Int(items[place])] = true
      place += 1
    }
  }

  /// Whether so many are dead that the group is better read anew.
  var isWasteful: Bool {
    let dead = isDead.count { $0 }
    return dead > 64 && dead * 2 > isDead.count
  }

  func finish() -> RowGroup {
    RowGroup(
      id: id, serial: serial, rows: rows, items: items,
      bodyTerms: bodyTerms, keys: keys, lengths: lengths, isDead: isDead)
  }
}
