import CSQLite
import Grounding

extension Problem {
  /// What a result code of SQLite means to the reader.
  ///
  /// SQLite's own message is left out: it can quote a query or a value. The extended code is kept.
  init(sqlite code: Int32, place: String) {
    let text = unsafe sqlite3_errstr(code).map { unsafe String(cString: $0) } ?? "unknown error"
    let (kind, remedy) = Problem.meaning(ofSQLite: code)
    self.init(
      kind, "The store reports: \(text) (SQLite code \(code)).", place: place, remedy: remedy)
  }

  private static func meaning(ofSQLite code: Int32) -> (Code, String?) {
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED:
      (.locked, "Another process is using this tenant's store; try again when it has finished.")
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      (.damaged, nil)
    case SQLITE_FULL:
      (.noSpace, "Free space on the disk that holds LOAM_HOME, then try again.")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      (.noPermission, "Give this account write access to the tenant's folder in LOAM_HOME.")
    case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_NOLFS, SQLITE_INTERRUPT:
      (.unavailable, "Check the disk that holds LOAM_HOME and the limits of this process.")
    case SQLITE_TOOBIG:
      (.tooLarge, nil)
    default:
      (.internal, nil)
    }
  }
}
