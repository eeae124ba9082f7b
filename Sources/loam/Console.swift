import Glibc
import Grounding
import Retrieval

/// Where results, remarks and errors go.
///
/// One owner on the main thread; the library's events arrive there too.
final class Console {
  let out: Terminal
  let err: Terminal
  private(set) var isQuiet: Bool
  private(set) var isJSON: Bool
  private var bar: ProgressBar?

  init(variable: (String) -> String?, isQuiet: Bool, isJSON: Bool) {
    out = Terminal(descriptor: STDOUT_FILENO, variable: variable)
    err = Terminal(descriptor: STDERR_FILENO, variable: variable)
    self.isQuiet = isQuiet
    self.isJSON = isJSON
  }

  /// Writes a result and a line end.
  ///
  /// - Throws: `no_space` or `unreadable` where the stream does not take it all.
  func print(_ text: String) throws(Problem) {
    clearProgress()
    try write(Array((text + "\n").utf8))
  }

  /// Writes one JSON object as a line.
  func print(_ value: JSONValue) throws(Problem) { try print(value.line) }

  /// Writes `octets` to the standard output at once: an acknowledgement must not wait in a buffer.
  func write(_ octets: [UInt8]) throws(Problem) {
    guard writeAll(octets, to: STDOUT_FILENO) else {
      throw Problem(
        errno == ENOSPC ? .noSpace : .unavailable, "The output could not be written.",
        remedy: "Check where the standard output goes.")
    }
  }

  /// Says something on the error stream that is no result; nothing with `--quiet`.
  func remark(_ text: String) {
    guard !isQuiet else { return }
    clearProgress()
    _ = writeAll(Array((text + "\n").utf8), to: STDERR_FILENO)
  }

  /// Prints what went wrong: code, what, where, remedy; with `--json` as one object.
  func report(_ problem: Problem) {
    clearProgress()
    if isJSON {
      let line = (try? sortedJSON(ProblemDetails(problem))) ?? []
      _ = writeAll(line + [0x0A], to: STDERR_FILENO)
      return
    }
    var text = err.styled("loam: \(problem.code.rawValue)", .failure) + ": "
    text += printable(problem.detail)
    if let place = problem.place { text += "\n  at: \(printable(place))" }
    if let remedy = problem.remedy { text += "\n  remedy: \(printable(remedy))" }
    _ = writeAll(Array((text + "\n").utf8), to: STDERR_FILENO)
  }

  /// Draws how far something is, on a terminal only.
  func progress(_ label: String, done: Int, total: Int, unit: String) {
    guard err.isTerminal, !isQuiet else { return }
    if bar?.label != label { bar = ProgressBar(label: label, unit: unit) }
    guard let line = bar?.line(done: done, total: total, terminal: err) else { return }
    _ = writeAll(Array("\r\u{1B}[2K\(line)".utf8), to: STDERR_FILENO)
  }

  /// Takes the progress line away, so that text can be written.
  func clearProgress() {
    guard bar?.isDrawn == true else { return }
    bar?.isDrawn = false
    _ = writeAll(Array("\r\u{1B}[2K".utf8), to: STDERR_FILENO)
  }
}

/// A line that says how far something is, how fast, and how long it still takes.
struct ProgressBar {
  let label: String
  let unit: String
  var isDrawn = false
  private let start = ContinuousClock.now
  private var firstDone: Int?
  private var lastDrawn: ContinuousClock.Instant?

  init(label: String, unit: String) {
    self.label = label
    self.unit = unit
  }

  /// The line for this state, or `nil` where one was drawn less than a tenth of a second ago.
  mutating func line(done: Int, total: Int, terminal: Terminal) -> String? {
    let now = ContinuousClock.now
    let first = firstDone ?? done
    firstDone = first
    if let lastDrawn, now - lastDrawn < .milliseconds(100), done < total { return nil }
    lastDrawn = now
    isDrawn = true
    let seconds = (now - start) / .seconds(1)
    let rate = seconds > 0.2 ? Double(done - first) / seconds : 0
    var tail = " \(grouped(done))/\(grouped(total)) \(unit)"
    if rate > 0 {
      tail += "  \(rate >= 10 ? grouped(Int(rate)) : fixed(rate, 1))/s"
      if done < total { tail += "  \(duration(Double(total - done) / rate)) left" }
    }
    let room = terminal.columns - 1 - label.count - 2 - tail.count
    guard room >= 8 else { return String((label + tail).prefix(max(0, terminal.columns - 1))) }
    let width = min(30, room)
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    return "\(label) \(terminal.styled(barOfBlocks(share, width: width), .meaning))\(tail)"
  }
}

/// Writes all octets; `false` with `errno` where the descriptor does not take them.
func writeAll(_ octets: [UInt8], to descriptor: Int32) -> Bool {
  var start = 0
  while start < octets.count {
    let count = unsafe octets[start...].withUnsafeBytes { rest in
      unsafe write(descriptor, rest.baseAddress, rest.count)
    }
    if count < 0 {
      if errno == EINTR { continue }
      return false
    }
    start += count
  }
  return true
}
