package import Grounding

extension PartitionWriter {
  /// The model whose vectors the store holds, with its dimension; `nil` before the first.
  package func model() throws(Problem) -> (id: String, dimension: Int)? {
    try connection.model()
  }

  /// Makes sure that vectors of the model `id` fit the store; an empty store takes the model.
  ///
  /// - Throws: `rebuild_needed` where the store has another model's; see
  ///   ``changeModel(to:dimension:)``.
  package func requireModel(_ id: String, dimension: Int) throws(Problem) {
    guard let known = try model() else { return try changeModel(to: id, dimension: dimension) }
    guard known == (id, dimension) else {
      throw Problem(
        .rebuildNeeded, "The store's vectors are another model's.", place: connection.place,
        remedy: "Use that model (LOAM_MODEL), or make every vector again: loam embed.")
    }
  }

  /// Drops every vector and waits for those of the model `id`.
  package func changeModel(to id: String, dimension: Int) throws(Problem) {
    guard Connection.dimensions.contains(dimension) else {
      throw Problem(.badModel, "A model's vectors have 1 to 4,096 dimensions.", place: id)
    }
    try inBatch { () throws(Problem) in
      try settle()
      batch.hasChanges = true
      batch.hasDroppedVectors = true
      // Without a WHERE the rows that go would not be reported.
      try connection.run("DELETE FROM vector_page WHERE true")
      try connection.run("DELETE FROM mixed_page WHERE true")
      try connection.run(
        """
        INSERT OR IGNORE INTO pending_vector (row)
        SELECT row FROM passage WHERE role IS NULL ORDER BY row
        """)
      try connection.setMeta(.model, id)
      try connection.setMeta(.dimension, String(dimension))
    }
  }

  /// Passages that have no vector yet, by row.
  package func pendingCount() throws(Problem) -> Int {
    if batch.isOpen { try settle() }
    return try connection.first("SELECT count(*) FROM pending_vector") { $0.int(0) } ?? 0
  }

  /// The first passages, by row, that have no vector yet.
  package func pendingVectors(limit: Int) throws(Problem) -> [PendingPassage] {
    if batch.isOpen { try settle() }
    // An item's text is read once, not once a passage: a long text has thousands of passages.
    var text: [UInt8] = []
    var title: String?
    var current: Int64?
    var pending: [PendingPassage] = []
    try connection.forEach(
      """
      SELECT p.row, p.item, p.start, p.end, p.part, p.heading, p.page
      FROM pending_vector v JOIN passage p ON p.row = v.row ORDER BY v.row LIMIT ?1
      """, limit
    ) { row throws(Problem) in
      let item = row.int64(1)
      if item != current {
        let found = try connection.first("SELECT title, text FROM item WHERE key = ?1", item) {
          ($0.optionalText(0), $0.octets(1))
        }
        (title, text) = found ?? (nil, [])
        current = item
      }
      let (start, end) = (row.int(2), row.int(3))
      guard start >= 0, start <= end, end <= text.count else {
        throw Problem(
          .damaged, "A passage reaches beyond its item's text.", place: connection.place)
      }
      pending.append(
        PendingPassage(
          row: row.int64(0), title: title, heading: try row.locator(4).heading ?? [],
          body: String(decoding: text[start..<end], as: UTF8.self)))
    }
    return pending
  }

  /// Puts vectors into their extents' pages; rows that are gone meanwhile are passed over.
  ///
  /// - Throws: `rebuild_needed` where `model` is not the store's; `bad_model` for a vector of another
  ///   dimension.
  package func storeVectors(
    _ vectors: [(row: Int64, vector: QuantizedVector)], model id: String
  ) throws(Problem) {
    guard let known = try model(), known.id == id else {
      throw Problem(
        .rebuildNeeded, "The store's vectors are another model's.", place: connection.place)
    }
    for (_, vector) in vectors where vector.codes.count != known.dimension {
      throw Problem(.badModel, "A vector does not have the model's dimension.", place: id)
    }
    try inBatch { () throws(Problem) in
      try settle()
      for (row, vector) in vectors.sorted(by: { $0.row < $1.row }) {
        let item = try connection.first("SELECT item FROM passage WHERE row = ?1", row) {
          $0.int64(0)
        }
        guard let item else { continue }
        try storeVector(vector, row: row)
        batch.messages.embedded.insert(item)
        try connection.run("DELETE FROM pending_vector WHERE row = ?1", row)
        batch.vectorRows.append(row)
      }
    }
  }

  // MARK: Pages

  /// Writes one vector in place; the row's number was given out.
  func storeVector(_ vector: QuantizedVector, row: Int64) throws(Problem) {
    guard let model = try model(), let extent = try extent(of: row) else { return }
    batch.hasChanges = true
    let slot = Int(row - extent.first)
    let page = try vectorPage(extent: extent, model: model.id, dimension: model.dimension)
    let blob = try connection.page(page, of: .own, isWritable: true)
    try blob.write(vector.codes, offset: slot * model.dimension)
    try blob.write([vector.scale], offset: Int(extent.count) * model.dimension + slot * 4)
  }

  /// The vectors of `rows`; `nil` where one waits.
  func storedVectors(of rows: [Int64]) throws(Problem) -> [QuantizedVector?] {
    guard let model = try model() else { return Array(repeating: nil, count: rows.count) }
    var vectors: [QuantizedVector?] = []
    for row in rows {
      vectors.append(nil)
      guard let extent = try extent(of: row),
        let page = try knownPage(extent: extent.first, model: model.id)
      else { continue }
      let slot = Int(row - extent.first)
      let blob = try connection.page(page, of: .own, isWritable: false)
      var scale: [Float] = [0]
      try blob.read(into: &scale, offset: Int(extent.count) * model.dimension + slot * 4)
      guard scale[0] > 0 else { continue }
      var codes = [Int8](repeating: 0, count: model.dimension)
      try blob.read(into: &codes, offset: slot * model.dimension)
      vectors[vectors.count - 1] = QuantizedVector(codes: codes, scale: scale[0])
    }
    return vectors
  }

  /// Overwrites the vectors of the rows that this batch removed: they say what a text was about.
  func wipeRemovedVectors() throws(Problem) {
    guard !batch.removedRows.isEmpty, let model = try model() else { return }
    for row in batch.removedRows.sorted() {
      guard let extent = try extent(of: row),
        let page = try knownPage(extent: extent.first, model: model.id)
      else { continue }
      let slot = Int(row - extent.first)
      let blob = try connection.page(page, of: .own, isWritable: true)
      try blob.write([Int8](repeating: 0, count: model.dimension), offset: slot * model.dimension)
      try blob.write([Float(0)], offset: Int(extent.count) * model.dimension + slot * 4)
      try wipeMixed(row: row, dimension: model.dimension)
    }
  }

  private func knownPage(extent: Int64, model: String) throws(Problem) -> Int64? {
    try connection.first(
      "SELECT id FROM vector_page WHERE extent = ?1 AND model = ?2", extent, model
    ) { $0.int64(0) }
  }

  private func vectorPage(
    extent: (first: Int64, count: Int64), model: String, dimension: Int
  ) throws(Problem) -> Int64 {
    if let known = try knownPage(extent: extent.first, model: model) { return known }
    try connection.run(
      "INSERT INTO vector_page (extent, model, page) VALUES (?1, ?2, zeroblob(?3))", extent.first,
      model, extent.count * Int64(dimension + 4))
    return connection.lastRow
  }
}
