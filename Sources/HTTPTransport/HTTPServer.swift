import Synchronization

/// A server of HTTP/1.1 over TCP.
///
/// Event loops read and write, each on a thread of its own; compute threads call the handler. Between
/// them is a bounded queue, so a slow handler delays no octets of another connection; in it the lanes
/// that the handler tells apart take turns. Responses of a connection leave in the order of its
/// requests.
///
/// It serves from `init` until ``drain()``. A value that is dropped without it is drained, too.
package final class HTTPServer: Sendable {
  /// The port that it listens on.
  package let port: Int
  private let core: ServerCore

  /// Listens, and starts to serve.
  package init(
    _ options: HTTPServerOptions, handler: some HTTPHandler
  ) throws(HTTPServerError) {
    let listener = try Listener(
      host: options.host, port: options.port, backlog: options.backlog)
    port = listener.port
    core = ServerCore(options, handler: handler)
    do {
      for _ in 0..<max(1, options.computeThreads) { try core.startComputing(.regular) }
      for _ in 0..<max(1, options.yieldingThreads) { try core.startComputing(.yielding) }
      for _ in 0..<max(1, options.eventLoops) { try core.startLoop(listener) }
    } catch {
      core.stop()
      throw error
    }
  }

  deinit { drain() }

  /// Returns once the server is drained, at the latest `drainSeconds` after ``drain()``.
  package func run() { core.waitForEnd() }

  /// Ends the server, from any thread: it accepts no more, closes idle connections, finishes the
  /// requests under way and then lets ``run()`` return.
  ///
  /// A handler that is still at work then is left alone; its response goes nowhere.
  package func drain() { core.drain() }

  package var statistics: HTTPStatistics { core.counters.snapshot(queued: core.queue.count) }
}

/// What the threads of a server share.
final class ServerCore: Sendable {
  let options: HTTPServerOptions
  let handler: any HTTPHandler
  let counters = Counters()
  let queue: LaneQueue<Job>
  /// The moment on the monotonic clock when draining ends by force; 0 while it has not begun.
  private let drainDeadline = Atomic<Int64>(0)
  private let mailboxes = Mutex<[Mailbox]>([])
  private let threads = Monitor(Running())

  private struct Running: Sendable {
    var loops = 0
    var computing = 0
  }

  init(_ options: HTTPServerOptions, handler: some HTTPHandler) {
    self.options = options
    self.handler = handler
    queue = LaneQueue(limit: options.queueLength, threads: options.laneThreads)
  }

  /// When draining ends, or `nil` while it has not begun.
  var drainEnd: Int64? {
    let deadline = drainDeadline.load(ordering: .acquiring)
    return deadline == 0 ? nil : deadline
  }

  func startLoop(_ listener: Listener) throws(HTTPServerError) {
    let mailbox = try Mailbox()
    let epoll = try Epoll()
    let isShared = options.eventLoops > 1
    guard
      epoll.add(mailbox.wakeUp.descriptor, .readable, token: EventLoop.wakeUpToken),
      epoll.add(
        listener.descriptor, .readable, token: EventLoop.listenerToken, isExclusive: isShared)
    else { throw .noResources }
    mailboxes.withLock { $0.append(mailbox) }
    threads.read { $0.loops += 1 }
    let started = startThread { [self] in
      EventLoop(self, listener, epoll, mailbox).run()
      let isLast = threads.changeForAll { running in
        running.loops -= 1
        return running.loops == 0
      }
      if isLast { queue.close() }
    }
    guard started else {
      threads.read { $0.loops -= 1 }
      throw .noResources
    }
  }

  func startComputing(_ kind: ThreadKind) throws(HTTPServerError) {
    threads.read { $0.computing += 1 }
    let started = startThread { [self] in
      if kind == .yielding { workWhereIdle() }
      while let turn = queue.pop(kind) {
        let latest = turn.since + Clock.nanoseconds(options.queueSeconds)
        if Clock.now() < latest { compute(turn.element) } else { refuse(turn.element) }
        queue.finish(turn.lane)
      }
      threads.changeForAll { $0.computing -= 1 }
    }
    guard started else {
      threads.read { $0.computing -= 1 }
      throw .noResources
    }
  }

  private func compute(_ job: Job) {
    add(1, to: counters.running)
    let response = handler.respond(to: job.request)
    let (octets, closes) = ResponseWriter.octets(
      response, connection: job.isAlone && drainEnd != nil ? .close : job.option,
      isHead: job.request.method == "HEAD", date: Clock.date())
    add(-1, to: counters.running)
    job.mailbox.post(
      Delivery(token: job.token, sequence: job.sequence, octets: octets, closes: closes))
  }

  /// Answers a request that has waited in vain.
  func refuse(_ job: Job) {
    counters.count(.overloaded)
    let (octets, closes) = ResponseWriter.octets(
      handler.refuse(.overloaded), connection: job.option, isHead: job.request.method == "HEAD",
      date: Clock.date())
    job.mailbox.post(
      Delivery(token: job.token, sequence: job.sequence, octets: octets, closes: closes))
  }

  func drain() {
    let end = Clock.now() + Clock.nanoseconds(options.drainSeconds)
    _ = drainDeadline.compareExchange(expected: 0, desired: end, ordering: .acquiringAndReleasing)
    for mailbox in mailboxes.withLock({ $0 }) { mailbox.wakeUp.signal() }
  }

  /// After a start that failed.
  func stop() {
    drain()
    queue.close()
  }

  func waitForEnd() {
    _ = threads.wait { $0.loops == 0 ? true : nil }
    _ = threads.wait(until: drainEnd) { $0.computing == 0 ? true : nil }
  }
}
