import Grounding
import HTTPTransport
import Partition
import Service
import TestSupport
import Testing

@Suite("What is not told")
struct NonDisclosureTests {
  @Test(
    "an item that is not there, one that may not be seen, another tenant's, an id without form: the same octets"
  )
  func items() throws {
    try withDesk { desk in
      let shelf = try desk.shelf()
      let seen = try shelf.put("seen", "The ferry sails at nine.", grants: ["user:ana"])
      let hidden = try shelf.put("hidden", "The ferry is sold.", grants: ["user:theo"])
      let foreign = try desk.shelf("other").put("foreign", "The ferry is theirs.")
      let key = try desk.key()
      #expect(try desk.send("GET", "/v1/items/\(seen)", key: key).status == 200)
      let absent = String(repeating: "a", count: 20)
      let reference = try desk.send("GET", "/v1/items/\(absent)", key: key)
      #expect(reference.code == "not_found")
      for id in [
        hidden, foreign, "A", "%00", "a%2Fb", seen.uppercased(), seen + "a", "..", "%2e%2e",
      ] {
        let response = try desk.send("GET", "/v1/items/\(id)", key: key)
        #expect(response.comparable == reference.comparable, "\(id)")
        let head = try desk.send("HEAD", "/v1/items/\(id)", key: key)
        #expect(head.comparable == reference.comparable, "\(id)")
      }
      // Nor does a tenant without a store differ.
      let nobody = try desk.key(tenant: "nobody")
      #expect(
        try desk.send("GET", "/v1/items/\(seen)", key: nobody).comparable == reference.comparable)
    }
  }

  @Test(
    "keys that are missing, malformed, mistyped, unknown, revoked, run out, doubled: the same octets"
  )
  func keys() throws {
    try withDesk { desk in
      let valid = try desk.key()
      let expired = try desk.key(expires: desk.time.seconds)
      let revoked = try desk.key()
      let revokedID = try #require(KeyText(revoked)).id
      try KeyFile.edit(home: desk.home) { file throws(Problem) in
        try file.revoke(revokedID, now: desk.time.seconds)
      }
      var random = SystemRandomNumberGenerator()
      let unknown = KeyText(using: &random).text
      // The id of one key with the rest of another has no right checksum; of its own it is unknown.
      let mixed = String(valid.prefix(13)) + unknown.dropFirst(13)
      for (method, target) in [
        ("POST", "/v1/retrieve"), ("GET", "/v1/items/aaaaaaaaaaaaaaaaaaaa"), ("GET", "/metrics"),
      ] {
        func answer(_ values: [String]) throws -> [String] {
          let response = try desk.send(
            method, target,
            fields: [("Content-Type", "application/json")]
              + values.map { ("Authorization", $0) }, body: Array(#"{"query":"q"}"#.utf8))
          #expect(response.status == 401, "\(values)")
          #expect(response.fields["WWW-Authenticate"] == "Bearer realm=\"loam\"")
          return response.comparable
        }
        let reference = try answer([])
        for values in [
          ["Bearer \(unknown)"], ["Bearer \(revoked)"], ["Bearer \(expired)"], ["Bearer \(mixed)"],
          ["Bearer"], ["Bearer "], [""], [valid], ["Basic \(valid)"], ["Bearer x"],
          ["Bearer \(valid)x"], ["Bearer \(valid.dropLast())"], ["Bearer \(valid) \(valid)"],
          ["Bearer \(valid.uppercased())"], ["Bearer \(valid)", "Bearer \(valid)"],
          ["Bearer " + String(repeating: "loam_", count: 1_000)], ["Bearer lo\u{E4}m_"],
        ] {
          #expect(try answer(values) == reference, "\(values)")
        }
      }
      for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
        let response = try desk.send(
          "POST", "/v1/retrieve",
          fields: [("Content-Type", "application/json"), ("Authorization", "\(scheme) \(valid)")],
          body: Array(#"{"query":"q"}"#.utf8))
        #expect(response.status == 200)
      }
    }
  }

  @Test(
    "an answer is the same whatever else is stored that the caller may not see, but for request_id")
  func answers() throws {
    let trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    func answers(_ fill: (Desk) throws -> Void) throws -> [[String]] {
      try withDesk { desk in
        let shelf = try desk.shelf()
        for (title, text) in [("one", "The ferry sails at nine."), ("two", "A ferry and a radar.")]
        {
          try shelf.put(title, text, grants: ["user:ana"])
        }
        try fill(desk)
        let key = try desk.key()
        return try ["ferry", "radar", "sold", "nothing of it"].map {
          try desk.ask(#"{"query":"\#($0)"}"#, key: key, fields: [trace]).comparable
        }
      }
    }
    let plain = try answers { _ in }
    let crowded = try answers { desk in
      try desk.shelf("other").put("three", "The ferry is sold.")
      _ = try desk.key("theo")
      let theo = try desk.key("theo", tenant: "other")
      _ = try desk.titles("ferry", key: theo)
    }
    #expect(plain == crowded)
  }

  @Test("neither answers to bad requests nor the log have a query, a text, a key or a path in them")
  func silence() throws {
    try withDesk { desk in
      try desk.shelf().put("Brandywine", "The quokka sails.", grants: ["user:ana"])
      let key = try desk.key()
      var responses = [
        try desk.ask(#"{"query":"quokka","kinds":["wombat"]}"#, key: key),
        try desk.ask(#"{"query":"quokka wombat"#, key: key),
        try desk.send("GET", "/wombat/quokka"), try desk.send("GET", "/v1/items/wombat", key: key),
        try desk.send("WOMBAT", "/v1/retrieve"),
        try desk.ask(#"{"query":"quokka","limit":"wombat"}"#, key: key),
      ]
      for response in responses {
        let text = response.comparable.joined(separator: " ")
        for word in ["quokka", "wombat", "WOMBAT", String(key.dropFirst(13))] {
          #expect(!text.contains(word), "\(text)")
        }
      }
      responses = [try desk.ask(#"{"query":"quokka"}"#, key: key)]
      #expect(try responses[0].json["results"]?.array?.count == 1)
      let id = try #require(try responses[0].json["results"]?[0]?["item"]?["id"]?.string)
      _ = try desk.send("GET", "/v1/items/\(id)", key: key)
      for line in desk.log.lines {
        for word in ["quokka", "wombat", "WOMBAT", "Brandywine", id, String(key.dropFirst(13))] {
          #expect(!line.json.contains(word), "\(line.json)")
          #expect(!line.text.contains(word), "\(line.text)")
        }
      }
      #expect(desk.log.lines.count == 8)
    }
  }
}
