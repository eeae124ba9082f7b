import CLinux
import Glibc
package import Grounding

/// What a file system says about a path, as far as it tells whether the file was changed.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case regular, folder, link, special }

  package var kind: Kind
  package var device: UInt64
  package var inode: UInt64
  /// Octets.
  package var size: Int
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  package var modified: Int64

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    default: kind = .special
    }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }

  /// - Throws: `vanished`, `no_permission`, `directory_loop` (a link that leads to itself) or
  ///   `unreadable`.
  package init(path: FilePath, followingLinks: Bool) throws(Problem) {
    var status = stat()
    let name = path.cString
    guard unsafe (followingLinks ? stat(name, &status) : lstat(name, &status)) == 0 else {
      throw fileProblem(errno, at: path.display)
    }
    self.init(status)
  }
}

/// A path as the file system has it: octets that need not be UTF-8, ended by a zero.
package struct FilePath: Hashable, Sendable {
  fileprivate(set) var octets: [UInt8]

  package init(_ text: String) { octets = Array(text.utf8) + [0] }

  init(joining folder: FilePath, _ name: [UInt8]) {
    octets = Array(folder.octets.dropLast())
    if octets.last != 0x2F { octets.append(0x2F) }
    octets += name + [0]
  }

  /// The path as the C library takes it.
  var cString: [CChar] { octets.map { CChar(bitPattern: $0) } }

  /// The path as text.
  ///
  /// What is no UTF-8 shows as U+FFFD and two hexadecimal digits an octet, so that
  /// two paths do not look the same.
  package var display: String { displayName(octets.dropLast()) }
}

/// `octets` as text, see ``FilePath/display``.
func displayName(_ octets: some Collection<UInt8>) -> String {
  if let text = String(validating: octets, as: UTF8.self) { return text }
  var result = ""
  for octet in octets {
    if octet < 0x80 {
      result.unicodeScalars.append(Unicode.Scalar(octet))
    } else {
      result += "\u{FFFD}" + String(octet, radix: 16, uppercase: true)
    }
  }
  return result
}

/// `path` from the root: relative to the working folder where it is not, without `.`, `..`, `//`.
package func absolutePath(_ path: String) -> String {
  var text = path
  if !text.hasPrefix("/"), let folder = unsafe getcwd(nil, 0) {
    text = unsafe String(cString: folder) + "/" + text
    unsafe free(folder)
  }
  // By octets: as a character, a slash before a combining mark would be no slash.
  var parts: [ArraySlice<UInt8>] = []
  for part in Array(text.utf8).split(separator: 0x2F) where part != [0x2E] {
    if part == [0x2E, 0x2E] { _ = parts.popLast() } else { parts.append(part) }
  }
  return String(decoding: [0x2F] + parts.joined(separator: [0x2F]), as: UTF8.self)
}

/// What stands behind the last slash.
package func lastPart(of path: String) -> String {
  String(decoding: path.utf8.split(separator: 0x2F).last ?? path.utf8[...], as: UTF8.self)
}

/// The path with all links followed; `nil` where it does not exist.
func realPath(_ path: FilePath) -> [UInt8]? {
  guard let real = unsafe realpath(path.cString, nil) else { return nil }
  defer { unsafe free(real) }
  return unsafe Array(UnsafeRawBufferPointer(start: real, count: strlen(real)))
}

/// The whole of a file.
///
/// - Throws: `vanished`, `no_permission`, `special_file`, `too_large` above `limit` octets, `changed`
///   where it was written while it was read, `unreadable`.
package func contents(ofFile path: String, limit: Int) throws(Problem) -> [UInt8] {
  try OpenFile(FilePath(path)).contents(limit: limit)
}

/// The code that an error of the operating system has when one input cannot be read.
func fileProblem(_ number: Int32, at place: String) -> Problem {
  switch number {
  case ENOENT, ENOTDIR:
    Problem(.vanished, "The file is not there.", place: place, remedy: "Check the path.")
  case EACCES, EPERM:
    Problem(
      .noPermission, "The file may not be read.", place: place,
      remedy: "Allow it to be read by the user that runs this, or exclude it.")
  case ELOOP:
    Problem(.directoryLoop, "The links at this path lead back to themselves.", place: place)
  default:
    Problem(
      .unreadable, "The file cannot be read (\(unsafe String(cString: strerror(number)))).",
      place: place, remedy: "Check the disk and the file system.")
  }
}
