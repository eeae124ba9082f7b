import CLinux
package import Grounding

/// What a sandboxed program is given to read.
package enum SandboxInput: Sendable {
  /// Octets, as a file of this name that only the program sees.
  case octets([UInt8], name: String)
  /// A file where it lies, by its absolute path as octets.
  case file([UInt8])
}

/// A program, and how it is called.
package struct SandboxedProgram: Hashable, Sendable {
  package enum Argument: Hashable, Sendable {
    case text(String)
    /// The input's path.
    case input
    /// The path of the folder in which it may write.
    case folder
  }

  /// Its absolute path.
  package var path: String
  package var arguments: [Argument]

  package init(path: String, arguments: [Argument]) {
    self.path = path
    self.arguments = arguments
  }
}

/// What a program left when it ended well.
package struct SandboxOutput: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    /// Below the program's folder, as octets.
    package var path: [UInt8]
    package var octets: [UInt8]
  }

  package var printed: [UInt8]
  /// Regular files, in the order of their paths' octets.
  package var files: [File]
}

/// Runs programs that read hostile files.
///
/// A program sees its one input, one empty folder of its own and the system's programs and libraries,
/// nothing else (landlock). It has no network, cannot look at other processes or signal them, start
/// processes, or change what landlock does not judge, such as modes and owners (seccomp); root's
/// programs have no capabilities. Its time, memory, descriptors and output are bounded; at a limit it
/// is killed. What it printed and wrote is read back by value, links and special files are passed
/// over, and its folder is removed, however it ended.
package struct Sandbox: Sendable {
  package let limits: SandboxLimits
  /// Where programs' folders are made for as long as they run; `nil` for the system's own place.
  private let temporaryFolder: String?

  package init(limits: SandboxLimits = SandboxLimits(), temporaryFolder: String? = nil) {
    self.limits = limits
    self.temporaryFolder = temporaryFolder
  }

  /// Whether this machine has what a sandbox is made of; without it nothing is run.
  package static var isAvailable: Bool { loam_landlock_version() > 0 }

  /// What a program may read and run besides its input.
  ///
  /// Nothing here is a person's: programs, libraries, their data, the loader's cache, perl's folder.
  static let system = [
    "/usr", "/bin", "/lib", "/lib32", "/lib64", "/nix/store", "/etc/ld.so.cache", "/etc/ld.so.conf",
    "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts", "/etc/perl", "/etc/localtime",
    "/etc/mime.types",
  ]

  /// The same for everybody, so that the same input gives the same output.
  private static let environment = [
    "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "PERL_HASH_SEED=0", "TZ=UTC",
  ]

  /// Runs `program` on `input` to its end.
  ///
  /// - Throws: `no_sandbox`; `needs_program` where the program cannot be executed;
  ///   `converter_failed` where it ends with another status than 0 or by a signal;
  ///   `converter_limit` where it is stopped at a limit; `no_space`, `unavailable` where its folder
  ///   cannot be made.
  /// - Complexity: blocks the thread for at most the limit's seconds.
  package func run(
    _ program: SandboxedProgram, on input: SandboxInput
  ) throws(Problem) -> SandboxOutput {
    guard Sandbox.isAvailable, limits.landlockVersion > 0 else { throw Problem.noSandbox }
    let folder = try PrivateFolder(in: temporaryFolder)
    defer { folder.remove() }
    let path: [UInt8] =
      switch input {
      case .octets(let octets, let name): try folder.write(octets, name: name)
      case .file(let path): path
      }
    let arguments = program.arguments.map { argument -> [UInt8] in
      switch argument {
      case .text(let text): Array(text.utf8)
      case .input: path
      case .folder: folder.output
      }
    }
    let process = try SandboxProcess(
      program: program.path, arguments: [Array(program.path.utf8)] + arguments,
      environment: Sandbox.environment, folder: folder.output,
      readable: Sandbox.system.map { Array($0.utf8) } + [path], limits: limits)
    let printed = try process.supervise(limits) { () throws(Problem) in try measure(folder) }
    let files = try folder.files(limits, besides: printed.count)
    return SandboxOutput(printed: printed, files: files)
  }

  /// - Returns: the octets in the folder.
  private func measure(_ folder: PrivateFolder) throws(Problem) -> Int {
    try folder.measure(limits)
  }
}

extension Problem {
  static let noSandbox = Problem(
    .noSandbox, "This system has no landlock, so that no program can be run on it safely.",
    remedy: "Use a kernel (5.13 or newer) that has it switched on: lsm=landlock.")

  static func converterLimit(_ what: String) -> Problem {
    Problem(
      .converterLimit, "The program that reads this file was stopped: \(what).",
      remedy: "The file may be damaged or made to do harm; convert it by hand where it is neither.")
  }
}
