import Dispatch
import Synchronization

/// The results of `body(0)` to `body(count - 1)`, in that order, computed side by side.
func parallel<R: Sendable>(_ count: Int, _ body: @Sendable (Int) -> R) -> [R] {
  if count == 1 { return [body(0)] }
  let results = Mutex([R?](repeating: nil, count: count))
  withoutActuallyEscaping(body) { body in
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result = body(index)
      results.withLock { $0[index] = result }
    }
  }
  return results.withLock { $0 }.compactMap(\.self)
}

/// One piece of work on a thread of its own; ``value()`` waits for it.
final class Background<R: Sendable>: Sendable {
  private let result = Mutex<R?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> R) {
    DispatchQueue.global().async { [self] in
      let value = body()
      result.withLock { $0 = value }
      isDone.signal()
    }
  }

  /// The result, once it is there.
  func value() -> R? {
    isDone.wait()
    isDone.signal()
    return result.withLock { $0 }
  }
}
