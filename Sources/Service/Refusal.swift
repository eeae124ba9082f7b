import Grounding
import HTTPTransport
import Retrieval

/// A response that is a problem, with the fields that belong to it.
struct Refusal: Error {
  var problem: Problem
  var fields: [(name: String, value: String)] = []

  init(_ problem: Problem) { self.problem = problem }

  init(
    _ code: Problem.Code, _ detail: String, place: String? = nil, remedy: String,
    fields: [(name: String, value: String)] = []
  ) {
    problem = Problem(code, detail, place: place, remedy: remedy)
    self.fields = fields
  }

  /// The same octets for a key that is missing, malformed, unknown, revoked or expired.
  static let unauthorized = Refusal(
    .unauthorized, "There is no key in the request that opens.",
    remedy: "Send Authorization: Bearer KEY, with a key that loam key add gave.",
    fields: [("WWW-Authenticate", "Bearer realm=\"loam\"")])

  /// The same octets for an id that has no form, names nothing, or names what may not be seen.
  static let noSuchItem = Refusal(
    .notFound, "There is no such item, or it may not be seen.",
    remedy: "Take the id from a result of POST /v1/retrieve.")

  /// What the transport found, in the form of the service.
  init(_ refusal: HTTPRefusal) {
    switch refusal {
    case .malformed:
      self.init(
        .badRequest, "The octets are no valid HTTP/1.1 request.",
        remedy: "Send requests as RFC 9112 writes them, with one length.")
    case .targetTooLong:
      self.init(.uriTooLong, "The request's target is too long.", remedy: "Ask with POST bodies.")
    case .fieldsTooLarge:
      self.init(
        .headersTooLarge, "The request's header is too large.", remedy: "Send fewer fields.")
    case .bodyTooLarge:
      self = .bodyTooLarge
    case .timedOut:
      self.init(
        .requestTimeout, "The request did not arrive in time.",
        remedy: "Send the whole request without a pause.")
    case .unknownCoding:
      self.init(
        .notImplemented, "The transfer coding is not known.",
        remedy: "Send chunked or with a length."
      )
    case .unknownVersion:
      self.init(
        .versionNotSupported, "The HTTP version is not known.", remedy: "Send HTTP/1.1.")
    case .unknownExpectation:
      self.init(
        .expectationFailed, "The expectation is not known.",
        remedy: "Expect 100-continue or nothing.")
    case .overloaded:
      self.init(
        .unavailable, "The service has too much to do.", remedy: "Try again in a moment.",
        fields: [("Retry-After", "1")])
    }
  }

  static let bodyTooLarge = Refusal(
    .bodyTooLarge, "The request's body is too large.", remedy: "Send one question of 4,096 octets.")

  var response: HTTPResponse {
    var response = HTTPResponse(status: problem.code.status ?? 500)
    response.fields.add("Content-Type", "application/problem+json")
    response.fields.add("Cache-Control", "no-store")
    for field in fields { response.fields.add(field.name, field.value) }
    response.body = json(ProblemDetails(problem))
    return response
  }
}

/// One of this target's shapes, which have nothing that JSON cannot say, as a line of JSON.
func json(_ value: some Encodable) -> [UInt8] { (try? sortedJSON(value)) ?? Array("{}".utf8) }
