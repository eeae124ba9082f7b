import Glibc

/// This program as a child process: a writer that can be killed.
struct Child: ~Copyable {
  private let process: pid_t
  private let output: Int32

  /// Starts the program with `arguments`.
  init(_ arguments: [String]) throws {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw Finding("no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    let words = unsafe (["loam-faults"] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var started: pid_t = 0
    let error = unsafe posix_spawn(&started, "/proc/self/exe", &actions, nil, words, environ)
    close(ends[1])
    guard error == 0 else {
      close(ends[0])
      throw Finding("the child cannot be started (errno \(error))")
    }
    (process, output) = (started, ends[0])
  }

  deinit { close(output) }

  /// Waits until the child has printed something, or ended.
  func waitForOutput() {
    var polled = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&polled, 1, 10_000)
  }

  /// Kills it; the result is all the lines that it printed whole.
  ///
  /// - Throws: ``Finding`` where it had ended by itself.
  func kill() throws -> [Substring] {
    _ = Glibc.kill(process, SIGKILL)
    var octets: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while case let count = unsafe read(output, &buffer, buffer.count), count > 0 {
      octets.append(contentsOf: buffer[..<count])
    }
    var status: Int32 = 0
    _ = unsafe waitpid(process, &status, 0)
    let text = String(decoding: octets, as: UTF8.self)
    guard status & 0x7F == SIGKILL else {
      throw Finding("the child ended by itself (status \(status)): \(text.suffix(500))")
    }
    guard let end = text.lastIndex(of: "\n") else { return [] }
    return text[..<end].split(separator: "\n")
  }
}
