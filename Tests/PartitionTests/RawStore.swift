import CSQLite
import Grounding
import Partition
import Testing

/// SQLite on a store's file without Loam between: to damage it, and to look at the tables.
///
/// It has no tokenizer `loam`, so the index stays out of its reach.
enum RawStore {
  /// Runs `sql`; the result is its rows, read as integers.
  @discardableResult
  static func run(
    _ sql: String, in home: LoamHome, tenant: Tenant = .default
  ) throws -> [[Int]] {
    var handle: OpaquePointer?
    try #require(unsafe sqlite3_open(home.partition(of: tenant), &handle) == SQLITE_OK)
    defer { unsafe sqlite3_close_v2(handle) }
    var statement: OpaquePointer?
    let code = unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    try #require(code == SQLITE_OK, "\(sql)")
    defer { unsafe sqlite3_finalize(statement) }
    var rows: [[Int]] = []
    while true {
      switch unsafe sqlite3_step(statement) {
      case SQLITE_ROW:
        let columns = unsafe sqlite3_column_count(statement)
        rows.append((0..<columns).map { Int(unsafe sqlite3_column_int64(statement, $0)) })
      case SQLITE_DONE: return rows
      case let code:
        Issue.record("SQLite code \(code): \(sql)")
        return rows
      }
    }
  }
}
