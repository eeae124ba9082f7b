import Glibc
import TestSupport
import Testing

@Suite("loam key")
struct KeyCommandTests {
  private func check(_ text: String, _ schema: String) throws -> JSONValue {
    let value = try JSONValue(text)
    #expect(try JSONSchema(named: schema).violations(of: value) == [], "\(text)")
    return value
  }

  @Test("add prints the key once, list shows everything but keys, revoke ends one")
  func life() throws {
    try withProgram { program in
      let added = try program.run(
        "key", "add", "--tenant", "heron", "--principal", "Ana", "--group", "crew", "--group",
        "Board")
      #expect(added.code == 0, "\(added.errors)")
      #expect(added.lines.count == 1)
      let key = added.lines[0]
      #expect(key.wholeMatch(of: /loam_[0-9A-Za-z]{57}/) != nil)
      #expect(added.errors.contains("not shown again"))
      let id = String(key.dropFirst(5).prefix(8))

      let second = try program.run(
        "key", "add", "--principal", "watch", "--operator", "--expires", "9999-12-31", "--json",
        "--quiet")
      #expect(second.errors == "")
      let made = try check(second.output, "key-line")
      #expect(made["key"]?.string?.hasPrefix("loam_") == true)
      #expect(made["scope"] == .string("operator"))
      #expect(made["expires"] == .string("9999-12-31T00:00:00Z"))

      let file = String(
        decoding: try octets(ofFile: "\(program.home)/loam/keys.json"), as: UTF8.self)
      _ = try check(file, "key-file")
      #expect(!file.contains(key.dropFirst(13)))

      let revoked = try program.run("key", "revoke", id)
      #expect(revoked.output == "\(id) revoked\n")
      #expect(try program.run("key", "revoke", id).code == 0)
      let list = try program.run("key", "list", "--json")
      #expect(list.lines.count == 2)
      let lines = try list.lines.map { try check($0, "key-line") }
      #expect(lines.map { $0["state"] } == [.string("revoked"), .string("valid")])
      #expect(lines[0]["principal"] == .string("ana"))
      #expect(lines[0]["groups"] == .array([.string("board"), .string("crew")]))
      #expect(lines.allSatisfy { $0["key"] == nil })
      let text = try program.run("key", "list").output
      #expect(text.contains("\(id)  revoked  retrieve  tenant heron  ana  group:board  group:crew"))
      #expect(!text.contains(key.dropFirst(13)) && !list.output.contains(key.dropFirst(13)))
      var status = stat()
      #expect(unsafe stat("\(program.home)/loam/keys.json", &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
    }
  }

  @Test(
    "what is wrong is refused, and makes no file",
    arguments: [
      (["key", "add"], Int32(2), "needs --principal"),
      (["key", "add", "--principal", " "], 2, "needs --principal"),
      (["key", "add", "--principal", "a", "--tenant", "A/b"], 2, "tenant's name"),
      (["key", "add", "--principal", "a", "--group", " "], 2, "empty or too long"),
      (["key", "add", "--principal", "a", "--expires", "2020-01-01"], 2, "in the past"),
      (["key", "add", "--principal", "a", "--expires", "2027-02-30"], 2, "cannot be 2027-02-30"),
      (["key", "add", "--principal", "a", "--expires", "soon"], 2, "cannot be soon"),
      (["key", "revoke", "abcdefgh"], 3, "There are no keys"),
      (["key", "revoke"], 2, "needs ID"), (["key"], 2, "needs one of add, list, revoke"),
    ])
  func wrong(line: [String], code: Int32, says: String) throws {
    try withProgram { program in
      let result = try program.run(line)
      #expect(result.code == code, "\(result.errors)")
      #expect(result.output == "")
      #expect(result.errors.contains(says), "\(result.errors)")
      #expect(unsafe access("\(program.home)/loam/keys.json", F_OK) != 0)
    }
  }

  @Test("an unknown id is not found; an empty list says how to begin")
  func unknown() throws {
    try withProgram { program in
      let list = try program.run("key", "list")
      #expect(list.code == 0 && list.output == "")
      #expect(list.errors.contains("loam key add"))
      _ = try program.run("key", "add", "--principal", "ana")
      let result = try program.run("key", "revoke", "abcdefgh")
      #expect(result.code == 3)
      #expect(result.errors.contains("loam key list"))
    }
  }
}
