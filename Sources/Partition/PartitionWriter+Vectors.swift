package import Grounding

extension PartitionWriter {
  /// Passages that wait for a vector of the model of that role.
  package func pendingCount(_ role: ModelRole = .serving) throws(Problem) -> Int {
    if batch.isOpen { try settle() }
    return try connection.pendingCount(role)
  }

  /// The first passages, by row, that wait for a vector of the model of that role.
  package func pendingVectors(
    _ role: ModelRole = .serving, limit: Int
  ) throws(Problem) -> [PendingPassage] {
    if batch.isOpen { try settle() }
    return try connection.pendingPassages(role, limit: limit)
  }

  /// Puts vectors into their extents' pages; rows that are gone meanwhile are passed over.
  ///
  /// - Throws: `rebuild_needed` where `model` is neither the store's nor its next; `bad_model` for a
  ///   vector of another dimension.
  package func storeVectors(
    _ vectors: [(row: Int64, vector: QuantizedVector)], model id: String
  ) throws(Problem) {
    var found: (role: ModelRole, model: StoredModel)?
    for role in ModelRole.allCases {
      if let known = try model(role), known.id == id { found = (role, known) }
    }
    guard let (role, model) = found else {
      throw Problem(
        .rebuildNeeded, "The store's vectors are another model's.", place: connection.place)
    }
    for (_, vector) in vectors where vector.codes.count != model.dimension {
      throw Problem(.badModel, "A vector does not have the model's dimension.", place: id)
    }
    try inBatch { () throws(Problem) in
      try settle()
      for (row, vector) in vectors.sorted(by: { $0.row < $1.row }) {
        let item = try connection.first("SELECT item FROM passage WHERE row = ?1", row) {
          $0.int64(0)
        }
        guard let item else { continue }
        try storeVector(vector, row: row, model: model)
        switch role {
        case .serving:
          batch.messages.embedded.insert(item)
          try connection.run("DELETE FROM pending_vector WHERE row = ?1", row)
          batch.vectorRows.append(row)
        case .next:
          // Nobody is searched by it yet.
          try connection.run("DELETE FROM pending_next WHERE row = ?1", row)
        }
      }
    }
  }

  // MARK: Pages

  /// Writes one vector in place; the row's number was given out.
  func storeVector(
    _ vector: QuantizedVector, row: Int64, model: StoredModel
  ) throws(Problem) {
    guard let extent = try extent(of: row) else { return }
    batch.hasChanges = true
    let slot = Int(row - extent.first)
    let layout = VectorPageLayout(count: Int(extent.count), dimension: model.dimension)
    let page = try vectorPage(extent: extent.first, model: model.id, layout)
    try connection.page(page, of: .own, isWritable: true).write(vector, slot: slot, layout)
  }

  /// The vectors of `rows` that are searched; `nil` where one waits.
  func storedVectors(of rows: [Int64]) throws(Problem) -> [QuantizedVector?] {
    guard let model = try model() else { return Array(repeating: nil, count: rows.count) }
    var vectors: [QuantizedVector?] = []
    for row in rows {
      guard let extent = try extent(of: row),
        let page = try knownPage(extent: extent.first, model: model.id)
      else {
        vectors.append(nil)
        continue
      }
      let blob = try connection.page(page, of: .own, isWritable: false)
      let layout = VectorPageLayout(count: Int(extent.count), dimension: model.dimension)
      vectors.append(try blob.vector(slot: Int(row - extent.first), layout))
    }
    return vectors
  }

  /// Overwrites the vectors of the rows that this batch removed: they say what a text was about.
  func wipeRemovedVectors() throws(Problem) {
    guard !batch.removedRows.isEmpty else { return }
    for role in ModelRole.allCases {
      guard let model = try model(role) else { continue }
      for row in batch.removedRows.sorted() {
        guard let extent = try extent(of: row),
          let page = try knownPage(extent: extent.first, model: model.id)
        else { continue }
        let blob = try connection.page(page, of: .own, isWritable: true)
        try blob.write(
          nil, slot: Int(row - extent.first),
          VectorPageLayout(count: Int(extent.count), dimension: model.dimension))
        if role == .serving { try wipeMixed(row: row, dimension: model.dimension) }
      }
    }
  }

  private func knownPage(extent: Int64, model: String) throws(Problem) -> Int64? {
    try connection.first(
      "SELECT id FROM vector_page WHERE extent = ?1 AND model = ?2", extent, model
    ) { $0.int64(0) }
  }

  private func vectorPage(
    extent: Int64, model: String, _ layout: VectorPageLayout
  ) throws(Problem) -> Int64 {
    if let known = try knownPage(extent: extent, model: model) { return known }
    try connection.run(
      "INSERT INTO vector_page (extent, model, page) VALUES (?1, ?2, zeroblob(?3))", extent, model,
      layout.octets)
    return connection.lastRow
  }
}
