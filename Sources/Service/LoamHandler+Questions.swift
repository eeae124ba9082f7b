import Grounding
import HTTPTransport
import Retrieval

extension LoamHandler {
  func retrieve(_ request: HTTPRequest, _ visit: inout Visit) throws(Refusal) -> HTTPResponse {
    try holdQuery(request)
    guard Self.isJSON(request) else {
      throw Refusal(
        .unsupportedMediaType, "The body is not declared as JSON in UTF-8.",
        remedy: "Send Content-Type: application/json, without a Content-Encoding.")
    }
    guard request.body.count <= options.bodyLimit else { throw .bodyTooLarge }
    let question: RetrievalRequest
    do throws(Problem) { question = try RetrievalRequest(json: request.body) } catch {
      throw Refusal(error)
    }
    let requestID = visit.trace.traceID
    let encoders = encoders(visit)
    let answered = try atStore(&visit) { store, caller throws(Problem) in
      try store.retriever(for: caller, encoders: encoders)
        .retrieve(question, caller: caller, requestID: requestID)
    }
    do throws(Problem) {
      return Self.response(try (answered ?? nothing(question, requestID)).json())
    } catch { throw refusal(error) }
  }

  func item(
    _ id: String, _ request: HTTPRequest, _ visit: inout Visit
  ) throws(Refusal) -> HTTPResponse {
    try holdQuery(request)
    let found = try atStore(&visit) { store, caller throws(Problem) in
      try store.snapshot.shownItem(id, caller: caller)
    }
    guard let item = found ?? nil else { throw .noSuchItem }
    do throws(Problem) { return Self.response(try item.json()) } catch {
      throw refusal(error)
    }
  }

  /// A parameter that would not be heeded is refused, as an unknown field of a body is.
  private func holdQuery(_ request: HTTPRequest) throws(Refusal) {
    guard request.query == nil else {
      throw Refusal(
        .badRequest, "The resource takes no parameters in its target.",
        remedy: "Leave out the question mark and what follows it.")
    }
  }

  private func encoders(_ visit: Visit) -> [CachingEncoder] {
    guard let key = visit.key else { return [] }
    return [model, nextModel].compactMap(\.self).map {
      CachingEncoder(model: $0, cache: cache, tenant: key.tenant, caller: key.caller)
    }
  }

  /// Runs `body` with the store of the key's tenant; `nil` where that has none.
  private func atStore<R>(
    _ visit: inout Visit, _ body: (OpenStore, Caller) throws(Problem) -> R
  ) throws(Refusal) -> R? {
    guard let key = visit.key else { throw .unauthorized }
    let clock = options.clock
    let start = clock.steady()
    var opened = start
    do throws(Problem) {
      let result = try pool.withStore(key.tenant, for: key.caller) { store throws(Problem) -> R in
        opened = clock.steady()
        return try body(store, key.caller)
      }
      visit.timings = [("store", opened - start), ("answer", clock.steady() - opened)]
      return result
    } catch {
      throw refusal(error, of: key.tenant)
    }
  }

  /// The answer for a tenant that has no store yet: that of a store in which nothing may be seen.
  ///
  /// A key can be made before anything is ingested, and an assistant has no use for the difference.
  private func nothing(_ question: RetrievalRequest, _ requestID: String) -> RetrievalResponse {
    let mode = model == nil ? .lexical : question.mode
    return RetrievalResponse(
      results: [],
      coverage: Coverage(
        passages: 0, pending: 0, mode: mode,
        vector: mode == .lexical ? nil : VectorCoverage(method: .exact, recall: 1),
        tokens: model == nil ? nil : 0),
      requestID: requestID)
  }

  /// What the caller is told of a problem, and what the log is.
  ///
  /// A store's problem names paths and codes that are the operator's business.
  private func refusal(_ problem: Problem, of tenant: Tenant? = nil) -> Refusal {
    // Without a model some questions cannot be answered; that is said of the question's field.
    let isAboutField =
      problem.code == .unavailable && ["mode", "budget_tokens"].contains(problem.place)
    if problem.code == .badRequest || isAboutField { return Refusal(problem) }
    var line = LogLine(problem, time: options.clock.wall())
    line.tenant = tenant?.name
    log(line)
    if problem.code == .internal {
      return Refusal(
        .internal, "The service has made a mistake.", remedy: "Tell the operator the request's id.")
    }
    return Refusal(
      .unavailable, "The store cannot be read now.",
      remedy: "Try again in a moment; if that does not help, the operator's log says why.",
      fields: [("Retry-After", "1")])
  }

  /// Whether the body is declared as `application/json` in UTF-8, as it is.
  private static func isJSON(_ request: HTTPRequest) -> Bool {
    let types = request.fields.values("Content-Type")
    guard types.count == 1,
      request.fields.values("Content-Encoding").allSatisfy({ $0.lowercased() == "identity" })
    else { return false }
    let parts = types[0].lowercased().split(separator: ";", omittingEmptySubsequences: false)
      .map { $0.filter { $0 != " " && $0 != "\t" } }
    return parts[0] == "application/json"
      && parts.dropFirst().allSatisfy {
        !$0.hasPrefix("charset=") || ["charset=utf-8", "charset=\"utf-8\""].contains($0)
      }
  }
}
