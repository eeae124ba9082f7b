import Glibc
import Grounding
import Partition
import TestSupport
import Testing

@Suite("loam serve")
struct ServeCommandTests {
  @Test(
    "addresses that others reach, that are none, and rates that are none are wrong usage",
    arguments: [
      (["--listen", "0.0.0.0:8765"], "Keys would cross the network"),
      (["--listen", "[::]:8765"], "Keys would cross the network"),
      (["--listen", "192.0.2.1:0"], "Keys would cross the network"),
      (["--listen", "127.0.0.1"], "--listen cannot be"),
      (["--listen", "127.0.0.1:x"], "--listen cannot be"),
      (["--listen", ":8765"], "--listen cannot be"),
      (["--listen", "::1:8765"], "--listen cannot be"),
      (["--listen", "127.0.0.1:65536"], "--listen cannot be"),
      (["--listen", "127.example.org:0"], "numeric address"),
      (["--rate", "0"], "--rate cannot be 0"), (["--rate", "1000001"], "--rate cannot be"),
    ])
  func wrong(line: [String], says: String) throws {
    try withProgram { program in
      let result = try program.run(["serve"] + line)
      #expect(result.code == 2, "\(result.errors)")
      #expect(result.errors.contains(says), "\(result.errors)")
    }
  }

  @Test("it says where it listens, answers, logs, takes up new keys, and ends when it is told to")
  func session() throws {
    try withProgram { program in
      try write("The ferry sails at nine.", to: "\(program.home)/in/ferry.txt")
      #expect(try program.run("ingest", "--no-vectors", "--quiet", "\(program.home)/in").code == 0)
      let key = try program.run("key", "add", "--principal", "ana", "--quiet").lines[0]
      for (line, isJSON) in [([], false), (["--json", "--rate", "1000"], true)] {
        let service = try RunningService(program, line)
        let head = try service.exchange(
          "GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200 "), "\(head)")
        let body = #"{"query":"ferry"}"#
        let answer = try service.exchange(
          "POST /v1/retrieve HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\r\n\(body)")
        #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        #expect(answer.contains("The ferry sails at nine."))
        let bad = try service.exchange("GET /health/live HTTP/9.9\r\n\r\n")
        #expect(bad.hasPrefix("HTTP/1.1 505 ") && bad.contains("version_not_supported"), "\(bad)")
        let (code, log) = try service.stop(SIGTERM)
        #expect(code == 0)
        #expect(log.contains(key.dropFirst(5).prefix(8)))
        #expect(!log.contains(key.dropFirst(13)) && !log.contains("ferry"))
        let lines = log.split(separator: "\n").map(String.init)
        #expect(lines.count == 5, "\(log)")
        if isJSON {
          let schema = try JSONSchema(named: "log-line")
          for line in lines + [service.announcement] {
            #expect(schema.violations(of: try JSONValue(line)) == [], "\(line)")
          }
        } else {
          #expect(lines[1].contains(" POST /v1/retrieve 200 octets="))
          #expect(lines.last?.hasSuffix(" stopped") == true)
        }
      }
    }
  }

  /// The header and body of a response as they came, but for what may differ: Date and the trace.
  private func comparable(_ response: String) -> [String] {
    response.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
      .filter { !$0.hasPrefix("Date: ") && !$0.hasPrefix("traceparent: ") }
  }

  @Test("on the wire, too, keys that do not open and items that are not shown have the same octets")
  func sameOctets() throws {
    try withProgram { program in
      try write("The ferry is sold.", to: "\(program.home)/in/secret.txt")
      let ingest = try program.run(
        "ingest", "--no-vectors", "--json", "--owner", "olga", "\(program.home)/in")
      let hidden = try #require(try JSONValue(ingest.lines[0])["items"]?[0]?.string)
      func key(_ further: String...) throws -> String {
        try program.run(["key", "add", "--principal", "ana", "--quiet"] + further).lines[0]
      }
      let (valid, revoked, unknown) = (try key(), try key(), try key())
      let short = try key("--expires", "9999-12-31")
      _ = try program.run("key", "revoke", String(revoked.dropFirst(5).prefix(8)))
      // One key vanishes from the file, one has run out.
      let path = "\(program.home)/loam/keys.json"
      let text = String(decoding: try octets(ofFile: path), as: UTF8.self)
      let changed = text.split(separator: unknown.dropFirst(5).prefix(8)).joined(
        separator: "zzzzzzzz"
      )
      .split(separator: "9999-12-31T").joined(separator: "2020-12-31T")
      #expect(changed != text)
      try write(changed, to: path)
      let service = try RunningService(program, [])
      func get(_ id: String, _ key: String) throws -> [String] {
        comparable(
          try service.exchange(
            "GET /v1/items/\(id) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r\n"
              + "Connection: close\r\n\r\n"))
      }
      let unauthorized = try get(hidden, revoked)
      #expect(unauthorized[0] == "HTTP/1.1 401 Unauthorized")
      for key in [unknown, short, "loam_x", "x", valid + "0"] {
        #expect(try get(hidden, key) == unauthorized, "\(key)")
      }
      let absent = String(repeating: "a", count: 20)
      let notFound = try get(absent, valid)
      #expect(notFound[0] == "HTTP/1.1 404 Not Found")
      for id in [hidden, "x", "%00", String(repeating: "b", count: 2_000)] {
        #expect(try get(id, valid) == notFound, "\(id)")
      }
      _ = try service.stop(SIGTERM)
    }
  }

  @Test("what is under way when SIGTERM comes is answered")
  func drain() throws {
    try withProgram { program in
      let key = try program.run("key", "add", "--principal", "ana", "--quiet").lines[0]
      let service = try RunningService(program, [])
      let body = #"{"query":"ferry"}"#
      let head =
        "POST /v1/retrieve HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r\n"
        + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
      // The signal comes between the header and the body.
      let answer = try service.exchange(
        head,
        then: {
          kill(service.pid, SIGTERM)
          usleep(200_000)
          return body
        })
      #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
      #expect(answer.contains("Connection: close"))
      let (code, log) = try service.stop(0)
      #expect(code == 0)
      #expect(log.contains(" draining") && log.contains(" stopped"))
    }
  }

  @Test("with --embed it makes the vectors that are pending, and says so; without it does not")
  func makesVectors() throws {
    try withProgram { program in
      for number in 0..<40 {
        try write("The ferry \(number) sails.", to: "\(program.home)/in/\(number).txt")
      }
      for tenant in ["one", "two"] {
        #expect(
          try program.run(
            "ingest", "--no-vectors", "--quiet", "--tenant", tenant, "\(program.home)/in"
          ).code
            == 0)
      }
      let home = LoamHome(path: "\(program.home)/loam")
      func pending(_ tenant: String) throws -> Int {
        try Snapshot(home: home, tenant: try Tenant(tenant)).pendingCount(.serving)
      }
      let idle = try RunningService(program, [])
      #expect(try idle.stop(SIGTERM).code == 0)
      #expect(try pending("one") == 40)
      let key = try program.run("key", "add", "--operator", "--principal", "op", "--quiet").lines[0]
      let service = try RunningService(program, ["--embed"])
      for _ in 0..<1_200 where try pending("one") + pending("two") > 0 { usleep(50_000) }
      #expect(try pending("one") + pending("two") == 0)
      func metrics() throws -> String {
        try service.exchange(
          "GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r\n"
            + "Connection: close\r\n\r\n")
      }
      // It is counted when it is stored, a moment later.
      for _ in 0..<200 where !(try metrics().contains("loam_vectors_made_total 80\n")) {
        usleep(50_000)
      }
      let text = try metrics()
      #expect(text.contains("loam_vectors_made_total 80\n"), "\(text)")
      #expect(text.contains("loam_vectors_pending 0\n"), "\(text)")
      #expect(text.contains("loam_vectors_per_second "), "\(text)")
      // What an ingest brings is noticed; the ingest does not wait for more than a batch.
      try write("The last ferry sails.", to: "\(program.home)/in/last.txt")
      #expect(
        try program.run(
          "ingest", "--no-vectors", "--quiet", "--tenant", "two", "\(program.home)/in"
        ).code == 0)
      for _ in 0..<1_200 where try pending("two") > 0 { usleep(50_000) }
      #expect(try pending("two") == 0)
      let (code, log) = try service.stop(SIGTERM)
      #expect(code == 0, "\(log)")
      #expect(log.contains(" stopped"))
    }
  }

  @Test("a port in use and a model that is none are told before anything is served")
  func cannotStart() throws {
    try withProgram { program in
      let service = try RunningService(program, [])
      let second = try program.run("serve", "--listen", "127.0.0.1:\(service.port)")
      #expect(second.code == 3)
      #expect(second.errors.contains("unavailable"), "\(second.errors)")
      #expect(try service.stop(SIGINT).code == 0)
      var other = program
      other.environment["LOAM_MODEL"] = "\(program.home)/none.loam"
      #expect(try other.run("serve", "--listen", "127.0.0.1:0").code == 3)
    }
  }
}

