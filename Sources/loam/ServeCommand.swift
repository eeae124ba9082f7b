import Dispatch
import Embedding
import Glibc
import Grounding
import HTTPTransport
import Ingestion
import Partition
import Service

extension Command {
  static let serve = Command(
    words: ["serve"], summary: "answer questions over HTTP",
    options: [.listen, .behindProxy, .rate, .memory, .makeVectors, .nextModel]
      + CommandOption.common,
    details: """
      Answers POST /v1/retrieve and GET /v1/items/{id} to those who have a key (loam key add), for \
      all tenants. It speaks plain HTTP, so it listens on a loopback address; another one needs \
      --behind-proxy, and a proxy in front that brings TLS. One log line a request goes to the error \
      stream (JSON with --json), without queries, texts and keys. SIGTERM or SIGINT ends it once \
      what is under way is answered; a second one ends it at once. With --embed it also makes the \
      vectors that are pending, of all tenants in turn, on one core that questions take first; \
      without, it only reads the stores. With --next-model each store is asked with the model whose \
      vectors it has, and --embed gives it those of the next model.
      """,
    examples: [
      Example(line: "loam serve", meaning: "on http://127.0.0.1:8765"),
      Example(
        line: "loam serve --listen 0.0.0.0:8765 --behind-proxy --json",
        meaning: "for a proxy on another machine, with a log for programs"),
      Example(
        line: "loam serve --embed --next-model new.loam",
        meaning: "a change of the model that no question notices"),
    ],
    run: runServe)
}

private func runServe(_ invocation: Invocation) throws(Problem) -> Int32 {
  let address = try ListenAddress(
    invocation.value(.listen) ?? "127.0.0.1:8765", isBehindProxy: invocation.has(.behindProxy))
  var options = ServiceOptions()
  options.version = programVersion
  options.isBehindProxy = invocation.has(.behindProxy)
  options.ratePerSecond =
    try invocation.number(.rate, in: 1...1_000_000) ?? options.ratePerSecond
  if let mebibytes = try invocation.number(.memory, in: 64...1_048_576) {
    options.memoryOctets = mebibytes << 20
    options.vectorCacheOctets = min(options.vectorCacheOctets, options.memoryOctets / 32)
  }
  let descriptors = raiseDescriptorLimit()
  options.openStores = min(options.openStores, descriptors / 12)
  let isJSON = invocation.console.isJSON
  let log: @Sendable (LogLine) -> Void = { line in
    _ = writeAll(Array(((isJSON ? line.json : line.text) + "\n").utf8), to: STDERR_FILENO)
  }
  let encoders = try invocation.encoders()
  let handler = LoamHandler(
    home: invocation.home(), model: encoders[0], nextModel: encoders.dropFirst().first,
    options: options, log: log)
  if let problem = handler.keysProblem { invocation.console.report(problem) }

  // Blocked before the first thread starts, so that no other thread takes them.
  let stopSignals = SignalSet([SIGTERM, SIGINT])
  stopSignals.block()
  _ = signal(SIGPIPE, SIG_IGN)
  let server = try start(
    handler, address, options, threads: invocation.threads, descriptors: descriptors)
  handler.watch(server)
  let vectors = invocation.has(.makeVectors) ? try makeVectors(invocation, encoders, log) : nil
  if let vectors { handler.watch { vectors.families } }
  try announce(address, port: server.port, console: invocation.console)

  while !stopSignals.arrives(withinSeconds: 10) { handler.rest() }
  handler.beginDraining()
  vectors?.end()
  DispatchQueue.global().async {
    while !stopSignals.arrives(withinSeconds: 10) {}
    _exit(130)
  }
  server.drain()
  server.run()
  vectors?.awaitEnd()
  handler.noteStopped()
  return 0
}

/// Starts making vectors for all tenants.
private func makeVectors(
  _ invocation: Invocation, _ encoders: [Encoder], _ log: @escaping @Sendable (LogLine) -> Void
) throws(Problem) -> BackgroundVectors {
  let clock = ServiceClock.system
  let encoding = EncodingThread()
  let vectors = BackgroundVectors(
    home: invocation.home(), encoders: encoders.map(encoding.encoder),
    changesModels: encoders.count > 1, clock: clock.steady
  ) { tenant, problem in
    var line = LogLine(problem, time: clock.wall())
    line.tenant = tenant.name
    log(line)
  }
  let makes: @Sendable () -> Void = {
    vectors.run()
    encoding.end()
  }
  guard startThread({ encoding.run() }), startThread(makes) else {
    throw Problem(
      .unavailable, "The system has no thread left.",
      remedy: "Raise the limits of this process (ulimit -u).")
  }
  return vectors
}

