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
    own noteOwn: (Int, ArraySlice<Int8>, Float) throws(Problem) -> Void
  ) throws(Problem) {
    for (index, row) in rows.enumerated() {
      if !extent.contains(row) { try openExtent(of: row) }
      let slot = Int(row - extent.lowerBound)
      guard own.hasVector(slot) else { continue }
      let codes = slot * model.dimension..<(slot + 1) * model.dimension
      if mixed.hasVector(slot) {
        if restricted.contains(row) {
          try noteOwn(index, own.codes[codes], own.scales[slot])
        }
        chunk.set(index, mixed.codes[codes], scale: mixed.scales[slot])
      } else {
        chunk.set(index, own.codes[codes], scale: own.scales[slot])
      }
    }
  }

  private mutating func openExtent(of row: Int64) throws(Problem) {
    // The arrays are filled anew for each extent.
    own.count = 0
    mixed.count = 0
    // Where no extent has the row it alone is taken for one without vectors.
    extent = try connection.extent(of: row) ?? row..<row + 1
    let id = try connection.first(
      "SELECT id FROM vector_page WHERE extent = ?1 AND model = ?2", extent.lowerBound, model.id
    ) { $0.int64(0) }
    guard let id else { return }
    try connection.read(
      id, of: .own, count: extent.count, dimension: model.dimension, into: &own)
    let isMixed = try connection.first(
      "SELECT 1 FROM mixed_page WHERE extent = ?1", extent.lowerBound
    ) { _ in true }
    guard isMixed == true else { return }
    try connection.read(
      extent.lowerBound, of: .mixed, count: extent.count, dimension: model.dimension,
      into: &mixed)
  }
}

/// What a page holds of the rows of one extent; a *slot* is a row of it.
struct VectorPage {
  /// The extent's slots; 0 where it has no page.
  var count = 0
  /// `dimension` codes for each slot, slot after slot.
  var codes: [Int8] = []
  /// One for each slot; 0 where the row has no vector (yet).
  var scales: [Float] = []

  func hasVector(_ slot: Int) -> Bool {
    slot < count && scales[slot] > 0 && scales[slot].isFinite
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

  /// Reads a page of `count` slots whole into `page`, whose memory is used again.
  ///
  /// - Throws: `damaged` where it has another size.
  func read(
    _ id: Int64, of kind: Page, count: Int, dimension: Int, into page: inout VectorPage
  ) throws(Problem) {
    page.count = 0
    let blob = try self.page(id, of: kind, isWritable: false)
    guard blob.count == count * (dimension + 4) else {
      throw Problem(.damaged, "A page of vectors has a wrong size.", place: place)
    }
    if page.scales.count != count {
      page.codes = Array(repeating: 0, count: count * dimension)
      page.scales = Array(repeating: 0, count: count)
    }
    try blob.read(into: &page.codes, offset: 0)
    try blob.read(into: &page.scales, offset: page.codes.count)
    page.count = count
  }
}
