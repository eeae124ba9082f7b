/// The live rows that a caller may see, ascending; a *position* is a place in ``rows``.
///
/// Quoted passages are not among them; see ``QuotedRows``.
/// Rows of one item share a dense item number; dense numbers follow the items' keys. Everything that
/// is counted (documents, frequencies, average lengths) is counted over this set.
package struct RowSet: Sendable {
  /// Passage rows, ascending.
  package internal(set) var rows: [Int64] = []
  /// The dense item of each position.
  package internal(set) var item: [Int32] = []
  /// Terms of the body at each position, without stop words.
  package internal(set) var bodyTerms: [Int32] = []
  /// The key of each dense item, ascending.
  package internal(set) var itemKeys: [Int64] = []
  /// Terms of each dense item's title, without stop words.
  package internal(set) var titleTerms: [Int32] = []
  /// The extents in which ``rows`` lie, ascending.
  var extents: [Extent] = []
  /// Dense items that are searched by their own vectors whatever they are mixed with: the caller may
  /// not see them where their parent is.
  var unmixed: Set<Int32> = []

  struct Extent: Sendable {
    var first: Int64
    var count: Int
  }

  package init() {}

  package var isEmpty: Bool { rows.isEmpty }

  /// The position of `row`, `nil` where it is not in the set; O(log rows).
  package func position(ofRow row: Int64) -> Int? {
    let place = firstPosition(from: row)
    return place < rows.count && rows[place] == row ? place : nil
  }

  /// The first position whose row is `row` or greater; `rows.count` where there is none.
  func firstPosition(from row: Int64) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The dense number of an item, `nil` where it is not in the set; O(log items).
  package func denseItem(ofKey key: Int64) -> Int? {
    var (low, high) = (0, itemKeys.count)
    while low < high {
      let middle = (low + high) / 2
      if itemKeys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < itemKeys.count && itemKeys[low] == key ? low : nil
  }
}

/// The quoted passages that count for a caller, of the items of a ``RowSet``.
package struct QuotedRows: Sendable {
  /// Passage rows, ascending; none of them is in the row set.
  package internal(set) var rows: [Int64] = []
  /// The dense item of each, in the row set.
  package internal(set) var item: [Int32] = []
  /// Terms of each, without stop words.
  package internal(set) var terms: [Int32] = []

  package init() {}

  /// The position of `row`, `nil` where it is not in the set; O(log rows).
  package func position(ofRow row: Int64) -> Int? {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low] == row ? low : nil
  }
}

/// Where one term occurs among the rows of a ``RowSet`` or of ``QuotedRows``.
package struct PostingList: Hashable, Sendable {
  /// Into the row set, ascending.
  package var positions: [Int32] = []
  /// Occurrences in the body, or in the quoted text, at each of ``positions``.
  package var bodyFrequency: [Int32] = []
  /// Occurrences in the item's title; not 0 only at an item's first passage.
  package var titleFrequency: [Int32] = []

  package init() {}

  mutating func append(position: Int32, body: Int32, title: Int32) {
    positions.append(position)
    bodyFrequency.append(body)
    titleFrequency.append(title)
  }
}

/// What the rows of one extent are searched by; a *slot* is a row of the page.
package struct VectorPage: Sendable {
  /// The position of each slot in the row set; -1 where the slot's row is not in it.
  package internal(set) var positions: [Int32] = []
  package internal(set) var dimension = 0
  /// `dimension` codes for each slot, slot after slot.
  package internal(set) var codes: [Int8] = []
  /// One for each slot; 0 where the row has no vector (yet).
  package internal(set) var scales: [Float] = []
}
