import Synchronization

/// What a server has done so far, and what it is doing.
package struct HTTPStatistics: Hashable, Sendable {
  /// Connections that are open, and those that were accepted so far.
  package var openConnections = 0
  package var acceptedConnections = 0
  /// Whole requests that were read.
  package var requests = 0
  /// Requests that the transport answered itself.
  package var refusals: [HTTPRefusal: Int] = [:]
  /// Connections that were ended because their client did not read.
  package var stalledConnections = 0
  /// Requests that wait for a compute thread, and those that one is at work on.
  package var queuedRequests = 0
  package var runningRequests = 0
  package var octetsIn = 0
  package var octetsOut = 0

  package init() {}
}

/// The counters behind it; all threads of a server add to them.
final class Counters: Sendable {
  let open = Atomic(0)
  let accepted = Atomic(0)
  let requests = Atomic(0)
  let stalled = Atomic(0)
  let running = Atomic(0)
  let octetsIn = Atomic(0)
  let octetsOut = Atomic(0)
  private let refusals = Mutex<[HTTPRefusal: Int]>([:])

  func count(_ refusal: HTTPRefusal) { refusals.withLock { $0[refusal, default: 0] += 1 } }

  func snapshot(queued: Int) -> HTTPStatistics {
    var now = HTTPStatistics()
    now.openConnections = open.load(ordering: .relaxed)
    now.acceptedConnections = accepted.load(ordering: .relaxed)
    now.requests = requests.load(ordering: .relaxed)
    now.refusals = refusals.withLock { $0 }
    now.stalledConnections = stalled.load(ordering: .relaxed)
    now.queuedRequests = queued
    now.runningRequests = running.load(ordering: .relaxed)
    now.octetsIn = octetsIn.load(ordering: .relaxed)
    now.octetsOut = octetsOut.load(ordering: .relaxed)
    return now
  }
}

/// Adds to a counter.
func add(_ amount: Int, to counter: borrowing Atomic<Int>) {
  counter.wrappingAdd(amount, ordering: .relaxed)
}
