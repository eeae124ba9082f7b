import Glibc
import Grounding
import HTTPTransport
import Partition
import Service
import Synchronization
import TestSupport
import Testing

@Suite("Answers")
struct AnswerTests {
  @Test("the tenant is the key's: nothing of the other comes back, by question or by id")
  func tenants() throws {
    try withDesk { desk in
      let mine = try desk.shelf("one").put("mine", "The ferry sails at nine.")
      let theirs = try desk.shelf("two").put("theirs", "The ferry sails at ten.")
      let keys = [try desk.key(tenant: "one"), try desk.key(tenant: "two")]
      for (key, own, other, title) in [
        (keys[0], mine, theirs, "mine"), (keys[1], theirs, mine, "theirs"),
        (keys[0], mine, theirs, "mine"),
      ] {
        #expect(try desk.titles("ferry", key: key) == [title])
        #expect(try desk.send("GET", "/v1/items/\(own)", key: key).status == 200)
        #expect(try desk.send("GET", "/v1/items/\(other)", key: key).status == 404)
      }
    }
  }

  @Test("the principal and the groups are the key's, whatever the store was asked before")
  func permissions() throws {
    try withDesk { desk in
      let shelf = try desk.shelf()
      try shelf.put("all", "A ferry for all.")
      try shelf.put("crew", "A ferry for the crew.", grants: ["group:crew"])
      try shelf.put("ana", "A ferry for Ana.", grants: ["user:ana"])
      try shelf.put("not zoe", "A ferry for all but Zoe.", grants: ["everyone", "!user:zoe"])
      for _ in 0..<2 {
        for (name, groups, titles) in [
          ("ana", [], ["all", "ana", "not zoe"]),
          ("Ana", ["Crew"], ["all", "ana", "crew", "not zoe"]),
          ("zoe", ["crew"], ["all", "crew"]), ("nobody", [], ["all", "not zoe"]),
          ("olga", [], ["all", "ana", "crew", "not zoe"]),
        ] as [(String, [String], [String])] {
          let key = try desk.key(name, groups: groups)
          #expect(try desk.titles("ferry", key: key).sorted() == titles, "\(name)")
        }
      }
    }
  }

  @Test("an item comes whole, and HEAD has its header")
  func item() throws {
    try withDesk { desk in
      let id = try desk.shelf().put("Ferry", "The ferry sails at nine.")
      let key = try desk.key()
      let response = try desk.send("GET", "/v1/items/\(id)", key: key)
      let item = try response.json
      #expect(item["text"] == .string("The ferry sails at nine."))
      #expect(item["title"] == .string("Ferry"))
      #expect(try desk.send("HEAD", "/v1/items/\(id)", key: key).comparable == response.comparable)
      // What an escape stands for is the same path (RFC 3986, section 6.2.2.2).
      let escaped = "%" + String(id.utf8.first ?? 0, radix: 16) + id.dropFirst()
      var request = HTTPRequest(method: "GET", path: "/v1/%69tems/\(escaped)")
      request.fields.add("Authorization", "Bearer \(key)")
      #expect(desk.handler.respond(to: request).body == response.body)
      #expect(try desk.send("GET", "/v1/items/\(id)?x", key: key).code == "bad_request")
    }
  }

