import HTTPTransport
import Synchronization
import Testing

@Suite("LaneQueue", .timeLimit(.minutes(1)))
struct LaneQueueTests {
  /// What regular threads take, one after the other, each done before the next.
  private func order(_ queue: LaneQueue<String>) -> [String] {
    var taken: [String] = []
    while queue.count > 0, let turn = queue.pop() {
      taken.append(turn.element)
      queue.finish(turn.lane)
    }
    return taken
  }

  @Test("within a lane it is first come, first served, and lanes take turns")
  func turns() {
    let queue = LaneQueue<String>(limit: 100)
    for (lane, element) in [
      ("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1"), ("b", "b2"), ("a", "a4"),
    ] {
      #expect(queue.push(element, lane: lane, now: 0).isAccepted)
    }
    #expect(order(queue) == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"])
  }

  @Test("a burst of one lane stands before nobody else's request")
  func burst() throws {
    let queue = LaneQueue<String>(limit: 1_000)
    for index in 0..<900 { _ = queue.push("a\(index)", lane: "a", now: 0) }
    _ = queue.push("b", lane: "b", now: 0)
    #expect(order(queue).prefix(2) == ["a0", "b"])
  }

  @Test("a lane has only so many at work, however many threads there are")
  func laneThreads() throws {
    let queue = LaneQueue<String>(limit: 100, threads: LaneThreads(alone: 2))
    for index in 0..<4 { _ = queue.push("a\(index)", lane: "a", now: 0) }
    let first = [try #require(queue.pop()), try #require(queue.pop())]
    #expect(first.map(\.element) == ["a0", "a1"])
    _ = queue.push("b", lane: "b", now: 7)
    // The third thread passes over what waits in the first lane.
    let other = try #require(queue.pop())
    #expect(other.element == "b")
    #expect(other.since == 7)
    queue.finish("a")
    // One is at work and two wait, more than its threads.
    #expect(queue.pop(.yielding)?.element == "a2")
    #expect(queue.count == 1)
  }

  @Test("a lane has fewer at work from when another asks until a second later")
  func contended() throws {
    let queue = LaneQueue<String>(limit: 100, threads: LaneThreads(alone: 2, contended: 1))
    func push(_ lane: String, _ now: Int64) {
      _ = queue.push("\(lane)\(now)", lane: lane, now: now)
    }
    for now in 0..<6 { push("a", Int64(now)) }
    #expect(queue.pop()?.lane == "a")
    #expect(queue.pop()?.lane == "a")
    push("b", 10)
    queue.finish("a")
    // One of the first lane is still at work.
    #expect(queue.pop()?.lane == "b")
    queue.finish("b")
    queue.finish("a")
    // Six of the first lane wait or are at work, four of them still.
    #expect(queue.pop(.yielding)?.element == "a2")
    push("a", 11)
    push("a", 1_000_000_010)
    push("b", 1_000_000_010)
    #expect(queue.pop()?.lane == "b")
    queue.finish("b")
    push("a", 2_000_000_011)
    #expect(queue.pop()?.element == "a3")
    #expect(queue.count == 5)
  }

  @Test("what lanes ask for within their threads is for regular ones, whatever others ask for")
  func shares() throws {
    let queue = LaneQueue<String>(limit: 100, threads: LaneThreads(alone: 2, contended: 1))
    for (lane, count) in [("a", 9), ("b", 9), ("c", 2)] {
      for index in 0..<count { _ = queue.push("\(lane)\(index)", lane: lane, now: 0) }
    }
    #expect(queue.pop()?.element == "c0")
    // Each burst has a yielding thread.
    #expect(queue.pop(.yielding)?.element == "a0")
    #expect(queue.pop(.yielding)?.element == "b0")
    queue.finish("c")
    #expect(queue.pop()?.element == "c1")
    queue.finish("a")
    #expect(queue.pop(.yielding)?.element == "a1")
    for index in 2...6 {
      queue.finish("a")
      #expect(queue.pop(.yielding)?.element == "a\(index)")
    }
    // Two are left of it: no more than its threads.
    queue.finish("a")
    #expect(queue.pop()?.element == "a7")
    #expect(queue.count == 9)
  }

  @Test("a lane that has an eighth of what the longest asks for is no burst")
  func eighth() throws {
    let queue = LaneQueue<String>(limit: 100, threads: LaneThreads(alone: 2, contended: 1))
    for (lane, count) in [("a", 40), ("b", 5), ("c", 6)] {
      for index in 0..<count { _ = queue.push("\(lane)\(index)", lane: lane, now: 0) }
    }
    // As many threads as it has alone.
    #expect(queue.pop()?.element == "b0")
    #expect(queue.pop()?.element == "b1")
    #expect(queue.pop(.yielding)?.element == "a0")
    #expect(queue.pop(.yielding)?.element == "c0")
    queue.finish("c")
    #expect(queue.pop()?.element == "c1")
  }

  @Test("a yielding thread that waits is woken by a lane's request beyond its threads")
  func wakesYielding() {
    let queue = LaneQueue<String>(limit: 100, threads: LaneThreads(alone: 2, contended: 1))
    let taken = Atomic(0)
    #expect(
      startThread {
        while queue.pop(.yielding) != nil { taken.add(1, ordering: .sequentiallyConsistent) }
      })
    _ = queue.push("b", lane: "b", now: 0)
    for index in 0..<2 { _ = queue.push("a\(index)", lane: "a", now: 0) }
    #expect(taken.load(ordering: .sequentiallyConsistent) == 0)
    _ = queue.push("a2", lane: "a", now: 0)
    waitUntil { taken.load(ordering: .sequentiallyConsistent) == 1 }
    #expect(queue.count == 3)
    // The two that are left are for regular threads, like the other lane's.
    queue.finish("a")
    for expected in ["b", "a1"] { #expect(queue.pop()?.element == expected) }
    #expect(taken.load(ordering: .sequentiallyConsistent) == 1)
    queue.close()
  }

  @Test("a thread that waits goes on once another of the lane is done")
  func wakes() throws {
    let queue = LaneQueue<String>(limit: 100, threads: LaneThreads(alone: 1))
    _ = queue.push("a1", lane: "a", now: 0)
    _ = queue.push("a2", lane: "a", now: 0)
    #expect(queue.pop()?.element == "a1")
    let taken = Atomic(0)
    #expect(
      startThread {
        if queue.pop() != nil { taken.store(1, ordering: .sequentiallyConsistent) }
      })
    queue.finish("a")
    waitUntil { taken.load(ordering: .sequentiallyConsistent) == 1 }
    #expect(taken.load(ordering: .sequentiallyConsistent) == 1)
  }

