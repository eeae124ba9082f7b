import Glibc
import Grounding
import HTTPTransport
import Octets
import Partition
import Service
import TestSupport
import Testing

@Suite("Keys")
struct KeyTests {
  @Test("a key has the form that is written down, and every letter of it counts")
  func form() throws {
    var random = RandomSource(seed: 9)
    var seen: Set<String> = []
    for _ in 0..<200 {
      let key = KeyText(using: &random)
      #expect(key.text.utf8.count == 62)
      #expect(key.text.hasPrefix("loam_" + key.id))
      #expect(key.text.wholeMatch(of: /loam_[0-9A-Za-z]{57}/) != nil)
      #expect(KeyText(key.text) == key)
      seen.insert(key.text)
    }
    #expect(seen.count == 200)
    let text = Array(KeyText(using: &random).text.utf8)
    for index in text.indices {
      var other = text
      other[index] = other[index] == 0x61 ? 0x62 : 0x61
      #expect(KeyText(String(decoding: other, as: UTF8.self)) == nil, "\(index)")
      other.remove(at: index)
      #expect(KeyText(String(decoding: other, as: UTF8.self)) == nil)
    }
    #expect(KeyText("") == nil)
    #expect(KeyText(String(decoding: text, as: UTF8.self) + "0") == nil)
  }

