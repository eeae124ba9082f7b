/// The quoted passages that count for a caller, of the items of a ``RowSet``.
///
/// A *position* numbers them in the order of their items, and those of one item in the order of their rows.
package struct QuotedRows: Sendable {
  /// Passage rows by position; none of them is in the row set.
  package let rows: [Int64]
  /// The dense item of each, in the row set; ascending.
  package let item: [Int32]
  /// Terms of each, without stop words.
  package let terms: [Int32]
  /// The rows ascending, and the position of each; no positions where ``rows`` ascend themselves.
  private let ascending: [Int64]
  private let positions: [Int32]
  /// The ranges in which the rows lie, ascending; neighbours are one.
  let ranges: [Range<Int64>]

  init(_ found: [(row: Int64, item: Int32, terms: Int32)]) {
    let ordered = found.sorted { ($0.item, $0.row) < ($1.item, $1.row) }
    rows = ordered.map(\.row)
    item = ordered.map(\.item)
    terms = ordered.map(\.terms)
    if zip(rows, rows.dropFirst()).contains(where: >) {
      let byRow = rows.indices.sorted { ordered[$0].row < ordered[$1].row }
      ascending = byRow.map { ordered[$0].row }
      positions = byRow.map { Int32($0) }
    } else {
      (ascending, positions) = (rows, [])
    }
    var ranges: [Range<Int64>] = []
    for row in ascending {
      if let last = ranges.last, last.upperBound == row {
        ranges[ranges.count - 1] = last.lowerBound..<row + 1
      } else {
        ranges.append(row..<row + 1)
      }
    }
    self.ranges = ranges
  }

  /// Resident octets.
  package var octets: Int { rows.count * (positions.isEmpty ? 16 : 28) + ranges.count * 16 }

  /// The position of `row`, `nil` where it is not in the set; O(log rows).
  package func position(ofRow row: Int64) -> Int? {
    let place = ascending.firstIndex(notBelow: row)
    return place < ascending.count && ascending[place] == row ? position(at: place) : nil
  }

  private func position(at place: Int) -> Int {
    positions.isEmpty ? place : Int(positions[place])
  }

  /// What was read of a term in rows of the set, by position; O(postings), where positions do not ascend
  /// as rows do O(postings log postings).
  func list(_ raw: RawPostings) -> QuotedList {
    var places: [Int] = []
    places.reserveCapacity(raw.rows.count)
    var place = 0
    for row in raw.rows {
      place = ascending.firstIndex(notBelow: row, from: place)
      places.append(place)
    }
    let counts = raw.frequencies.map { UInt16(clamping: $0.body) }
    guard !positions.isEmpty else {
      return QuotedList(positions: places.map { Int32($0) }, counts: counts)
    }
    let order = places.indices.sorted { positions[places[$0]] < positions[places[$1]] }
    return QuotedList(
      positions: order.map { positions[places[$0]] }, counts: order.map { counts[$0] })
  }
}

/// Where one term occurs in the text of ``QuotedRows``.
package struct QuotedList: Hashable, Sendable {
  /// Into the set, ascending.
  package let positions: [Int32]
  /// Occurrences at each of ``positions``; no passage is long enough for more.
  package let counts: [UInt16]

  /// Resident octets, about.
  package var octets: Int { positions.count * 6 + 96 }

  /// Occurrences at one position; O(log postings).
  package func count(at position: Int) -> Int {
    let index = positions.firstIndex(notBelow: Int32(position))
    return index < positions.count && positions[index] == Int32(position) ? Int(counts[index]) : 0
  }
}
