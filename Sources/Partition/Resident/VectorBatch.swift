import CKernels

/// Rows of a vector set, wherever they lie, that are compared with a query in one go.
///
/// Safe: the addresses are of chunks of the set, which it keeps.
@safe
package struct VectorBatch {
  private let vectors: VectorSet
  private var rows: [UnsafePointer<Int8>?] = unsafe []
  private var scales: [Float] = []
  /// Where the rows of each entry end.
  private var ends: [Int] = []

  package init(_ vectors: VectorSet, capacity: Int) {
    self.vectors = vectors
    unsafe rows.reserveCapacity(2 * capacity)
    scales.reserveCapacity(2 * capacity)
    ends.reserveCapacity(capacity)
  }

  /// Appends an entry: those of the places of `part`, a part of the set's row set, that have a vector.
  ///
  /// - Parameter isOwn: whether rows are compared by their own vectors, whatever they are mixed with.
  package mutating func append(_ places: Range<Int>, of part: RowSet.Part, isOwn: Bool) {
    if let group = vectors.groups[part.index] {
      for place in places {
        let (codes, scale) = unsafe group.codes(at: place, isOwn: isOwn)
        guard scale != 0 else { continue }
        unsafe rows.append(codes)
        scales.append(scale)
      }
    }
    ends.append(scales.count)
  }

  /// The greatest product of each entry's rows with `query`; `nil` where none has a vector.
  ///
  /// O(rows x dimension).
  package func best(_ query: VectorQuery) -> [Float?] {
    precondition(query.vector.count == vectors.dimension)
    var products = [Float](repeating: 0, count: scales.count)
    unsafe loam_score_rows_f32_i8(
      query.vector, rows, scales, scales.count, vectors.dimension, &products)
    var start = 0
    return ends.map { end in
      defer { start = end }
      return products[start..<end].max()
    }
  }
}
