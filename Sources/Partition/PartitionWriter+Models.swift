package import Grounding

/// The models of a store: the one whose vectors are searched, and perhaps one that is to take its place.
///
/// Vectors of the next one are made beside the others, in pages of their own, while questions are
/// answered as before. Whatever comes meanwhile waits for vectors of both. The commit after which no
/// passage waits for one of the next model drops the former one's, so that every reader sees either all
/// of the one or all of the other.
extension PartitionWriter {
  /// The model of that role; `nil` before the first vectors, and where none is to take its place.
  package func model(_ role: ModelRole = .serving) throws(Problem) -> StoredModel? {
    try connection.model(role)
  }

  /// Which store this is; see ``StoreIdentity``.
  package func identity() throws(Problem) -> StoreIdentity { try connection.identity() }

  /// Makes sure that vectors of the model `id` are searched; an empty store takes the model.
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

  /// Has the model `id` take the place of the store's when every passage has a vector of it.
  ///
  /// A store without a model takes it at once. Nothing happens where it is the store's, or the change to
  /// it has begun; the vectors of a change to a third model are dropped.
  /// - Throws: `bad_model` for a dimension that no model has, or that is not the model's.
  package func changeModel(to id: String, dimension: Int) throws(Problem) {
    guard Connection.dimensions.contains(dimension) else {
      throw Problem(.badModel, "A model's vectors have 1 to 4,096 dimensions.", place: id)
    }
    try inBatch { () throws(Problem) in
      try settle()
      guard let serving = try model() else { return try setModel(.serving, (id, dimension)) }
      let next = try model(.next)
      for known in [serving, next] {
        guard let known, known.id == id else { continue }
        guard known.dimension == dimension else {
          throw Problem(
            .badModel, "The store has vectors of another dimension from that model.", place: id)
        }
        return
      }
      if next != nil { try dropNext() }
      try setModel(.next, (id, dimension))
      try connection.run(
        "INSERT INTO pending_next (row) SELECT row FROM passage WHERE role IS NULL ORDER BY row")
    }
  }

  /// Gives up a change of the model: the store's stays, and the other's vectors are dropped.
  package func keepModel() throws(Problem) {
    guard try model(.next) != nil else { return }
    try inBatch { () throws(Problem) in
      try settle()
      try dropNext()
    }
  }

  private func setModel(_ role: ModelRole, _ model: StoredModel) throws(Problem) {
    batch.hasChanges = true
    try connection.setMeta(role.idKey, model.id)
    try connection.setMeta(role.dimensionKey, String(model.dimension))
  }

  private func dropNext() throws(Problem) {
    guard let next = try model(.next) else { return }
    batch.hasChanges = true
    try connection.run("DELETE FROM vector_page WHERE model = ?1", next.id)
    // Without a WHERE the rows that go would not be reported.
    try connection.run("DELETE FROM pending_next WHERE true")
    try connection.removeMeta(.nextModel)
    try connection.removeMeta(.nextDimension)
  }

  /// Has the next model take the store's place where no passage waits for a vector of it any more.
  ///
  /// - Complexity: O(vectors of replies, which are mixed anew) then.
  func finishModelChange() throws(Problem) {
    guard let next = try model(.next) else { return }
    let waits = try connection.first("SELECT 1 FROM pending_next LIMIT 1") { _ in true }
    guard waits == nil else { return }
    try connection.run("DELETE FROM vector_page WHERE model <> ?1", next.id)
    try connection.run("DELETE FROM mixed_page WHERE true")
    try connection.run("DELETE FROM pending_vector WHERE true")
    try connection.removeMeta(.nextModel)
    try connection.removeMeta(.nextDimension)
    try setModel(.serving, next)
    batch.hasDroppedVectors = true
    try noteAllMixes()
  }
}
