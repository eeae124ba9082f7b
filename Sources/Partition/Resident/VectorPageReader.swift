import Grounding

/// Reads what the rows of a store are searched by, extent by extent.
struct VectorPageReader {
  private let connection: Connection
  private let model: (id: String, dimension: Int)
  /// Rows whose mix is not for everybody who may see them.
  private let restricted: Set<Int64>
  /// The extent whose pages these are.
  private var extent: Range<Int64> = 0..<0
  /// Empty where the extent has none.
  private var own = VectorPage()
  private var mixed = VectorPage()

  /// `nil` where the store's vectors are not those of `model` and `dimension`.
  init?(_ connection: Connection, model: String, dimension: Int) throws(Problem) {
    guard let known = try connection.model(), known == (model, dimension) else { return nil }
    self.connection = connection
    self.model = known
    restricted = Set(
      try connection.all(
        """
        SELECT p.row FROM mix m CROSS JOIN passage p ON p.item = m.item
        WHERE m.class IS NOT NULL AND p.role IS NULL
        """
      ) { $0.int64(0) })
  }

  /// Puts what `rows`, which ascend, are searched by into `chunk`, by index.
  ///
  /// - Parameter own: called with the index and the own vector of a row whose mix is not for everybody.
  /// - Throws: `damaged` where a page has not the size it should have.
  /// - Complexity: O(rows x dimension), and the extents in which they lie.
  mutating func read(
    _ rows: ArraySlice<Int64>, into chunk: inout VectorChunk.Filler,
    own noteOwn: (Int, VectorRow) throws(Problem) -> Void
  ) throws(Problem) {
    for (index, row) in rows.enumerated() {
      if !extent.contains(row) { try openExtent(of: row) }
      let slot = Int(row - extent.lowerBound)
      guard own.hasVector(slot) else { continue }
      if mixed.hasVector(slot) {
        if restricted.contains(row) { try noteOwn(index, own.row(slot)) }
        chunk.set(index, mixed.row(slot))
      } else {
        chunk.set(index, own.row(slot))
      }
    }
  }

  private mutating func openExtent(of row: Int64) throws(Problem) {
    // The arrays are filled anew for each extent.
    own.clear()
    mixed.clear()
    // Where no extent has the row it alone is taken for one without vectors.
    extent = try connection.extent(of: row) ?? row..<row + 1
    let id = try connection.first(
      "SELECT id FROM vector_page WHERE extent = ?1 AND model = ?2", extent.lowerBound, model.id
    ) { $0.int64(0) }
    guard let id else { return }
    let layout = VectorPageLayout(count: extent.count, dimension: model.dimension)
    try own.read(
      connection.page(id, of: .own, isWritable: false), layout, place: connection.place)
    let isMixed = try connection.first(
      "SELECT 1 FROM mixed_page WHERE extent = ?1", extent.lowerBound
    ) { _ in true }
    guard isMixed == true else { return }
    try mixed.read(
      connection.page(extent.lowerBound, of: .mixed, isWritable: false), layout,
      place: connection.place)
  }
}

extension Connection {
  /// The extent in which `row` lies.
  func extent(of row: Int64) throws(Problem) -> Range<Int64>? {
    let found = try first(
      "SELECT first, count FROM extent WHERE first <= ?1 ORDER BY first DESC LIMIT 1", row
    ) { found throws(Problem) in try found.extent(0, place: place) }
    guard let found, found.contains(row) else { return nil }
    return found
  }
}
