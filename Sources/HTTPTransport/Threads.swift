import Glibc

// Threads and what they wait on, by pthread.

/// Starts a thread that nobody joins; `false` where the system has none to give.
///
/// Signals that ask the process for something are left to the threads there were. Faults are not
/// blocked: a handler of the process still sees them.
@safe package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  var asked = sigset_t()
  var before = sigset_t()
  unsafe sigfillset(&asked)
  for fault in [SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTRAP] { unsafe sigdelset(&asked, fault) }
  unsafe pthread_sigmask(SIG_BLOCK, &asked, &before)
  defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
  // The box is retained here, and released by the one thread that gets it.
  let box = unsafe Unmanaged.passRetained(ThreadBody(body))
  var thread = pthread_t()
  let failure = unsafe pthread_create(
    &thread, nil,
    { argument in
      guard let argument = unsafe argument else { return nil }
      unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }, box.toOpaque())
  guard failure == 0 else {
    unsafe box.release()
    return false
  }
  pthread_detach(thread)
  return true
}

/// From here on the calling thread works where nobody else wants its processor: at once it makes way for a
/// thread that wakes, as one of low priority does only when its turn ends (sched(7), SCHED_IDLE).
func workWhereIdle() {
  var parameters = sched_param()
  // SCHED_IDLE, which Glibc's header shows to GNU sources only.
  unsafe sched_setscheduler(0, 5, &parameters)
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// A value under a lock, with threads that wait for it to change: threads of one kind or of several, of which
/// each is woken by itself.
///
/// Unchecked, because the value is touched only between lock and unlock. Lock and conditions have
/// places of their own in memory, as pthread asks, from `init` to `deinit`.
@safe final class Monitor<Value: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  /// One a kind.
  private let conditions: UnsafeMutableBufferPointer<pthread_cond_t>
  private var value: Value

  /// `kinds` is 1 or more.
  init(_ value: Value, kinds: Int = 1) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe conditions = .allocate(capacity: kinds)
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    for kind in 0..<kinds { unsafe pthread_cond_init(&conditions[kind], &attributes) }
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    for kind in unsafe conditions.indices { unsafe pthread_cond_destroy(&conditions[kind]) }
    unsafe pthread_mutex_destroy(mutex)
    unsafe conditions.deallocate()
    unsafe mutex.deallocate()
  }

  /// Reads or changes the value, and wakes nobody.
  func read<Result>(_ body: (inout Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(&value)
  }

  /// Changes the value and wakes one of those who wait of each kind for which `body` says so.
  func change<Result>(_ body: (inout Value) -> (Result, wakes: [Bool])) -> Result {
    let (result, wakes) = read(body)
    for (kind, isWoken) in wakes.enumerated() where isWoken {
      unsafe pthread_cond_signal(&conditions[kind])
    }
    return result
  }

  /// Changes the value and wakes all.
  func changeForAll<Result>(_ body: (inout Value) -> Result) -> Result {
    defer {
      for kind in unsafe conditions.indices { unsafe pthread_cond_broadcast(&conditions[kind]) }
    }
    return read(body)
  }

  /// Waits, as one of `kind`, until `body` has a result; `nil` when `deadline` on the monotonic clock came
  /// first.
  func wait<Result>(
    kind: Int = 0, until deadline: Int64? = nil, _ body: (inout Value) -> Result?
  ) -> Result? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&value) { return result }
      guard let deadline else {
        unsafe pthread_cond_wait(&conditions[kind], mutex)
        continue
      }
      if Clock.now() >= deadline { return nil }
      var time = timespec(
        tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
      unsafe pthread_cond_timedwait(&conditions[kind], mutex, &time)
    }
  }
}
