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

  /// The folder that `path` lies in; `.` for a bare name.
  private static func folder(of path: String) -> String {
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
