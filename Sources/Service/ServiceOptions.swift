import Glibc
import Partition

/// How the service runs.
package struct ServiceOptions: Sendable {
  /// What `/version` says.
  package var version = "0"
  /// Requests a second that one key may make in the long run; the bucket holds twice as many.
  package var ratePerSecond = 100
  /// Octets of a request's body.
  ///
  /// A query of 4,096 octets whose every octet is escaped has 24,576.
  package var bodyLimit = 64 << 10
  /// Stores that are kept open between requests, over all tenants; each has three descriptors.
  package var openStores = 256
  /// Seconds after which a store that nobody asked is closed.
  package var idleSeconds = 60
  /// Octets that are kept in memory between requests, over all tenants: open stores, a quarter at most,
  /// remembered vectors of queries, and in what is left rows, posting lists and vectors.
  package var memoryOctets = IndexCache.defaultOctets
  /// Octets of remembered vectors of queries.
  package var vectorCacheOctets = 16 << 20
  /// Takes the peer of log lines from `X-Forwarded-For`.
  package var isBehindProxy = false
  package var clock = ServiceClock.system

  package init() {}
}

/// Where the service takes its time from.
package struct ServiceClock: Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package var wall: @Sendable () -> Int64
  /// Nanoseconds from some moment on; never goes back.
  package var steady: @Sendable () -> Int64

  package init(wall: @escaping @Sendable () -> Int64, steady: @escaping @Sendable () -> Int64) {
    self.wall = wall
    self.steady = steady
  }

  package static let system = ServiceClock(
    wall: { nanoseconds(CLOCK_REALTIME) / 1_000_000 }, steady: { nanoseconds(CLOCK_MONOTONIC) })

  private static func nanoseconds(_ clock: Int32) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