  @Test("the secret holds 256 bits: the least and the greatest are 43 digits of base 62")
  func secret() {
    /// Something for the eight digits of the id, then always the same.
    struct Constant: RandomNumberGenerator {
      var value: UInt64
      var calls = 0
      init(value: UInt64) { self.value = value }
      mutating func next() -> UInt64 {
        calls += 1
        return calls <= 8 ? 1 << 60 : value
      }
    }
    var zeros = Constant(value: 0)
    #expect(
      KeyText(using: &zeros).text.dropFirst(13).prefix(43)
        == Substring(String(repeating: "0", count: 43)))
    // 2^256 - 1, worked out by another program.
    var ones = Constant(value: .max)
    #expect(
      KeyText(using: &ones).text.dropFirst(13).prefix(43)
        == "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1")
  }

  @Test("the file has mode 0600, holds digests and no keys, and is valid by its schema")
  func file() throws {
    try withDesk { desk in
      let key = try desk.key("Ana ", groups: ["Crew"], expires: TestTime.start + 60)
      let text = String(decoding: try octets(ofFile: desk.home.keys), as: UTF8.self)
      #expect(!text.contains(key.dropFirst(13)))
      #expect(text.contains(SHA256.hex(SHA256.digest(Array(key.utf8)))))
      #expect(try JSONSchema(named: "key-file").violations(of: JSONValue(text)) == [])
      var status = stat()
      #expect(unsafe stat(desk.home.keys, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      let file = try KeyFile(home: desk.home)
      #expect(try file.json() == Array(text.utf8))
      #expect(file.keys[0].state(now: TestTime.start + 59) == .valid)
      #expect(file.keys[0].state(now: TestTime.start + 60) == .expired)
    }
  }

  @Test("keys that are added, revoked and run out count from the next request on")
  func reload() throws {
    try withDesk { desk in
      #expect(try desk.ask(#"{"query":"q"}"#, key: "loam_x").status == 401)
      let first = try desk.key()
      #expect(try desk.ask(#"{"query":"q"}"#, key: first).status == 200)
      let second = try desk.key("theo", expires: desk.time.seconds + 10)
      #expect(try desk.ask(#"{"query":"q"}"#, key: second).status == 200)
      let id = try #require(KeyText(first)).id
      try KeyFile.edit(home: desk.home) { file throws(Problem) in
        try file.revoke(id, now: desk.time.seconds)
      }
      #expect(try desk.ask(#"{"query":"q"}"#, key: first).status == 401)
      desk.time.move(seconds: 9.9)
      #expect(try desk.ask(#"{"query":"q"}"#, key: second).status == 200)
      desk.time.move(seconds: 0.1)
      #expect(try desk.ask(#"{"query":"q"}"#, key: second).status == 401)
    }
  }

  @Test(
    "a file that breaks leaves the keys of before, is reported once, and is not ready",
    arguments: [
      "", "{", "[]", #"{"keys":[]}"#, #"{"version":2,"keys":[]}"#, #"{"version":1,"keys":[{}]}"#,
    ])
  func broken(text: String) throws {
    try withDesk { desk in
      let key = try desk.key()
      #expect(try desk.send("GET", "/health/ready").status == 200)
      try write(text, to: desk.home.keys)
      for _ in 0..<3 {
        #expect(try desk.ask(#"{"query":"q"}"#, key: key).status == 200)
        #expect(try desk.send("GET", "/health/ready").status == 503)
      }
      let problems = desk.log.lines.filter { $0.event == .problem }
      #expect(problems.count == 1)
      #expect(problems.first?.place == desk.home.keys)
      // The command line leaves it alone, too.
      #expect(throws: Problem.self) { try desk.key() }
      #expect(try octets(ofFile: desk.home.keys) == Array(text.utf8))
    }
  }

  @Test("records with a wrong value, an unknown field or an id twice break the file")
  func records() throws {
    try withDesk { desk in
      _ = try desk.key("ana", groups: ["crew"], expires: TestTime.start + 60)
      let text = String(decoding: try octets(ofFile: desk.home.keys), as: UTF8.self)
      for (old, new) in [
        (#""ana""#, #"" ""#), (#""default""#, #""../x""#), (#""retrieve""#, #""all""#),
        (#""expires""#, #""expire""#), ("2026-11-24T13:01:00Z", "2026-11-24"),
        ("2026-11-24T13:01:00Z", "2026-13-24T13:01:00Z"), ("2026-11-24T13:01:00Z", "tomorrow"),
      ] {
        let changed = text.split(separator: old, omittingEmptySubsequences: false)
          .joined(separator: new)
        #expect(changed != text, "\(old)")
        try write(changed, to: desk.home.keys)
        if new == "2026-11-24" {
          // A date is a moment, too.
          _ = try KeyFile(home: desk.home)
        } else {
          #expect(throws: Problem.self, "\(new)") { try KeyFile(home: desk.home) }
        }
      }
      let record = try #require(text.split(separator: "[\n", maxSplits: 1).last)
      #expect(record.count < text.count)
    }
  }

  @Test("a file that others may write is not believed; one that is gone opens to nobody")
  func otherFiles() throws {
    try withDesk { desk in
      let key = try desk.key()
      #expect(unsafe chmod(desk.home.keys, 0o620) == 0)
      #expect(try desk.ask(#"{"query":"q"}"#, key: key).status == 401)
      #expect(unsafe chmod(desk.home.keys, 0o600) == 0)
      #expect(try desk.ask(#"{"query":"q"}"#, key: key).status == 200)
      #expect(unsafe unlink(desk.home.keys) == 0)
      #expect(try desk.ask(#"{"query":"q"}"#, key: key).status == 401)
      #expect(try desk.send("GET", "/health/ready").status == 503)
    }
  }

  @Test("writers in several processes lose nothing: sixteen at a time, all keys there")
  func writers() throws {
    try withDesk { desk in
      let home = desk.home
      _ = try desk.key()
      let ids = Collected()
      inThreads(16) { index in
        do {
          let key = try KeyFile.edit(home: home) { file throws(Problem) in
            var random = SystemRandomNumberGenerator()
            return try file.add(
              KeyFile.Holder(tenant: .default, principal: "p\(index)"), now: 0, using: &random)
          }
          ids.add(key.id)
        } catch {
          ids.add("\(error)")
        }
      }
      let file = try KeyFile(home: home)
      #expect(file.keys.count == 17)
      #expect(Set(file.keys.map(\.id)).isSuperset(of: ids.all))
    }
  }
}
