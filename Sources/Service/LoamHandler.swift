import Grounding
package import HTTPTransport
package import Partition
package import Retrieval
import Synchronization

/// Answers the requests of the service: a request in, a response out, without a socket.
///
/// The tenant and the caller come from the key alone. Every way out is a response of the OpenAPI
/// description, every problem a `application/problem+json`.
package final class LoamHandler: HTTPHandler {
  let home: LoamHome
  let model: (any QueryEncoder & Sendable)?
  /// What is to take the place of ``model``, store by store.
  let nextModel: (any QueryEncoder & Sendable)?
  let options: ServiceOptions
  let keys: KeyStore
  let limiter: RateLimiter
  let cache: VectorCache
  let pool: StorePool
  let metrics = Metrics()
  let log: @Sendable (LogLine) -> Void
  let isDraining = Atomic(false)
  private let watched = Mutex<[@Sendable () -> [MetricFamily]]>([])

  /// - Parameters:
  ///   - model: `nil` where there is none to use: then words alone score, and the service is not ready.
  ///   - nextModel: asks those stores whose vectors are its own.
  ///   - log: called from several threads.
  package init(
    home: LoamHome, model: (any QueryEncoder & Sendable)?,
    nextModel: (any QueryEncoder & Sendable)? = nil, options: ServiceOptions,
    log: @escaping @Sendable (LogLine) -> Void
  ) {
    self.home = home
    self.model = model
    self.nextModel = nextModel
    self.options = options
    self.log = log
    let clock = options.clock
    keys = KeyStore(home: home, clock: clock) { log(LogLine($0, time: clock.wall())) }
    limiter = RateLimiter(ratePerSecond: options.ratePerSecond)
    cache = VectorCache(octetLimit: options.vectorCacheOctets)
    pool = StorePool(home: home, options: options)
  }

  /// Adds what others of the process count to the metrics.
  package func watch(_ families: @escaping @Sendable () -> [MetricFamily]) {
    watched.withLock { $0.append(families) }
  }

  /// From now on `/health/ready` says no, so that a proxy sends nobody here any more.
  package func beginDraining() {
    isDraining.store(true, ordering: .relaxed)
    log(LogLine(.draining, time: options.clock.wall()))
  }

  /// Closes stores that nobody asked for a while; to be called now and then.
  package func rest() { pool.closeIdle() }

  package func respond(to request: HTTPRequest) -> HTTPResponse {
    metrics.begin()
    var visit = Visit(
      request, behindProxy: options.isBehindProxy, started: options.clock.steady())
    var response: HTTPResponse
    do throws(Refusal) {
      response = try answer(request, &visit)
    } catch {
      response = error.response
    }
    let taken = options.clock.steady() - visit.started
    response.fields.add("traceparent", visit.trace.header)
    if visit.key?.scope == .operator {
      response.fields.add("Server-Timing", Self.timings(visit, total: taken))
    }
    metrics.end(
      route: visit.route?.rawValue ?? "none", status: response.status, seconds: Double(taken) / 1e9)
    log(line(visit, response, taken))
    return response
  }

  package func refuse(_ refusal: HTTPRefusal) -> HTTPResponse {
    let refusal = Refusal(refusal)
    metrics.refuse(refusal.problem.code)
    var response = refusal.response
    response.closes = true
    var line = LogLine(.refusal, time: options.clock.wall())
    line.status = response.status
    line.code = refusal.problem.code.rawValue
    log(line)
    return response
  }

  /// The tenant whose key the request shows, so that tenants take turns; strangers have a lane of their
  /// own.
  ///
  /// By the keys that were read last: a key of later waits among the strangers once.
  package func lane(of request: HTTPRequest) -> String {
    let values = request.fields.values("Authorization")
    guard values.count == 1 else { return "" }
    return keys.latestKey(authorization: values[0])?.tenant.name ?? ""
  }

  var watchedFamilies: [MetricFamily] { watched.withLock { $0 }.flatMap { $0() } }

  private func answer(
    _ request: HTTPRequest, _ visit: inout Visit
  ) throws(Refusal) -> HTTPResponse {
    guard let (route, id) = Route.find(request.path) else {
      throw Refusal(
        .notFound, "There is no such resource.", remedy: "Schemas/openapi.json lists the resources."
      )
    }
    visit.route = route
    guard route.methods.contains(request.method) else {
      let allowed = route.methods.joined(separator: ", ")
      throw Refusal(
        .methodNotAllowed, "The resource does not take this method.", remedy: "Use \(allowed).",
        fields: [("Allow", allowed)])
    }
    if route.door != .open { try admit(request, route, &visit) }
    switch route {
    case .retrieve: return try retrieve(request, &visit)
    case .item: return try item(id, request, &visit)
    case .live: return Self.response(json(HealthReport(status: "live")))
    case .ready: return try ready()
    case .version: return Self.response(json(versionReport))
    case .metrics: return metricsResponse()
    }
  }

  /// Finds the key, and takes one request from its rate.
  private func admit(
    _ request: HTTPRequest, _ route: Route, _ visit: inout Visit
  ) throws(Refusal) {
    // Two keys in one request are none: nobody may guess which one counts.
    let values = request.fields.values("Authorization")
    guard let key = keys.key(authorization: values.count == 1 ? values[0] : nil) else {
      throw Refusal.unauthorized
    }
    visit.key = key
    if let seconds = limiter.secondsToWait(key.id, now: options.clock.steady()) {
      throw Refusal(
        .rateLimited, "The key has asked too often.",
        remedy: "Ask again after the seconds in Retry-After.",
        fields: [("Retry-After", String(seconds))])
    }
    if route.door == .operatorKey, key.scope != .operator {
      throw Refusal(
        .forbidden, "The key is not an operator's.",
        remedy: "Use a key that was made with loam key add --operator.")
    }
  }

  private func line(_ visit: Visit, _ response: HTTPResponse, _ taken: Int64) -> LogLine {
    var line = LogLine(.request, time: options.clock.wall())
    line.method = visit.method
    line.route = visit.route?.rawValue
    line.status = response.status
    line.octets = response.body.count
    line.milliseconds = (Double(taken) / 1e4).rounded() / 100
    line.requestID = visit.trace.traceID
    line.key = visit.key?.id
    line.tenant = visit.key?.tenant.name
    line.peer = visit.peer.isEmpty ? nil : visit.peer
    return line
  }

  private static func timings(_ visit: Visit, total: Int64) -> String {
    (visit.timings + [("total", total)]).map { name, nanoseconds in
      "\(name);dur=\((Double(nanoseconds) / 1e4).rounded() / 100)"
    }.joined(separator: ", ")
  }

  static func response(
    _ body: [UInt8], type: String = "application/json"
  ) -> HTTPResponse {
    var response = HTTPResponse(status: 200, body: body)
    response.fields.add("Content-Type", type)
    response.fields.add("Cache-Control", "no-store")
    return response
  }
}