/// `loam serve` on a free port, until it is stopped.
struct RunningService {
  let program: Program
  let pid: pid_t
  let port: Int
  /// What it printed when it began to listen.
  let announcement: String

  init(_ program: Program, _ line: [String]) throws {
    self.program = program
    let output = "\(program.home)/.serve-out"
    pid = try program.start(
      ["serve", "--listen", "127.0.0.1:0"] + line, output: output,
      errors: "\(program.home)/.serve-err")
    var text = ""
    // It has printed its line once it listens; a machine at work may take its time.
    for _ in 0..<600 where !text.hasSuffix("\n") {
      usleep(50_000)
      text = String(decoding: try octets(ofFile: output), as: UTF8.self)
    }
    announcement = text.split(separator: "\n").first.map(String.init) ?? ""
    let digits = announcement.split(separator: "127.0.0.1:").last?.prefix { $0.isNumber }
    port = try #require(digits.flatMap { Int($0) }, "\(text)")
  }

  /// What comes back for `text`, and what `then` gives, until the server closes.
  func exchange(_ text: String, then: (() -> String)? = nil) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(connected == 0)
    func put(_ octets: [UInt8]) throws {
      let sent = unsafe send(descriptor, octets, octets.count, Int32(MSG_NOSIGNAL))
      try #require(sent == octets.count)
    }
    try put(Array(text.utf8))
    if let then { try put(Array(then().utf8)) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = unsafe recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      result += buffer[..<count]
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Sends a signal and waits; the exit code and all that was logged.
  func stop(_ signal: Int32) throws -> (code: Int32, log: String) {
    kill(pid, signal)
    let status = Program.wait(for: pid)
    let log = String(decoding: try octets(ofFile: "\(program.home)/.serve-err"), as: UTF8.self)
    return (status & 0x7F == 0 ? (status >> 8) & 0xFF : -1, log)
  }
}
