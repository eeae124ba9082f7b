import CSQLite
import Glibc
import Grounding

/// A connection to one partition's file, with its prepared statements and Loam's tokenizer.
///
/// One owner at a time; not `Sendable`. Safe: the handle is private and closed once, when the object
/// goes; statements outlive it only as long as the object keeps them.
@safe
final class Connection {
  /// What may be done through a connection.
  enum Role {
    case writer, reader
    /// Looks at everything and changes nothing.
    case checker
  }

  private let handle: OpaquePointer
  let path: String
  /// What errors name as their place: the tenant, never a path or a content.
  let place: String
  let tokenizer: FullTextTokenizer
  let collector: PostingCollector
  /// Whether posting lists are read from FTS5's own tables, where these have a form that is known.
  var readsDoclists = true
  /// What the writer's statements have written; of other roles nothing is noted.
  let written = WrittenRows()
  /// Used for one digest after the other, so that its room is made once.
  var rowHasher = RowHasher()
  /// By the address of the SQL text, which is a literal; looking up a statement costs no hashing of it.
  private var statements: [UInt: Statement] = [:]
  private var isReading = false

  /// Opens the file at `path`, which exists.
  ///
  /// - Throws: `damaged`, `locked`, `no_permission`, `unavailable`.
  init(path: String, role: Role, place: String) throws(Problem) {
    self.path = path
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
    tokenizer = FullTextTokenizer(readsTexts: role != .reader)
    collector = PostingCollector()
    try harden()
    try registerExtensions()
    try configure(role)
    if role == .writer { noteWrites() }
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

  private func noteWrites() {
    let context = unsafe Unmanaged.passUnretained(written).toOpaque()
    unsafe _ = sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        guard let context = unsafe context else { return SQLITE_OK }
        unsafe Unmanaged<WrittenRows>.fromOpaque(context).takeUnretainedValue()
          .logPages = Int(pages)
        return SQLITE_OK
      }, context)
    unsafe _ = sqlite3_update_hook(
      handle,
      { context, _, _, name, row in
        // The index's own tables, which change most, have no digests.
        guard let context = unsafe context, let name = unsafe name,
          unsafe strncmp(name, "passage_text", 12) != 0,
          let table = DigestedTable(named: unsafe String(cString: name))
        else { return }
        unsafe Unmanaged<WrittenRows>.fromOpaque(context).takeUnretainedValue()
          .note(table, row: row)
      }, context)
  }

  private func configure(_ role: Role) throws(Problem) {
    // As much as SQLite maps at most: pages beyond are copied by a system call each.
    try execute(
      "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 2147418112")
    switch role {
    case .writer:
      // No checkpoint by itself, which would be part of a COMMIT that somebody waits for.
      try execute(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
        PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864
        """)
    case .reader:
      // Whoever asks a question neither waits for a checkpoint nor, where the file was replaced
      // meanwhile, touches the log of the one that took its place.
      try check(unsafe loam_sqlite3_switch(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1))
      try execute("PRAGMA query_only = ON; PRAGMA cache_size = -8192")
    case .checker:
      // Not read only: FTS5's comparison is asked for by an INSERT, which stores nothing.
      try check(unsafe loam_sqlite3_switch(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1))
      try execute("PRAGMA cache_size = -32768")
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

  /// Begins to read one moment: nothing of another is read before ``endReading()``.
  func beginReading() throws(Problem) {
    try execute("BEGIN")
    isReading = true
  }

  /// Ends the read transaction.
  func endReading() throws(Problem) {
    isReading = false
    // An error has perhaps ended it already.
    if isInTransaction { try execute("COMMIT") }
  }

  /// Where an error has made SQLite end a reader's transaction, what it read next would be of another
  /// moment.
  private func requireMoment() throws(Problem) {
    guard !isReading || isInTransaction else {
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

  /// Calls `body` for one row after another as long as it says so.
  func forEachWhile(
    _ sql: StaticString, _ values: (any Bindable)?..., body: (Statement) throws(Problem) -> Bool
  ) throws(Problem) {
    let statement = try statement(sql)
    try statement.bind(values)
    defer { statement.reset() }
    while try statement.step(), try read(statement, body) {}
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

  /// Octets in memory, about: pages, schema and statements as SQLite counts them, and what it does not
  /// count, which was 200 KiB measured on stores of a few hundred items.
  var octets: Int {
    [SQLITE_DBSTATUS_CACHE_USED, SQLITE_DBSTATUS_SCHEMA_USED, SQLITE_DBSTATUS_STMT_USED]
      .reduce(200 << 10) { sum, kind in
        var (now, most) = (Int32(0), Int32(0))
        unsafe sqlite3_db_status(handle, kind, &now, &most, 0)
        return sum + Int(now)
      }
  }

  /// Rows that the last statement inserted, changed or removed.
  var changedRows: Int { Int(unsafe sqlite3_changes64(handle)) }

  /// The row number that the last insertion gave.
  var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  /// Whether a transaction is open; SQLite ends one by itself where the disk is full.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// Which vectors a page has.
  enum Page {
    case own, mixed

    fileprivate var table: DigestedTable { self == .own ? .vectorPage : .mixedPage }
  }

  /// Opens the vector page `row` for incremental reading or writing.
  func page(_ row: Int64, of page: Page, isWritable: Bool) throws(Problem) -> Blob {
    try requireMoment()
    if isWritable { written.note(page.table, row: row) }
    return try unsafe Blob(
      connection: handle, table: page.table.name, row: row, isWritable: isWritable, place: place)
  }

  /// Copies the pages of the state that is being read into the file at `path`, which exists.
  ///
  /// The transaction keeps the state as it is while others write. The file is not synchronised.
  /// - Parameter progress: called with pages.
  func copyPages(
    to path: String, progress: (_ done: Int, _ total: Int) -> Void
  ) throws(Problem) {
    var opened: OpaquePointer?
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
      | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    defer { unsafe sqlite3_close_v2(opened) }
    guard code == SQLITE_OK, let target = unsafe opened else {
      throw Problem(sqlite: code, place: path)
    }
    // Nobody reads the file before it is whole, so that it needs no journal.
    let mode = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"
    try check(unsafe sqlite3_exec(target, mode, nil, nil, nil))
    guard let copy = unsafe sqlite3_backup_init(target, "main", handle, "main") else {
      throw Problem(sqlite: unsafe sqlite3_extended_errcode(target), place: path)
    }
    var step = SQLITE_OK
    while step == SQLITE_OK {
      step = unsafe sqlite3_backup_step(copy, 1_024)
      let total = Int(unsafe sqlite3_backup_pagecount(copy))
      progress(total - Int(unsafe sqlite3_backup_remaining(copy)), total)
    }
    let end = unsafe sqlite3_backup_finish(copy)
    guard step == SQLITE_DONE, end == SQLITE_OK else {
      throw Problem(sqlite: step == SQLITE_DONE ? end : step, place: path)
    }
  }

  /// Pages that the log may have before it is brought into the file: at SQLite's 1,000 a third of the
  /// time went into it.
  private static let logLimit = 4_000

  /// Brings what the log has into the file where that is much; nobody is kept waiting or waited for.
  ///
  /// What readers of older states still need stays in the log, which begins again at its start when
  /// they have left.
  func shortenLog() throws(Problem) {
    guard written.logPages >= Self.logLimit else { return }
    try execute("PRAGMA wal_checkpoint(PASSIVE)")
  }

  /// Writes the file anew without free pages, and empties the log; not inside a transaction.
  ///
  /// - Throws: `locked` where somebody reads an older state for longer than a statement waits.
  func writeAnew() throws(Problem) {
    // What is written in between is as large as the store, and only what is there: not for memory.
    try execute("PRAGMA temp_store = FILE")
    try execute("VACUUM")
    try execute("PRAGMA temp_store = MEMORY")
    let isBusy = try first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.int(0) != 0 } ?? true
    guard !isBusy else {
      throw Problem(
        .locked, "Somebody reads an older state of the store, so that it cannot be emptied.",
        place: place, remedy: "Wait until that has ended, then do the same again.")
    }
  }

  /// Forgets the words that were read, with their statement.
  func dropWords() throws(Problem) {
    statements.removeAll()
    try execute("DROP TABLE temp.word")
  }

  private func check(_ code: Int32) throws(Problem) {
    if code != SQLITE_OK { throw Problem(sqlite: code, place: place) }
  }
}
