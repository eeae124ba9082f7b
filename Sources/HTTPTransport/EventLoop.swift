import CLinux
import Synchronization

/// Reads, writes and times the connections that it accepted, on one thread.
///
/// It never waits but in epoll, and moves at most 64 KiB for a connection before it looks at the
/// others.
final class EventLoop {
  static let listenerToken = UInt64.max
  static let wakeUpToken = UInt64.max - 1

  let core: ServerCore
  let options: HTTPServerOptions
  private let epoll: Epoll
  private let mailbox: Mailbox
  /// `nil` once the server drains.
  private var listener: Listener?
  private(set) var table = ConnectionTable()

  /// The monotonic clock when the last wait ended.
  private(set) var now: Int64 = Clock.now()
  /// No deadline is before it.
  private var nextCheck = Int64.max
  /// When accepting is tried again, after a limit was reached.
  private var acceptsAgain: Int64?
  private(set) var isDraining = false

  private var scratch = [UInt8](repeating: 0, count: 65_536)
  /// The octets that all connections hold.
  private(set) var heldOctets = 0

  init(_ core: ServerCore, _ listener: Listener, _ epoll: Epoll, _ mailbox: Mailbox) {
    self.core = core
    options = core.options
    self.listener = listener
    self.epoll = epoll
    self.mailbox = mailbox
  }

  func run() {
    var events = [loam_event](repeating: loam_event(), count: 256)
    while !isDone {
      let count = epoll.wait(&events, nanoseconds: timeToWait())
      now = Clock.now()
      for event in events.prefix(count) { handle(event) }
      if core.drainEnd != nil, !isDraining { beginDraining() }
      if now >= nextCheck { checkDeadlines() }
      if let again = acceptsAgain, now >= again { resumeAccepting() }
    }
    for connection in table.all { close(connection) }
  }

  private var isDone: Bool {
    guard isDraining, let end = core.drainEnd else { return false }
    return table.isEmpty || now >= end
  }

  private func timeToWait() -> Int64? {
    var next = min(nextCheck, acceptsAgain ?? .max)
    if isDraining, let end = core.drainEnd { next = min(next, end) }
    return next == .max ? nil : max(0, next - Clock.now())
  }

  private func handle(_ event: loam_event) {
    switch event.token {
    case Self.listenerToken: acceptSome()
    case Self.wakeUpToken: deliver()
    default:
      guard let connection = table[event.token] else { return }
      let ready = Epoll.Interest(rawValue: event.events)
      if ready.contains(.broken) {
        close(connection)
      } else if ready.isDisjoint(with: [.readable, .hungUp]) || receive(connection) {
        advance(connection)
      }
    }
  }

  private func deliver() {
    for delivery in mailbox.take() {
      guard let connection = table[delivery.token] else { continue }
      connection.fill(delivery.sequence, delivery.octets, closes: delivery.closes)
      advance(connection)
    }
  }
}

// Accepting.
extension EventLoop {
  /// Accepts who is waiting, up to 64; whether there may be more.
  @discardableResult
  private func acceptSome() -> Bool {
    for _ in 0..<64 {
      guard let listener else { return false }
      guard core.counters.open.load(ordering: .relaxed) < options.connectionLimit else {
        pauseAccepting()
        return false
      }
      switch listener.accept() {
      case .connection(let descriptor, let peer): open(Socket(descriptor), peer)
      case .none: return false
      case .vanished: continue
      case .exhausted:
        pauseAccepting()
        return false
      }
    }
    return true
  }

  private func open(_ socket: Socket, _ peer: String) {
    let connection = table.insert {
      Connection(socket, token: $0, peer: peer, limits: options.limits)
    }
    add(1, to: core.counters.open)
    add(1, to: core.counters.accepted)
    guard epoll.add(socket.descriptor, connection.interest, token: connection.token) else {
      return close(connection)
    }
    settle(connection)
  }

  /// Makes room, and tries again later: the listener would be reported at once, so it leaves the set.
  private func pauseAccepting() {
    closeIdle(16)
    guard let listener, acceptsAgain == nil else { return }
    epoll.remove(listener.descriptor)
    acceptsAgain = now + 20_000_000
  }

