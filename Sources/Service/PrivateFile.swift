import Glibc
import Grounding
import Partition

/// Which state of which file: another one has another value.
struct FileState: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let size: Int64
  private let modified: [Int]

  /// `nil` where there is no file.
  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  fileprivate init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modified = [
      status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
  }

  /// The file's size.
  var octets: Int { Int(size) }

  /// Whether the other is a state of the same file.
  func isSameFile(as other: FileState) -> Bool {
    device == other.device && inode == other.inode
  }
}

/// A small file that only its owner may read and write, replaced whole or not at all.
enum PrivateFile {
  /// The octets and the state in which they were read; `nil` where there is no file.
  ///
  /// - Throws: `too_large`, `no_permission` where others may write it, `unreadable`.
  static func read(
    _ path: String, limit: Int
  ) throws(Problem) -> (octets: [UInt8], state: FileState)? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw unreadable(errno, path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw unreadable(EINVAL, path)
    }
    if status.st_mode & 0o022 != 0 {
      throw Problem(
        .noPermission, "Others than its owner may write the file.", place: path,
        remedy: "chmod 600 it, after a look at what is in it.")
    }
    guard status.st_size <= limit else {
      throw Problem(.tooLarge, "The file is larger than \(limit) octets.", place: path)
    }
    return (try readAll(descriptor, limit: limit, path: path), FileState(status))
  }

  private static func readAll(
    _ descriptor: Int32, limit: Int, path: String
  ) throws(Problem) -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(errno, path) }
      if count == 0 { return result }
      result += buffer[..<count]
      guard result.count <= limit else {
        throw Problem(.tooLarge, "The file is larger than \(limit) octets.", place: path)
      }
    }
  }

  /// Puts `octets` in the place of the file: durable, and never seen half.
  ///
  /// Only under ``withLock(_:_:)``: the new file has one name.
  static func replace(_ path: String, with octets: [UInt8]) throws(Problem) {
    let new = path + ".new"
    _ = unsafe unlink(new)
    let descriptor = unsafe open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw unwritable(errno, path) }
    var error: Int32 = 0
    var start = 0
    while start < octets.count, error == 0 {
      let count = unsafe octets[start...].withUnsafeBytes { rest in
        unsafe write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 { start += count } else if errno != EINTR { error = errno }
    }
    if error == 0, fsync(descriptor) != 0 { error = errno }
    close(descriptor)
    if error == 0, unsafe rename(new, path) != 0 { error = errno }
    guard error == 0 else {
      _ = unsafe unlink(new)
      throw unwritable(error, path)
    }
    FileSystem.synchroniseFolder(of: path)
  }

  /// Runs `body` while no other process is in here for the same `path`; waits for its turn.
  static func withLock<R>(_ path: String, _ body: () throws(Problem) -> R) throws(Problem) -> R {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw unwritable(errno, path) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw unwritable(errno, path) }
    }
    defer { _ = flock(descriptor, LOCK_UN) }
    return try body()
  }

  private static func unreadable(_ error: Int32, _ path: String) -> Problem {
    Problem(
      .unreadable, "The file cannot be read (errno \(error)).", place: path,
      remedy: "Make it a file that this account may read.")
  }

  private static func unwritable(_ error: Int32, _ path: String) -> Problem {
    switch error {
    case ENOSPC, EDQUOT:
      Problem(
        .noSpace, "There is no space for the file.", place: path,
        remedy: "Free space on that disk, then try again.")
    default:
      Problem(
        .noPermission, "The file cannot be written (errno \(error)).", place: path,
        remedy: "Give this account write access to LOAM_HOME.")
    }
  }
}
