package import Grounding

/// The passages of one access class and item kind in memory; immutable.
///
/// A *place* is a row's number in its group, a *local item* an item's. Both are given out in the order
/// of the rows and only grow: what is removed stays as a dead item until the group is read anew. The
/// rows of one item follow each other. 16 octets a passage and an item.
package final class RowGroup: Sendable {
  /// What a term of the title counts, in lengths and frequencies; one of the body counts 1.
  package static let titleWeight = 3

  struct ID: Hashable, Sendable {
    var accessClass: Int64
    var kind: ItemKind
  }

  let id: ID
  /// The group's number in its index; another one where places mean something else.
  package let serial: Int
  /// Rows by place, ascending, dead ones among them.
  package let rows: [Int64]
  /// The local item of each place, ascending.
  package let items: [UInt32]
  /// Terms of the body by place, without stop words.
  let bodyTerms: [UInt32]
  /// The first place by local item, and where the last one's end.
  private let firstPlaces: [UInt32]
  /// Keys by local item.
  package let keys: [Int64]
  /// Body + 3 title by local item, in terms without stop words.
  package let lengths: [UInt32]
  /// Of all items, dead ones among them.
  package let greatestLength: Int
  /// Whether a local item is dead; empty where none is.
  let isDead: [Bool]

  // Of the live ones.
  let itemCount: Int
  let passageCount: Int
  package let totalLength: Int64
  package let totalBodyTerms: Int64

  init(
    id: ID, serial: Int, rows: [Int64], items: [UInt32],
    bodyTerms: [UInt32], keys: [Int64], lengths: [UInt32], isDead: [Bool]
  ) {
    self.id = id
    self.serial = serial
    self.rows = rows
    self.items = items
    self.bodyTerms = bodyTerms
    self.keys = keys
    self.lengths = lengths
    greatestLength = Int(lengths.max() ?? 0)
    let hasDead = isDead.contains(true)
    self.isDead = hasDead ? isDead : []
    var firstPlaces = [UInt32](repeating: UInt32(rows.count), count: keys.count + 1)
    for place in items.indices.reversed() { firstPlaces[Int(items[place])] = UInt32(place) }
    self.firstPlaces = firstPlaces
    var (itemCount, passageCount) = (0, 0)
    var (totalLength, totalBodyTerms) = (Int64(0), Int64(0))
    for item in keys.indices where !hasDead || !isDead[item] {
      itemCount += 1
      totalLength += Int64(lengths[item])
    }
    for place in rows.indices where !hasDead || !isDead[Int(items[place])] {
      passageCount += 1
      totalBodyTerms += Int64(bodyTerms[place])
    }
    self.itemCount = itemCount
    self.passageCount = passageCount
    self.totalLength = totalLength
    self.totalBodyTerms = totalBodyTerms
  }

  /// What the items are.
  package var kind: ItemKind { id.kind }

  /// Resident octets, about: the object and the heads of its arrays too.
  var octets: Int { 400 + rows.count * 16 + keys.count * 16 + isDead.count }

  package func isLive(_ item: Int) -> Bool { isDead.isEmpty || !isDead[item] }

  /// Whether there is a dead item.
  package var hasDead: Bool { !isDead.isEmpty }

  /// The place of `row`, `nil` where it is none of the group's live ones; O(log rows).
  func place(ofRow row: Int64) -> Int? {
    let place = rows.firstIndex(notBelow: row)
    guard place < rows.count, rows[place] == row, isLive(Int(items[place])) else { return nil }
    return place
  }

  /// The places of a local item.
  package func places(of item: Int) -> Range<Int> {
    Int(firstPlaces[item])..<Int(firstPlaces[item + 1])
  }
}

extension RandomAccessCollection where Element: Comparable, Index == Int {
  /// The first place of ascending elements whose value is `value` or greater; O(log count).
  func firstIndex(notBelow value: Element) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// As ``firstIndex(notBelow:)``, looked for from `start` on, where it mostly is near, and below `end`
  /// where one is given.
  func firstIndex(notBelow value: Element, from start: Int, below end: Int? = nil) -> Int {
    let end = end ?? endIndex
    var (low, step) = (start, 1)
    guard low < end, self[low] < value else { return low }
    while low + step < end, self[low + step] < value {
      low += step
      step += step
    }
    var high = Swift.min(low + step, end)
    low += 1
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
