import Glibc
import HTTPTransport
import Synchronization
import TestSupport
import Testing

@Suite("HTTPServer under pressure", .serialized, .timeLimit(.minutes(5)))
struct ServerLimitTests {
  let handler = TestHandler()

  @Test("handlers that are all at work delay nobody's octets")
  func slowHandler() throws {
    handler.setGate(open: false)
    let server = try startServer(handler) { $0.computeThreads = 2 }
    let slow = try (0..<2).map { _ in try Client(server.port) }
    for client in slow { client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n") }
    handler.waitForBegun(2)
    let other = try Client(server.port)
    other.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    #expect(other.response()?.status == 100)
    let bad = try Client(server.port)
    bad.send("BAD\r\n")
    #expect(bad.response()?.status == 400)
    #expect(server.statistics.runningRequests == 2)
    handler.setGate(open: true)
    for client in slow { #expect(client.response()?.status == 200) }
    other.send("abc")
    #expect(other.response()?.text == "abc")
  }

  @Test("one slow handler delays no other request")
  func oneSlow() throws {
    handler.setGate(open: false)
    let server = try startServer(handler) { $0.computeThreads = 2 }
    let slow = try Client(server.port)
    slow.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
    handler.waitForBegun(1)
    let other = try Client(server.port)
    for _ in 0..<100 { #expect(other.get("/size/1")?.status == 200) }
    handler.setGate(open: true)
    #expect(slow.response()?.status == 200)
  }

  /// A server whose only thread is at work until the gate opens, with one request that waits for it.
  private func startBusyServer(
    _ change: (inout HTTPServerOptions) -> Void
  ) throws -> (server: HTTPServer, running: Client, queued: Client) {
    handler.setGate(open: false)
    let server = try startServer(handler) {
      $0.computeThreads = 1
      change(&$0)
    }
    let running = try Client(server.port)
    running.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
    handler.waitForBegun(1)
    let queued = try Client(server.port)
    queued.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
    waitUntil { server.statistics.queuedRequests == 1 }
    return (server, running, queued)
  }

  @Test("a full queue refuses with Retry-After, and the connection stays")
  func fullQueue() throws {
    let (server, running, queued) = try startBusyServer { $0.queueLength = 1 }
    let refused = try Client(server.port)
    let refusal = try #require(refused.get("/"))
    #expect(refusal.status == 503)
    #expect(refusal.head.contains("\r\nRetry-After: 1\r\n"))
    refused.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
    #expect(refused.response(isHead: true)?.status == 503)
    #expect(server.statistics.refusals == [.overloaded: 2])
    handler.setGate(open: true)
    #expect(running.response()?.status == 200)
    #expect(queued.response()?.status == 200)
    #expect(refused.get("/")?.status == 200)
  }

  @Test("a lane that fills the queue and its threads delays no other's request")
  func lanes() throws {
    handler.setGate(open: false)
    let server = try startServer(handler) {
      $0.computeThreads = 2
      $0.laneThreads = LaneThreads(alone: 1)
      $0.queueLength = 3
    }
    let burst = try (0..<4).map { _ in try Client(server.port) }
    burst[0].send("GET /gate HTTP/1.1\r\nHost: h\r\nLane: a\r\n\r\n")
    handler.waitForBegun(1)
    for (index, client) in burst.dropFirst().enumerated() {
      client.send("GET /gate HTTP/1.1\r\nHost: h\r\nLane: a\r\n\r\n")
      waitUntil { server.statistics.queuedRequests == index + 1 }
    }
    let other = try Client(server.port)
    other.send("GET /size/1 HTTP/1.1\r\nHost: h\r\nLane: b\r\n\r\n")
    #expect(other.response()?.status == 200)
    // Its place was that of the last of the burst.
    let refusal = try #require(burst[3].response())
    #expect(refusal.status == 503)
    #expect(refusal.head.contains("\r\nRetry-After: 1\r\n"))
    #expect(server.statistics.refusals == [.overloaded: 1])
    handler.setGate(open: true)
    for client in burst.prefix(3) { #expect(client.response()?.status == 200) }
  }

  @Test("a request that has waited too long is refused, and not worked on")
  func waitedTooLong() throws {
    let (server, running, queued) = try startBusyServer { $0.queueSeconds = 1 }
    // As long as it may wait, from now on: it came before.
    usleep(1_000_000)
    handler.setGate(open: true)
    #expect(running.response()?.status == 200)
    let refusal = try #require(queued.response())
    #expect(refusal.status == 503)
    #expect(refusal.head.contains("\r\nRetry-After: 1\r\n"))
    #expect(server.statistics.refusals == [.overloaded: 1])
    #expect(handler.begun.load(ordering: .sequentiallyConsistent) == 1)
    #expect(queued.get("/")?.status == 200)
  }

  @Test("only so many requests of a connection are at work; the others wait unread")
  func pipelineLimit() throws {
    handler.setGate(open: false)
    let server = try startServer(handler) {
      $0.computeThreads = 8
      $0.limits.pipelinedRequests = 3
    }
    let client = try Client(server.port)
    client.send(String(repeating: "GET /gate HTTP/1.1\r\nHost: h\r\n\r\n", count: 10))
    handler.waitForBegun(3)
    usleep(50_000)
    #expect(server.statistics.requests == 3)
    handler.setGate(open: true)
    for _ in 0..<10 { #expect(client.response()?.status == 200) }
    #expect(server.statistics.requests == 10)
  }

  @Test("a client that sends an octet now and then ends at its limit with 408, and delays nobody")
  func slowClient() throws {
    let server = try startServer(handler) { $0.headSeconds = 0.5 }
    let slow = try Client(server.port)
    let other = try Client(server.port)
    // As many octets as would take far longer than the limit; the server must end it.
    var wasCut = false
    for _ in 0..<2_000 where !wasCut {
      wasCut = !slow.send("G") || server.statistics.refusals[.timedOut] == 1
      #expect(other.get("/")?.status == 200)
      usleep(10_000)
    }
    #expect(slow.response()?.status == 408)
    #expect(server.statistics.refusals == [.timedOut: 1])
  }

  @Test("a body that does not come ends with 408")
  func slowBody() throws {
    let server = try startServer(handler) { $0.bodySeconds = 0.2 }
    let client = try Client(server.port)
    client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na")
    #expect(client.response()?.status == 408)
    #expect(client.hasEnded())
  }

  @Test("who says nothing is closed without a word: at first, and between requests")
  func idle() throws {
    let server = try startServer(handler) {
      $0.headSeconds = 0.2
      $0.idleSeconds = 0.2
    }
    #expect(try Client(server.port).hasEnded())
    let client = try Client(server.port)
    #expect(client.get("/")?.status == 200)
    #expect(client.hasEnded())
    #expect(server.statistics.refusals.isEmpty)
  }

  @Test("time at work is not counted against the client")
  func longWork() throws {
    let server = try startServer(handler) {
      $0.headSeconds = 0.1
      $0.bodySeconds = 0.1
      $0.idleSeconds = 0.1
      $0.writeSeconds = 0.1
    }
    #expect(try Client(server.port).get("/sleep/600")?.status == 200)
  }

  @Test("a client that does not read is ended at its limit, and holds no more than a bound")
  func stalledReader() throws {
    let server = try startServer(handler) {
      $0.writeSeconds = 0.5
      $0.outputOctets = 200_000
    }
    let client = try Client(server.port, receiveBuffer: 4_096)
    let requests = String(repeating: "GET /size/100000 HTTP/1.1\r\nHost: h\r\n\r\n", count: 2_000)
    client.send(requests)
    // It is counted first and closed then, by another thread than this one.
    waitUntil {
      server.statistics.stalledConnections == 1 && server.statistics.openConnections == 0
    }
    #expect(server.statistics.stalledConnections == 1)
    #expect(server.statistics.openConnections == 0)
    // What the system keeps (a few MB), what one client may hold, and one answer more.
    #expect(handler.answered.load(ordering: .sequentiallyConsistent) < 200)
  }

  @Test("a client that reads slowly but steadily gets all of it")
  func slowReader() throws {
    let server = try startServer(handler) { $0.writeSeconds = 2 }
    let client = try Client(server.port, receiveBuffer: 16_384)
    client.send("GET /size/6000000 HTTP/1.1\r\nHost: h\r\n\r\n")
    usleep(300_000)
    #expect(client.response()?.body.count == 6_000_000)
    #expect(server.statistics.stalledConnections == 0)
  }

  @Test("bodies that wait for their ends are bounded for all connections together")
  func heldOctets() throws {
    let server = try startServer(handler) { $0.heldOctets = 100_000 }
    let half = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n"
    let first = try Client(server.port)
    first.send(half + String(repeating: "a", count: 59_999))
    waitUntil { server.statistics.octetsIn > 59_999 }
    let second = try Client(server.port)
    second.send(half + String(repeating: "a", count: 59_999))
    #expect(second.response()?.status == 503)
    first.send("a")
    #expect(first.response()?.body.count == 60_000)
  }

  @Test("above the limit on connections, new ones wait, and idle ones make room")
  func connectionLimit() throws {
    handler.setGate(open: false)
    let server = try startServer(handler) {
      $0.connectionLimit = 2
      $0.computeThreads = 2
    }
    let first = try Client(server.port)
    let second = try Client(server.port)
    for client in [first, second] { client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n") }
    handler.waitForBegun(2)
    let third = try Client(server.port)
    third.send("GET /size/1 HTTP/1.1\r\nHost: h\r\n\r\n")
    usleep(100_000)
    #expect(server.statistics.acceptedConnections == 2)
    handler.setGate(open: true)
    #expect(first.response()?.status == 200)
    #expect(second.response()?.status == 200)
    #expect(third.response()?.status == 200)
    #expect(server.statistics.openConnections <= 2)
    #expect(server.statistics.acceptedConnections == 3)
  }
}
