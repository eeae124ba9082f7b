import CLinux
import Glibc
import Grounding

/// A program that runs in the sandbox, watched until it has ended.
///
/// Unsafe for the system's calls alone. The process is waited for by this object and nobody else, so
/// that its number stays its own until then.
struct SandboxProcess: ~Copyable {
  private let process: loam_sandbox_process

  /// Between two looks at the folder.
  private static let lookMilliseconds: Int32 = 50
  /// What is kept of the standard error; it is read for its last line alone.
  private static let errorOctets = 64 << 10

  /// - Throws: `no_sandbox`, `needs_program`, `unavailable`.
  init(
    program: String, arguments: [[UInt8]], environment: [String], folder: [UInt8],
    readable: [[UInt8]], limits: SandboxLimits
  ) throws(Problem) {
    var started = loam_sandbox_process()
    let code = unsafe withCStrings(arguments) { arguments in
      unsafe withCStrings(environment.map { Array($0.utf8) }) { environment in
        unsafe withCStrings(readable) { readable in
          unsafe withCStrings([Array(program.utf8), folder]) { paths in
            var plan = unsafe loam_sandbox_plan(
              program: paths[0], arguments: arguments, environment: environment, folder: paths[1],
              readable: readable, cpu_seconds: UInt64(limits.processorSeconds),
              memory_octets: UInt64(limits.memoryOctets),
              file_octets: UInt64(limits.outputOctets), open_files: UInt64(limits.openFiles),
              landlock: Int32(limits.landlockVersion))
            return unsafe loam_sandbox_start(&plan, &started)
          }
        }
      }
    }
    switch Int(code) {
    case LOAM_SANDBOX_STARTED: break
    case LOAM_SANDBOX_NONE: throw .noSandbox
    case LOAM_SANDBOX_NO_PROGRAM:
      throw Problem(.needsProgram, "The program \(program) cannot be executed.")
    default:
      throw Problem(
        .unavailable, "The system started no process (error \(errno)).",
        remedy: "Try again when it has processes, descriptors and memory free.")
    }
    process = started
  }

  deinit {
    close(process.descriptor)
    close(process.output)
    close(process.errors)
  }

  /// Reads what the program prints until it has ended, and returns that.
  ///
  /// - Parameter measure: the octets in its folder, looked at now and then.
  /// - Throws: `converter_failed`, `converter_limit`, and what `measure` throws. The process has ended
  ///   and was waited for in any case.
  func supervise(
    _ limits: SandboxLimits, measure: () throws(Problem) -> Int
  ) throws(Problem) -> [UInt8] {
    var printed: [UInt8] = []
    do {
      try watch(limits, &printed, measure)
    } catch {
      kill(process.process, SIGKILL)
      _ = loam_sandbox_wait(process.process)
      throw error
    }
    try judge(loam_sandbox_wait(process.process))
    return printed
  }

  private func watch(
    _ limits: SandboxLimits, _ printed: inout [UInt8], _ measure: () throws(Problem) -> Int
  ) throws(Problem) {
    let end = ContinuousClock.now + .seconds(limits.seconds)
    var errors: [UInt8] = []
    var looked = ContinuousClock.now
    var isOutputOpen = true
    var areErrorsOpen = true
    var hasEnded = false
    while !hasEnded || isOutputOpen {
      guard ContinuousClock.now < end else {
        throw .converterLimit("it ran longer than \(limits.seconds) seconds")
      }
      var watched = [
        pollfd(fd: hasEnded ? -1 : process.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isOutputOpen ? process.output : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: areErrorsOpen ? process.errors : -1, events: Int16(POLLIN), revents: 0),
      ]
      _ = unsafe poll(&watched, 3, Self.lookMilliseconds)
      if watched[0].revents != 0 { hasEnded = true }
      if watched[1].revents != 0 { isOutputOpen = drain(process.output, into: &printed) }
      if watched[2].revents != 0 {
        areErrorsOpen = drain(process.errors, into: &errors)
        // Read on, so that the program does not wait for us; kept is nothing of it.
        if errors.count > Self.errorOctets { errors.removeAll(keepingCapacity: true) }
      }
      guard printed.count <= limits.outputOctets else {
        throw .converterLimit("it printed more than \(limits.outputOctets) octets")
      }
      let now = ContinuousClock.now
      if now - looked > .milliseconds(Int(Self.lookMilliseconds)) {
        looked = now
        guard try measure() + printed.count <= limits.outputOctets else {
          throw .converterLimit("it wrote more than \(limits.outputOctets) octets")
        }
      }
    }
  }

  /// Reads what is there, one buffer of it.
  ///
  /// - Returns: whether there may be more.
  private func drain(_ descriptor: Int32, into octets: inout [UInt8]) -> Bool {
    let (count, number) = unsafe withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) {
      buffer in
      let count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
      let number = errno
      if count > 0 { unsafe octets.append(contentsOf: buffer[..<count]) }
      return (count, number)
    }
    return count > 0 || count < 0 && (number == EAGAIN || number == EINTR)
  }

  /// - Parameter status: the exit status, or minus a signal.
  private func judge(_ status: Int32) throws(Problem) {
    switch status {
    case 0: return
    case -SIGXCPU, -SIGKILL: throw .converterLimit("its processor time or memory was used up")
    case -SIGXFSZ: throw .converterLimit("it wrote too large a file")
    case -SIGSYS:
      throw Problem(
        .converterFailed, "The program asked for what the sandbox forbids, and was stopped.",
        remedy: "The file may be made to do harm.")
    case ..<0:
      throw Problem(
        .converterFailed, "The program that reads this file crashed (signal \(-status)).",
        remedy: "The file may be damaged; a newer version of the program may read it.")
    default:
      throw Problem(
        .converterFailed, "The program does not read this file (exit status \(status)).",
        remedy: "It may be damaged or encrypted.")
    }
  }
}

/// Calls `body` with `texts` as the C library takes a list of texts, NULL at its end.
private func withCStrings<R>(
  _ texts: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
  var offsets: [Int] = []
  var octets: [CChar] = []
  for text in texts {
    offsets.append(octets.count)
    octets += text.map { CChar(bitPattern: $0) } + [0]
  }
  octets.append(0)
  return unsafe octets.withUnsafeMutableBufferPointer { octets in
    // Neither list is empty, so that both have addresses.
    let base = unsafe octets.baseAddress.unsafelyUnwrapped
    var list: [UnsafeMutablePointer<CChar>?] = unsafe offsets.map { unsafe base + $0 }
    unsafe list.append(nil)
    return unsafe list.withUnsafeMutableBufferPointer { list in
      unsafe body(list.baseAddress.unsafelyUnwrapped)
    }
  }
}
