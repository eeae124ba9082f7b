import Glibc
import Grounding

/// The few calls to the system that the store needs beside SQLite.
package enum FileSystem {
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether there is something of whatever kind.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0
  }

  /// The octets of a file; 0 where there is none.
  static func size(of path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The names in a folder without `.` and `..`, in no order; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Makes `path` and what is missing above it, each with mode 0700.
  static func makeFolders(_ path: String) throws(Problem) {
    if isFolder(path) { return }
    let parent = folder(of: path)
    if parent != path, !parent.isEmpty { try makeFolders(parent) }
    try makeFolder(path)
  }

  /// Makes one folder with mode 0700; nothing where it exists.
  static func makeFolder(_ path: String) throws(Problem) {
    guard unsafe mkdir(path, 0o700) != 0 else { return synchroniseFolder(of: path) }
    let error = errno
    if error == EEXIST, isFolder(path) { return }
    throw problem(error, path)
  }

  /// Makes an empty file with mode 0600; nothing where it exists.
  static func makeFile(_ path: String) throws(Problem) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw problem(errno, path) }
    close(descriptor)
    synchroniseFolder(of: path)
  }

  /// Calls `body` with the octets of a file, piece after piece.
  ///
  /// - Throws: `not_found`, `no_permission`, `unavailable`; what `body` throws.
  static func read(
    _ path: String, _ body: (ArraySlice<UInt8>) throws(Problem) -> Void
  ) throws(Problem) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw Problem(.notFound, "The file is not there.", place: path) }
      throw problem(errno, path)
    }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return }
      if count < 0 {
        if errno == EINTR { continue }
        throw problem(errno, path)
      }
      try body(buffer[..<count])
    }
  }

  /// Makes a file with mode 0600 of what `body` writes, and has it on the disk when this returns.
  ///
  /// A file that is there is emptied first.
  static func write(
    _ path: String,
    _ body: (_ write: (ArraySlice<UInt8>) throws(Problem) -> Void) throws(Problem) -> Void
  ) throws(Problem) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw problem(errno, path) }
    defer { close(descriptor) }
    try body { (octets) throws(Problem) in
      var rest = octets
      while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes {
          unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        if count < 0 {
          if errno == EINTR { continue }
          throw problem(errno, path)
        }
        rest = rest.dropFirst(count)
      }
    }
    guard fsync(descriptor) == 0 else { throw problem(errno, path) }
  }

  /// Has the octets of a file on the disk when this returns.
  static func synchronise(_ path: String) throws(Problem) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw problem(errno, path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw problem(errno, path) }
  }

  /// Puts what is at `path` at `target`, in the place of a file that is there, and makes that last.
  static func move(_ path: String, to target: String) throws(Problem) {
    guard unsafe rename(path, target) == 0 else { throw problem(errno, target) }
    synchroniseFolder(of: target)
  }

  /// Removes a file; nothing where there is none.
  static func remove(_ path: String) throws(Problem) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw problem(errno, path) }
  }

  /// Removes a folder with all below it; nothing where there is none.
  static func removeFolder(_ path: String) throws(Problem) {
    for name in names(in: path) {
      let inner = "\(path)/\(name)"
      if isFolder(inner) { try removeFolder(inner) } else { try remove(inner) }
    }
    guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw problem(errno, path) }
  }

  /// The folder that `path` lies in; `.` for a bare name.
  static func folder(of path: String) -> String {
    var octets = Array(path.utf8)
    while octets.count > 1, octets.last == 0x2F { octets.removeLast() }
    guard let slash = octets.lastIndex(of: 0x2F) else { return "." }
    return slash == 0 ? "/" : String(decoding: octets[..<slash], as: UTF8.self)
  }

  /// Makes the name of `path` in its folder survive a loss of power.
  package static func synchroniseFolder(of path: String) {
    let descriptor = unsafe open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    // Some file systems cannot synchronise a folder; nothing better can be done there.
    fsync(descriptor)
    close(descriptor)
  }

  static func problem(_ error: Int32, _ path: String) -> Problem {
    switch error {
    case EACCES, EPERM, EROFS:
      Problem(
        .noPermission, "The store's folder cannot be written.", place: path,
        remedy: "Give this account write access, or name another home with --home or LOAM_HOME.")
    case ENOSPC, EDQUOT:
      Problem(
        .noSpace, "There is no space for the store.", place: path,
        remedy: "Free space on that disk, or name another home with --home or LOAM_HOME.")
    default:
      Problem(
        .unavailable, "The store's folder cannot be made (errno \(error)).", place: path,
        remedy: "Name a folder on a local disk with --home or LOAM_HOME.")
    }
  }
}
