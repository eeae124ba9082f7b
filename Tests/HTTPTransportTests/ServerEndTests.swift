import Dispatch
import Glibc
import HTTPTransport
import Synchronization
import TestSupport
import Testing

@Suite("HTTPServer at its end", .serialized, .timeLimit(.minutes(5)))
struct ServerEndTests {
  let handler = TestHandler()

  @Test("draining finishes what is under way, closes what is idle, and accepts no more")
  func drain() throws {
    handler.setGate(open: false)
    let server = try startServer(handler)
    let idle = try Client(server.port)
    #expect(idle.get("/")?.status == 200)
    let working = try Client(server.port)
    working.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\n\r\n")
    handler.waitForBegun(3)
    let half = try Client(server.port)
    half.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na")
    waitUntil { server.statistics.openConnections == 3 }
    server.drain()
    #expect(idle.hasEnded())
    half.send("bc")
    let last = try #require(half.response())
    #expect(last.text == "abc")
    #expect(last.head.contains("\r\nConnection: close\r\n"))
    #expect(half.hasEnded())
    #expect(throws: Client.Unreachable(number: ECONNREFUSED)) { try Client(server.port) }
    handler.setGate(open: true)
    #expect(working.response()?.head.contains("Path: /gate\r\n") == true)
    #expect(working.response()?.head.contains("Path: /second\r\n") == true)
    #expect(working.hasEnded())
    server.run()
    #expect(server.statistics.openConnections == 0)
  }

  @Test("who has just come when draining begins is still served")
  func lateComer() throws {
    let server = try startServer(handler)
    let client = try Client(server.port)
    waitUntil { server.statistics.openConnections == 1 }
    server.drain()
    #expect(client.get("/")?.status == 200)
    #expect(client.hasEnded())
    server.run()
  }

  @Test("a handler that does not end holds the server no longer than its limit")
  func stuckHandler() throws {
    handler.setGate(open: false)
    defer { handler.setGate(open: true) }
    let server = try startServer(handler) { $0.drainSeconds = 0.3 }
    let client = try Client(server.port)
    client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
    handler.waitForBegun(1)
    server.drain()
    server.run()
    #expect(client.hasEnded())
  }

  @Test("draining twice, or without a client, is no matter")
  func twice() throws {
    let server = try startServer(handler)
    server.drain()
    server.drain()
    server.run()
    server.run()
  }

  @Test("draining under load: every request that was handled is answered, none by half")
  func underLoad() throws {
    for loops in [1, 3] {
      let server = try startServer(handler) { $0.eventLoops = loops }
      let before = handler.answered.load(ordering: .sequentiallyConsistent)
      let load = Load(port: server.port, clients: 16)
      waitUntil { handler.answered.load(ordering: .sequentiallyConsistent) > before + 500 }
      server.drain()
      server.run()
      load.waitForEnd()
      let answered = handler.answered.load(ordering: .sequentiallyConsistent) - before
      #expect(answered > 500)
      #expect(load.received.load(ordering: .sequentiallyConsistent) == answered)
      #expect(load.broken.load(ordering: .sequentiallyConsistent) == 0)
    }
  }

  @Test("a server that nobody holds any longer ends")
  func dropped() throws {
    var server: HTTPServer? = try startServer(handler)
    let client = try Client(try #require(server).port)
    #expect(client.get("/")?.status == 200)
    server = nil
    #expect(client.hasEnded())
  }
}

/// Clients that ask one request after the other until the connection ends.
private final class Load: Sendable {
  let received = Atomic(0)
  /// Answers that ended before their last octet.
  let broken = Atomic(0)
  private let group = DispatchGroup()

  init(port: Int, clients: Int) {
    for _ in 0..<clients {
      // Threads of their own, since those that tests share may not wait.
      let thread = DispatchQueue(label: "client")
      thread.async(group: group) { self.ask(port) }
    }
  }

  private func ask(_ port: Int) {
    guard let client = try? Client(port) else { return }
    while true {
      guard let response = client.get("/size/20000") else { break }
      received.wrappingAdd(1, ordering: .sequentiallyConsistent)
      if response.body.count != 20_000 { broken.wrappingAdd(1, ordering: .sequentiallyConsistent) }
    }
    if !client.hasEnded() { broken.wrappingAdd(1, ordering: .sequentiallyConsistent) }
  }

  func waitForEnd() { group.wait() }
}
