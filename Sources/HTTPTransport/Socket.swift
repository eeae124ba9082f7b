import CLinux
import Glibc

// The system calls on sockets. Each wrapper is safe: it hands a buffer with its own length to the
// call, and the call keeps no pointer.

/// A descriptor that is closed with its last reference.
final class Descriptor: Sendable {
  let number: Int32
  init(_ number: Int32) { self.number = number }
  deinit { close(number) }
}

/// What came of an attempt to move octets.
enum Transfer: Equatable {
  case octets(Int)
  /// The other side sends no more.
  case ended
  case wouldBlock
  case failed
}

/// What came of an attempt to accept.
enum Acceptance {
  case connection(Descriptor, peer: String)
  /// Nobody waits.
  case none
  /// Whoever waited has gone.
  case vanished
  /// The process or the system has no descriptor or memory to give.
  case exhausted
}

/// The connection `socket` of a client.
struct Socket {
  let descriptor: Descriptor

  /// Without Nagle's delay, since each response is handed over whole.
  init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
    setOption(IPPROTO_TCP, TCP_NODELAY, on: descriptor.number)
  }

  /// Reads into `buffer`, and says how many of its first octets are new.
  @safe func receive(into buffer: inout [UInt8]) -> Transfer {
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      retrying { unsafe recv(descriptor.number, bytes.baseAddress, bytes.count, 0) }
    }
    return count == 0 ? .ended : Self.transfer(count)
  }

  /// Writes what is in `octets` from `offset`; a broken connection raises no signal.
  @safe func send(_ octets: [UInt8], from offset: Int) -> Transfer {
    let count = unsafe octets.withUnsafeBytes { bytes in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
      return retrying {
        unsafe Glibc.send(
          descriptor.number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
    }
    return Self.transfer(count)
  }

  /// Tells the client that nothing more comes.
  func endOutput() { shutdown(descriptor.number, Int32(SHUT_WR)) }

  private static func transfer(_ count: Int) -> Transfer {
    if count >= 0 { return .octets(count) }
    return errno == EAGAIN || errno == EWOULDBLOCK ? .wouldBlock : .failed
  }
}

private func retrying(_ call: () -> Int) -> Int {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

@safe private func setOption(_ level: Int, _ name: Int32, _ value: Int32 = 1, on socket: Int32) {
  var value = value
  let size = socklen_t(MemoryLayout<Int32>.size)
  unsafe setsockopt(socket, Int32(level), name, &value, size)
}

/// A socket that listens.
struct Listener {
  let descriptor: Descriptor
  let port: Int

  init(host: String, port: Int, backlog: Int) throws(HTTPServerError) {
    guard (0...65_535).contains(port) else { throw .badAddress }
    descriptor = try Self.bound(host: host, port: port)
    guard listen(descriptor.number, Int32(clamping: backlog)) == 0 else {
      throw .cannotListen(errno: errno)
    }
    self.port = try Self.port(of: descriptor.number)
  }

  @safe private static func bound(
    host: String, port: Int
  ) throws(HTTPServerError) -> Descriptor {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard isNumeric(host), unsafe getaddrinfo(host, "\(port)", &hints, &found) == 0,
      let address = unsafe found
    else { throw .badAddress }
    defer { unsafe freeaddrinfo(address) }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = unsafe socket(address.pointee.ai_family, kind, 0)
    guard number >= 0 else { throw .cannotListen(errno: errno) }
    let descriptor = Descriptor(number)
    setOption(Int(SOL_SOCKET), SO_REUSEADDR, on: number)
    if unsafe address.pointee.ai_family == AF_INET6 {
      setOption(IPPROTO_IPV6, IPV6_V6ONLY, 0, on: number)
    }
    guard unsafe bind(number, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
      throw .cannotListen(errno: errno)
    }
    return descriptor
  }

  /// Whether `host` is an address in its usual form; `getaddrinfo` would take `1.2.3` for one.
  @safe private static func isNumeric(_ host: String) -> Bool {
    var address = in6_addr()
    return unsafe inet_pton(AF_INET, host, &address) == 1
      || inet_pton(AF_INET6, host, &address) == 1
  }

  @safe private static func port(of number: Int32) throws(HTTPServerError) -> Int {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var text = [CChar](repeating: 0, count: 32)
    let failure = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard unsafe getsockname(number, generic, &length) == 0 else { return true }
        return unsafe getnameinfo(
          generic, length, nil, 0, &text, socklen_t(text.count), NI_NUMERICSERV) != 0
      }
    }
    let digits = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    guard !failure, let port = Int(String(decoding: digits, as: UTF8.self)) else {
      throw .cannotListen(errno: errno)
    }
    return port
  }

  /// Refuses who comes from now on; who waits and was not accepted is cut off.
  func stop() { shutdown(descriptor.number, Int32(SHUT_RDWR)) }

  @safe func accept() -> Acceptance {
    var peer = [CChar](repeating: 0, count: 64)
    let accepted = unsafe loam_accept(descriptor.number, &peer, peer.count)
    if accepted >= 0 {
      let octets = peer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return .connection(Descriptor(accepted), peer: String(decoding: octets, as: UTF8.self))
    }
    switch errno {
    // The second where another loop has stopped it.
    case EAGAIN, EINVAL: return .none
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
    default: return .vanished
    }
  }
}
