import CKernels

/// Rows of a vector set, wherever they lie, that are compared with a query in one go, item by item.
///
/// Safe: the addresses are of chunks of the set, which it keeps.
@safe
package struct VectorBatch {
  private let vectors: VectorSet
  private var rows: [loam_row] = unsafe []
  /// Where the rows of each item end.
  private var ends: [Int] = []

  /// The rows of dense items of `set`, whose vectors `vectors` are.
  ///
  /// Items whose order is that of their parts are found fastest.
  package init(_ vectors: VectorSet, items: [Int32], of set: RowSet) {
    self.vectors = vectors
    unsafe rows.reserveCapacity(2 * items.count)
    ends.reserveCapacity(items.count)
    set.forEachRun(of: items) { part, items in append(items, of: part, in: set) }
  }

  /// The row at a position of `set` as an item of its own.
  package init(_ vectors: VectorSet, position: Int, of set: RowSet) {
    self.vectors = vectors
    let part = set.part(ofPosition: position)
    if let group = vectors.groups[part.index] {
      var finder = GroupVectors.Finder(group)
      unsafe rows.append(
        finder.row(
          at: position - part.firstPosition,
          isOwn: set.isUnmixed(Int32(set.item(at: position)))))
    }
    ends.append(unsafe rows.count)
  }

  private mutating func append(_ items: ArraySlice<Int32>, of part: RowSet.Part, in set: RowSet) {
    guard let vectors = vectors.groups[part.index] else {
      ends.append(contentsOf: repeatElement(unsafe rows.count, count: items.count))
      return
    }
    let group = part.group
    var finder = GroupVectors.Finder(vectors)
    for item in items {
      let isOwn = set.isUnmixed(item)
      for place in group.places(of: Int(item) - part.firstItem) {
        let row = unsafe finder.row(at: place, isOwn: isOwn)
        // Read when all are known: waiting for one after the other takes as long as the products do.
        unsafe loam_prefetch(row.head)
        unsafe rows.append(row)
      }
      ends.append(unsafe rows.count)
    }
  }

  /// The greatest product of each item's rows with `query`; NaN where none has a vector.
  ///
  /// O(rows x dimension).
  package func best(_ query: VectorQuery) -> [Float] {
    precondition(query.dimension == vectors.dimension)
    let products = unsafe [Float](unsafeUninitializedCapacity: rows.count) { products, count in
      unsafe loam_score_rows(
        query.codes, query.scale, rows, rows.count, vectors.dimension, products.baseAddress)
      count = unsafe rows.count
    }
    var start = 0
    return ends.map { end in
      var best = Float.nan
      for product in products[start..<end] where product > best || best.isNaN { best = product }
      start = end
      return best
    }
  }
}
