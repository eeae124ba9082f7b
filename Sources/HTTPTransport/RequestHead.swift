/// What becomes of the connection behind a message.
package enum ConnectionOption: Hashable, Sendable {
  /// It stays, as is the rule of HTTP/1.1, and nothing is said about it.
  case persistent
  /// It stays because an HTTP/1.0 client asked for it, and is told so.
  case keptAlive
  /// It ends.
  case close
}

/// The head of a request as its lines arrive: request line, fields, and what they say of the body.
///
/// Each function gets a line without its CR LF.
///
/// - SeeAlso: RFC 9112, sections 3, 5 and 6.
struct RequestHead {
  private(set) var method = ""
  private var target: RequestTarget
  private var isOld = false
  private(set) var fields = HTTPFields()

  private var hasHost = false
  private var contentLength: Int?
  private var transferCoding: Coding?
  private var asksToClose = false
  private var asksToStay = false
  private var expectation: Expectation?

  private enum Coding { case chunked, chunkedBehindOthers }
  private enum Expectation { case toContinue, other }

  /// How the body's end is found.
  enum Framing: Equatable { case none, length(Int), chunked }

  /// Reads the request line.
  init(_ line: Span<UInt8>, limits: HTTPLimits) throws(HTTPRefusal) {
    guard let first = line.first(0x20), first > 0, first <= limits.methodOctets,
      let second = line.first(0x20, from: first + 1)
    else { throw .malformed }
    let name = line.extracting(..<first)
    guard name.isOf(.token) else { throw .malformed }
    method = name.text()
    isOld = try Self.isOldVersion(line.extracting((second + 1)...))
    target = try RequestTarget(line.extracting((first + 1)..<second), method: method)
  }

  /// `true` for HTTP/1.0, `false` for HTTP/1.1.
  private static func isOldVersion(_ octets: Span<UInt8>) throws(HTTPRefusal) -> Bool {
    guard octets.count == 8, octets[6] == 0x2E, (0x30...0x39).contains(octets[5]),
      (0x30...0x39).contains(octets[7])
    else { throw .malformed }
    guard octets.extracting(..<5).isEqual("HTTP/") else { throw .malformed }
    guard octets[5] == 0x31, octets[7] <= 0x31 else { throw .unknownVersion }
    return octets[7] == 0x30
  }

  /// Reads a field line, which is not empty.
  ///
  /// White space in front would be obsolete folding, white space before the colon hides a field
  /// from others on the way; neither is in a token, so both are malformed.
  mutating func add(_ line: Span<UInt8>) throws(HTTPRefusal) {
    let colon = try Self.checkFieldLine(line)
    let name = line.extracting(..<colon)
    let rest = line.extracting((colon + 1)...)
    let value = rest.extracting(rest.trimmed())
    try note(name, value)
    fields.add(name.text(), value.text())
  }

  /// The place of the colon of a well-formed field line.
  static func checkFieldLine(_ line: Span<UInt8>) throws(HTTPRefusal) -> Int {
    guard let colon = line.first(0x3A), colon > 0, line.extracting(..<colon).isOf(.token),
      line.extracting((colon + 1)...).isOf(.value)
    else { throw .malformed }
    return colon
  }

  /// Keeps what the transport itself needs of a field.
  private mutating func note(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(HTTPRefusal) {
    switch name.count {
    case 4 where name.isWord("host"):
      guard !hasHost, isHost(value) else { throw .malformed }
      hasHost = true
    case 6 where name.isWord("expect"):
      let isKnown = expectation == nil && value.isWord("100-continue")
      expectation = isKnown ? .toContinue : .other
    case 10 where name.isWord("connection"):
      noteConnection(value)
    case 14 where name.isWord("content-length"):
      guard contentLength == nil else { throw .malformed }
      contentLength = try Self.length(value)
    case 17 where name.isWord("transfer-encoding"):
      guard transferCoding == nil else { throw .malformed }
      transferCoding = try Self.coding(value)
    default: break
    }
  }

  private mutating func noteConnection(_ value: Span<UInt8>) {
    var start = 0
    while start <= value.count {
      let end = value.first(0x2C, from: start) ?? value.count
      let element = value.extracting(start..<end)
      let word = element.extracting(element.trimmed())
      if word.isWord("close") { asksToClose = true }
      if word.isWord("keep-alive") { asksToStay = true }
      start = end + 1
    }
  }

  /// The number that digits alone make; one that overflows is `Int.max`, above every limit.
  private static func length(_ value: Span<UInt8>) throws(HTTPRefusal) -> Int {
    guard !value.isEmpty else { throw .malformed }
    var (sum, overflows) = (0, false)
    for at in value.indices {
      guard (0x30...0x39).contains(value[at]) else { throw .malformed }
      let (product, first) = sum.multipliedReportingOverflow(by: 10)
      let (next, second) = product.addingReportingOverflow(Int(value[at] - 0x30))
      overflows = overflows || first || second
      sum = next
    }
    return overflows ? Int.max : sum
  }

  /// `chunked` must be last and stand there once; the end of the body could not be found else.
  private static func coding(_ value: Span<UInt8>) throws(HTTPRefusal) -> Coding {
    var start = 0
    var others = 0
    while true {
      let end = value.first(0x2C, from: start) ?? value.count
      let element = value.extracting(start..<end)
      let word = element.extracting(element.trimmed())
      guard !word.isEmpty else { throw .malformed }
      let isLast = end == value.count
      guard word.isWord("chunked") == isLast else { throw .malformed }
      if isLast { return others == 0 ? .chunked : .chunkedBehindOthers }
      others += 1
      start = end + 1
    }
  }

  /// Whether the client waits for `100 Continue`; HTTP/1.0 has no such thing.
  var expectsContinue: Bool { !isOld && expectation == .toContinue }

  /// Judges the whole head, and says how the body's end is found.
  func framing(_ limits: HTTPLimits) throws(HTTPRefusal) -> Framing {
    guard isOld || hasHost else { throw .malformed }
    guard transferCoding == nil || (contentLength == nil && !isOld) else { throw .malformed }
    if transferCoding == .chunkedBehindOthers { throw .unknownCoding }
    if !isOld, expectation == .other { throw .unknownExpectation }
    if transferCoding == .chunked { return .chunked }
    guard let contentLength, contentLength > 0 else { return .none }
    guard contentLength <= limits.bodyOctets else { throw .bodyTooLarge }
    return .length(contentLength)
  }

  var connection: ConnectionOption {
    if asksToClose { return .close }
    if isOld { return asksToStay ? .keptAlive : .close }
    return .persistent
  }

  /// The request with its body.
  func request(_ body: [UInt8]) -> HTTPRequest {
    var request = HTTPRequest(
      method: method, path: target.path, query: target.query, fields: fields, body: body)
    if let authority = target.authority { request.fields.replace("Host", authority) }
    return request
  }
}
