import CSQLite

/// A connection past Loam's own code.
@safe
final class RawConnection {
  private let handle: OpaquePointer

  /// `nil` where the file cannot be opened.
  init?(path: String) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
    guard unsafe sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK,
      let handle = unsafe opened
    else {
      unsafe sqlite3_close_v2(opened)
      return nil
    }
    unsafe self.handle = handle
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// Empties the write-ahead log as far as its readers let it, in one of SQLite's three ways; what
  /// goes wrong is no matter.
  ///
  /// Loam's writer does so by itself, but only after 16 MiB.
  func checkpoint(_ chance: inout Chance) {
    let modes = [SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_RESTART, SQLITE_CHECKPOINT_TRUNCATE]
    let mode = modes.randomElement(using: &chance) ?? SQLITE_CHECKPOINT_PASSIVE
    // Before it has read anything a connection does not know that there is a log.
    try? forEachRow("SELECT count(*) FROM sqlite_schema") { _ in }
    _ = unsafe sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil)
  }

  /// Calls `body` for each row.
  ///
  /// - Throws: ``Finding`` where the store cannot be read.
  func forEachRow(_ sql: String, _ body: (RawRow) -> Void) throws {
    var statement: OpaquePointer?
    defer { unsafe sqlite3_finalize(statement) }
    var code = unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    guard let prepared = unsafe statement else {
      throw Finding("not prepared (code \(code)): \(sql)")
    }
    code = unsafe sqlite3_step(prepared)
    while code == SQLITE_ROW {
      body(unsafe RawRow(prepared))
      code = unsafe sqlite3_step(prepared)
    }
    guard code == SQLITE_DONE else { throw Finding("not read (code \(code)): \(sql)") }
  }
}

/// The current row of a statement; good for the call that it is given to.
@safe
struct RawRow {
  private let statement: OpaquePointer

  init(_ statement: OpaquePointer) { unsafe self.statement = statement }

  var count: Int32 { unsafe sqlite3_column_count(statement) }

  func type(_ column: Int32) -> Int32 { unsafe sqlite3_column_type(statement, column) }

  /// The value as SQLite shows it as a blob.
  func octets(_ column: Int32) -> [UInt8] {
    guard let base = unsafe sqlite3_column_blob(statement, column) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(statement, column))
    return unsafe Array(UnsafeRawBufferPointer(start: base, count: count))
  }
}
