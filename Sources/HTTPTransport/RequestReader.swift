/// Reads the requests of one connection: octets in, events out.
///
/// A pure state machine: the events depend on the octets alone, not on how they are split. After a
/// refusal it reads nothing more, since where the next request begins is not known.
///
/// Chunk extensions and trailers are read within limits and left out of the request, as RFC 9112
/// (sections 7.1.1 and 7.1.2) allows.
///
/// - SeeAlso: RFC 9110, RFC 9112.
package struct RequestReader: Sendable {
  package enum Event: Hashable, Sendable {
    /// The head of a request is read, a body follows, and its sender waits for `100 Continue`.
    case continueExpected
    /// A whole request, and what its sender wants of the connection.
    case request(HTTPRequest, ConnectionOption)
    case refused(HTTPRefusal)
  }

  /// What is being read.
  package enum Phase: Hashable, Sendable { case idle, head, body, refused }

  private enum State {
    case requestLine, fieldLine
    case body(remaining: Int)
    case chunkLine, chunk(remaining: Int), chunkEnd, trailer
    case refused
  }

  private let limits: HTTPLimits
  private var state = State.requestLine
  private var buffer: [UInt8] = []
  /// The first octet of `buffer` that is not read.
  private var start = 0
  /// Where the search for the line's end goes on, so that no octet is searched twice.
  private var searched = 0

  private var skipsEmptyLine = true
  private var head: RequestHead?
  private var fieldCount = 0
  private var fieldOctets = 0
  private var extensionOctets = 0
  private var body: [UInt8] = []

  package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

  package var phase: Phase {
    switch state {
    case .requestLine: start == buffer.count && skipsEmptyLine ? .idle : .head
    case .fieldLine: .head
    case .body, .chunkLine, .chunk, .chunkEnd, .trailer: .body
    case .refused: .refused
    }
  }

  /// Octets in memory that wait to be understood or belong to a request that is not whole.
  package var heldOctets: Int { buffer.count - start + body.count }

  /// Takes octets behind those before; call ``next()`` until it has nothing.
  package mutating func feed(_ octets: Span<UInt8>) {
    if case .refused = state { return }
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= 4_096)
    } else if start > 0 {
      buffer.removeSubrange(..<start)
    }
    searched -= start
    start = 0
    buffer.append(octets)
  }

  /// The next event, or `nil` until there are more octets.
  package mutating func next() -> Event? {
    do {
      while start < buffer.count {
        if let event = try step() { return event }
        if isWaiting { return nil }
      }
      return nil
    } catch {
      refuse()
      return .refused(error)
    }
  }

  /// Reads nothing more: the request cannot be waited for.
  package mutating func refuse() {
    state = .refused
    (buffer, body, head) = ([], [], nil)
    (start, searched) = (0, 0)
  }

  /// Whether the last step lacked octets.
  private var isWaiting = false

  private mutating func step() throws(HTTPRefusal) -> Event? {
    isWaiting = false
    switch state {
    case .requestLine: try readRequestLine()
    case .fieldLine: return try readFieldLine()
    case .body(let remaining): return readBody(remaining)
    case .chunkLine: try readChunkLine()
    case .chunk(let remaining): readChunk(remaining)
    case .chunkEnd: try readChunkEnd()
    case .trailer: return try readTrailerLine()
    case .refused: isWaiting = true
    }
    return nil
  }

  /// The bounds of the next line without its CR LF, which is then behind `start`; `nil` until it is
  /// whole.
  ///
  /// Its length is judged before its content and before it is whole, in a way that the split does
  /// not change: without its last octet (which may be the CR) it is no longer than `limit`.
  private mutating func takeLine(
    limit: Int, orThrow refusal: HTTPRefusal
  ) throws(HTTPRefusal) -> Range<Int>? {
    let begin = start
    let found = buffer.span.first(0x0A, from: searched)
    let end = found ?? buffer.count
    guard end - begin <= limit + 1 else { throw refusal }
    guard let found else {
      searched = end
      isWaiting = true
      return nil
    }
    guard found > begin, buffer[found - 1] == 0x0D else { throw .malformed }
    start = found + 1
    searched = start
    return begin..<(found - 1)
  }
}

// The head.
extension RequestReader {
  private mutating func readRequestLine() throws(HTTPRefusal) {
    // At once, so that whoever speaks another protocol (TLS) need not wait for its time to end.
    guard buffer[start] == 0x0D || CharacterClass.of(buffer[start]).contains(.token) else {
      throw .malformed
    }
    guard
      let line = try takeLine(limit: limits.requestLineOctets, orThrow: .targetTooLong)
    else { return }
    if line.isEmpty {
      // RFC 9112, section 2.2: some clients send one behind a body.
      guard skipsEmptyLine else { throw .malformed }
      skipsEmptyLine = false
      return
    }
    head = try RequestHead(buffer.span.extracting(line), limits: limits)
    (fieldCount, fieldOctets, extensionOctets) = (0, 0, 0)
    state = .fieldLine
  }