  @Test("every mode and option of the contract answers, with what it says of itself")
  func modes() throws {
    try withDesk { desk in
      try desk.shelf().put("Ferry", "The ferry sails at nine.")
      let key = try desk.key()
      for mode in ["hybrid", "lexical", "vector"] {
        let response = try desk.ask(#"{"query":"ferry","mode":"\#(mode)"}"#, key: key)
        #expect(try response.json["coverage"]?["mode"] == .string(mode))
        #expect(try response.json["results"]?.array?.count == 1)
      }
      let response = try desk.ask(
        """
        {"query":"ferry","kinds":["document"],"limit":1,"snippets_per_item":1,"fusion":"rrf",
         "budget_tokens":5,"now":"2026-11-24T09:00:00+01:00","zone":"Europe/Berlin"}
        """, key: key)
      #expect(try response.json["coverage"]?["tokens"] == .number(5))
    }
  }

  @Test("a tenant without a store answers as one in which nothing may be seen")
  func noStore() throws {
    try withDesk { desk in
      try desk.shelf().put("hidden", "The ferry is sold.", grants: [])
      let trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
      for mode in ["hybrid", "lexical", "vector"] {
        let body = #"{"query":"ferry","mode":"\#(mode)"}"#
        let empty = try desk.ask(body, key: try desk.key(tenant: "none"), fields: [trace])
        #expect(empty.status == 200)
        let blind = try desk.ask(body, key: try desk.key(), fields: [trace])
        #expect(empty.comparable == blind.comparable)
      }
      // A key makes no store.
      #expect(desk.home.tenants() == [.default])
    }
  }

  @Test("without a model words answer, what needs the model says so, and the service is not ready")
  func noModel() throws {
    try withDesk(hasModel: false) { desk in
      try desk.shelf().put("Ferry", "The ferry sails at nine.")
      let key = try desk.key()
      let response = try desk.ask(#"{"query":"ferry"}"#, key: key)
      #expect(try response.json["coverage"]?["mode"] == .string("lexical"))
      #expect(try response.json["results"]?.array?.count == 1)
      for field in [#""mode":"vector""#, #""budget_tokens":5"#] {
        let response = try desk.ask(#"{"query":"ferry",\#(field)}"#, key: key)
        #expect(response.code == "unavailable")
        #expect(response.status == 503)
      }
      #expect(try desk.send("GET", "/health/ready").status == 503)
      #expect(try desk.send("GET", "/health/live").status == 200)
    }
  }

  @Test("a damaged store is its own tenant's matter: 503 with a remedy, its path in the log alone")
  func damaged() throws {
    try withDesk { desk in
      try desk.shelf("good").put("Ferry", "The ferry sails at nine.")
      try desk.shelf("bad").put("Ferry", "The ferry sails at nine.")
      let path = desk.home.partition(of: try Tenant("bad"))
      for suffix in ["", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
      try write([UInt8](repeating: 0x78, count: 8_192), to: path)
      let bad = try desk.key(tenant: "bad")
      for _ in 0..<2 {
        let response = try desk.ask(#"{"query":"ferry"}"#, key: bad)
        #expect(response.status == 503)
        #expect(response.code == "unavailable")
        #expect(response.fields["Retry-After"] == "1")
        #expect(!response.comparable.joined().contains("bad"))
        #expect(try desk.send("GET", "/v1/items/aaaaaaaaaaaaaaaaaaaa", key: bad).status == 503)
      }
      #expect(desk.log.lines.contains { $0.event == .problem && $0.code == "damaged" })
      #expect(try desk.titles("ferry", key: try desk.key(tenant: "good")) == ["Ferry"])
      #expect(try desk.send("GET", "/health/ready").status == 200)
    }
  }

  @Test(
    "damage in the header or in the middle of a file reaches no other tenant, and is named in the log",
    arguments: [0..<100, 4_096..<40_960])
  func damagedPages(range: Range<Int>) throws {
    try withDesk { desk in
      do {
        let (good, bad) = (try desk.shelf("good"), try desk.shelf("bad"))
        for number in 0..<60 {
          let text = "The ferry sails at \(number), " + String(repeating: "as ever ", count: 40)
          try good.put("Ferry \(number)", text)
          try bad.put("Ferry \(number)", text)
        }
      }
      let (good, bad) = (try desk.key(tenant: "good"), try desk.key(tenant: "bad"))
      let question = #"{"query":"ferry at 9","limit":100}"#
      let before = try desk.ask(question, key: good)
      let path = desk.home.partition(of: try Tenant("bad"))
      var octets = try octets(ofFile: path)
      for index in range where index < octets.count { octets[index] = 0xA5 }
      for suffix in ["-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
      try write(octets, to: path)
      let (hidden, open) = (try desk.key("nobody", tenant: "bad"), bad)
      let answers = try [hidden, open].map { try desk.ask(question, key: $0) }
      for answer in answers {
        #expect(answer.status == 503)
        #expect(answer.code == "unavailable")
      }
      #expect(answers[0].body == answers[1].body)
      let line = try #require(desk.log.lines.first { $0.event == .problem })
      #expect(line.code == "damaged")
      #expect(line.tenant == "bad")
      #expect(line.remedy?.contains("loam verify") == true)
      #expect(line.remedy?.contains("loam restore") == true)
      #expect(try desk.ask(question, key: good).body.count == before.body.count)
      #expect(try desk.titles("ferry", key: good).count == 10)
    }
  }

  @Test("a store that is damaged, removed or replaced while it is open is noticed, and mends")
  func replaced() throws {
    try withDesk { desk in
      try desk.shelf().put("old", "The ferry sails at nine.")
      try desk.shelf("spare").put("new", "The ferry sails at ten.")
      let key = try desk.key()
      #expect(try desk.titles("ferry", key: key) == ["old"])
      func move(_ from: String, _ to: String) {
        for suffix in ["", "-wal", "-shm"] { _ = unsafe rename(from + suffix, to + suffix) }
      }
      let own = desk.home.partition(of: .default)
      move(own, own + ".away")
      #expect(try desk.titles("ferry", key: key) == [])
      move(desk.home.partition(of: try Tenant("spare")), own)
      #expect(try desk.titles("ferry", key: key) == ["new"])
      move(own + ".away", own)
      #expect(try desk.titles("ferry", key: key) == ["old"])
    }
  }

  @Test("what is committed is in the next answer, vectors too, and what is removed is gone")
  func renewal() throws {
    try withDesk { desk in
      let shelf = try desk.shelf()
      try shelf.put("first", "The ferry sails at nine.")
      let key = try desk.key()
      #expect(try desk.titles("ferry", key: key) == ["first"])
      try shelf.put("second", "The ferry sails at ten.", grants: ["user:theo"])
      #expect(try desk.titles("ferry", key: key) == ["first"])
      try shelf.put("third", "Ferry.")
      #expect(Set(try desk.titles("ferry", key: key)) == ["first", "third"])
      let vector = try desk.ask(#"{"query":"ferry","mode":"vector"}"#, key: key)
      #expect(try vector.json["coverage"]?["pending"] == .number(0))
      #expect(try vector.json["results"]?.array?.count == 2)
      try shelf.remove("first")
      #expect(try desk.titles("ferry", key: key) == ["third"])
    }
  }

  @Test("an open store does not keep the write-ahead log from being emptied")
  func log() throws {
    try withDesk { desk in
      let shelf = try desk.shelf()
      let key = try desk.key()
      func walSize() -> Int {
        var status = stat()
        let path = desk.home.partition(of: .default) + "-wal"
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
      }
      // The passage is short, so that it is the text that fills pages.
      let text = "The ferry. " + String(repeating: "x", count: 600_000)
      var sizes: [Int] = []
      for index in 0..<80 {
        try shelf.put("\(index % 4)", text + "\(index)")
        _ = try desk.ask(#"{"query":"ferry","limit":1}"#, key: key)
        sizes.append(walSize())
      }
      // The writer empties it every 4,000 pages of 4 KiB; a transaction held open would let it grow.
      #expect(sizes.max() ?? 0 < 2 * 4_000 * 4_128, "\(sizes.max() ?? 0)")
      #expect(sizes.max() ?? 0 > 4_000 * 4_096)
    }
  }

  @Test("questions from many threads are answered whole while the store is written")
  func whileWritten() throws {
    try withDesk({ $0.ratePerSecond = 1_000_000 }) { desk in
      let shelf = try desk.shelf()
      for index in 0..<4 { try shelf.put("kept \(index)", "The ferry number \(index).") }
      let key = try desk.key()
      let (handler, failures, answers) = (desk.handler, Collected(), Tally())
      let done = Tally()
      try withThreads(4) {
        while done.count == 0 {
          var request = HTTPRequest(method: "POST", path: "/v1/retrieve")
          request.fields.add("Authorization", "Bearer \(key)")
          request.fields.add("Content-Type", "application/json")
          request.body = Array(#"{"query":"ferry","limit":100}"#.utf8)
          let response = handler.respond(to: request)
          answers.add()
          let titles = (try? response.json)?["results"]?.array?.compactMap {
            $0["item"]?["title"]?.string
          }
          // Those that are always there are in every answer, of the pair both or none.
          let kept = titles?.filter { $0.hasPrefix("kept") }.count
          if response.status != 200 || kept != 4 {
            failures.add(String(decoding: response.body, as: UTF8.self))
          }
        }
      } while: {
        defer { done.add() }
        // Until there were answers before and between the commits; a machine at work starts threads late.
        for index in 0..<20_000 where index < 60 || answers.count < 20 {
          try shelf.put("passing", "A ferry that passes, number \(index).")
          if index % 3 == 2 { try shelf.remove("passing") }
        }
      }
      #expect(failures.all == [])
      #expect(answers.count >= 20)
    }
  }

  @Test("open stores are bounded over all tenants, and closed when nobody asks")
  func openStores() throws {
    try withDesk({ $0.openStores = 3 }) { desk in
      let watch = try desk.key(scope: .operator)
      func number(_ name: String) throws -> String? {
        let text = String(
          decoding: try desk.send("GET", "/metrics", key: watch).body, as: UTF8.self)
        return text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
          .map { String($0.dropFirst(name.count + 1)) }
      }
      for index in 0..<6 {
        try desk.shelf("t\(index)").put("t\(index)", "The ferry of \(index).")
        #expect(try desk.titles("ferry", key: try desk.key(tenant: "t\(index)")) == ["t\(index)"])
      }
      #expect(try number("loam_open_stores") == "3")
      #expect(try number("loam_open_tenants") == "3")
      desk.time.move(seconds: 59)
      desk.handler.rest()
      #expect(try number("loam_open_stores") == "3")
      desk.time.move(seconds: 1)
      desk.handler.rest()
      #expect(try number("loam_open_stores") == "0")
      #expect(try desk.titles("ferry", key: try desk.key(tenant: "t0")) == ["t0"])
    }
  }

  @Test("a query's vector is computed once for one asker, and again for another")
  func vectors() throws {
    try withDesk { desk in
      try desk.shelf().put("Ferry", "The ferry sails at nine.")
      let (ana, theo) = (try desk.key(), try desk.key("theo"))
      for (key, query, count) in [
        (ana, "ferry", 1), (ana, "ferry", 1), (ana, "radar", 2), (ana, "ferry", 2),
        (theo, "ferry", 3), (theo, "ferry", 3), (ana, "radar", 3),
      ] {
        _ = try desk.titles(query, key: key)
        #expect(desk.model.encoded.load(ordering: .relaxed) == count)
      }
    }
  }

  @Test("remembered vectors are bounded in octets")
  func vectorBound() throws {
    try withDesk({ $0.vectorCacheOctets = 4_000 }) { desk in
      try desk.shelf().put("Ferry", "The ferry sails at nine.")
      let key = try desk.key()
      // About five fit a generation, and the last few are always there.
      for index in 0..<40 { _ = try desk.titles("ferry \(index)", key: key) }
      #expect(desk.model.encoded.load(ordering: .relaxed) == 40)
      _ = try desk.titles("ferry 38", key: key)
      #expect(desk.model.encoded.load(ordering: .relaxed) == 40)
      _ = try desk.titles("ferry 0", key: key)
      #expect(desk.model.encoded.load(ordering: .relaxed) == 41)
    }
  }
}
