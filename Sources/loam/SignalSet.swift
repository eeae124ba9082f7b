import Glibc

/// Signals that a thread waits for instead of being interrupted by them.
struct SignalSet: Sendable {
  private let numbers: [Int32]

  init(_ numbers: [Int32]) { self.numbers = numbers }

  private var set: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    return set
  }

  /// Blocks them in this thread and in those that it starts from now on.
  func block() {
    var set = set
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for one of them, which is then taken.
  func arrives(withinSeconds seconds: Int) -> Bool {
    var set = set
    var limit = timespec(tv_sec: seconds, tv_nsec: 0)
    return unsafe sigtimedwait(&set, nil, &limit) > 0
  }
}
