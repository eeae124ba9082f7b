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

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// A value under a lock, with threads that wait for it to change.
///
/// Unchecked, because the value is touched only between lock and unlock. Lock and condition have
/// places of their own in memory, as pthread asks, from `init` to `deinit`.
@safe final class Monitor<Value: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var value: Value

  init(_ value: Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Reads or changes the value, and wakes nobody.
  func read<Result>(_ body: (inout Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(&value)
  }

  /// Changes the value and wakes one of those who wait, or all.
  func change<Result>(wakesAll: Bool = false, _ body: (inout Value) -> Result) -> Result {
    defer {
      _ = unsafe wakesAll ? pthread_cond_broadcast(condition) : pthread_cond_signal(condition)
    }
    return read(body)
  }

  /// Waits until `body` has a result; `nil` when `deadline` on the monotonic clock came first.
  func wait<Result>(until deadline: Int64? = nil, _ body: (inout Value) -> Result?) -> Result? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&value) { return result }
      guard let deadline else {
        unsafe pthread_cond_wait(condition, mutex)
        continue
      }
      if Clock.now() >= deadline { return nil }
      var time = timespec(
        tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
      unsafe pthread_cond_timedwait(condition, mutex, &time)
    }
  }
}
