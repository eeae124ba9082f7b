import Dispatch
import HTTPTransport
import Synchronization
import Testing

/// Runs `body` on `count` threads at once, and waits for all.
func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  DispatchQueue.concurrentPerform(iterations: count, execute: body)
}

/// Texts that several threads collect.
final class Collected: Sendable {
  private let kept = Mutex<[String]>([])

  func add(_ text: String) { kept.withLock { $0.append(text) } }

  var all: [String] { kept.withLock { $0 } }
}

/// Runs `body` on `count` threads while `work` runs on this one; `work` makes them end.
///
/// Threads of their own: the pool of Dispatch has as many as there are cores, and starts none while
/// other suites keep them.
func withThreads(
  _ count: Int, _ body: @escaping @Sendable () -> Void, while work: () throws -> Void
) throws {
  let group = DispatchGroup()
  defer { group.wait() }
  for _ in 0..<count {
    group.enter()
    let started = startThread {
      body()
      group.leave()
    }
    if !started { group.leave() }
    #expect(started)
  }
  try work()
}

/// A number that several threads count up.
final class Tally: Sendable {
  private let number = Atomic(0)

  func add() { number.wrappingAdd(1, ordering: .relaxed) }

  var count: Int { number.load(ordering: .relaxed) }
}
