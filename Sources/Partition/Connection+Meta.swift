import Grounding

/// What the store says of itself.
enum MetaKey: String {
  case schema, analysis, reading, model, dimension, epoch
  case partitionID = "partition_id"
  case nextModel = "next_model"
  case nextDimension = "next_dimension"
}

/// Which of a store's two models is meant.
package enum ModelRole: Sendable, CaseIterable {
  /// The one whose vectors are searched.
  case serving
  /// The one whose vectors are being made beside them, to take their place when none is missing.
  case next

  var idKey: MetaKey { self == .serving ? .model : .nextModel }
  var dimensionKey: MetaKey { self == .serving ? .dimension : .nextDimension }
}

/// A model's id and the dimension of its vectors.
package typealias StoredModel = (id: String, dimension: Int)

/// Which store this is: a restore gives it another epoch, an erased tenant's next store another id.
///
/// In stores of one identity a row number means one passage for ever.
package struct StoreIdentity: Hashable, Sendable {
  var partitionID: String
  var epoch: String
}

extension Connection {
  /// The value of `key`, `nil` where it was never set.
  func meta(_ key: MetaKey) throws(Problem) -> String? {
    try first("SELECT value FROM meta WHERE name = ?1", key.rawValue) { $0.text(0) }
  }

  func setMeta(_ key: MetaKey, _ value: String) throws(Problem) {
    try run("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", key.rawValue, value)
  }

  func removeMeta(_ key: MetaKey) throws(Problem) {
    try run("DELETE FROM meta WHERE name = ?1", key.rawValue)
  }

  func identity() throws(Problem) -> StoreIdentity {
    StoreIdentity(
      partitionID: try meta(.partitionID) ?? "", epoch: try meta(.epoch) ?? "")
  }

  /// What a restore raises, so that nobody takes what it brings for what was there.
  func epoch() throws(Problem) -> Int { try meta(.epoch).flatMap { Int($0) } ?? 0 }

  /// The dimensions that a model may have.
  static let dimensions = 1...4_096

  /// The model of that role; `nil` before the first, and where none is to take its place.
  ///
  /// - Throws: `damaged` where its dimension is none.
  func model(_ role: ModelRole = .serving) throws(Problem) -> StoredModel? {
    guard let id = try meta(role.idKey) else { return nil }
    guard let dimension = try meta(role.dimensionKey).flatMap({ Int($0) }),
      Self.dimensions.contains(dimension)
    else { throw Problem(.damaged, "The dimension of the vectors cannot be read.", place: place) }
    return (id, dimension)
  }

  /// The number of the schema in the file; 0 for an empty file.
  ///
  /// - Throws: `damaged` where the file is not a store of Loam's, or its number cannot be read.
  func schemaVersion() throws(Problem) -> Int {
    let tables = try first("SELECT count(*), max(name = 'meta') FROM sqlite_schema") {
      (count: $0.int(0), hasMeta: $0.int(1) == 1)
    }
    guard let tables, tables.count > 0 else { return 0 }
    guard tables.hasMeta, let version = try meta(.schema).flatMap({ Int($0) }), version > 0 else {
      throw Problem(
        .damaged, "The tenant's file is not a store of Loam's.", place: place)
    }
    return version
  }

  /// Fails where there is no store in the file, or one of an earlier schema.
  func requireSchema() throws(Problem) {
    let schema = try schemaVersion()
    guard schema > 0 else {
      throw Problem(
        .notFound, "The \(place) has no store.", place: place,
        remedy: "Run loam ingest for this tenant first.")
    }
    guard schema >= Schema.version else {
      throw Problem(
        .rebuildNeeded, "The store was made by an earlier version of Loam.", place: place,
        remedy: "Run loam ingest, which brings it up to date.")
    }
  }

  /// Fails where the store was made by a newer Loam, or indexed by another analysis than `analysis`.
  func checkVersions(analysis: Int?) throws(Problem) {
    if try schemaVersion() > Schema.version {
      throw Problem(
        .newerSchema, "The store was made by a newer version of Loam.", place: place,
        remedy: "Use that version or a later one.")
    }
    guard let analysis, try meta(.analysis) != String(analysis) else { return }
    throw Problem(
      .rebuildNeeded, "The store was indexed by another version of the analysis.", place: place,
      remedy: "Run loam ingest, which indexes the stored texts again.")
  }
}
