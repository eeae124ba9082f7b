/// A request for a compute thread, and where its response goes.
struct Job: Sendable {
  var request: HTTPRequest
  var option: ConnectionOption
  /// Whether no other request of its connection is known; then a draining server can say that the
  /// connection ends.
  var isAlone: Bool
  /// The loop, the connection there and the place in its order.
  var mailbox: Mailbox
  var token: UInt64
  var sequence: UInt64
}

/// The requests that wait for a compute thread, first come first served; never more than its limit.
final class RequestQueue: Sendable {
  private struct State: Sendable {
    /// A ring of `limit` places.
    var places: [Job?]
    var first = 0
    var count = 0
    var isClosed = false
  }

  private let state: Monitor<State>

  init(limit: Int) { state = Monitor(State(places: Array(repeating: nil, count: max(1, limit)))) }

  var count: Int { state.read { $0.count } }

  /// `false` where the queue is full.
  func push(_ job: Job) -> Bool {
    state.change { state in
      guard state.count < state.places.count else { return false }
      state.places[(state.first + state.count) % state.places.count] = job
      state.count += 1
      return true
    }
  }

  /// Waits for a job; `nil` once the queue is closed.
  func pop() -> Job? {
    let popped: Job?? = state.wait { state in
      if state.isClosed { return .some(nil) }
      guard state.count > 0 else { return nil }
      let job = state.places[state.first]
      state.places[state.first] = nil
      state.first = (state.first + 1) % state.places.count
      state.count -= 1
      return job
    }
    return popped ?? nil
  }

  /// Forgets what waits, and ends the threads that pop.
  func close() {
    state.change(wakesAll: true) { state in
      state.isClosed = true
      state.places = [nil]
      (state.first, state.count) = (0, 0)
    }
  }
}
