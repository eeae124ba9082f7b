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
func failure(
  _ script: String, _ limits: SandboxLimits = SandboxLimits(), in folder: String? = nil
) -> Problem? {
  do throws(Problem) {
    let sandbox = Sandbox(limits: limits, temporaryFolder: folder)
    _ = try sandbox.run(program(script), on: .octets(Array("its input\n".utf8), name: "in"))
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

/// The perls whose parent this process is, those that have ended and wait among them.
///
/// Other tests start other programs meanwhile.
func perls() throws -> [Int32] {
  try names(in: "/proc").compactMap { Int32($0) }.filter { number in
    guard let octets = try? octets(ofFile: "/proc/\(number)/stat") else { return false }
    let text = String(decoding: octets, as: UTF8.self)
    // The name is in parentheses; behind it are state and parent.
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    return text.contains("(perl)") && fields.count > 1 && fields[1] == "\(getpid())"
  }
}

/// What open descriptors are that only a sandbox has: processes and rulesets.
func sandboxDescriptors() throws -> [String] {
  try names(in: "/proc/self/fd").compactMap { name in
    var buffer = [CChar](repeating: 0, count: 256)
    let count = unsafe readlink("/proc/self/fd/\(name)", &buffer, buffer.count)
    let target = String(
      decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return target.contains("pidfd") || target.contains("landlock") ? target : nil
  }
}
