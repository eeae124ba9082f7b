import CLinux
import Glibc
import Synchronization

// The system calls on epoll, event counters and the clock. Each wrapper is safe: buffers go with
// their own length, and the calls keep no pointer.

/// A set of descriptors to wait for.
final class Epoll: Sendable {
  struct Interest: OptionSet, Sendable {
    let rawValue: UInt32
    static let readable = Interest(rawValue: UInt32(LOAM_READABLE))
    static let writable = Interest(rawValue: UInt32(LOAM_WRITABLE))
    /// Reported always: the connection is of no more use.
    static let broken = Interest(rawValue: UInt32(LOAM_BROKEN))
    /// Reported always: both sides have ended their output, but there may be octets to read.
    static let hungUp = Interest(rawValue: UInt32(LOAM_HUNG_UP))
  }

  private let descriptor: Descriptor

  init() throws(HTTPServerError) {
    let number = loam_epoll_create()
    guard number >= 0 else { throw .noResources }
    descriptor = Descriptor(number)
  }

  /// `false` where the system has no memory for it.
  func add(
    _ other: Descriptor, _ interest: Interest, token: UInt64, isExclusive: Bool = false
  ) -> Bool {
    loam_epoll_add(
      descriptor.number, other.number, interest.rawValue, token, isExclusive ? 1 : 0) == 0
  }

  func change(_ other: Descriptor, _ interest: Interest, token: UInt64) {
    _ = loam_epoll_change(descriptor.number, other.number, interest.rawValue, token)
  }

  func remove(_ other: Descriptor) { _ = loam_epoll_remove(descriptor.number, other.number) }

  /// Waits up to `nanoseconds` (`nil`: for ever) and fills `events` from its start; returns how many.
  @safe func wait(_ events: inout [loam_event], nanoseconds: Int64?) -> Int {
    // Rounded up, so that a deadline has passed when its wait ends.
    let milliseconds = nanoseconds.map { Int32(clamping: ($0 + 999_999) / 1_000_000) } ?? -1
    let count = unsafe loam_epoll_wait(
      descriptor.number, &events, Int32(clamping: events.count), milliseconds)
    return max(0, Int(count))
  }
}

/// Wakes a thread that waits in an epoll.
final class WakeUp: Sendable {
  let descriptor: Descriptor

  init() throws(HTTPServerError) {
    let number = loam_event_counter()
    guard number >= 0 else { throw .noResources }
    descriptor = Descriptor(number)
  }

  @safe func signal() {
    var one: UInt64 = 1
    // Only a counter that is full fails, and it wakes as well.
    _ = unsafe write(descriptor.number, &one, 8)
  }

  @safe func clear() {
    var count: UInt64 = 0
    _ = unsafe read(descriptor.number, &count, 8)
  }
}

/// Clocks of the system.
enum Clock {
  /// Nanoseconds on a clock that is never set.
  @safe static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Seconds since 1970.
  static func date() -> Int { time(nil) }

  /// Nanoseconds of `seconds`, at most a hundred years.
  static func nanoseconds(_ seconds: Double) -> Int64 {
    Int64(max(0, min(seconds, 3.15e9)) * 1e9)
  }
}
