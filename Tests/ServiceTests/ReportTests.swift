import Grounding
import HTTPTransport
import Partition
import Service
import TestSupport
import Testing

@Suite("Health, metrics, limits, traces, log")
struct ReportTests {
  @Test("health and version answer everybody, HEAD too")
  func open() throws {
    try withDesk { desk in
      #expect(try desk.send("GET", "/health/live").json["status"] == .string("live"))
      // Without a keys file nobody could ask.
      #expect(try desk.send("GET", "/health/ready").code == "unavailable")
      _ = try desk.key()
      #expect(try desk.send("GET", "/health/ready").json["status"] == .string("ready"))
      #expect(
        try desk.send("GET", "/version").json
          == .object(["version": .string("1.2.3"), "model": .string("test-words")]))
      for target in ["/health/live", "/health/ready", "/version"] {
        #expect(try desk.send("HEAD", target).status == 200)
        #expect(try desk.send("GET", target + "?probe=1").status == 200)
      }
      desk.handler.beginDraining()
      #expect(try desk.send("GET", "/health/ready").status == 503)
      #expect(try desk.send("GET", "/health/live").status == 200)
    }
  }

  @Test("the metrics are an operator's: text of Prometheus without a name of anybody")
  func metrics() throws {
    try withDesk { desk in
      try desk.shelf("heron").put("Ferry", "The ferry sails at nine.")
      let key = try desk.key("ana", tenant: "heron")
      let watch = try desk.key("watch", tenant: "heron", scope: .operator)
      #expect(try desk.send("GET", "/metrics").code == "unauthorized")
      #expect(try desk.send("GET", "/metrics", key: key).code == "forbidden")
      _ = try desk.titles("ferry", key: key)
      _ = try desk.ask(#"{"query":"ferry","limit":0}"#, key: key)
      _ = desk.handler.refuse(.malformed)
      desk.handler.watch { [MetricFamily("loam_connections", "Connections.", .gauge, 7)] }
      let response = try desk.send("GET", "/metrics", key: watch)
      #expect(response.fields["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
      let text = String(decoding: response.body, as: UTF8.self)
      for line in [
        #"loam_requests_total{route="/v1/retrieve",status="200"} 1"#,
        #"loam_requests_total{route="/v1/retrieve",status="400"} 1"#,
        #"loam_requests_total{route="/metrics",status="401"} 1"#,
        #"loam_requests_total{route="/metrics",status="403"} 1"#,
        #"loam_request_seconds_bucket{le="0.001",route="/v1/retrieve"} 2"#,
        #"loam_request_seconds_bucket{le="+Inf",route="/v1/retrieve"} 2"#,
        #"loam_request_seconds_count{route="/v1/retrieve"} 2"#,
        #"loam_refusals_total{code="bad_request"} 1"#, "loam_requests_in_flight 1",
        "loam_rate_limited_total 0", "loam_connections 7", "loam_vector_cache_hits_total 0",
        "loam_vector_cache_misses_total 1", "loam_open_stores 1", "loam_open_tenants 1",
        "loam_keys 2", "loam_keys_file_usable 1",
        #"loam_build_info{model="test-words",next_model="next-words",version="1.2.3"} 1"#,
      ] {
        #expect(text.contains(line + "\n"), "\(line)\n\(text)")
      }
      for word in ["heron", "ana", "watch", "ferry", try #require(KeyText(key)).id] {
        #expect(!text.contains(word), "\(word)")
      }
      // Every line is a comment or a sample of a family that was announced.
      var announced: Set<Substring> = []
      for line in text.split(separator: "\n") {
        if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
          #expect(announced.insert(match.1).inserted)
        } else if !line.hasPrefix("# HELP ") {
          let match = try #require(
            line.wholeMatch(of: /([a-z_]+?)(_bucket|_sum|_count)?(\{[^}]*\})? [0-9.e+-]+/),
            "\(line)")
          #expect(
            announced.contains(match.1) || announced.contains(match.1 + (match.2 ?? "")), "\(line)")
        }
      }
    }
  }

  @Test("an operator's key is told timings, no other is; but for them the answers are equal")
  func timings() throws {
    try withDesk { desk in
      try desk.shelf().put("Ferry", "The ferry sails at nine.")
      let trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
      let body = #"{"query":"ferry"}"#
      let plain = try desk.ask(body, key: try desk.key(), fields: [trace])
      let told = try desk.ask(body, key: try desk.key(scope: .operator), fields: [trace])
      #expect(plain.fields["Server-Timing"] == nil)
      let timing = try #require(told.fields["Server-Timing"])
      #expect(timing == "store;dur=0.0, answer;dur=0.0, total;dur=0.0")
      #expect(told.comparable.filter { !$0.hasPrefix("Server-Timing") } == plain.comparable)
    }
  }

  @Test("a key has its rate: twice as many at once, then as many a second; each for itself")
  func rate() throws {
    try withDesk({ $0.ratePerSecond = 5 }) { desk in
      let (ana, theo) = (try desk.key(), try desk.key("theo"))
      func statuses(_ key: String, _ count: Int) throws -> [Int] {
        try (0..<count).map { _ in try desk.ask(#"{"query":"q"}"#, key: key).status }
      }
      let ten = [Int](repeating: 200, count: 10)
      #expect(try statuses(ana, 12) == ten + [429, 429])
      #expect(try statuses(theo, 1) == [200])
      let limited = try desk.ask(#"{"query":"q"}"#, key: ana)
      #expect(limited.code == "rate_limited")
      #expect(limited.fields["Retry-After"] == "1")
      desk.time.move(seconds: 0.2)
      #expect(try statuses(ana, 2) == [200, 429])
      desk.time.move(seconds: 1)
      #expect(try statuses(ana, 6) == [200, 200, 200, 200, 200, 429])
      desk.time.move(seconds: 3_600)
      #expect(try statuses(ana, 11) == ten + [429])
      // Wrong keys take nothing from anybody, and health is never limited.
      for _ in 0..<20 { #expect(try desk.send("GET", "/health/live").status == 200) }
      let watch = try desk.key(scope: .operator)
      let text = String(
        decoding: try desk.send("GET", "/metrics", key: watch).body, as: UTF8.self)
      #expect(text.contains("loam_rate_limited_total 6\n"), "\(text)")
    }
  }

  @Test("request_id is the trace id of a valid traceparent, which goes back with another span")
  func traces() throws {
    try withDesk { desk in
      let key = try desk.key()
      let id = "0af7651916cd43dd8448eb211c80319c"
      for (header, end) in [
        ("00-\(id)-b7ad6b7169203331-01", "01"), ("00-\(id)-b7ad6b7169203331-00", "00"),
        ("00-\(id)-b7ad6b7169203331-ff", "01"), ("cc-\(id)-b7ad6b7169203331-01", "01"),
        ("cc-\(id)-b7ad6b7169203331-00-what-comes-later", "00"),
      ] {
        let response = try desk.ask(#"{"query":"q"}"#, key: key, fields: [("Traceparent", header)])
        #expect(try response.json["request_id"] == .string(id), "\(header)")
        let back = try #require(response.fields["traceparent"])
        #expect(back.hasPrefix("00-\(id)-") && back.hasSuffix("-\(end)"), "\(back)")
        #expect(!back.contains("b7ad6b7169203331"))
        #expect(desk.log.lines.last?.requestID == id)
      }
      var seen: Set<String> = []
      let wrong = [
        "", "00", "00-\(id)-b7ad6b7169203331-01-x", "ff-\(id)-b7ad6b7169203331-01",
        "00-\(id.uppercased())-b7ad6b7169203331-01", "00-\(id)-b7ad6b7169203331-1",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-\(id)-0000000000000000-01", "00-\(id)-b7ad6b7169203331-0g",
        "0-\(id)-b7ad6b7169203331-001", "cc-\(id)-b7ad6b7169203331-01x",
        " 00-\(id)-b7ad6b7169203331-01", "00_\(id)-b7ad6b7169203331-01",
      ]
      for header in wrong {
        let response = try desk.ask(#"{"query":"q"}"#, key: key, fields: [("traceparent", header)])
        let own = try #require(try response.json["request_id"]?.string)
        #expect(own != id && own.utf8.count == 32, "\(header)")
        seen.insert(own)
      }
      #expect(seen.count == wrong.count)
      let valid = ("traceparent", "00-\(id)-b7ad6b7169203331-01")
      let twice = try desk.ask(#"{"query":"q"}"#, key: key, fields: [valid, valid])
      #expect(try twice.json["request_id"] != .string(id))
    }
  }

  @Test("a line a request says what happened, as JSON by its schema and as text")
  func log() throws {
    let schema = try JSONSchema(named: "log-line")
    try withDesk { desk in
      let id = try desk.shelf().put("Ferry", "The ferry sails at nine.")
      let key = try desk.key()
      let trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
      let response = try desk.send("GET", "/v1/items/\(id)", key: key, fields: [trace])
      _ = try desk.send("BREW", "/coffee")
      _ = desk.handler.refuse(.timedOut)
      try write("{", to: desk.home.keys)
      _ = try desk.send("GET", "/health/ready")
      let lines = desk.log.lines
      for line in lines {
        #expect(schema.violations(of: try JSONValue(line.json)) == [], "\(line.json)")
        #expect(!line.text.contains("\n"))
      }
      let keyID = try #require(KeyText(key)).id
      #expect(
        lines[0].text
          == "2026-11-24T13:00:00.000Z GET /v1/items/{id} 200 octets=\(response.body.count) ms=0.0 "
          + "request=0af7651916cd43dd8448eb211c80319c key=\(keyID) tenant=default peer=192.0.2.7")
      #expect(lines[1].method == "OTHER" && lines[1].route == nil && lines[1].status == 404)
      #expect(lines.map(\.event) == [.request, .request, .refusal, .problem, .request])
      #expect(lines[3].code == "malformed")
    }
  }

  @Test("the peer in the log is the proxy's word behind a proxy, and the socket's elsewhere")
  func peers() throws {
    for (isBehindProxy, header, peer) in [
      (false, "203.0.113.9", "192.0.2.7"), (true, "203.0.113.9", "203.0.113.9"),
      (true, "10.0.0.1, 203.0.113.9", "203.0.113.9"), (true, "2001:db8::1", "2001:db8::1"),
      (true, "203.0.113.9, evil\u{7}", "192.0.2.7"), (true, "", "192.0.2.7"),
      (true, "203.0.113.9,", "203.0.113.9"),
    ] {
      try withDesk({ $0.isBehindProxy = isBehindProxy }) { desk in
        _ = try desk.send("GET", "/health/live", fields: [("X-Forwarded-For", header)])
        #expect(desk.log.lines[0].peer == peer, "\(header)")
      }
    }
  }
}
