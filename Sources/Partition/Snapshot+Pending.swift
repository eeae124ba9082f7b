package import Grounding

/// The whole store's vectors, for whoever makes them; what a caller is told counts visible rows only.
extension Snapshot {
  /// The model of that role; `nil` before the first vectors, and where none is to take its place.
  package func model(_ role: ModelRole = .serving) throws(Problem) -> StoredModel? {
    try connection.model(role)
  }

  /// Which store this is; see ``StoreIdentity``.
  package func identity() throws(Problem) -> StoreIdentity { try connection.identity() }

  /// Passages that wait for a vector of the model of that role.
  ///
  /// - Complexity: O(passages that wait).
  package func pendingCount(_ role: ModelRole) throws(Problem) -> Int {
    try connection.pendingCount(role)
  }

  /// The first passages, by row, that wait for a vector of the model of that role.
  package func pendingPassages(
    _ role: ModelRole, limit: Int
  ) throws(Problem) -> [PendingPassage] {
    try connection.pendingPassages(role, limit: limit)
  }

  /// Passages that have no vector of the model `id`, which need not be one of the store's.
  ///
  /// - Complexity: O(passages that have none).
  package func missingCount(model id: String) throws(Problem) -> Int {
    for role in ModelRole.allCases where try connection.model(role)?.id == id {
      return try connection.pendingCount(role)
    }
    return try connection.first("SELECT count(*) FROM passage WHERE role IS NULL") {
      $0.int(0)
    } ?? 0
  }
}
