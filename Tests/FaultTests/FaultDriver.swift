import Glibc
import TestSupport

/// The program `loam-faults`, which the build puts beside the test bundle.
///
/// A process of its own: SQLite takes an allocator and a VFS once, for everything in a process.
enum FaultDriver {
  /// What one run gave.
  struct Result {
    /// 0 where every store was sound, 1 where one was not.
    var code: Int32
    var output: String

    var lines: [Substring] { output.split(separator: "\n") }
    /// What was found, without what it starts with.
    var findings: [Substring] { lines.filter { $0.hasPrefix("FOUND") } }
  }

  static func run(_ arguments: String) throws -> Result {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(
      decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    guard let pipe = unsafe popen("'\(folder)/loam-faults' \(arguments) 2>&1", "r") else {
      throw Unreadable(path: folder)
    }
    var output: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4_096)
    while case let count = unsafe fread(&part, 1, part.count, pipe), count > 0 {
      output.append(contentsOf: part[..<count])
    }
    let status = unsafe pclose(pipe)
    return Result(
      code: status & 0x7F == 0 ? (status >> 8) & 0xFF : -1,
      output: String(decoding: output, as: UTF8.self))
  }
}
