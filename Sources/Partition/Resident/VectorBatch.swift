import CKernels

/// Rows of a vector set, wherever they lie, that are compared with a query in one go, item by item.
///
/// Safe: the addresses are of chunks of the set, which it keeps.
@safe
package struct VectorBatch {
  private let vectors: VectorSet
  private var rows: [UnsafePointer<Int8>?] = unsafe []
  private var heads: [UnsafePointer<loam_row_head>?] = unsafe []
  /// Where the rows of each item end.
  private var ends: [Int] = []

  /// The rows of dense items of `set`, whose vectors `vectors` are.
  ///
  /// Items whose order is that of their parts are found fastest.
  package init(_ vectors: VectorSet, items: [Int32], of set: RowSet) {
    self.vectors = vectors
    unsafe rows.reserveCapacity(2 * items.count)
    unsafe heads.reserveCapacity(2 * items.count)
    ends.reserveCapacity(items.count)
    set.forEachRun(of: items) { part, items in append(items, of: part, in: set) }
  }

  /// The row at a position of `set` as an item of its own.
  package init(_ vectors: VectorSet, position: Int, of set: RowSet) {
    self.vectors = vectors
    let part = set.part(ofPosition: position)
    let place = position - part.firstPosition
    if let group = vectors.groups[part.index] {
      append(place..<place + 1, of: group, isOwn: set.isUnmixed(Int32(set.item(at: position))))
    }
    ends.append(unsafe rows.count)
  }

  private mutating func append(_ items: ArraySlice<Int32>, of part: RowSet.Part, in set: RowSet) {
    guard let vectors = vectors.groups[part.index] else {
      ends.append(contentsOf: repeatElement(unsafe rows.count, count: items.count))
      return
    }
    let group = part.group
    for item in items {
      let places = group.places(of: Int(item) - part.firstItem)
      append(places, of: vectors, isOwn: set.isUnmixed(item))
      ends.append(unsafe rows.count)
    }
  }

  /// - Parameter isOwn: whether rows are compared by their own vectors, whatever they are mixed with.
  private mutating func append(_ places: Range<Int>, of vectors: GroupVectors, isOwn: Bool) {
    for place in places {
      let (codes, head) = unsafe vectors.codes(at: place, isOwn: isOwn)
      // Read when all are known: waiting for one after the other takes as long as the products do.
      unsafe loam_prefetch(head)
      unsafe rows.append(codes)
      unsafe heads.append(head)
    }
  }

  /// The greatest product of each item's rows with `query`; NaN where none has a vector.
  ///
  /// O(rows x dimension).
  package func best(_ query: VectorQuery) -> [Float] {
    precondition(query.vector.count == vectors.dimension)
    let products = unsafe [Float](unsafeUninitializedCapacity: rows.count) { products, count in
      unsafe loam_score_rows_f32_i8(
        query.vector, rows, heads, rows.count, vectors.dimension, products.baseAddress)
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
