import Glibc
package import Grounding

/// The few calls on files that an evaluation makes; all of this target's unsafe code.
///
/// Each call passes a path as a C string that lives as long as the call, and buffers by their own
/// count.
package enum Files {
  /// What one data file may have; the largest of BEIR's qrels have some 100 MB.
  package static let octetLimit = 4 << 30

  /// - Throws: `not_found`, `no_permission`, `unreadable`, `too_large` above `limit`.
  package static func read(_ path: String, limit: Int = octetLimit) throws(Problem) -> [UInt8] {
    guard let file = unsafe fopen(path, "rbe") else { throw problem(errno, path) }
    defer { unsafe fclose(file) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while case let count = unsafe fread(&buffer, 1, buffer.count, file), count > 0 {
      guard result.count + count <= limit else {
        throw Problem(.tooLarge, "The file is larger than \(limit) octets.", place: path)
      }
      result.append(contentsOf: buffer[..<count])
    }
    // A folder opens, but does not read.
    guard unsafe ferror(file) == 0 else { throw problem(errno, path) }
    return result
  }

  /// Writes a file anew.
  ///
  /// - Throws: `no_permission`, `no_space`, `unreadable` where it cannot be written.
  package static func write(_ octets: [UInt8], to path: String) throws(Problem) {
    guard let file = unsafe fopen(path, "wbe") else { throw problem(errno, path) }
    let written = unsafe fwrite(octets, 1, octets.count, file)
    let reason = errno
    guard unsafe fclose(file) == 0, written == octets.count else {
      throw problem(written == octets.count ? errno : reason, path)
    }
  }

  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Makes a folder, its parents too, where it is not there yet.
  package static func makeFolder(_ path: String) throws(Problem) {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let parent = String(path[..<end])
      guard unsafe mkdir(parent, 0o777) == 0 || errno == EEXIST else {
        throw problem(errno, path)
      }
    }
  }

  /// A path from the root, without links, `.` and `..`; `path` itself where there is no such file.
  package static func absolute(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// A new folder of mode 0700 below `root`.
  package static func makeTemporaryFolder(below root: String) throws(Problem) -> String {
    var template = Array("\(root)/loam-evaluation.XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw problem(errno, root) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes a folder with all that is in it, following no link; what is gone already is no problem.
  package static func remove(_ folder: String) {
    for name in names(in: folder) {
      let path = "\(folder)/\(name)"
      // A folder cannot be unlinked, a link to one can.
      if unsafe unlink(path) != 0 { remove(path) }
    }
    _ = unsafe rmdir(folder)
  }

  /// Removes a file; one that is gone already is no problem.
  package static func removeFile(_ path: String) { _ = unsafe unlink(path) }

  /// The names in a folder without `.` and `..`; none where it cannot be read or is a link.
  package static func names(in folder: String) -> [String] {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0, let stream = unsafe fdopendir(descriptor) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // The entry is valid until the next call and its name ends in a NUL octet.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private static func problem(_ reason: Int32, _ path: String) -> Problem {
    switch reason {
    case ENOENT, ENOTDIR: Problem(.notFound, "There is no such file.", place: path)
    case EACCES, EPERM, EROFS: Problem(.noPermission, "There is no permission.", place: path)
    case ENOSPC, EDQUOT: Problem(.noSpace, "There is no space left.", place: path)
    default: Problem(.unreadable, "The file cannot be read or written.", place: path)
    }
  }
}
