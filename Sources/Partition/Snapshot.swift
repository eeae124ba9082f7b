import Analysis
package import Grounding

/// What a tenant's store was at one moment: a read transaction.
///
/// Not `Sendable`: one owner. After an error of the store nothing can be read before it was paused and
/// resumed. It neither waits for the writer nor holds it up; it keeps the write-ahead log from being
/// emptied, so it is not for keeping.
package final class Snapshot {
  package let tenant: Tenant
  let connection: Connection
  private var visible: [Caller: (ordered: [Int64], set: Set<Int64>)] = [:]
  private var joined: [Caller: Conversations] = [:]
  let cache: IndexCache
  /// The partition's, shared with its other snapshots.
  let shared: ResidentIndex
  /// This snapshot's alone, from when the shared one is ahead of it.
  var own: ResidentIndex?
  /// SQLite's number of the state that was read last; it moves with every commit of another
  /// connection.
  private var version: Int64 = 0

  /// Opens the store of `tenant` as it is now; what it reads into memory is kept in `cache`.
  ///
  /// - Throws: `not_found` where the tenant has no store; `newer_schema`; `rebuild_needed` where it
  ///   was indexed by another analysis; `damaged`; `no_permission`; `unavailable`.
  package init(
    home: LoamHome, tenant: Tenant, cache: IndexCache = IndexCache()
  ) throws(Problem) {
    self.tenant = tenant
    let path = home.partition(of: tenant)
    self.cache = cache
    // In use from now on, so that it does not give way at once.
    shared = cache.index(of: path)
    guard FileSystem.isFile(path) else {
      throw Problem(
        .notFound, "The tenant \(tenant.name) has no store.", place: "tenant \(tenant.name)",
        remedy: "Run loam ingest for this tenant first.")
    }
    connection = try Connection(path: path, role: .reader, place: "tenant \(tenant.name)")
    try connection.beginReading()
    try connection.requireSchema()
    try connection.checkVersions(analysis: Analysis.version)
    version = try dataVersion()
  }

  /// Reads posting lists by FTS5's interface from here on, as where the index has a form that is not
  /// known here: to compare both ways.
  package func readListsByInterface() { connection.readsDoclists = false }

  /// Ends the read transaction, so that the write-ahead log can be emptied; nothing may be read before
  /// ``resume()``.
  package func pause() throws(Problem) { try connection.endReading() }

  /// Reads again after ``pause()``: the store as it is now.
  ///
  /// - Returns: whether nothing was committed since; where something was, row sets of before are void.
  /// - Throws: as opening does.
  package func resume() throws(Problem) -> Bool {
    try connection.beginReading()
    cache.use(shared)
    let now = try dataVersion()
    if now == version { return true }
    version = now
    (visible, joined, own) = ([:], [:], nil)
    try connection.checkVersions(analysis: Analysis.version)
    return false
  }

  /// Whether what it reads into memory still counts to the cache; where not, a new snapshot is better.
  package var isResident: Bool { !shared.isDropped }

  /// What it holds for itself, about: the connection and the conversations that were looked up.
  package var octets: Int {
    connection.octets + joined.values.reduce(0) { $0 + $1.octets } + (own?.octets ?? 0)
  }

  private func dataVersion() throws(Problem) -> Int64 {
    try connection.first("PRAGMA data_version") { $0.int64(0) } ?? 0
  }

  /// The sequence of the last change; equal sequences of one partition and epoch are equal stores.
  package func sequence() throws(Problem) -> Int64 { try connection.lastChange() }

  /// The store's own name; a copy keeps it.
  package func partitionID() throws(Problem) -> String { try connection.meta(.partitionID) ?? "" }

  /// The model whose vectors the store holds, `nil` before the first.
  package func modelID() throws(Problem) -> String? { try connection.meta(.model) }

  /// The access classes that `caller` may see.
  func visibleClasses(_ caller: Caller) throws(Problem) -> [Int64] {
    try knownClasses(caller).ordered
  }

  /// The same to be asked for one class; made once, as a caller may have thousands.
  func visibleClassSet(_ caller: Caller) throws(Problem) -> Set<Int64> {
    try knownClasses(caller).set
  }

  private func knownClasses(
    _ caller: Caller
  ) throws(Problem) -> (ordered: [Int64], set: Set<Int64>) {
    if let known = visible[caller] { return known }
    let ordered = try connection.visibleClasses(caller)
    if visible.count >= 64 { visible = [:] }
    let classes = (ordered: ordered, set: Set(ordered))
    visible[caller] = classes
    return classes
  }

  /// The conversations of what `caller` may see; good until the snapshot is resumed.
  package func conversations(_ caller: Caller) throws(Problem) -> Conversations {
    if let known = joined[caller] { return known }
    let conversations = Conversations(
      connection: connection, classes: try visibleClasses(caller))
    if joined.count >= 4 { joined = [:] }
    joined[caller] = conversations
    return conversations
  }
}
