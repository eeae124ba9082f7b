import Glibc
import Grounding

/// The right to write a tenant's store: an exclusive `flock`, given back when the value goes.
///
/// The kernel gives it back when the process dies, however it dies. The file stays; it never says
/// more than that somebody may have written once.
struct LockFile: ~Copyable {
  private let descriptor: Int32

  /// - Throws: `locked` where somebody holds it, this process included; `no_permission`, `no_space`.
  init(path: String, tenant: Tenant) throws(Problem) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileSystem.problem(errno, path) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let error = errno
      if error == EINTR { continue }
      // The value is whole, so that `deinit` closes it on the way out: a second time here would close
      // what another thread has opened meanwhile.
      guard error == EWOULDBLOCK else { throw FileSystem.problem(error, path) }
      throw Problem(
        .locked, "Another process is writing to the tenant \(tenant.name).", place: path,
        remedy:
          "Wait until that ingest or embed has ended (fuser names the process), then try again.")
    }
  }

  /// Unlocks before it closes: a process that was forked in between, and has not yet become its own
  /// program, has the descriptor too and would keep the lock.
  deinit {
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
