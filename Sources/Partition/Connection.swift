import CSQLite
import Grounding

/// A connection to one partition's file, with its prepared statements and Loam's tokenizer.
///
/// One owner at a time; not `Sendable`. Safe: the handle is private and closed once, when the object
/// goes; statements outlive it only as long as the object keeps them.
@safe
final class Connection {
  /// What may be done through a connection.
  enum Role { case writer, reader }

  private let handle: OpaquePointer
  private let role: Role
  /// What errors name as their place: the tenant, never a path or a content.
  let place: String
  let tokenizer: FullTextTokenizer
  let collector: PostingCollector
  /// By the address of the SQL text, which is a literal; looking up a statement costs no hashing of it.
  private var statements: [UInt: Statement] = [:]

  /// Opens the file at `path`, which exists.
  ///
  /// - Throws: `damaged`, `locked`, `no_permission`, `unavailable`.
  init(path: String, role: Role, place: String) throws(Problem) {
    self.role = role
    self.place = place
    var opened: OpaquePointer?
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
      | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let handle = unsafe opened else {
      unsafe sqlite3_close_v2(opened)
      throw Problem(sqlite: code, place: place)
    }
    unsafe self.handle = handle
    tokenizer = FullTextTokenizer()
    collector = PostingCollector()
    try harden()
    try registerExtensions()
    try configure(role)
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// Nothing in the file's schema can run what its reader did not ask for.
  private func harden() throws(Problem) {
    let options = [
      (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
      (SQLITE_DBCONFIG_ENABLE_FKEY, 1), (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
      (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0), (SQLITE_DBCONFIG_DQS_DML, 0),
      (SQLITE_DBCONFIG_DQS_DDL, 0),
    ]
    for (option, value) in options {
      try check(unsafe loam_sqlite3_switch(handle, option, Int32(value)))
    }
    try check(unsafe sqlite3_busy_timeout(handle, 5_000))
  }

  private func registerExtensions() throws(Problem) {
    var api: UnsafeMutablePointer<fts5_api>?
    let statement = try unsafe rawStatement("SELECT fts5(?1)")
    defer { unsafe sqlite3_finalize(statement) }
    // SQLite keeps the type's name by its address: it has to be a literal.
    let type: StaticString = "fts5_api_ptr"
    let code = unsafe withUnsafeMutablePointer(to: &api) { pointer in
      let name = unsafe UnsafeRawPointer(type.utf8Start).assumingMemoryBound(to: CChar.self)
      let bound = unsafe sqlite3_bind_pointer(statement, 1, pointer, name, nil)
      return bound == SQLITE_OK ? unsafe sqlite3_step(statement) : bound
    }
    guard code == SQLITE_ROW else { throw Problem(sqlite: code, place: place) }
    guard let api = unsafe api else {
      throw Problem(.internal, "This SQLite has no FTS5.", place: place)
    }
    try check(unsafe tokenizer.register(with: api))
    try check(unsafe collector.register(with: api))
  }

  private func configure(_ role: Role) throws(Problem) {
    try execute(
      "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 1073741824")
    switch role {
    case .writer:
      // A full checkpoint every 16 MiB: at SQLite's 4 MiB a third of the time went into it.
      try execute(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
        PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864
        """)
    case .reader:
      try execute("PRAGMA query_only = ON; PRAGMA cache_size = -8192")
    }
  }

  // MARK: Statements

  /// Runs the statements of `sql`, which returns nothing of interest.
  func execute(_ sql: StaticString) throws(Problem) {
    let text = unsafe UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self)
    try check(unsafe sqlite3_exec(handle, text, nil, nil, nil))
  }

  /// Bounds the file to `count` pages for as long as this connection lives.
  func limitPages(_ count: Int) throws(Problem) {
    // A pragma takes no parameters; a number cannot be anything else.
    try check(unsafe sqlite3_exec(handle, "PRAGMA max_page_count = \(count)", nil, nil, nil))
  }

  /// The prepared statement of `sql`, ready to be bound; the same one for the same literal.
  func statement(_ sql: StaticString) throws(Problem) -> Statement {
    try requireMoment()
    let key = unsafe UInt(bitPattern: sql.utf8Start)
    if let known = statements[key], !known.isInUse { return known }
    let statement = try unsafe Statement(rawStatement(sql), place: place)
    // One that is being read keeps its place; this second one goes after its use.
    if statements[key] == nil { statements[key] = statement }
    return statement
  }

  /// A reader reads one moment: where an error has made SQLite end its transaction, what it read next
  /// would be of another.
  private func requireMoment() throws(Problem) {
    guard role == .writer || isInTransaction else {
      throw Problem(.unavailable, "An error has ended this reading of the store.", place: place)
    }
  }

  private func rawStatement(_ sql: StaticString) throws(Problem) -> OpaquePointer {
    var prepared: OpaquePointer?
    let text = unsafe UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self)
    let code = unsafe sqlite3_prepare_v3(
      handle, text, Int32(sql.utf8CodeUnitCount + 1), UInt32(SQLITE_PREPARE_PERSISTENT),
      &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else {
      throw Problem(sqlite: code, place: place)
    }
    return unsafe prepared
  }

  /// Runs one statement to its end.
  func run(_ sql: StaticString, _ values: (any Bindable)?...) throws(Problem) {
    let statement = try statement(sql)
    try statement.bind(values)
    try statement.run()
  }

  /// Calls `body` for each row.
  func forEach(
    _ sql: StaticString, _ values: (any Bindable)?..., body: (Statement) throws(Problem) -> Void
  ) throws(Problem) {
    let statement = try statement(sql)
    try statement.bind(values)
    defer { statement.reset() }
    while try statement.step() { try read(statement, body) }
  }

  /// The rows, each read by `read`.
  func all<T>(
    _ sql: StaticString, _ values: (any Bindable)?..., read: (Statement) throws(Problem) -> T
  ) throws(Problem) -> [T] {
    let statement = try statement(sql)
    try statement.bind(values)
    defer { statement.reset() }
    var rows: [T] = []
    while try statement.step() { rows.append(try self.read(statement, read)) }
    return rows
  }

  /// The first row as `read` reads it, `nil` where there is none.
  func first<T>(
    _ sql: StaticString, _ values: (any Bindable)?..., read: (Statement) throws(Problem) -> T
  ) throws(Problem) -> T? {
    let statement = try statement(sql)
    try statement.bind(values)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    let value = try self.read(statement, read)
    try statement.finish()
    return value
  }

  /// Reads the current row.
  ///
  /// A text for which there is no memory reads as empty. Of that and what `body` makes of it, the
  /// former is the error.
  private func read<T>(
    _ statement: Statement, _ body: (Statement) throws(Problem) -> T
  ) throws(Problem) -> T {
    do throws(Problem) {
      return try body(statement)
    } catch {
      try statement.finish()
      throw error
    }
  }

  /// Rows that the last statement inserted, changed or removed.
  var changedRows: Int { Int(unsafe sqlite3_changes64(handle)) }

  /// The row number that the last insertion gave.
  var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  /// Whether a transaction is open; SQLite ends one by itself where the disk is full.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// Which vectors a page has.
  enum Page: String {
    case own = "vector_page"
    case mixed = "mixed_page"
  }

  /// Opens the vector page `row` for incremental reading or writing.
  func page(_ row: Int64, of page: Page, isWritable: Bool) throws(Problem) -> Blob {
    try requireMoment()
    return try unsafe Blob(
      connection: handle, table: page.rawValue, row: row, isWritable: isWritable, place: place)
  }

  private func check(_ code: Int32) throws(Problem) {
    if code != SQLITE_OK { throw Problem(sqlite: code, place: place) }
  }
}
