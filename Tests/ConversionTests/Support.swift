import Conversion
import Glibc
import Grounding
import TestSupport

/// A program that does as it is told, in perl, which every Debian has.
func program(_ script: String) -> SandboxedProgram {
  SandboxedProgram(
    path: "/usr/bin/perl", arguments: [.text("-e"), .text(script), .input, .folder])
}

/// What `script` leaves; its arguments are the input's path and its folder.
func run(
  _ script: String, _ limits: SandboxLimits = SandboxLimits(), input: String = "its input\n"
) throws(Problem) -> SandboxOutput {
  try Sandbox(limits: limits).run(program(script), on: .octets(Array(input.utf8), name: "in"))
}

/// The problem with which `script` ends; `nil` where it ends well.
func failure(_ script: String, _ limits: SandboxLimits = SandboxLimits()) -> Problem? {
  do throws(Problem) {
    _ = try run(script, limits)
    return nil
  } catch {
    return error
  }
}

extension SandboxLimits {
  /// Changed by `change`.
  static func with(_ change: (inout SandboxLimits) -> Void) -> SandboxLimits {
    var limits = SandboxLimits()
    change(&limits)
    return limits
  }
}

/// Runs `body` with `TMPDIR` a new folder, and returns what is left in that folder.
func leavings(of body: () throws -> Void) throws -> [String] {
  try withTemporaryFolder { folder in
    unsafe setenv("TMPDIR", folder, 1)
    defer { _ = unsafe unsetenv("TMPDIR") }
    try body()
    return try names(in: folder)
  }
}

func names(in folder: String) throws -> [String] {
  guard let stream = unsafe opendir(folder) else { throw Unreadable(path: folder) }
  defer { unsafe closedir(stream) }
  var names: [String] = []
  while let entry = unsafe readdir(stream) {
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
      unsafe String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}

/// The processes whose parent this one is, those that have ended and wait among them.
func children() throws -> [Int32] {
  try names(in: "/proc").compactMap { Int32($0) }.filter { number in
    guard let octets = try? octets(ofFile: "/proc/\(number)/stat") else { return false }
    // Behind the name, which is in parentheses: state, parent.
    let fields = octets.split(separator: UInt8(ascii: ")")).last?.split(separator: 0x20) ?? []
    return fields.count > 1 && String(decoding: fields[1], as: UTF8.self) == "\(getpid())"
  }
}
