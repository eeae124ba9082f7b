import Glibc
import TestSupport

/// The built executable, run as a user runs it.
struct Program {
  /// What one run gave.
  struct Result {
    /// The exit code; -1 where a signal ended it.
    var code: Int32
    /// The signal that ended it, 0 where it ended by itself.
    var signal: Int32
    var output: String
    var errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// The one that `LOAM_BINARY` names, as `make test` does with the static one that users get; else
  /// the one beside the test bundle, where the build puts it.
  static let path: String = {
    if let named = Corpora.environment("LOAM_BINARY") { return named }
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(
      decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/loam"
  }()

  /// The user's home, so that nothing of the real user is read; the tenants live in `loam` below it.
  var home: String
  var environment: [String: String] = [:]
  /// The most octets that a file may grow to; `nil` for no limit.
  var fileSizeLimit: Int?
  var workingFolder: String?
  /// The file that is the standard input.
  var input = "/dev/null"

  init(home: String) { self.home = home }

  /// Starts the program and returns its process id; its output goes to two files.
  func start(_ arguments: [String], output: String, errors: String) throws -> pid_t {
    var words = [Program.path] + arguments
    if fileSizeLimit != nil || workingFolder != nil {
      // bash counts the limit in units of 1,024 octets.
      let limit = fileSizeLimit.map { "ulimit -f \($0 / 1_024); " } ?? ""
      let folder = workingFolder.map { "cd '\($0)'; " } ?? ""
      words = ["/bin/bash", "-c", limit + folder + "exec \"$0\" \"$@\""] + words
    }
    var variables = ["HOME": home, "LOAM_PRINCIPAL": "ana", "PATH": "/usr/bin:/bin"]
    variables["LOAM_HOME"] = "\(home)/loam"
    variables.merge(environment) { _, new in new }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
    let argv = unsafe words.map { unsafe strdup($0) } + [nil]
    let envp = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (argv + envp).forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let error = unsafe posix_spawn(&pid, words[0], &actions, nil, argv, envp)
    guard error == 0 else { throw NotStarted(path: words[0], error: error) }
    return pid
  }

  /// Runs the program to its end.
  @discardableResult
  func run(_ arguments: String...) throws -> Result { try run(arguments) }

  @discardableResult
  func run(_ arguments: [String]) throws -> Result {
    let output = "\(home)/.stdout"
    let errors = "\(home)/.stderr"
    let status = Program.wait(for: try start(arguments, output: output, errors: errors))
    return Result(
      code: status & 0x7F == 0 ? (status >> 8) & 0xFF : -1, signal: status & 0x7F,
      output: String(decoding: try octets(ofFile: output), as: UTF8.self),
      errors: String(decoding: try octets(ofFile: errors), as: UTF8.self))
  }

  /// The status with which the process ends.
  static func wait(for pid: pid_t) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }

  struct NotStarted: Error {
    let path: String
    let error: Int32
  }
}

/// Runs `body` with the program over a new empty home.
func withProgram<R>(_ body: (Program) throws -> R) throws -> R {
  try withTemporaryFolder { folder in try body(Program(home: folder)) }
}
