import CLinux
import Glibc
package import Grounding

/// A regular file that is open for reading, with its state at the time of opening.
package final class OpenFile {
  private let descriptor: Int32
  private let path: FilePath
  package let status: FileStatus

  /// - Throws: `vanished`, `no_permission`, `special_file`, `unreadable`.
  package init(_ path: FilePath) throws(Problem) {
    self.path = path
    // Without O_NONBLOCK the opening of a pipe that took the file's place would wait for a writer.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    let opened = unsafe loam_open(path.cString, flags, 0)
    guard opened >= 0 else { throw fileProblem(errno, at: path.display) }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else {
      let number = errno
      close(opened)
      throw fileProblem(number, at: path.display)
    }
    descriptor = opened
    self.status = FileStatus(status)
    guard self.status.kind == .regular else {
      throw Problem(.special, "This is no regular file.", place: path.display)
    }
  }

  deinit { close(descriptor) }

  /// Up to `count` octets from `offset`; fewer only at the file's end.
  func read(at offset: Int, count: Int) throws(Problem) -> [UInt8] {
    var failure: Int32 = 0
    let octets = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let room = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled..<count])
        let got = unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset + filled))
        if got == 0 { break }
        if got < 0 {
          if errno == EINTR { continue }
          failure = errno
          break
        }
        filled += got
      }
    }
    guard failure == 0 else { throw fileProblem(failure, at: path.display) }
    return octets
  }

  /// The whole file.
  ///
  /// - Throws: `too_large` above `limit` octets, `changed` where it was written meanwhile.
  package func contents(limit: Int) throws(Problem) -> [UInt8] {
    guard status.size <= limit else {
      throw Problem(
        .tooLarge, "The file has more than \(limit) octets.", place: path.display,
        remedy: "Split it or exclude it.")
    }
    let octets = try read(at: 0, count: status.size)
    try requireUnchanged()
    return octets
  }

  /// - Throws: `changed` where size, time or the file at the path are others than at the opening.
  package func requireUnchanged() throws(Problem) {
    var now = stat()
    guard unsafe fstat(descriptor, &now) == 0, FileStatus(now) == status,
      let atPath = try? FileStatus(path: path, followingLinks: true), atPath == status
    else {
      throw Problem(
        .changed, "The file was changed while it was read.", place: path.display,
        remedy: "Ingest it again when nothing writes to it.")
    }
  }

  /// The file's octets as memory that is read when it is looked at.
  ///
  /// - Throws: `unreadable` where the system does not map it.
  package func map() throws(Problem) -> MappedOctets {
    guard let mapping = unsafe loam_map(descriptor, status.size) else {
      throw fileProblem(errno, at: path.display)
    }
    return unsafe MappedOctets(mapping: mapping, count: status.size)
  }
}

extension ItemOctets {
  /// The octets of a file, mapped, or for `-` those of the standard input.
  ///
  /// - Throws: what ``OpenFile`` throws; `too_large` above `containerLimit` octets of a file, or
  ///   `limit` of the standard input.
  package init(path: String, limit: Int, containerLimit: Int) throws(Problem) {
    if path == "-" {
      self = .loaded(try standardInput(limit: limit))
      return
    }
    let file = try OpenFile(FilePath(path))
    guard file.status.size <= containerLimit else {
      throw Problem(
        .tooLarge, "The file has more than \(containerLimit) octets.", place: path,
        remedy: "Split it.")
    }
    // An empty file cannot be mapped.
    self = file.status.size == 0 ? .loaded([]) : .mapped(try file.map(), 0..<file.status.size)
  }
}

/// All of the standard input.
private func standardInput(limit: Int) throws(Problem) -> [UInt8] {
  var octets: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = unsafe buffer.withUnsafeMutableBytes { room in
      unsafe read(STDIN_FILENO, room.baseAddress, room.count)
    }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw fileProblem(errno, at: "standard input") }
    if count == 0 { return octets }
    guard octets.count + count <= limit else {
      throw Problem(
        .tooLarge, "The standard input has more than \(limit) octets.",
        remedy: "Write it to a file first.")
    }
    octets += buffer[..<count]
  }
}

/// A file's octets, mapped; read-only, and safe to look at even when the file shrinks meanwhile.
///
/// A page that the file no longer has would end the process (SIGBUS); `loam_map` registers the
/// mapping with a handler that puts zeros there instead and remembers it.
@safe
package final class MappedOctets: @unchecked Sendable {
  // Sendable because nobody writes to the memory and it lives as long as this object.
  private let mapping: OpaquePointer
  package let count: Int

  init(mapping: OpaquePointer, count: Int) {
    unsafe self.mapping = unsafe mapping
    self.count = count
  }

  deinit { unsafe loam_unmap(mapping) }

  /// Whether a page had gone when it was looked at.
  package var wasCut: Bool { unsafe loam_map_was_cut(mapping) != 0 }

  /// Calls `body` with all octets.
  package func withSpan<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    let buffer = unsafe UnsafeBufferPointer(
      start: loam_map_octets(mapping).assumingMemoryBound(to: UInt8.self), count: count)
    return try body(unsafe buffer.span)
  }

  /// A copy of the octets in `range`.
  package func octets(_ range: Range<Int>) -> [UInt8] {
    withSpan { span in
      unsafe span.extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
    }
  }
}
