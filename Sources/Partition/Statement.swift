import CSQLite
import Grounding

/// A value that a statement's parameter can hold.
protocol Bindable {
  func bind(to statement: Statement, at index: Int32) throws(Problem)
}

extension Int64: Bindable {
  func bind(to statement: Statement, at index: Int32) throws(Problem) {
    try statement.bind(self, at: index)
  }
}

extension Int: Bindable {
  func bind(to statement: Statement, at index: Int32) throws(Problem) {
    try statement.bind(Int64(self), at: index)
  }
}

extension Double: Bindable {
  func bind(to statement: Statement, at index: Int32) throws(Problem) {
    try statement.bind(self, at: index)
  }
}

extension String: Bindable {
  func bind(to statement: Statement, at index: Int32) throws(Problem) {
    try statement.bind(self, at: index)
  }
}

extension [UInt8]: Bindable {
  func bind(to statement: Statement, at index: Int32) throws(Problem) {
    try statement.bind(octets: self, at: index)
  }
}

/// A prepared statement of one connection.
///
/// Parameters count from 1, columns from 0, as in SQLite. Values are copied when they are bound.
/// Safe: the handle is private, lives as long as the object (SQLite keeps a connection alive until
/// its last statement is finalised), and each pointer that SQLite gives is read before the next call.
@safe
final class Statement {
  private let handle: OpaquePointer
  private let place: String
  /// Whether somebody is between the first step and the reset.
  private(set) var isInUse = false

  /// Takes over `handle`.
  init(_ handle: OpaquePointer, place: String) {
    unsafe self.handle = handle
    self.place = place
  }

  deinit { unsafe sqlite3_finalize(handle) }

  // MARK: Parameters

  func bind(_ value: Int64, at index: Int32) throws(Problem) {
    try check(unsafe sqlite3_bind_int64(handle, index, value))
  }

  func bind(_ value: Double, at index: Int32) throws(Problem) {
    try check(unsafe sqlite3_bind_double(handle, index, value))
  }

  func bindNull(at index: Int32) throws(Problem) {
    try check(unsafe sqlite3_bind_null(handle, index))
  }

  func bind(_ value: String, at index: Int32) throws(Problem) {
    var text = value
    let code = text.withUTF8 { unsafe bindText($0, at: index) }
    try check(code)
  }

  /// Binds the octets of `range` as a text; they are UTF-8.
  func bind(text octets: [UInt8], _ range: Range<Int>, at index: Int32) throws(Problem) {
    let code = unsafe octets.withUnsafeBufferPointer {
      unsafe bindText(UnsafeBufferPointer(rebasing: $0[range]), at: index)
    }
    try check(code)
  }

  func bind(octets: [UInt8], at index: Int32) throws(Problem) {
    guard !octets.isEmpty else {
      return try check(unsafe sqlite3_bind_zeroblob(handle, index, 0))
    }
    let code = unsafe octets.withUnsafeBytes {
      unsafe sqlite3_bind_blob64(
        handle, index, $0.baseAddress, UInt64($0.count), Self.transient)
    }
    try check(code)
  }

  /// Binds `values` from the first parameter on; `nil` is NULL.
  func bind(_ values: [(any Bindable)?]) throws(Problem) {
    for (index, value) in values.enumerated() {
      if let value {
        try value.bind(to: self, at: Int32(index + 1))
      } else {
        try bindNull(at: Int32(index + 1))
      }
    }
  }

