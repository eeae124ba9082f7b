/// The fields of a message's header, in the order of arrival; names compare without case.
package struct HTTPFields: Hashable, Sendable {
  /// Name as written, value without white space at either end.
  package private(set) var fields: [(name: String, value: String)] = []

  package init() {}

  /// Adds a field behind those there are.
  package mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

  /// The first value of `name`.
  package subscript(_ name: String) -> String? {
    fields.first { $0.name.equalsWithoutCase(name) }?.value
  }

  /// All values of `name`, in order.
  package func values(_ name: String) -> [String] {
    fields.filter { $0.name.equalsWithoutCase(name) }.map(\.value)
  }

  /// Gives the first field `name` another value.
  mutating func replace(_ name: String, _ value: String) {
    guard let at = fields.firstIndex(where: { $0.name.equalsWithoutCase(name) }) else { return }
    fields[at].value = value
  }

  package static func == (a: HTTPFields, b: HTTPFields) -> Bool {
    a.fields.elementsEqual(b.fields) { $0.name == $1.name && $0.value == $1.value }
  }

  package func hash(into hasher: inout Hasher) {
    for field in fields {
      hasher.combine(field.name)
      hasher.combine(field.value)
    }
  }
}

/// A whole request.
package struct HTTPRequest: Hashable, Sendable {
  /// As sent, such as `GET`.
  package var method: String
  /// The path of the target, percent-encoded as sent, beginning with a slash; `*` for `OPTIONS *`.
  package var path: String
  /// What stands behind the question mark.
  package var query: String?
  package var fields: HTTPFields
  package var body: [UInt8]
  /// The peer's address, without its port.
  package var peer: String

  package init(
    method: String, path: String, query: String? = nil, fields: HTTPFields = HTTPFields(),
    body: [UInt8] = [], peer: String = ""
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
    self.peer = peer
  }
}

/// A whole response; the transport adds Date, Content-Length and Connection.
package struct HTTPResponse: Hashable, Sendable {
  package var status: Int
  package var fields: HTTPFields
  /// Not sent where the request was `HEAD`.
  package var body: [UInt8]
  /// Whether the connection ends with it.
  package var closes: Bool

  package init(
    status: Int, fields: HTTPFields = HTTPFields(), body: [UInt8] = [], closes: Bool = false
  ) {
    self.status = status
    self.fields = fields
    self.body = body
    self.closes = closes
  }
}

/// Why the transport answers a request itself.
package enum HTTPRefusal: Error, Hashable, Sendable, CaseIterable {
  /// The octets are no HTTP/1.1 request, or one of a shape that invites smuggling.
  case malformed
  case targetTooLong, fieldsTooLarge, bodyTooLarge
  /// The request did not arrive in time.
  case timedOut
  /// A transfer coding other than chunked.
  case unknownCoding
  /// An HTTP version other than 1.0 and 1.1.
  case unknownVersion
  /// An expectation other than 100-continue.
  case unknownExpectation
  /// The queue of requests is full, a request has waited too long in it, or too many octets are held;
  /// worth another try.
  case overloaded

  /// The status that goes with it.
  package var status: Int {
    switch self {
    case .malformed: 400
    case .timedOut: 408
    case .bodyTooLarge: 413
    case .targetTooLong: 414
    case .unknownExpectation: 417
    case .fieldsTooLarge: 431
    case .unknownCoding: 501
    case .overloaded: 503
    case .unknownVersion: 505
    }
  }
}

extension String {
  /// Whether both are the same letters of ASCII in whatever case; all else must be equal.
  func equalsWithoutCase(_ other: String) -> Bool {
    let (mine, theirs) = (utf8, other.utf8)
    return mine.count == theirs.count && zip(mine, theirs).allSatisfy { lowered($0) == lowered($1) }
  }
}

/// What answers requests; called on compute threads, several at a time, and may take its time.
package protocol HTTPHandler: Sendable {
  func respond(to request: HTTPRequest) -> HTTPResponse
  /// The response to a request that the transport does not hand on; called on an event loop, so it
  /// must be quick.
  func refuse(_ refusal: HTTPRefusal) -> HTTPResponse
  /// Whose request it is: those of one lane wait behind each other, and lanes take turns; called on an
  /// event loop, so it must be quick.
  func lane(of request: HTTPRequest) -> String
}

extension HTTPHandler {
  /// One lane for all.
  package func lane(of request: HTTPRequest) -> String { "" }
}