extension BackgroundVectors {
  /// What it counts, for the metrics.
  fileprivate var families: [MetricFamily] {
    let counts = counts
    return [
      MetricFamily("loam_vectors_made_total", "Vectors of passages made.", .counter, counts.made),
      MetricFamily(
        "loam_vectors_pending", "Passages that wait for a vector, as far as is known.", .gauge,
        counts.pending),
      MetricFamily(
        "loam_vectors_per_second", "How fast the last vectors were made.", .gauge,
        counts.perSecond),
    ]
  }
}

private func start(
  _ handler: LoamHandler, _ address: ListenAddress, _ options: ServiceOptions, threads: Int,
  descriptors: Int
) throws(Problem) -> HTTPServer {
  var transport = HTTPServerOptions()
  transport.host = address.host
  transport.port = address.port
  // One more than a tenant may have at work: a burst of one leaves a thread for another, and a core to
  // tenants that have just asked.
  transport.computeThreads = threads + 1
  transport.yieldingThreads = threads
  transport.laneThreads = LaneThreads(alone: threads, contended: threads - 1)
  // What stores, files under way and the program itself may have open comes first.
  let stores = options.openStores + transport.computeThreads + transport.yieldingThreads
  transport.connectionLimit = max(64, descriptors - 3 * stores - 128)
  transport.heldOctets = min(transport.heldOctets, options.memoryOctets / 8)
  transport.limits.bodyOctets = options.bodyLimit
  do throws(HTTPServerError) {
    return try HTTPServer(transport, handler: handler)
  } catch {
    switch error {
    case .badAddress:
      throw Problem(
        .usage, "--listen needs a numeric address and a port.", place: address.text,
        remedy: "Write 127.0.0.1:8765 or [::1]:8765.")
    case .cannotListen(let number):
      let reason = unsafe String(cString: strerror(number))
      throw Problem(
        .unavailable, "The address cannot be listened on: \(reason).", place: address.text,
        remedy: "Name another port with --listen, or end what uses this one.")
    case .noResources:
      throw Problem(
        .unavailable, "The system has no descriptor or thread left.",
        remedy: "Raise the limits of this process (ulimit -n, ulimit -u).")
    }
  }
}

private func announce(
  _ address: ListenAddress, port: Int, console: Console
) throws(Problem) {
  let url = "http://\(address.bracketed):\(port)"
  guard console.isJSON else { return try console.print("Listening on \(url)") }
  var line = LogLine(.listening, time: ServiceClock.system.wall())
  line.url = url
  try console.print(line.json)
}

/// Where to listen: `HOST:PORT`, `[HOST]:PORT` for IPv6.
struct ListenAddress {
  let host: String
  let port: Int

  /// - Throws: `usage` for another form, and for an address that others reach where no proxy is meant
  ///   to be in front.
  init(_ text: String, isBehindProxy: Bool) throws(Problem) {
    let colon = text.lastIndex(of: ":")
    var host = String(text[..<(colon ?? text.startIndex)])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
    } else if host.contains(":") {
      host = ""
    }
    if host == "localhost" { host = "127.0.0.1" }
    guard let colon, let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port), !host.isEmpty
    else {
      throw Problem(
        .usage, "--listen cannot be \(printable(text)).",
        remedy: "Write 127.0.0.1:8765 or [::1]:8765.")
    }
    self.host = host
    self.port = port
    guard isBehindProxy || isLoopback else {
      throw Problem(
        .usage, "Keys would cross the network in the clear on \(printable(text)).",
        remedy: "Listen on 127.0.0.1, or put a proxy with TLS in front and say --behind-proxy.")
    }
  }

  /// 127.0.0.0/8 or ::1; what merely begins so and is no address is refused when it is bound.
  private var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

  var bracketed: String { host.contains(":") ? "[\(host)]" : host }
  var text: String { "\(bracketed):\(port)" }
}

/// Allows this process as many open files as the system does, 65,536 at most, and says how many: a
/// connection is one.
private func raiseDescriptorLimit() -> Int {
  var limit = rlimit()
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
    return 1_024
  }
  let now = limit.rlim_cur
  limit.rlim_cur = max(now, min(limit.rlim_max, 65_536))
  let isRaised = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
  return Int(clamping: isRaised ? limit.rlim_cur : now)
}