  private mutating func readFieldLine() throws(HTTPRefusal) -> Event? {
    let room = min(limits.fieldLineOctets, limits.fieldOctets - fieldOctets)
    guard let line = try takeLine(limit: room, orThrow: .fieldsTooLarge) else { return nil }
    if line.isEmpty { return try finishHead() }
    fieldOctets += line.count
    fieldCount += 1
    guard fieldCount <= limits.fieldCount else { throw .fieldsTooLarge }
    // Moved out and back, as a span of one property keeps the others from being changed.
    guard var growing = head.take() else { return nil }
    try growing.add(buffer.span.extracting(line))
    head = growing
    return nil
  }

  private mutating func finishHead() throws(HTTPRefusal) -> Event? {
    guard let head else { return nil }
    switch try head.framing(limits) {
    case .none: return finishRequest()
    case .length(let length):
      state = .body(remaining: length)
      body.reserveCapacity(min(length, buffer.count - start))
    case .chunked:
      state = .chunkLine
    }
    return head.expectsContinue ? .continueExpected : nil
  }

  private mutating func finishRequest() -> Event? {
    guard let finished = head else { return nil }
    let event = Event.request(finished.request(body), finished.connection)
    (head, body, state, skipsEmptyLine) = (nil, [], .requestLine, true)
    return event
  }
}

// The body.
extension RequestReader {
  /// Moves up to `wanted` octets into the body and says how many.
  private mutating func takeBody(_ wanted: Int) -> Int {
    let count = min(wanted, buffer.count - start)
    var growing = exchange(&body, with: [])
    growing.append(buffer.span.extracting(start..<(start + count)))
    body = growing
    start += count
    searched = start
    return count
  }

  private mutating func readBody(_ remaining: Int) -> Event? {
    let rest = remaining - takeBody(remaining)
    state = .body(remaining: rest)
    return rest == 0 ? finishRequest() : nil
  }

  private mutating func readChunkLine() throws(HTTPRefusal) {
    guard let line = try takeLine(limit: limits.chunkLineOctets, orThrow: .malformed) else {
      return
    }
    let (size, extensions) = try chunkSize(buffer.span.extracting(line))
    extensionOctets += extensions
    guard extensionOctets <= limits.chunkExtensionOctets else { throw .malformed }
    guard size <= limits.bodyOctets - body.count else { throw .bodyTooLarge }
    (fieldCount, fieldOctets) = (0, 0)
    state = size == 0 ? .trailer : .chunk(remaining: size)
  }

  private mutating func readChunk(_ remaining: Int) {
    let rest = remaining - takeBody(remaining)
    state = rest == 0 ? .chunkEnd : .chunk(remaining: rest)
  }

  private mutating func readChunkEnd() throws(HTTPRefusal) {
    guard buffer[start] == 0x0D else { throw .malformed }
    guard start + 1 < buffer.count else {
      isWaiting = true
      return
    }
    guard buffer[start + 1] == 0x0A else { throw .malformed }
    start += 2
    searched = start
    state = .chunkLine
  }

  private mutating func readTrailerLine() throws(HTTPRefusal) -> Event? {
    let room = limits.trailerOctets - fieldOctets
    guard let line = try takeLine(limit: room, orThrow: .fieldsTooLarge) else { return nil }
    if line.isEmpty { return finishRequest() }
    fieldOctets += line.count
    fieldCount += 1
    guard fieldCount <= limits.fieldCount else { throw .fieldsTooLarge }
    _ = try RequestHead.checkFieldLine(buffer.span.extracting(line))
    return nil
  }
}

/// The size that begins a chunk's line, and how many octets of extensions are behind it.
///
/// Sizes above `Int.max` are `Int.max`, which is above every limit.
private func chunkSize(_ line: Span<UInt8>) throws(HTTPRefusal) -> (Int, extensions: Int) {
  var at = 0
  var size = 0
  while at < line.count, let digit = hexadecimal(line[at]) {
    size = size > Int.max >> 4 ? Int.max : size << 4 | Int(digit)
    at += 1
  }
  guard at > 0 else { throw .malformed }
  let rest = line.extracting(at...)
  guard rest.isOf(.value) else { throw .malformed }
  let trimmed = rest.trimmed()
  guard rest.isEmpty || (!trimmed.isEmpty && rest[trimmed.lowerBound] == 0x3B) else {
    throw .malformed
  }
  return (size, rest.count)
}
