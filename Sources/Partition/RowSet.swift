/// The live rows that a caller may see: whole groups of an index, in a fixed order.
///
/// A *position* numbers rows and a *dense item* items over all groups, one group after another; both
/// also count dead ones, which nothing refers to. Quoted passages are not among them; see
/// ``QuotedRows``. Everything that is counted (documents, frequencies, average lengths) is counted over
/// the live rows.
package struct RowSet: Sendable {
  /// A group and where its numbers begin in the set.
  package struct Part: Sendable {
    package let group: RowGroup
    /// Which of the set's parts it is.
    package let index: Int
    package let firstPosition: Int
    package let firstItem: Int

    package var positions: Range<Int> { firstPosition..<firstPosition + group.rows.count }
    package var items: Range<Int> { firstItem..<firstItem + group.keys.count }
  }

  struct Extent: Sendable {
    var first: Int64
    var count: Int
    /// The parts whose rows lie in it: one a kind.
    var parts: Range<Int>

    var rows: Range<Int64> { first..<first + Int64(count) }
  }

  /// In the order of the groups' serials.
  package let parts: [Part]
  /// The extents in which the rows lie, ascending.
  let extents: [Extent]
  /// Positions and dense items given out.
  package let positionCount: Int
  package let denseItemCount: Int
  /// Live rows and items.
  package let passageCount: Int
  package let itemCount: Int
  /// Dense items that are searched by their own vectors whatever they are mixed with: the caller may
  /// not see them where their parent is.
  package internal(set) var unmixed: Set<Int32> = []

  package func isUnmixed(_ item: Int32) -> Bool { !unmixed.isEmpty && unmixed.contains(item) }

  /// The index that made the set, and its counts of changes and of loads then.
  let index: ResidentIndex?
  let changed: Int
  let loaded: Int
  let vectorsChanged: Int

  package init() {
    self.init(groups: [], extents: [:], index: nil, changed: 0, loaded: 0, vectorsChanged: 0)
  }

  /// The rows of `groups`, whose extents `extents` has by access class.
  init(
    groups: [RowGroup], extents: [Int64: [Range<Int64>]], index: ResidentIndex?, changed: Int,
    loaded: Int, vectorsChanged: Int
  ) {
    var parts: [Part] = []
    var found: [Extent] = []
    var (position, item, passages, items) = (0, 0, 0, 0)
    var byClass: [Int64: Range<Int>] = [:]
    // Groups of one class were read together, so that their serials follow each other.
    for group in groups.sorted(by: { $0.serial < $1.serial }) {
      let id = group.id.accessClass
      byClass[id] = (byClass[id]?.lowerBound ?? parts.count)..<parts.count + 1
      parts.append(
        Part(group: group, index: parts.count, firstPosition: position, firstItem: item))
      position += group.rows.count
      item += group.keys.count
      passages += group.passageCount
      items += group.itemCount
    }
    for (id, parts) in byClass {
      for rows in extents[id] ?? [] {
        found.append(Extent(first: rows.lowerBound, count: rows.count, parts: parts))
      }
    }
    self.parts = parts
    self.extents = found.sorted { $0.first < $1.first }
    (positionCount, denseItemCount) = (position, item)
    (passageCount, itemCount) = (passages, items)
    self.index = index
    self.changed = changed
    self.loaded = loaded
    self.vectorsChanged = vectorsChanged
  }

  /// Where the rows lie.
  var map: RowMap {
    RowMap(extents.map { extent in (extent.rows, parts[extent.parts].map(\.group)) })
  }

  package var isEmpty: Bool { passageCount == 0 }

  /// Octets of the set's own tables; the groups are the index's.
  package var octets: Int {
    parts.count * MemoryLayout<Part>.stride + extents.count * MemoryLayout<Extent>.stride
      + unmixed.count * 16
  }

  /// The part of a position; O(log parts).
  package func part(ofPosition position: Int) -> Part {
    parts[parts.lastIndex(from: position) { $0.firstPosition }]
  }

  /// The part of a dense item; O(log parts).
  package func part(ofItem item: Int) -> Part {
    parts[parts.lastIndex(from: item) { $0.firstItem }]
  }

  /// The part whose group has a serial, `nil` where it is not in the set; O(log parts).
  func part(ofGroup serial: Int) -> Part? {
    guard !parts.isEmpty else { return nil }
    let part = parts[parts.lastIndex(from: serial) { $0.group.serial }]
    return part.group.serial == serial ? part : nil
  }

  /// The position of a live row of the set, `nil` for another; O(log rows).
  package func position(ofRow row: Int64) -> Int? {
    guard !extents.isEmpty else { return nil }
    let extent = extents[extents.lastIndex(from: row) { $0.first }]
    guard extent.rows.contains(row) else { return nil }
    for part in parts[extent.parts] {
      if let place = part.group.place(ofRow: row) { return part.firstPosition + place }
    }
    return nil
  }

  package func row(at position: Int) -> Int64 {
    let part = part(ofPosition: position)
    return part.group.rows[position - part.firstPosition]
  }

  /// The dense item of a position.
  package func item(at position: Int) -> Int {
    let part = part(ofPosition: position)
    return part.firstItem + Int(part.group.items[position - part.firstPosition])
  }

  package func bodyTerms(at position: Int) -> Int {
    let part = part(ofPosition: position)
    return Int(part.group.bodyTerms[position - part.firstPosition])
  }

  package func key(ofItem item: Int) -> Int64 {
    let part = part(ofItem: item)
    return part.group.keys[item - part.firstItem]
  }

  /// Body + 3 title, in terms without stop words.
  package func length(ofItem item: Int) -> Int {
    let part = part(ofItem: item)
    return Int(part.group.lengths[item - part.firstItem])
  }

  /// The positions of a dense item.
  package func positions(ofItem item: Int) -> Range<Int> {
    let part = part(ofItem: item)
    let places = part.group.places(of: item - part.firstItem)
    return part.firstPosition + places.lowerBound..<part.firstPosition + places.upperBound
  }

  /// The dense items of ascending positions, each once, ascending.
  ///
  /// - Complexity: O(positions), and O(log parts) a part.
  package func items(ofPositions positions: ArraySlice<UInt32>) -> [Int32] {
    var items: [Int32] = []
    items.reserveCapacity(positions.count)
    var last = Int32(-1)
    var start = positions.startIndex
    while start < positions.endIndex {
      let part = part(ofPosition: Int(positions[start]))
      let range = part.positions
      let locals = part.group.items
      while start < positions.endIndex, range.contains(Int(positions[start])) {
        let item = Int32(part.firstItem + Int(locals[Int(positions[start]) - range.lowerBound]))
        if item != last { items.append(item) }
        last = item
        start += 1
      }
    }
    return items
  }

  /// Calls `body` with each part that dense items are of and the ones next to each other that are of it.
  ///
  /// - Complexity: O(items), and O(log parts) a run.
  package func forEachRun(of items: [Int32], _ body: (Part, ArraySlice<Int32>) -> Void) {
    var start = 0
    while start < items.count {
      let part = part(ofItem: Int(items[start]))
      let range = Int32(part.items.lowerBound)..<Int32(part.items.upperBound)
      var end = start + 1
      while end < items.count, range.contains(items[end]) { end += 1 }
      body(part, items[start..<end])
      start = end
    }
  }

  /// The dense items that are live, ascending; O(items).
  package var items: [Int32] {
    var items: [Int32] = []
    items.reserveCapacity(itemCount)
    for part in parts {
      for item in part.items where part.group.isLive(item - part.firstItem) {
        items.append(Int32(item))
      }
    }
    return items
  }

  /// The keys of all live items, ascending; O(items log items).
  package var itemKeys: [Int64] {
    var keys: [Int64] = []
    for part in parts {
      for (item, key) in part.group.keys.enumerated() where part.group.isLive(item) {
        keys.append(key)
      }
    }
    return keys.sorted()
  }

  /// The dense items of all live keys; O(items).
  var itemsByKey: [Int64: Int32] {
    var items: [Int64: Int32] = [:]
    items.reserveCapacity(itemCount)
    for part in parts {
      for (item, key) in part.group.keys.enumerated() where part.group.isLive(item) {
        items[key] = Int32(part.firstItem + item)
      }
    }
    return items
  }

  /// All live rows, ascending; O(rows log rows).
  package var rows: [Int64] {
    var rows: [Int64] = []
    for part in parts {
      for (place, row) in part.group.rows.enumerated()
      where part.group.isLive(Int(part.group.items[place])) { rows.append(row) }
    }
    return rows.sorted()
  }
}

extension Array {
  /// The last place whose `key` is `value` or less, 0 where none is; keys ascend.
  ///
  /// O(log count).
  fileprivate func lastIndex<K: Comparable>(from value: K, _ key: (Element) -> K) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if key(self[middle]) <= value { low = middle + 1 } else { high = middle }
    }
    return Swift.max(0, low - 1)
  }
}

/// Where one term occurs among the rows of a ``RowSet``.
package struct PostingList: Hashable, Sendable {
  /// Into the set, ascending.
  package var positions: [Int32] = []
  /// Occurrences in the body at each of ``positions``.
  package var bodyFrequency: [Int32] = []
  /// Occurrences in the item's title; not 0 only at an item's first passage.
  package var titleFrequency: [Int32] = []

  package init() {}

  mutating func append(position: Int, _ frequency: TermPostings.Frequency) {
    positions.append(Int32(position))
    bodyFrequency.append(Int32(clamping: frequency.body))
    titleFrequency.append(Int32(clamping: frequency.title))
  }
}
