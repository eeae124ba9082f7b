import Glibc
import Grounding
import Partition

/// A folder for one run, with the few calls to the system that the harness needs.
struct Scratch: ~Copyable {
  let path: String

  /// Makes it in memory where there is room for that.
  init() throws {
    let root = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(root)/loam-faults.XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Finding("no folder below \(root)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  /// Removes a folder with everything in it.
  static func remove(_ path: String) { _ = unsafe system("rm -rf '\(path)'") }

  /// The whole of a file; `nil` where it cannot be read.
  static func octets(of path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var octets: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = unsafe fread(&buffer, 1, buffer.count, file), count > 0 {
      octets.append(contentsOf: buffer[..<count])
    }
    return octets
  }

  /// Makes or replaces a file, or adds to its end.
  static func write(_ octets: [UInt8], to path: String, appends: Bool = false) throws {
    guard let file = unsafe fopen(path, appends ? "ab" : "wb") else {
      throw Finding("cannot write \(path)")
    }
    defer { unsafe fclose(file) }
    guard unsafe fwrite(octets, 1, octets.count, file) == octets.count else {
      throw Finding("cannot write \(path)")
    }
  }

  /// Puts a closed store in the place of the one at `home`; `nil` for none at all.
  static func replaceStore(at home: LoamHome, with octets: [UInt8]?) throws {
    let path = home.partition(of: Session.tenant)
    for name in [path, "\(path)-wal", "\(path)-shm", "\(path)-journal"] { unsafe unlink(name) }
    if let octets {
      try write(octets, to: path)
    } else {
      unsafe unlink(home.lock(of: Session.tenant))
      unsafe rmdir(home.path(of: Session.tenant))
    }
  }
}