  private func resumeAccepting() {
    acceptsAgain = nil
    guard let listener else { return }
    let isShared = options.eventLoops > 1
    let isAdded = epoll.add(
      listener.descriptor, .readable, token: Self.listenerToken, isExclusive: isShared)
    if !isAdded { acceptsAgain = now + 20_000_000 }
  }

  /// Closes those that have been idle longest.
  private func closeIdle(_ count: Int) {
    let idle = table.all.filter { $0.isIdle && $0.requestCount > 0 }
    for connection in idle.sorted(by: { $0.deadline < $1.deadline }).prefix(count) {
      close(connection)
    }
  }
}

// One connection.
extension EventLoop {
  /// Reads what has come, once; `false` where the connection was closed.
  private func receive(_ connection: Connection) -> Bool {
    switch connection.socket.receive(into: &scratch) {
    case .octets(let count):
      add(count, to: core.counters.octetsIn)
      return take(count, for: connection)
    case .ended where connection.stage == .lingering, .failed:
      close(connection)
      return false
    case .ended:
      connection.hasEnded = true
      connection.stage = .finishing
      connection.reader.refuse()
      return true
    case .wouldBlock:
      return true
    }
  }

  private func take(_ count: Int, for connection: Connection) -> Bool {
    if connection.stage == .open {
      let octets = scratch
      connection.reader.feed(octets.span.extracting(..<count))
      connection.isStarved = false
      return true
    }
    connection.lingeredOctets += count
    guard connection.lingeredOctets <= options.lingerOctets else {
      close(connection)
      return false
    }
    return true
  }

  /// Whether further requests of it are read: there is room for their answers.
  private func hasRoom(_ connection: Connection) -> Bool {
    connection.stage == .open && connection.output.count < options.outputOctets
      && connection.answers.count < options.limits.pipelinedRequests
  }

  /// Does all that can be done for a connection without waiting.
  private func advance(_ connection: Connection) {
    repeat {
      while !connection.isStarved, hasRoom(connection) { takeEvent(connection) }
      connection.collectAnswers()
      let before = connection.output.written
      let isSound = connection.output.write(to: connection.socket)
      add(connection.output.written - before, to: core.counters.octetsOut)
      guard isSound else { return close(connection) }
    } while !connection.isStarved && hasRoom(connection)
    settle(connection)
  }

  private func takeEvent(_ connection: Connection) {
    switch connection.reader.next() {
    case nil:
      connection.isStarved = true
    case .continueExpected:
      connection.answer(ResponseWriter.leaveToContinue, closes: false)
    case .refused(let refusal):
      refuse(connection, refusal)
    case .request(var request, let option):
      request.peer = connection.peer
      handOver(request, option, of: connection)
    }
  }

  private func handOver(
    _ request: HTTPRequest, _ option: ConnectionOption, of connection: Connection
  ) {
    connection.requestCount += 1
    add(1, to: core.counters.requests)
    let sequence = connection.reserveAnswer()
    let isAlone = connection.answers.count == 1 && connection.reader.heldOctets == 0
    let job = Job(
      request: request, option: option, isAlone: isAlone, mailbox: mailbox,
      token: connection.token, sequence: sequence)
    if option == .close { connection.stage = .finishing }
    if heldOctets <= heldLimit {
      switch core.queue.push(job, lane: core.handler.lane(of: request), now: now) {
      case .accepted: return
      case .displaced(let other): return core.refuse(other)
      case .refused: break
      }
    }
    let (octets, closes) = octets(
      refusing: .overloaded, option, isHead: request.method == "HEAD")
    connection.fill(sequence, octets, closes: closes)
  }

  private func octets(
    refusing refusal: HTTPRefusal, _ option: ConnectionOption, isHead: Bool
  ) -> (octets: [UInt8], closes: Bool) {
    core.counters.count(refusal)
    return ResponseWriter.octets(
      core.handler.refuse(refusal), connection: option, isHead: isHead, date: Clock.date())
  }

  /// Says why nothing more is read, behind the answers that are due.
  private func refuse(_ connection: Connection, _ refusal: HTTPRefusal) {
    connection.reader.refuse()
    connection.stage = .finishing
    connection.answer(octets(refusing: refusal, .close, isHead: false).octets, closes: true)
  }

  private var heldLimit: Int { options.heldOctets / max(1, options.eventLoops) }

