import Glibc
import HTTPTransport
import TestSupport

/// A client whose calls wait; a wait of 20 seconds is a failure, which no test comes near.
final class Client {
  private let descriptor: Int32
  private let host: String
  private var buffer: [UInt8] = []

  /// A response as it came.
  struct Response: Equatable {
    var status = 0
    var head = ""
    var body: [UInt8] = []

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  struct Unreachable: Error, Equatable { let number: Int32 }

  /// With a `receiveBuffer`, the system takes only about so many octets that are not read yet.
  convenience init(_ port: Int, host: String = "127.0.0.1", receiveBuffer: Int32? = nil) throws {
    try self.init(unconnected: host)
    if var receiveBuffer { unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
    try connect(port)
  }

  init(unconnected host: String) throws {
    self.host = host
    let family = host.contains(":") ? AF_INET6 : AF_INET
    descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Unreachable(number: errno) }
    var wait = timeval(tv_sec: 20, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, size)
  }

  func connect(_ port: Int) throws {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, "\(port)", &hints, &found) == 0, let address = unsafe found
    else { throw Unreachable(number: EINVAL) }
    defer { unsafe freeaddrinfo(address) }
    guard
      unsafe Glibc.connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
    else { throw Unreachable(number: errno) }
  }

  deinit { close(descriptor) }

  /// Sends all of it; `false` where the server does not take it.
  @discardableResult
  func send(_ octets: [UInt8]) -> Bool {
    var offset = 0
    while offset < octets.count {
      let sent = unsafe octets.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
        return unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return false }
      offset += sent
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  func get(_ path: String) -> Response? {
    send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
    return response()
  }

  func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Waits for more octets; `false` at the end, or where the connection broke or the wait was long.
  private func more() -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(descriptor, &piece, piece.count, 0)
    if count > 0 { buffer += piece[..<count] }
    return count > 0
  }

  /// The next response; `nil` where the connection ends before its last octet.
  ///
  /// - Parameter isHead: Whether it answers HEAD and so has no body.
  func response(isHead: Bool = false) -> Response? {
    let mark = Array("\r\n\r\n".utf8)
    while !buffer.contains(mark) { guard more() else { return nil } }
    guard let at = buffer.firstRange(of: mark) else { return nil }
    var response = Response()
    response.head = String(decoding: buffer[..<at.upperBound], as: UTF8.self)
    response.status = Int(response.head.dropFirst(9).prefix(3)) ?? 0
    buffer.removeSubrange(..<at.upperBound)
    let length = isHead ? 0 : response.length
    while buffer.count < length { guard more() else { return nil } }
    response.body = Array(buffer[..<length])
    buffer.removeSubrange(..<length)
    return response
  }

  /// What comes until the connection ends.
  func rest() -> [UInt8] {
    while more() {}
    defer { buffer = [] }
    return buffer
  }

  /// Whether the connection ends now, and nothing comes before.
  func hasEnded() -> Bool { rest().isEmpty }
}

extension Client.Response {
  fileprivate var length: Int {
    let line = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
    return line.flatMap { Int($0.dropFirst(16)) } ?? 0
  }
}
