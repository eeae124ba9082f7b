/// How many requests of one lane may be at work at a time.
package struct LaneThreads: Sendable {
  /// Where no other lane asks.
  package var alone: Int
  /// Of a burst, where another does.
  package var contended: Int

  /// Neither is less than 1.
  package init(alone: Int = .max, contended: Int = .max) {
    self.alone = max(1, alone)
    self.contended = max(1, min(alone, contended))
  }
}

/// Which threads a request is for.
package enum ThreadKind: Int, Sendable, CaseIterable {
  case regular
  /// Gives its processor up to any regular one that has something to do.
  case yielding
}

/// So long after its last request a lane counts as one that asks, in nanoseconds.
private let contentionTime: Int64 = 1_000_000_000

/// What waits for a thread, in lanes that take turns; never more than its limit.
///
/// Within a lane it is first come, first served. Where the queue is full, the longest lane gives up
/// what came last in it, so that a burst in one lane takes no place from another; and of one lane only
/// so many are at work at a time, so that a thread is left for another. While another asks too, a burst has
/// fewer, and these are yielding ones, so that the other's next request finds a processor, not only a thread.
/// A burst is a lane that asks at once for more than its threads, and for more than an eighth of what the
/// longest does.
///
/// - Complexity: O(lanes in which something waits or is at work).
package final class LaneQueue<Element: Sendable>: Sendable {
  /// What came of pushing.
  package enum Admission: Sendable {
    case accepted
    /// There is no place, and no lane is longer by two.
    case refused
    /// The place was taken from this one, which came last in the longest lane.
    case displaced(Element)
  }

  /// What a thread has to do.
  package struct Turn: Sendable {
    package let element: Element
    /// For ``LaneQueue/finish(_:)``.
    package let lane: String
    /// When it was pushed, on the clock of who pushed it.
    package let since: Int64
  }

  fileprivate struct Lane: Sendable {
    /// Those before `first` are gone.
    var waiting: [(element: Element, since: Int64)?] = []
    var first = 0
    var running = 0

    var count: Int { waiting.count - first }
    /// What waits and what is at work.
    var asked: Int { count + running }

    mutating func takeFirst() -> (element: Element, since: Int64)? {
      let taken = waiting[first]
      waiting[first] = nil
      first += 1
      if first * 2 >= waiting.count {
        waiting.removeFirst(first)
        first = 0
      }
      return taken
    }
  }

  fileprivate struct State: Sendable {
    var lanes: [String: Lane] = [:]
    /// The lanes in which something waits; the one whose turn is next comes first.
    var turns: [String] = []
    var count = 0
    var isClosed = false
    /// Who pushed last, and which other lane did last before that.
    var pushes: [(lane: String, time: Int64)] = []

    mutating func note(_ lane: String, _ now: Int64) {
      if pushes.last?.lane == lane { pushes.removeLast() }
      pushes.append((lane, now))
      if pushes.count > 2 { pushes.removeFirst() }
    }

    /// Whether another lane than `lane` was pushed to shortly before the last push of all.
    func isContended(_ lane: String) -> Bool {
      guard let last = pushes.last else { return false }
      return pushes.contains { $0.lane != lane && last.time - $0.time <= contentionTime }
    }
  }

  private let limit: Int
  private let threads: LaneThreads
  private let state = Monitor(State(), kinds: ThreadKind.allCases.count)

  /// - Parameters:
  ///   - limit: how many may wait, over all lanes.
  ///   - threads: how many of one lane may be at work at a time.
  package init(limit: Int, threads: LaneThreads = LaneThreads()) {
    self.limit = max(1, limit)
    self.threads = threads
  }

  /// How many wait.
  package var count: Int { state.read { $0.count } }

  /// Puts `element` behind those that wait in `lane`.
  ///
  /// - Parameter now: nanoseconds from some moment on; kept for whoever pops it.
  package func push(_ element: Element, lane: String, now: Int64) -> Admission {
    change { state in
      guard !state.isClosed else { return .refused }
      var admission = Admission.accepted
      if state.count >= limit {
        guard let displaced = state.displace(for: lane) else { return .refused }
        admission = .displaced(displaced)
      }
      state.lanes[lane, default: Lane()].waiting.append((element, now))
      if state.lanes[lane]?.count == 1 { state.turns.append(lane) }
      state.note(lane, now)
      state.count += 1
      return admission
    }
  }

  /// Waits for something to do on a thread of `kind`; `nil` once the queue is closed.
  ///
  /// Whoever gets something calls ``finish(_:)`` when it is done.
  package func pop(_ kind: ThreadKind = .regular) -> Turn? {
    let popped: Turn?? = state.wait(kind: kind.rawValue) { state in
      if state.isClosed { return .some(nil) }
      // `nil` goes on waiting.
      return state.take(kind, threads).map { .some($0) }
    }
    return popped ?? nil
  }

  /// Says that what a turn of `lane` asked for is done.
  package func finish(_ lane: String) {
    change { state in
      state.lanes[lane]?.running -= 1
      state.dropIfUnused(lane)
    }
  }

  /// Changes the state and wakes a thread of each kind that has something to do then.
  private func change<Result>(_ body: (inout State) -> Result) -> Result {
    state.change { state in
      let result = body(&state)
      return (result, ThreadKind.allCases.map { state.nextTurn($0, threads) != nil })
    }
  }

  /// Forgets what waits, and ends the threads that pop.
  package func close() {
    state.changeForAll { state in
      state = State()
      state.isClosed = true
    }
  }
}

extension LaneQueue.State {
  /// Whose turn is next on a thread of `kind`, by its place in ``turns``.
  fileprivate func nextTurn(_ kind: ThreadKind, _ threads: LaneThreads) -> Int? {
    guard !turns.isEmpty else { return nil }
    let longest = lanes.values.reduce(0) { max($0, $1.asked) }
    return turns.firstIndex { name in
      guard let lane = lanes[name] else { return false }
      let isBurst = lane.asked > max(threads.alone, longest / 8) && isContended(name)
      return isBurst == (kind == .yielding)
        && lane.running < (isBurst ? threads.contended : threads.alone)
    }
  }

  fileprivate mutating func take(_ kind: ThreadKind, _ threads: LaneThreads) -> LaneQueue.Turn? {
    guard let index = nextTurn(kind, threads) else { return nil }
    let name = turns.remove(at: index)
    lanes[name]?.running += 1
    guard let taken = lanes[name]?.takeFirst() else { return nil }
    count -= 1
    if lanes[name].map({ $0.count > 0 }) ?? false { turns.append(name) }
    return LaneQueue.Turn(element: taken.element, lane: name, since: taken.since)
  }

  /// Takes out what came last in the longest lane; `nil` where `lane` would then be longer.
  fileprivate mutating func displace(for lane: String) -> Element? {
    let lengths = turns.map { lanes[$0]?.count ?? 0 }
    guard let longest = lengths.indices.max(by: { lengths[$0] < lengths[$1] }),
      lengths[longest] > (lanes[lane]?.count ?? 0) + 1
    else { return nil }
    let last = lanes[turns[longest]]?.waiting.removeLast()
    count -= 1
    return last.flatMap { $0 }?.element
  }

  fileprivate mutating func dropIfUnused(_ lane: String) {
    if let known = lanes[lane], known.count == 0, known.running == 0 { lanes[lane] = nil }
  }
}
