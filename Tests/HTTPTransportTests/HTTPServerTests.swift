import Glibc
import HTTPTransport
import TestSupport
import Testing

@Suite("HTTPServer", .serialized, .timeLimit(.minutes(5)))
struct HTTPServerTests {
  let handler = TestHandler()

  @Test("requests of a connection are answered one after the other")
  func keepAlive() throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    for path in ["/a", "/b", "/c"] {
      let response = try #require(client.get(path))
      #expect(response.status == 200)
      #expect(response.head.contains("\r\nPath: \(path)\r\n"))
      #expect(response.head.contains("\r\nDate: "))
    }
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
    #expect(client.response()?.text == "hello")
    client.send(chunked("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"))
    #expect(client.response()?.text == "hello")
  }

  @Test("HEAD has no body, and the next answer is found")
  func head() throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    client.send("HEAD /size/7 HTTP/1.1\r\nHost: h\r\n\r\n")
    #expect(client.response(isHead: true)?.head.contains("Content-Length: 7\r\n") == true)
    #expect(client.get("/size/3")?.text == "aaa")
  }

  @Test(
    "a connection ends where a side asks for it",
    arguments: [
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
      "GET /close HTTP/1.1\r\nHost: h\r\n\r\n",
    ])
  func close(_ text: String) throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    client.send(text + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
    #expect(client.response()?.head.contains("\r\nConnection: close\r\n") == true)
    #expect(client.hasEnded())
  }

  @Test("HTTP/1.0 stays where it is asked, and is told")
  func oldKeepAlive() throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    for _ in 0..<2 {
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      #expect(client.response()?.head.contains("\r\nConnection: keep-alive\r\n") == true)
    }
  }

  @Test("a client that ends its output still gets its answers")
  func halfClosed() throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    client.send("GET /sleep/50 HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\nGET")
    client.endOutput()
    #expect(client.response()?.status == 200)
    #expect(client.response()?.head.contains("Path: /b\r\n") == true)
    #expect(client.hasEnded())
  }

  @Test("leave to send a body comes before it, and in its turn")
  func leave() throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    client.send("GET /sleep/50 HTTP/1.1\r\nHost: h\r\n\r\n")
    client.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    #expect(client.response()?.head.contains("Path: /sleep/50\r\n") == true)
    #expect(
      client.response() == Client.Response(status: 100, head: "HTTP/1.1 100 Continue\r\n\r\n"))
    client.send("abc")
    #expect(client.response()?.text == "abc")
  }

  @Test("pipelined answers keep the order of their requests, however long each takes")
  func order() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let server = try startServer(handler) { $0.computeThreads = 8 }
    let client = try Client(server.port)
    let paths = (0..<60).map { "/sleep/\(Int.random(in: 0...9, using: &random))/\($0)" }
    client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
    for path in paths {
      let head = try #require(client.response()?.head)
      #expect(head.contains("Path: \(path)\r\n"), "seed \(seed)")
    }
  }

  @Test("a refusal comes behind the answers that are due, and then the connection ends")
  func refusalInOrder() throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    client.send("GET /sleep/50 HTTP/1.1\r\nHost: h\r\n\r\nGET\u{1} / HTTP/1.1\r\n\r\n")
    #expect(client.response()?.status == 200)
    let refusal = try #require(client.response())
    #expect(refusal.status == 400)
    #expect(refusal.text == "malformed")
    #expect(refusal.head.contains("\r\nConnection: close\r\n"))
    #expect(client.hasEnded())
    #expect(server.statistics.refusals == [.malformed: 1])
  }

  @Test("whoever sends on after a refusal still reads why")
  func lingering() throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n")
    client.send([UInt8](repeating: 0x61, count: 4_000_000))
    #expect(client.response()?.status == 413)
    #expect(client.hasEnded())
  }

  @Test("a refused client that never stops sending is cut off at the limit")
  func lingeringLimit() throws {
    let server = try startServer(handler) { $0.lingerOctets = 100_000 }
    let client = try Client(server.port)
    client.send("BAD\r\n")
    let piece = [UInt8](repeating: 0x61, count: 65_536)
    var sent = 0
    while sent < 1 << 30, client.send(piece) { sent += piece.count }
    #expect(sent < 1 << 30)
  }

  @Test(
    "it listens on either kind of address, and knows its clients'",
    arguments: [
      ("127.0.0.1", "127.0.0.1", "127.0.0.1"), ("::1", "::1", "::1"),
      ("::", "127.0.0.1", "127.0.0.1"), ("::", "::1", "::1"), ("0.0.0.0", "127.0.0.1", "127.0.0.1"),
    ])
  func addresses(_ host: String, _ target: String, _ peer: String) throws {
    let server = try startServer(handler) { $0.host = host }
    #expect(try Client(server.port, host: target).get("/peer")?.text == peer)
  }

  @Test(
    "an address that is none is an error",
    arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "::g", "::%lo"])
  func badAddress(_ host: String) {
    #expect(throws: HTTPServerError.badAddress) {
      try startServer(handler) { $0.host = host }
    }
  }

  @Test("a port that is taken or none is an error")
  func badPort() throws {
    let server = try startServer(handler)
    #expect(throws: HTTPServerError.cannotListen(errno: EADDRINUSE)) {
      try startServer(handler) { $0.port = server.port }
    }
    #expect(throws: HTTPServerError.badAddress) { try startServer(handler) { $0.port = 65_536 } }
  }

  @Test("several loops serve many clients")
  func loops() throws {
    let server = try startServer(handler) { $0.eventLoops = 4 }
    let clients = try (0..<50).map { _ in try Client(server.port) }
    for client in clients { client.send("GET /size/9 HTTP/1.1\r\nHost: h\r\n\r\n") }
    for client in clients { #expect(client.response()?.text == "aaaaaaaaa") }
    withExtendedLifetime(clients) { #expect(server.statistics.openConnections == 50) }
    #expect(server.statistics.acceptedConnections == 50)
    #expect(server.statistics.requests == 50)
    #expect(server.statistics.octetsIn == 50 * "GET /size/9 HTTP/1.1\r\nHost: h\r\n\r\n".utf8.count)
  }
}
