import CFaults
import CSQLite
import Grounding

/// A kind of call that can be made to fail, and what it fails with.
enum FaultKind: String, CaseIterable {
  case fullDisk = "full-disk"
  case write, read, truncate, sync, open, delete
  case sharedMemory = "shared-memory"
  case allocation

  var call: loam_fault {
    switch self {
    case .fullDisk, .write: LOAM_FAULT_WRITE
    case .read: LOAM_FAULT_READ
    case .truncate: LOAM_FAULT_TRUNCATE
    case .sync: LOAM_FAULT_SYNC
    case .open: LOAM_FAULT_OPEN
    case .delete: LOAM_FAULT_DELETE
    case .sharedMemory: LOAM_FAULT_SHARED_MEMORY
    case .allocation: LOAM_FAULT_ALLOCATION
    }
  }

  // The extended codes are macros of macros, which Swift does not import.
  var code: Int32 {
    switch self {
    case .fullDisk: SQLITE_FULL
    case .write: SQLITE_IOERR | 3 << 8
    case .read: SQLITE_IOERR | 1 << 8
    case .truncate: SQLITE_IOERR | 6 << 8
    case .sync: SQLITE_IOERR | 4 << 8
    case .open: SQLITE_CANTOPEN
    case .delete: SQLITE_IOERR | 10 << 8
    case .sharedMemory: SQLITE_IOERR | 21 << 8
    case .allocation: SQLITE_NOMEM
    }
  }

  /// What the store may say of it.
  var problems: Set<Problem.Code> { self == .fullDisk ? [.noSpace] : [.unavailable] }
}

/// One fault: the `nth` call of a kind, or all from that one on.
struct Fault {
  var kind: FaultKind
  var nth: UInt64
  var stays: Bool

  /// Lets it happen in what is done from now on.
  func arm() { loam_fault_arm(kind.call, nth, stays, kind.code) }

  /// As a line of kept seeds names it.
  func line(_ sweep: String, seed: UInt64, first: Int) -> String {
    "\(sweep) \(kind.rawValue) \(seed) \(first) \(stays ? "stays" : "once") \(nth)"
  }
}