  @Test("a full queue takes from the longest lane, and never grows")
  func full() {
    let queue = LaneQueue<String>(limit: 4)
    for index in 0..<4 { _ = queue.push("a\(index)", lane: "a", now: 0) }
    #expect(queue.push("a4", lane: "a", now: 0).isRefused)
    #expect(queue.push("b0", lane: "b", now: 0).displaced == "a3")
    #expect(queue.push("b1", lane: "b", now: 0).displaced == "a2")
    // Now no lane is longer by two.
    #expect(queue.push("b2", lane: "b", now: 0).isRefused)
    #expect(queue.push("a5", lane: "a", now: 0).isRefused)
    #expect(queue.push("c0", lane: "c", now: 0).displaced != nil)
    #expect(queue.push("d0", lane: "d", now: 0).displaced != nil)
    #expect(queue.push("e0", lane: "e", now: 0).isRefused)
    #expect(queue.count == 4)
    #expect(Set(order(queue)) == ["a0", "b0", "c0", "d0"])
  }

  @Test("random pushes and pops keep the limit, and lose and double nothing")
  func random() throws {
    var random = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0...9_999, using: &random)
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let queue = LaneQueue<Int>(limit: 20, threads: LaneThreads(alone: 3))
    var (waiting, running): (Set<Int>, [(element: Int, lane: String)]) = ([], [])
    var lanes: [Int: String] = [:]
    /// Which threads find something: all lanes ask at the same time, so that what one has beyond three is for
    /// yielding ones.
    func kind() -> ThreadKind? {
      let waitingLanes = waiting.compactMap { lanes[$0] }
      let open = Set(waitingLanes).filter { lane in running.count { $0.lane == lane } < 3 }
      guard let lane = open.min() else { return nil }
      let count = waitingLanes.count { $0 == lane } + running.count { $0.lane == lane }
      return count > 3 ? .yielding : .regular
    }
    for lane in 0..<2 {
      _ = queue.push(-1, lane: "\(lane)", now: 0)
      queue.finish(try #require(queue.pop()).lane)
    }
    for number in 0..<20_000 {
      if next(2) == 0 {
        let lane = "\(next(6))"
        lanes[number] = lane
        switch queue.push(number, lane: lane, now: 0) {
        case .accepted: waiting.insert(number)
        case .refused: #expect(waiting.count == 20, "seed \(seed)")
        case .displaced(let other):
          #expect(waiting.remove(other) != nil && waiting.count == 19, "seed \(seed)")
          waiting.insert(number)
        }
      } else if !running.isEmpty, next(2) == 0 {
        queue.finish(running.remove(at: next(running.count)).lane)
      } else if running.count < 9, let kind = kind(), let turn = queue.pop(kind) {
        let own = running.count { $0.lane == turn.lane }
        let all = own + waiting.count { lanes[$0] == turn.lane }
        #expect(own < 3 && (kind == .yielding) == (all > 3), "seed \(seed)")
        #expect(waiting.remove(turn.element) != nil, "seed \(seed)")
        running.append((turn.element, turn.lane))
      }
      #expect(queue.count == waiting.count, "seed \(seed)")
    }
  }

  @Test("a closed queue takes nothing, and gives nothing")
  func close() {
    let queue = LaneQueue<String>(limit: 4)
    _ = queue.push("a", lane: "a", now: 0)
    queue.close()
    #expect(queue.push("b", lane: "b", now: 0).isRefused)
    #expect(queue.pop() == nil)
  }
}

extension LaneQueue.Admission {
  fileprivate var isAccepted: Bool { if case .accepted = self { true } else { false } }
  fileprivate var isRefused: Bool { if case .refused = self { true } else { false } }
  fileprivate var displaced: Element? {
    if case .displaced(let other) = self { other } else { nil }
  }
}
