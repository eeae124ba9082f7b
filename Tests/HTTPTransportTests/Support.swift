import HTTPTransport
import Testing

/// Octets that are given to a reader, and what must come out of it.
struct ReaderCase: Sendable, CustomTestStringConvertible {
  var name: String
  var input: [UInt8]
  var events: [RequestReader.Event]
  var limits = HTTPLimits()

  var testDescription: String { name }

  init(_ name: String, _ input: String, _ events: RequestReader.Event...) {
    self.name = name
    self.input = Array(input.utf8)
    self.events = events
  }

  init(
    _ name: String, octets: [UInt8], limits: HTTPLimits = HTTPLimits(),
    _ events: RequestReader.Event...
  ) {
    self.name = name
    self.input = octets
    self.events = events
    self.limits = limits
  }
}

/// The events of `input`, fed in pieces that end at `splits` (ascending).
func events(
  of input: [UInt8], splits: some Sequence<Int> = EmptyCollection(),
  limits: HTTPLimits = HTTPLimits()
) -> [RequestReader.Event] {
  var reader = RequestReader(limits: limits)
  var found: [RequestReader.Event] = []
  var start = 0
  func feed(to end: Int) {
    reader.feed(input.span.extracting(start..<end))
    while let event = reader.next() { found.append(event) }
    start = end
  }
  for split in splits { feed(to: split) }
  feed(to: input.count)
  return found
}

/// The event of a request with these fields (name, value, name, value ...).
func request(
  _ method: String, _ path: String, query: String? = nil, _ fields: [String] = ["Host", "h"],
  body: String = "", _ option: ConnectionOption = .persistent
) -> RequestReader.Event {
  var request = HTTPRequest(method: method, path: path, query: query, body: Array(body.utf8))
  for at in stride(from: 0, to: fields.count, by: 2) {
    request.fields.add(fields[at], fields[at + 1])
  }
  return .request(request, option)
}
