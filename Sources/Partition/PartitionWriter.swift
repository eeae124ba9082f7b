import Analysis
import Glibc
package import Grounding

/// The one writer of a tenant's store; it holds the tenant's lock file as long as it lives.
///
/// What lies between ``begin()`` and ``commit()`` is one transaction. A call outside of a batch is a
/// batch of its own. After an error inside a batch only ``rollback()`` is possible: the store then is
/// what the last commit left. Not `Sendable`: one owner.
package final class PartitionWriter {
  package let tenant: Tenant
  let connection: Connection
  /// `nil` for one that checks a file which is nobody else's.
  private let lock: LockFile?
  var batch = Batch()
  var classes: ClassTable
  /// The last extent of each kind, as far as it was asked for.
  var openExtents: [ExtentKind: OpenExtent] = [:]
  /// Whether anything was ever erased; `nil` before that was asked.
  var hasErasures: Bool?
  /// The lines of the own words of some items, by key.
  var ownLines: [Int64: Set<UInt64>] = [:]
  /// Whether SQLite has ended a batch by itself, for want of space or memory or for an error of the disk.
  ///
  /// FTS5 may have been at work then. What it has in memory is that of a batch that is no more, and it
  /// would go on from there, until a transaction that it takes part in is rolled back.
  private var isIndexStale = false

  /// Opens the store of `tenant`, and makes it where there is none.
  ///
  /// `partitionID` names a store that is made now; without it 128 random bits do.
  /// - Throws: `locked` when somebody else writes; `newer_schema`; `rebuild_needed` when the store
  ///   was indexed by another analysis (see ``rebuild(home:tenant:)``); `damaged`; `no_permission`;
  ///   `no_space`; `unavailable`.
  package convenience init(
    home: LoamHome, tenant: Tenant, partitionID: String? = nil
  ) throws(Problem) {
    try self.init(
      home: home, tenant: tenant, partitionID: partitionID, checkedAnalysis: Analysis.version)
  }

  /// Opens the store of `tenant`, which is there: nothing is made in the place of one that was erased.
  ///
  /// - Throws: `not_found`; as ``init(home:tenant:partitionID:)``.
  package convenience init(home: LoamHome, existing tenant: Tenant) throws(Problem) {
    try self.init(
      home: home, tenant: tenant, partitionID: nil, checkedAnalysis: Analysis.version,
      makesStore: false)
  }

  /// - Parameter checkedAnalysis: `nil` opens a store of whatever analysis.
  init(
    home: LoamHome, tenant: Tenant, partitionID: String?, checkedAnalysis: Int?,
    makesStore: Bool = true
  ) throws(Problem) {
    self.tenant = tenant
    if makesStore { try home.make(tenant) } else { try Self.requireStore(home, tenant) }
    lock = try LockFile(path: home.lock(of: tenant), tenant: tenant)
    // It may have been erased in between.
    if !makesStore { try Self.requireStore(home, tenant) }
    connection = try Connection(
      path: home.partition(of: tenant), role: .writer, place: "tenant \(tenant.name)")
    classes = ClassTable(connection: connection)
    try connection.checkVersions(analysis: nil)
    try migrate(partitionID: partitionID)
    try connection.checkVersions(analysis: checkedAnalysis)
    // Prepared while there is memory: a batch has to be undone where there is none.
    _ = try connection.statement(Self.undo)
  }

  /// Opens the store in the file at `path` to check it: nothing is migrated.
  ///
  /// - Throws: `rebuild_needed` for a store of an earlier schema or another analysis; as
  ///   ``init(home:tenant:partitionID:)``, but for `locked`.
  init(checking path: String, tenant: Tenant, lock: consuming LockFile?) throws(Problem) {
    self.tenant = tenant
    self.lock = lock
    connection = try Connection(path: path, role: .checker, place: "tenant \(tenant.name)")
    classes = ClassTable(connection: connection)
    try connection.requireSchema()
    try connection.checkVersions(analysis: Analysis.version)
  }

  private static func requireStore(_ home: LoamHome, _ tenant: Tenant) throws(Problem) {
    guard FileSystem.isFile(home.partition(of: tenant)) else {
      throw Problem(
        .notFound, "The tenant \(tenant.name) has no store.", place: "tenant \(tenant.name)")
    }
  }

  /// Whether somebody writes to the store of `tenant`, at this moment.
  package static func isBusy(home: LoamHome, tenant: Tenant) -> Bool {
    do throws(Problem) {
      _ = try LockFile(path: home.lock(of: tenant), tenant: tenant)
      return false
    } catch {
      return error.code == .locked
    }
  }

  private static let undo: StaticString = "ROLLBACK"

  /// Brings the schema to this version's, in one transaction; nothing where it is.
  private func migrate(partitionID: String?) throws(Problem) {
    let found = try connection.schemaVersion()
    guard found < Schema.version else { return }
    try connection.execute("BEGIN IMMEDIATE")
    do throws(Problem) {
      for migration in Schema.migrations[found...] { try connection.execute(migration) }
      try connection.setMeta(.schema, String(Schema.version))
      if found == 0 {
        try connection.setMeta(.analysis, String(Analysis.version))
        let name = if let partitionID { partitionID } else { try randomName() }
        try connection.setMeta(.partitionID, name)
        try connection.setMeta(.epoch, "1")
      }
      try mixAnew()
      try connection.renewDigests()
      try connection.execute("COMMIT")
    } catch {
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      throw error
    }
  }

  /// Mixes every reply's vectors again, which a migration may have dropped.
  ///
  /// What that leaves in the batch goes: it is for readers of the state before, and that has none.
  private func mixAnew() throws(Problem) {
    defer { batch = Batch() }
    try noteAllMixes()
    var links = MessageLinks(connection)
    try settleMixes(&links)
  }

  /// What a batch has done and not yet written.
  struct Batch {
    var isOpen = false
    /// Set by the first error inside the batch.
    var isBroken = false
    /// Whether anything was written at all.
    var hasChanges = false
    var queue: [IndexOperation] = []
    /// Octets of text in ``queue``.
    var queuedOctets = 0
    /// Items whose passages are in the queue and not yet in the tables.
    var queuedItems: Set<Int64> = []
    var addedRows: [Int64] = []
    var removedRows: [Int64] = []
    /// What is searched by another vector than before.
    var vectorRows: [Int64] = []
    var hasDroppedVectors = false
    var messages = MessageChanges()
  }

  /// Bounds the file to about `octets` for as long as this writer lives, but not below what it has.
  ///
  /// A batch that needs more fails with `no_space`, as on a full disk.
  package func limit(octets: Int) throws(Problem) {
    try connection.limitPages(max(1, octets / 4_096))
  }

  // MARK: Batches

  /// Starts a batch.
  ///
  /// - Throws: `locked` after five seconds when another program holds the database; `internal` when a
  ///   batch is open.
  package func begin() throws(Problem) {
    guard !batch.isOpen else {
      throw Problem(.internal, "A batch is open already.", place: connection.place)
    }
    // One that could not be undone when it failed.
    if connection.isInTransaction { try connection.run(Self.undo) }
    if isIndexStale { try forgetIndex() }
    // The last batch is acknowledged by now: nobody waits for this.
    try connection.shortenLog()
    try connection.execute("BEGIN IMMEDIATE")
    connection.written.forget()
    batch = Batch()
    batch.isOpen = true
  }

  /// Ends the batch; when this returns, it is durable.
  ///
  /// The result is the sequence of the last change in the log, which a batch without changes leaves
  /// as it was. After an error the batch is rolled back.
  package func commit() throws(Problem) -> Int64 {
    guard batch.isOpen, !batch.isBroken else {
      throw Problem(.internal, "There is no batch that can be committed.", place: connection.place)
    }
    do throws(Problem) {
      try noteReferring()
      var links = MessageLinks(connection)
      try settleQuotes(&links)
      try settle()
      try finishModelChange()
      try settleMixes(&links)
      try wipeRemovedVectors()
      try dropDeadExtents()
      try writeChanges()
      try connection.writeDigests()
      let sequence = try lastSequence()
      try connection.execute("COMMIT")
      batch = Batch()
      return sequence
    } catch {
      rollback()
      throw error
    }
  }

  /// Undoes everything since ``begin()``; nothing where no batch is open.
  package func rollback() {
    // Where the disk is full SQLite has rolled back by itself.
    if batch.isOpen, !connection.isInTransaction { isIndexStale = true }
    if connection.isInTransaction { try? connection.run(Self.undo) }
    batch = Batch()
    openExtents = [:]
    ownLines = [:]
    hasErasures = nil
    classes.forget()
  }

  /// Lets FTS5 forget what it has in memory.
  private func forgetIndex() throws(Problem) {
    do throws(Problem) {
      try connection.execute("BEGIN IMMEDIATE")
    } catch {
      guard error.code != .locked else { throw error }
      // What went wrong before, SQLite says once more to whoever comes next, and has recovered then.
      try connection.execute("BEGIN IMMEDIATE")
    }
    // This makes it take part; it may well find that nothing fits together.
    try? connection.run("INSERT INTO passage_text (passage_text, rank) VALUES ('automerge', 8)")
    guard connection.isInTransaction else {
      throw Problem(
        .unavailable, "The store has not recovered from an error.", place: connection.place)
    }
    try connection.run(Self.undo)
    isIndexStale = false
  }

  /// Runs `body` in the open batch, or in one of its own.
  func inBatch<T>(_ body: () throws(Problem) -> T) throws(Problem) -> T {
    let isOwn = !batch.isOpen
    if isOwn { try begin() }
    guard !batch.isBroken else {
      throw Problem(
        .internal, "An error has ended this batch; it can only be rolled back.",
        place: connection.place)
    }
    do throws(Problem) {
      let result = try body()
      if isOwn { _ = try commit() }
      return result
    } catch {
      if isOwn { rollback() } else { batch.isBroken = true }
      throw error
    }
  }

  /// The sequence of the last change in the log; 0 where there is none.
  package func lastSequence() throws(Problem) -> Int64 { try connection.lastChange() }

  /// One row for each run of row numbers; one without rows for a batch that changed none.
  private func writeChanges() throws(Problem) {
    guard batch.hasChanges else { return }
    var isLogged = batch.hasDroppedVectors
    if isLogged { try connection.run("INSERT INTO change (kind) VALUES ('vectors_dropped')") }
    for (kind, rows) in [
      ("rows_removed", batch.removedRows), ("rows_added", batch.addedRows),
      // Where all are dropped, all are read again.
      ("vectors_stored", batch.hasDroppedVectors ? [] : batch.vectorRows),
    ] {
      for range in runs(rows) {
        try connection.run(
          "INSERT INTO change (kind, first, last) VALUES (?1, ?2, ?3)", kind, range.lowerBound,
          range.upperBound)
        isLogged = true
      }
    }
    if !isLogged {
      try connection.run("INSERT INTO change (kind) VALUES ('records_changed')")
    }
  }
}

/// The maximal runs of consecutive numbers in `rows`, ascending.
func runs(_ rows: [Int64]) -> [ClosedRange<Int64>] {
  var result: [ClosedRange<Int64>] = []
  for row in rows.sorted() {
    if let last = result.last, row <= last.upperBound + 1 {
      result[result.count - 1] = last.lowerBound...max(row, last.upperBound)
    } else {
      result.append(row...row)
    }
  }
  return result
}

/// 128 random bits from the kernel, in hexadecimal.
private func randomName() throws(Problem) -> String {
  var octets = [UInt8](repeating: 0, count: 16)
  let isFilled = unsafe octets.withUnsafeMutableBytes { bytes in
    unsafe bytes.baseAddress.map { unsafe getentropy($0, bytes.count) == 0 } ?? false
  }
  guard isFilled else {
    throw Problem(.unavailable, "The system gives no random octets.")
  }
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
