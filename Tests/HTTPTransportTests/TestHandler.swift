import Glibc
import HTTPTransport
import Synchronization

/// Answers by path: `/gate` when the gate is open, `/sleep/N` after N milliseconds, `/size/N` with N
/// octets, `/peer` with the client's address, all else with the request's body; in the lane that the field
/// `Lane` names.
final class TestHandler: HTTPHandler {
  let isOpen = Atomic(true)
  /// Requests that the handler was called for, and those it has answered.
  let begun = Atomic(0)
  let answered = Atomic(0)

  func respond(to request: HTTPRequest) -> HTTPResponse {
    begun.wrappingAdd(1, ordering: .sequentiallyConsistent)
    defer { answered.wrappingAdd(1, ordering: .sequentiallyConsistent) }
    let parts = request.path.split(separator: "/")
    let number = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    var response = HTTPResponse(status: 200, body: request.body)
    switch parts.first {
    case "gate": waitUntil { isOpen.load(ordering: .sequentiallyConsistent) }
    case "sleep": usleep(UInt32(number) * 1000)
    case "size": response.body = [UInt8](repeating: 0x61, count: number)
    case "peer": response.body = Array(request.peer.utf8)
    case "close": response.closes = true
    case "method": response.body = Array(request.method.utf8)
    default: break
    }
    response.fields.add("Path", request.path)
    return response
  }

  func refuse(_ refusal: HTTPRefusal) -> HTTPResponse {
    var response = HTTPResponse(status: refusal.status, body: Array("\(refusal)".utf8))
    if refusal == .overloaded { response.fields.add("Retry-After", "1") }
    return response
  }

  func lane(of request: HTTPRequest) -> String { request.fields["Lane"] ?? "" }

  func setGate(open: Bool) { isOpen.store(open, ordering: .sequentiallyConsistent) }

  /// Waits until the handler was called so often.
  func waitForBegun(_ count: Int) {
    waitUntil { begun.load(ordering: .sequentiallyConsistent) >= count }
  }
}

/// Waits until something holds, for half a minute at most; tests then fail by what they expect.
func waitUntil(_ holds: () -> Bool) {
  for _ in 0..<30_000 where !holds() { usleep(1000) }
}

/// A server on a free port of loopback.
func startServer(
  _ handler: TestHandler, _ change: (inout HTTPServerOptions) -> Void = { _ in }
) throws -> HTTPServer {
  var options = HTTPServerOptions()
  options.drainSeconds = 20
  change(&options)
  return try HTTPServer(options, handler: handler)
}
