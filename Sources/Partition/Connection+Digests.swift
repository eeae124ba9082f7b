import Grounding
import Octets

/// Digests of rows: what the writer wrote, to be compared with what is read.
///
/// A digest is the first eight octets of a SHA-256. It is no signature: it finds what a disk, a cable
/// or a stray program did to the file.
extension Connection {
  /// What is not in a table with row numbers; the keys of kind 0.
  private enum OtherDigest: Int64, CaseIterable {
    case schema, meta, erased

    var table: String {
      switch self {
      case .schema: "sqlite_schema"
      case .meta: "meta"
      case .erased: "erased"
      }
    }

    var contents: [StaticString] {
      switch self {
      case .schema:
        // Not the page numbers, which a VACUUM changes.
        ["SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"]
      case .erased: ["SELECT * FROM erased ORDER BY print"]
      case .meta:
        [
          "SELECT * FROM meta ORDER BY name",
          "SELECT name, seq FROM sqlite_sequence ORDER BY name",
        ]
      }
    }
  }

  /// Stores the digests of what was written since the last time.
  ///
  /// - Complexity: O(octets of the groups that were written to).
  func writeDigests() throws(Problem) {
    let written = written.take()
    guard !written.isEmpty else { return }
    for (table, groups) in written {
      for group in groups {
        try store(try digest(of: table, group), kind: table.rawValue, key: group)
      }
    }
    try storeOtherDigest(.meta)
  }

  /// Stores the digests of everything: after a migration.
  ///
  /// - Complexity: O(octets of the store).
  func renewDigests() throws(Problem) {
    written.forget()
    try run("DELETE FROM digest")
    for table in DigestedTable.allCases {
      for group in try groups(of: table) {
        try store(try digest(of: table, group), kind: table.rawValue, key: group)
      }
    }
    for other in OtherDigest.allCases { try storeOtherDigest(other) }
  }

  /// Gives the store another epoch, in a transaction of its own.
  func setEpoch(_ epoch: Int) throws(Problem) {
    try execute("BEGIN IMMEDIATE")
    try setMeta(.epoch, String(epoch))
    try storeOtherDigest(.meta)
    try execute("COMMIT")
  }

  /// Stores the digest of what is known to be erased.
  func storeErasedDigest() throws(Problem) { try storeOtherDigest(.erased) }

  private func storeOtherDigest(_ other: OtherDigest) throws(Problem) {
    try store(try digest(other.contents), kind: 0, key: other.rawValue)
  }

  /// The groups whose rows are not what the writer wrote, with those of which too much or nothing is
  /// there.
  ///
  /// - Parameter progress: called after each table with how many of all are done.
  /// - Complexity: O(octets of the store).
  func damagedGroups(
    progress: (_ done: Int, _ total: Int) -> Void
  ) throws(Problem) -> [Damage] {
    var found: [Damage] = []
    for other in OtherDigest.allCases
    where try digest(other.contents) != storedDigest(kind: 0, key: other.rawValue) {
      found.append(Damage(table: other.table, rows: nil))
    }
    let tables = DigestedTable.allCases
    for (index, table) in tables.enumerated() {
      let stored = try all("SELECT key FROM digest WHERE kind = ?1", table.rawValue) { $0.int64(0) }
      for group in Set(stored).union(try groups(of: table)).sorted()
      where try digest(of: table, group) != storedDigest(kind: table.rawValue, key: group) {
        found.append(Damage(table: table.name, rows: table.rows(of: group)))
      }
      progress(index + 1, tables.count)
    }
    return found
  }

  /// Rows that are not as they were written.
  struct Damage {
    var table: String
    /// `nil` where the rows have no numbers.
    var rows: ClosedRange<Int64>?
  }

  private func groups(of table: DigestedTable) throws(Problem) -> [Int64] {
    var groups: [Int64] = []
    try forEach(table.rowNumbers) { row in
      let group = table.group(of: row.int64(0))
      if groups.last != group { groups.append(group) }
    }
    return groups
  }

  /// The digest of a group's rows; `nil` where there are none.
  private func digest(of table: DigestedTable, _ group: Int64) throws(Problem) -> Int64? {
    let rows = table.rows(of: group)
    return try digest(table.contents, rows.lowerBound, rows.upperBound)
  }

  private func digest(
    _ contents: [StaticString], _ first: Int64? = nil, _ last: Int64? = nil
  ) throws(Problem) -> Int64? {
    rowHasher.restart()
    for sql in contents {
      let statement = try statement(sql)
      if let first, let last { try statement.bind([first, last]) }
      defer { statement.reset() }
      while try statement.step() { statement.append(to: &rowHasher) }
      rowHasher.endTable()
    }
    return rowHasher.finish()
  }

  private func storedDigest(kind: Int64, key: Int64) throws(Problem) -> Int64? {
    try first("SELECT digest FROM digest WHERE kind = ?1 AND key = ?2", kind, key) { $0.int64(0) }
  }

  private func store(_ digest: Int64?, kind: Int64, key: Int64) throws(Problem) {
    guard let digest else {
      return try run("DELETE FROM digest WHERE kind = ?1 AND key = ?2", kind, key)
    }
    // Most are new. A REPLACE would open a statement journal each time.
    try run(
      "INSERT OR IGNORE INTO digest (kind, key, digest) VALUES (?1, ?2, ?3)", kind, key, digest)
    if changedRows == 0 {
      try run(
        "UPDATE OR FAIL digest SET digest = ?3 WHERE kind = ?1 AND key = ?2", kind, key, digest)
    }
  }
}

/// A digest of rows: every column's type and value, so that no two contents are written alike.
struct RowHasher {
  private var hasher = SHA256.Hasher()
  /// Values are short and many: they wait here, so that the hasher gets long pieces.
  private var pending: [UInt8] = []
  private var rowCount = 0

  init() { pending.reserveCapacity(Self.pieceLimit + 512) }

  private static let pieceLimit = 4_096

  mutating func append(type: Int32, number: UInt64) {
    // A number that is small, as most are, in two octets.
    if number < 0x80 {
      pending.append(UInt8(truncatingIfNeeded: type) | 0x80)
      pending.append(UInt8(truncatingIfNeeded: number))
      return
    }
    pending.append(UInt8(truncatingIfNeeded: type))
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe pending.append(contentsOf: $0) }
  }

  /// Appends a text or blob.
  mutating func append(type: Int32, octets: UnsafeRawBufferPointer) {
    append(type: type, number: UInt64(octets.count))
    if octets.count < 256 { return unsafe pending.append(contentsOf: octets) }
    flush()
    unsafe octets.withMemoryRebound(to: UInt8.self) { hasher.update(unsafe $0.span) }
  }

  mutating func endRow() {
    rowCount += 1
    if pending.count >= Self.pieceLimit { flush() }
  }

  mutating func endTable() { append(type: 0, number: UInt64(rowCount)) }

  private mutating func flush() {
    hasher.update(pending)
    pending.removeAll(keepingCapacity: true)
  }

  /// Forgets what was appended.
  mutating func restart() {
    hasher = SHA256.Hasher()
    pending.removeAll(keepingCapacity: true)
    rowCount = 0
  }

  /// The digest; `nil` where there was no row.
  mutating func finish() -> Int64? {
    guard rowCount > 0 else { return nil }
    flush()
    return hasher.finish().prefix(8).reduce(0) { $0 << 8 | Int64($1) }
  }
}
