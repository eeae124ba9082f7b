import Grounding
import HTTPTransport

/// One request on its way through the handler, as the log and the metrics see it.
struct Visit {
  /// One of the methods that HTTP names, else `OTHER`: what a stranger sends is not logged.
  let method: String
  let trace: TraceContext
  let peer: String
  let started: Int64
  var route: Route?
  var key: Key?
  /// What the answer took, by part, in nanoseconds.
  var timings: [(name: String, nanoseconds: Int64)] = []

  init(_ request: HTTPRequest, behindProxy: Bool, started: Int64) {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
    method = known.contains(request.method) ? request.method : "OTHER"
    let contexts = request.fields.values("traceparent")
    trace = TraceContext(contexts.count == 1 ? contexts[0] : nil)
    peer = (behindProxy ? Self.forwarded(request) : nil) ?? request.peer
    self.started = started
  }

  /// The last address that `X-Forwarded-For` names: the proxy's own word, all before it is hearsay.
  private static func forwarded(_ request: HTTPRequest) -> String? {
    guard let last = request.fields.values("X-Forwarded-For").last?.split(separator: ",").last
    else { return nil }
    let address = last.filter { $0 != " " && $0 != "\t" }
    let isAddress = address.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0)
        || ".:[]".utf8.contains($0)
    }
    return isAddress && (1...64).contains(address.utf8.count) ? address : nil
  }
}
