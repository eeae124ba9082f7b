import Glibc
import HTTPTransport
import TestSupport
import Testing

/// Each in a process of its own, since descriptors and memory are counted.
@Suite("HTTPServer's resources", .serialized, .timeLimit(.minutes(10)))
struct ServerResourceTests {
  /// 200 connections; 10,000 where `LOAM_MEASURE=1`, or as many as `LOAM_CONNECTIONS` says.
  @Test("connections of a MiB of random octets end with a refusal or closed, and nothing is left")
  func randomOctets() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      let connections =
        Corpora.environment("LOAM_CONNECTIONS").flatMap { Int($0) }
        ?? (Corpora.environment("LOAM_MEASURE") == "1" ? 10_000 : 200)
      var noise = Noise(seed: RandomSource.seedFromEnvironment())
      let handler = TestHandler()
      let server = try startServer(handler)
      // What is made once (queues, caches of the system) is there after a few.
      for _ in 0..<20 { sendNoise(&noise, to: server.port) }
      waitUntil { server.statistics.openConnections == 0 }
      let (descriptors, memory) = (openDescriptors(), residentOctets())
      for _ in 0..<connections { sendNoise(&noise, to: server.port) }
      waitUntil { server.statistics.openConnections == 0 }
      #expect(openDescriptors() == descriptors)
      #expect(residentOctets() < memory + 64 << 20)
      #expect(server.statistics.acceptedConnections == connections + 20)
      #expect(server.statistics.refusals == [.malformed: connections + 20])
      #expect(try Client(server.port).get("/")?.status == 200)
      print("random octets: \(server.statistics), RSS \(memory) -> \(residentOctets()) octets")
      server.drain()
      server.run()
    }
    let output = result.map { String(decoding: $0.standardOutputContent, as: UTF8.self) } ?? ""
    if Corpora.environment("LOAM_MEASURE") == "1" { print(output) }
  }

  @Test("a thousand connections at once are all served, and all descriptors come back")
  func thousand() async {
    await #expect(processExitsWith: .success) {
      guard allowDescriptors(2_200) else { return }
      let handler = TestHandler()
      let server = try startServer(handler)
      let before = openDescriptors()
      var clients: [Client] = []
      for _ in 0..<1_000 { clients.append(try Client(server.port)) }
      for round in 1...3 {
        for client in clients { client.send("GET /size/100 HTTP/1.1\r\nHost: h\r\n\r\n") }
        let served = clients.count { $0.response()?.status == 200 }
        #expect(served == 1_000, "round \(round)")
      }
      #expect(server.statistics.openConnections == 1_000)
      #expect(server.statistics.refusals.isEmpty)
      clients = []
      waitUntil { server.statistics.openConnections == 0 }
      #expect(openDescriptors() == before)
      server.drain()
      server.run()
      waitUntil { openDescriptors() < before }
      #expect(openDescriptors() < before)
    }
  }

  @Test("without descriptors new clients wait, and are served when some come back")
  func noDescriptors() async {
    await #expect(processExitsWith: .success) {
      let handler = TestHandler()
      let server = try startServer(handler)
      #expect(try Client(server.port).get("/")?.status == 200)
      waitUntil { server.statistics.openConnections == 0 }
      let clients = try (0..<20).map { _ in try Client(unconnected: "127.0.0.1") }
      limitDescriptors(openDescriptors() + 8)
      for client in clients { try client.connect(server.port) }
      waitUntil { server.statistics.openConnections > 0 }
      usleep(100_000)
      #expect((1...8).contains(server.statistics.openConnections))
      for client in clients { client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
      #expect(clients.count { $0.response()?.status == 200 } == 20)
      #expect(server.statistics.acceptedConnections == 21)
      server.drain()
      server.run()
    }
  }
}

/// A MiB of random octets, in four forms.
private struct Noise {
  private var random: RandomSource
  private var form = 0
  private static let size = 1 << 20

  init(seed: UInt64) {
    print("seed \(seed)")
    random = RandomSource(seed: seed)
  }

  mutating func next() -> [UInt8] {
    form = (form + 1) % 4
    let start =
      switch form {
      case 0: ""
      case 1: "GET / HTTP/1.1\r\nHost: h\r\n"
      case 2:
        "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(Int.random(in: 0..<900_000, using: &random))\r\n\r\n"
      default: chunked("\(String(Int.random(in: 0..<900_000, using: &random), radix: 16))\r\n")
      }
    return Array(start.utf8) + octets()
  }

  private mutating func octets() -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(Self.size)
    while octets.count < Self.size {
      let word = random.next()
      for shift in stride(from: 0, to: 64, by: 8) {
        octets.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return octets
  }
}

/// Sends a MiB and reads until the connection ends; its last answer, if there is one, is a refusal.
private func sendNoise(_ noise: inout Noise, to port: Int) {
  guard let client = try? Client(port) else {
    Issue.record("no connection")
    return
  }
  client.send(noise.next())
  client.endOutput()
  var last: Int?
  while let response = client.response() { last = response.status }
  #expect(client.hasEnded())
  if let last { #expect(last == 400) }
}

/// The descriptors of this process that are open.
private func openDescriptors() -> Int {
  guard let stream = unsafe opendir("/proc/self/fd") else { return -1 }
  defer { unsafe closedir(stream) }
  var count = 0
  while unsafe readdir(stream) != nil { count += 1 }
  // Without `.`, `..` and the one that lists.
  return count - 3
}

/// The memory of this process that is resident.
private func residentOctets() -> Int {
  guard let text = try? octets(ofFile: "/proc/self/statm") else { return 0 }
  let words = String(decoding: text, as: UTF8.self).split(separator: " ")
  return words.count > 1 ? (Int(words[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
}

/// Raises the limit on descriptors to `count`; `false` where the system does not allow it.
private func allowDescriptors(_ count: Int) -> Bool {
  var limit = rlimit()
  unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  guard limit.rlim_max >= rlim_t(count) else { return false }
  limit.rlim_cur = max(limit.rlim_cur, rlim_t(count))
  return unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
}

private func limitDescriptors(_ count: Int) {
  var limit = rlimit()
  unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  limit.rlim_cur = rlim_t(count)
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