  func close(_ connection: Connection) {
    guard table.remove(connection) else { return }
    heldOctets -= connection.countedOctets
    epoll.remove(connection.socket.descriptor)
    add(-1, to: core.counters.open)
  }
}

// What follows after something was done.
extension EventLoop {
  /// Closes what is finished; else tells epoll and the clock what the connection waits for.
  private func settle(_ connection: Connection) {
    if connection.isFinished, connection.hasEnded { return close(connection) }
    let isOver = isDraining && connection.isIdle && connection.requestCount > 0
    if connection.isFinished || isOver {
      connection.stage = .lingering
      connection.reader.refuse()
      connection.socket.endOutput()
    }
    count(connection)
    if heldOctets > heldLimit, connection.stage == .open, connection.reader.heldOctets > 0,
      connection.isStarved
    {
      refuse(connection, .overloaded)
      return advance(connection)
    }
    setInterest(connection)
    setDeadline(connection)
  }

  private func count(_ connection: Connection) {
    let held = connection.heldOctets
    heldOctets += held - connection.countedOctets
    connection.countedOctets = held
  }

  private func setInterest(_ connection: Connection) {
    var wanted: Epoll.Interest = connection.output.isEmpty ? [] : .writable
    if connection.stage == .lingering || hasRoom(connection) { wanted.insert(.readable) }
    guard wanted != connection.interest else { return }
    connection.interest = wanted
    epoll.change(connection.socket.descriptor, wanted, token: connection.token)
  }

  /// A wait that goes on keeps its deadline; a new one gets a new deadline.
  private func setDeadline(_ connection: Connection) {
    let wait = waitNow(connection)
    if wait != connection.wait || connection.deadline == .max {
      connection.wait = wait
      connection.deadline = seconds(wait.kind).map { now + Clock.nanoseconds($0) } ?? .max
    }
    nextCheck = min(nextCheck, connection.deadline)
  }

  private func waitNow(_ connection: Connection) -> Connection.Wait {
    let number = connection.requestCount
    if connection.stage == .lingering { return .init(kind: .linger, number: 0) }
    if !connection.output.isEmpty {
      return .init(kind: .write, number: connection.output.written >> 16)
    }
    guard hasRoom(connection) else { return .init(kind: .nothing, number: 0) }
    switch connection.reader.phase {
    case .head: return .init(kind: .head, number: number)
    case .body: return .init(kind: .body, number: number)
    case .idle where number == 0: return .init(kind: .head, number: 0)
    case .idle where connection.answers.isEmpty: return .init(kind: .idle, number: number)
    case .idle, .refused: return .init(kind: .nothing, number: 0)
    }
  }

  private func seconds(_ kind: Connection.Wait.Kind) -> Double? {
    switch kind {
    case .nothing: nil
    case .head: isDraining ? min(1, options.headSeconds) : options.headSeconds
    case .body: options.bodySeconds
    case .idle: options.idleSeconds
    case .write: options.writeSeconds
    case .linger: isDraining ? min(1, options.lingerSeconds) : options.lingerSeconds
    }
  }

  private func checkDeadlines() {
    nextCheck = .max
    for connection in table.all {
      if connection.deadline <= now { expire(connection) }
      if table[connection.token] != nil { nextCheck = min(nextCheck, connection.deadline) }
    }
    // Many deadlines close together are one check.
    if nextCheck != .max { nextCheck = max(nextCheck, now + 5_000_000) }
  }

  private func expire(_ connection: Connection) {
    switch connection.wait.kind {
    case .head, .body:
      if connection.reader.phase == .idle { return close(connection) }
      refuse(connection, .timedOut)
      advance(connection)
    case .write:
      add(1, to: core.counters.stalled)
      close(connection)
    case .idle, .linger: close(connection)
    case .nothing: break
    }
  }

  /// Accepts those who are waiting, then nobody; lets go of who has no request under way.
  private func beginDraining() {
    while acceptSome() {}
    isDraining = true
    acceptsAgain = nil
    if let listener {
      epoll.remove(listener.descriptor)
      listener.stop()
    }
    listener = nil
    for connection in table.all {
      if connection.stage == .open, connection.reader.phase == .idle,
        !connection.answers.isEmpty
      {
        connection.stage = .finishing
      }
      // New clients have a second to say what they came for.
      connection.wait = .init(kind: .nothing, number: 0)
      settle(connection)
    }
  }
}
