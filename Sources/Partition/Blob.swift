import CSQLite
import Grounding

/// The octets of one vector page, read and written in place.
///
/// Safe: the handle is private and closed once; every access is checked against ``count``.
@safe
struct Blob: ~Copyable {
  private let handle: OpaquePointer
  private let place: String
  /// Octets in all.
  let count: Int

  init(
    connection: OpaquePointer, table: String, row: Int64, isWritable: Bool, place: String
  ) throws(Problem) {
    var opened: OpaquePointer?
    let code = unsafe sqlite3_blob_open(
      connection, "main", table, "page", row, isWritable ? 1 : 0, &opened)
    guard code == SQLITE_OK, let handle = unsafe opened else {
      throw Problem(sqlite: code, place: place)
    }
    unsafe self.handle = handle
    self.place = place
    count = Int(unsafe sqlite3_blob_bytes(handle))
  }

  deinit { unsafe sqlite3_blob_close(handle) }

  /// Fills `target` with the octets from `offset` on.
  func read<T: BitwiseCopyable>(into target: inout [T], offset: Int) throws(Problem) {
    let code = unsafe target.withUnsafeMutableBytes { bytes in
      guard offset >= 0, offset + bytes.count <= count else { return SQLITE_CORRUPT }
      guard let base = bytes.baseAddress else { return SQLITE_OK }
      return unsafe sqlite3_blob_read(handle, base, Int32(bytes.count), Int32(offset))
    }
    if code != SQLITE_OK { throw Problem(sqlite: code, place: place) }
  }

  /// Puts `source` at `offset`.
  func write<T: BitwiseCopyable>(_ source: [T], offset: Int) throws(Problem) {
    let code = unsafe source.withUnsafeBytes { bytes in
      guard offset >= 0, offset + bytes.count <= count else { return SQLITE_CORRUPT }
      guard let base = bytes.baseAddress else { return SQLITE_OK }
      return unsafe sqlite3_blob_write(handle, base, Int32(bytes.count), Int32(offset))
    }
    if code != SQLITE_OK { throw Problem(sqlite: code, place: place) }
  }
}
