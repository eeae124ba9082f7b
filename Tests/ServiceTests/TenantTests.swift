import Grounding
import HTTPTransport
import Partition
import Service
import TestSupport
import Testing

@Suite("Many tenants")
struct TenantTests {
  private func number(_ name: String, _ desk: Desk, _ watch: String) throws -> Int? {
    let text = String(decoding: try desk.send("GET", "/metrics", key: watch).body, as: UTF8.self)
    return text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
      .flatMap { Int($0.dropFirst(name.count + 1)) }
  }

  @Test("what is kept in memory stays under one bound, whichever tenants are asked in what order")
  func bound() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let memory = 8 << 20
    try withDesk({
      $0.memoryOctets = memory
      $0.ratePerSecond = 1_000_000
      $0.vectorCacheOctets = 64 << 10
    }) { desk in
      let watch = try desk.key(scope: .operator)
      let keys = try (0..<40).map { index in
        let shelf = try desk.shelf("t\(index)")
        for item in 0..<10 { try shelf.put("\(index)-\(item)", "The ferry \(item) of \(index).") }
        return try desk.key(tenant: "t\(index)")
      }
      for _ in 0..<200 {
        let index = Int.random(in: 0..<40, using: &random)
        let titles = try desk.titles("ferry", key: keys[index])
        #expect(Set(titles) == Set((0..<10).map { "\(index)-\($0)" }), "seed \(seed)")
        let stores = try #require(try number("loam_open_store_octets", desk, watch))
        let indexes = try #require(try number("loam_index_octets", desk, watch))
        #expect(stores <= memory / 4, "seed \(seed)")
        #expect(stores + indexes <= memory, "seed \(seed)")
        #expect(stores > 0 && indexes > 0, "seed \(seed)")
      }
      // More than one rests, and not all do.
      let open = try #require(try number("loam_open_stores", desk, watch))
      #expect((2..<40).contains(open), "seed \(seed)")
    }
  }

  @Test("a tenant whose index gave way answers as before, and follows what came")
  func comesBack() throws {
    // So little that every other tenant's question takes the place of the last one's.
    try withDesk({
      $0.memoryOctets = 1 << 10
      $0.vectorCacheOctets = 0
    }) { desk in
      let (shelf, other) = (try desk.shelf("a"), try desk.shelf("b"))
      let (key, otherKey) = (try desk.key(tenant: "a"), try desk.key(tenant: "b"))
      try other.put("theirs", "The ferry of others.")
      var expected: Set<String> = []
      for index in 0..<6 {
        try shelf.put("\(index)", "The ferry \(index).")
        expected.insert("\(index)")
        #expect(Set(try desk.titles("ferry", key: key)) == expected)
        #expect(try desk.titles("ferry", key: otherKey) == ["theirs"])
        #expect(Set(try desk.titles("ferry", key: key)) == expected)
      }
    }
  }

  @Test("a request waits in its tenant's lane, whoever has no key in that of strangers")
  func lanes() throws {
    try withDesk { desk in
      let (key, other) = (try desk.key(tenant: "one"), try desk.key("theo", tenant: "one"))
      let (second, revoked) = (try desk.key(tenant: "two"), try desk.key(tenant: "one"))
      let id = try #require(KeyText(revoked)).id
      try KeyFile.edit(home: desk.home) { file throws(Problem) in
        try file.revoke(id, now: desk.time.seconds)
      }
      func lane(_ values: String...) -> String {
        var request = HTTPRequest(method: "POST", path: "/v1/retrieve")
        for value in values { request.fields.add("Authorization", value) }
        return desk.handler.lane(of: request)
      }
      // The file is not read for it.
      #expect(lane("Bearer \(key)") == "")
      #expect(try desk.send("GET", "/v1/items/aaaaaaaaaaaaaaaaaaaa", key: key).status == 404)
      #expect(lane("Bearer \(key)") == "one")
      #expect(lane("Bearer \(other)") == "one")
      #expect(lane("Bearer \(second)") == "two")
      var random = SystemRandomNumberGenerator()
      for values in [
        "Bearer \(revoked)", "Bearer \(KeyText(using: &random).text)", "Bearer", "",
        "Bearer \(key.dropLast())",
      ] {
        #expect(lane(values) == "", "\(values)")
      }
      #expect(lane() == "")
      #expect(lane("Bearer \(key)", "Bearer \(key)") == "")
    }
  }
}
