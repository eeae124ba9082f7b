import Grounding
import Ingestion
import TestSupport
import Testing

@Suite struct AccessRulesTests {
  private func rules(_ lines: String...) throws -> AccessRules {
    var rules = AccessRules(owner: Principal("ana"), grants: [Grant(.group("default"))])
    try rules.add(Array(lines.joined(separator: "\n").utf8), place: "acl")
    return rules
  }

  @Test("the last line that matches gives the whole list, and the default where none does")
  func lastMatchWins() throws {
    let rules = try rules(
      #"{"glob": "*", "grants": ["everyone"]}"#, "",
      #"{"glob": "board/*", "grants": ["group:board", "!user:eve"]}"#, " \t\r",
      #"{"grants": [], "glob": "board/own.md"}"#)
    let ana = Principal("ana")
    #expect(try rules.list(for: "a.md") == AccessList(owner: ana, grants: [Grant(.everyone)]))
    #expect(
      try rules.list(for: "board/x/a.md")
        == AccessList(
          owner: ana,
          grants: [Grant(.group("board")), Grant(.user(Principal("eve")), denies: true)]))
    #expect(try rules.list(for: "board/own.md") == AccessList(owner: ana))
    let none = try self.rules(#"{"glob": "x", "grants": ["everyone"]}"#)
    #expect(
      try none.list(for: "y") == AccessList(owner: ana, grants: [Grant(.group("default"))]))
  }

  static let broken = [
    "nonsense", "[]", "{}", "null", #"{"glob": 1, "grants": []}"#, #"{"glob": "*"}"#,
    #"{"glob": "*", "grants": null}"#, #"{"glob": "*", "grants": "everyone"}"#,
    #"{"glob": "*", "grants": ["anybody"]}"#, #"{"glob": "*", "grants": [1]}"#,
    #"{"glob": "*", "grants": [], "owner": 1}"#, #"{"glob": "*", "grants": [], "owner": " "}"#,
    #"{"glob": "*", "grants": [], "owner": null}"#, #"{"glob": "*", "owner": "x"}"#,
    #"{"glob": "[", "grants": []}"#,
    #"{"glob": "*", "grants": [], "grant": []}"#, "{\"glob\": \"*\", \"grants\": [\"user:\"]}",
  ]

  @Test(
    "a line that cannot be read fails what it may have matched and never opens it",
    arguments: broken)
  func unreadable(_ line: String) throws {
    let rules = try rules(
      #"{"glob": "*", "grants": ["everyone"]}"#, line, #"{"glob": "safe/*", "grants": []}"#)
    let error = #expect(throws: Problem.self) { try rules.list(for: "a.md") }
    #expect(error?.code == .accessUnreadable)
    #expect(error?.detail.contains("Line 2") == true)
    #expect(error?.place == "a.md")
    #expect(try rules.list(for: "safe/a.md") == AccessList(owner: Principal("ana")))
  }

  @Test("a line may name the owner of what it matches, and only of that")
  func owners() throws {
    let rules = try rules(
      #"{"glob": "bob/*", "grants": [], "owner": " Bob "}"#,
      #"{"glob": "bob/shared/*", "grants": ["group:crew"]}"#)
    #expect(try rules.list(for: "bob/a.mbox") == AccessList(owner: Principal("bob")))
    #expect(
      try rules.list(for: "bob/shared/a.mbox")
        == AccessList(owner: Principal("ana"), grants: [Grant(.group("crew"))]))
    #expect(try rules.list(for: "a").owner == Principal("ana"))
  }

  @Test("a line with a readable pattern fails only what it matches")
  func narrow() throws {
    let rules = try rules(#"{"glob": "board/*", "grants": ["wrong"]}"#)
    #expect(throws: Problem.self) { try rules.list(for: "board/a.md") }
    #expect(try rules.list(for: "a.md").grants == [Grant(.group("default"))])
  }

  @Test("a file that is not there is an error of its own")
  func missing() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: Problem.self) {
        try AccessRules(owner: Principal("ana"), grants: [], file: "\(folder)/none")
      }
      #expect(error?.code == .accessUnreadable)
    }
  }
}