  private func bindText(_ octets: UnsafeBufferPointer<UInt8>, at index: Int32) -> Int32 {
    // An empty array has no address; NULL instead of an empty text would be another value.
    guard let base = octets.baseAddress else {
      return unsafe sqlite3_bind_text64(
        handle, index, "", 0, Self.transient, UInt8(SQLITE_UTF8))
    }
    return unsafe sqlite3_bind_text64(
      handle, index, UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self),
      UInt64(octets.count), Self.transient, UInt8(SQLITE_UTF8))
  }

  // SQLITE_TRANSIENT is a macro with a cast that Swift cannot import: SQLite copies the value.
  private static var transient: sqlite3_destructor_type {
    unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  // MARK: Running

  /// Moves to the next row; `false` after the last.
  func step() throws(Problem) -> Bool {
    isInUse = true
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      reset()
      throw Problem(sqlite: code, place: place)
    }
  }

  /// Makes the statement ready for the next run; its parameters keep their values.
  func reset() {
    unsafe sqlite3_reset(handle)
    isInUse = false
  }

  /// Makes the statement ready for the next run where no further row is wanted.
  ///
  /// - Throws: what went wrong since the last step: `unavailable` where a value of the row could not
  ///   be had for want of memory.
  func finish() throws(Problem) {
    isInUse = false
    try check(unsafe sqlite3_reset(handle))
  }

  /// Runs the statement to its end.
  func run() throws(Problem) {
    while try step() {}
    reset()
  }

  // MARK: Columns of the current row

  func isNull(_ column: Int32) -> Bool {
    unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  func int64(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  func int(_ column: Int32) -> Int { Int(truncatingIfNeeded: int64(column)) }

  func optionalInt(_ column: Int32) -> Int? { isNull(column) ? nil : int(column) }

  func double(_ column: Int32) -> Double { unsafe sqlite3_column_double(handle, column) }

  func text(_ column: Int32) -> String {
    // The text first: it decides the form in which the octets are counted.
    guard let base = unsafe sqlite3_column_text(handle, column) else { return "" }
    let count = Int(unsafe sqlite3_column_bytes(handle, column))
    return unsafe String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// The octets of a blob, or of a text as it is stored.
  func octets(_ column: Int32) -> [UInt8] {
    guard let base = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(handle, column))
    return unsafe Array(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Calls `body` with the octets of a blob, which are not copied.
  func withOctets<T>(_ column: Int32, _ body: (Span<UInt8>) -> T) -> T {
    let base = unsafe sqlite3_column_blob(handle, column)
    let count = unsafe base == nil ? 0 : Int(sqlite3_column_bytes(handle, column))
    let octets = unsafe UnsafeBufferPointer(
      start: base?.assumingMemoryBound(to: UInt8.self), count: count)
    return body(unsafe octets.span)
  }

  /// Calls `body` with the octets of each text and blob of the row.
  func forEachString(_ body: ([UInt8]) -> Void) {
    for column in 0..<(unsafe sqlite3_data_count(handle))
    where [SQLITE_TEXT, SQLITE_BLOB].contains(type(column)) {
      body(octets(column))
    }
  }

  /// Adds every column of the row to a digest.
  func append(to hasher: inout RowHasher) {
    for column in 0..<(unsafe sqlite3_data_count(handle)) {
      let type = type(column)
      switch type {
      case SQLITE_INTEGER:
        hasher.append(type: type, number: UInt64(bitPattern: int64(column)))
      case SQLITE_FLOAT:
        hasher.append(type: type, number: double(column).bitPattern)
      case SQLITE_NULL:
        hasher.append(type: type, number: 0)
      default:
        // A text as it is stored, well formed or not.
        let base = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe base == nil ? 0 : Int(sqlite3_column_bytes(handle, column))
        unsafe hasher.append(
          type: type, octets: UnsafeRawBufferPointer(start: base, count: count))
      }
    }
    hasher.endRow()
  }

  /// The type that the value has in the store: `SQLITE_INTEGER`, `SQLITE_FLOAT`, `SQLITE_TEXT`, ...
  func type(_ column: Int32) -> Int32 { unsafe sqlite3_column_type(handle, column) }

  private func check(_ code: Int32) throws(Problem) {
    if code != SQLITE_OK { throw Problem(sqlite: code, place: place) }
  }
}
