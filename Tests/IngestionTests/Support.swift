import Glibc
import TestSupport

// The C library's calls without the pointers.

func link(_ path: String, to target: String) { _ = unsafe symlink(target, path) }
func makePipe(_ path: String) { _ = unsafe mkfifo(path, 0o600) }
func permit(_ path: String, _ mode: mode_t) { _ = unsafe chmod(path, mode) }
func shorten(_ path: String, to count: Int) { _ = unsafe truncate(path, off_t(count)) }
func move(_ path: String, to target: String) { _ = unsafe rename(path, target) }
func remove(_ path: String) { _ = unsafe unlink(path) }
func removeAll(_ folder: String) { _ = unsafe system("rm -rf '\(folder)'") }

/// As a mail server delivers: what is there stays where it is.
func append(_ text: String, to path: String) throws {
  let octets = Array(text.utf8)
  guard let file = unsafe fopen(path, "ab") else { throw Unreadable(path: path) }
  defer { unsafe fclose(file) }
  guard unsafe fwrite(octets, 1, octets.count, file) == octets.count else {
    throw Unreadable(path: path)
  }
}
