import Glibc
import Grounding
import Partition
import TestSupport
import Testing

@Suite struct IngestCommandTests {
  /// The number behind a key of the summary line.
  private func number(_ key: String, in result: Program.Result) -> Int? {
    guard let summary = result.lines.last, let range = summary.firstRange(of: "\"\(key)\":") else {
      return nil
    }
    return Int(summary[range.upperBound...].prefix { $0.isNumber })
  }

  private func ingest(_ program: Program, _ arguments: String...) throws -> Program.Result {
    try program.run(["ingest", "--no-vectors", "--json"] + arguments)
  }

  @Test("notes are ingested, found, shown, and gone with their source")
  func walk() throws {
    try withProgram { program in
      try write("# Budget\n\nWe decided to keep the ferry.\n", to: "\(program.home)/notes/a.md")
      let result = try ingest(program, "--source", "notes", "\(program.home)/notes")
      #expect(result.code == 0)
      #expect(result.lines.count == 2)
      #expect(result.lines[0].hasPrefix(#"{"event":"committed","items":[""#))
      #expect(number("added", in: result) == 1)
      let found = try program.run("search", "--mode", "lexical", "who keeps the ferry")
      #expect(found.code == 0)
      #expect(found.output.contains("We decided to keep the ferry."))
      #expect(found.output.contains("file://\(program.home)/notes/a.md"))
      #expect(!found.output.contains("\u{1B}"))
      let id = try #require(
        found.lines.first { $0.hasPrefix("    id ") }?.dropFirst("    id ".count))
      let shown = try program.run("show", String(id))
      #expect(shown.output.contains("We decided to keep the ferry."))
      #expect(try program.run("source", "list").output == "notes  1 item in 1 file\n")
      #expect(try program.run("tenants").output == "default\n")
      #expect(try program.run("source", "remove", "nots").code == 3)
      #expect(try program.run("source", "remove", "notes").code == 0)
      #expect(try program.run("show", String(id)).code == 3)
    }
  }

  /// `name value` of each fact of the only item, as the store has it.
  private func facts(_ program: Program) throws -> [String] {
    let found = try JSONValue(
      try program.run("search", "--mode", "lexical", "--json", "ferry").output)
    let id = try #require(found["results"]?[0]?["item"]?["id"]?.string.flatMap { ItemID($0) })
    let snapshot = try Snapshot(home: LoamHome(path: "\(program.home)/loam"), tenant: .default)
    let item = try #require(try snapshot.item(id, caller: Caller(Principal("ana"))))
    return item.content.facts.compactMap { fact in
      if case .text(let text) = fact.value { "\(fact.name) \(text)" } else { nil }
    }
  }

  @Test(
    "what --domain and --trust-server, or their settings, say of a message becomes facts",
    arguments: [
      ([], [:], []), (["--domain", "example.org"], [:], ["audience internal"]),
      (["--domain", "example.com"], [:], ["audience external"]),
      (
        ["--domain", "example.com", "--domain", "EXAMPLE.org"], [:], ["audience internal"]
      ),
      (["--trust-server", "other.example.org"], [:], []),
      (
        ["--trust-server", "mx.example.org", "--domain=example.org"], [:],
        ["authentication spf=pass", "authentication dkim=fail", "audience internal"]
      ),
      (
        [], ["LOAM_TRUSTED_SERVERS": "a.x,mx.example.org", "LOAM_DOMAINS": "example.com"],
        ["authentication spf=pass", "authentication dkim=fail", "audience external"]
      ),
      (
        ["--domain", "example.org"], ["LOAM_DOMAINS": "example.com"], ["audience internal"]
      ),
    ] as [([String], [String: String], [String])])
  func trust(options: [String], environment: [String: String], expected: [String]) throws {
    try withProgram { program in
      var program = program
      program.environment = environment
      try write(
        "Authentication-Results: mx.example.org; spf=pass; dkim=fail\n"
          + "From: Ana <ana@example.org>\nTo: bo@sub.example.org\nSubject: The ferry\n"
          + "Message-ID: <m@example.org>\n\nIt sails.\n", to: "\(program.home)/m.eml")
      let result = try program.run(
        ["ingest", "--no-vectors", "--json"] + options + ["\(program.home)/m.eml"])
      #expect(result.code == 0, "\(result.errors)")
      #expect(try facts(program) == expected)
    }
  }

  @Test("the flags that a mailbox's program wrote become facts")
  func flags() throws {
    try withProgram { program in
      func message(_ id: String, _ fields: String, _ words: String) -> String {
        "From bo@example.org Tue Nov  3 09:10:00 2026\nFrom: Bo <bo@example.org>\n"
          + "Message-ID: <\(id)@x>\n\(fields)\n\(words)\n\n"
      }
      try write(
        message("a", "Status: RO\nX-Status: F\n", "The ferry sails.")
          + message("b", "Status: O\n", "The radar is dead."),
        to: "\(program.home)/box")
      try #require(try ingest(program, "\(program.home)/box").code == 0)
      #expect(try facts(program).filter { $0.hasPrefix("flag ") } == ["flag seen", "flag flagged"])
    }
  }

  @Test("a passage that is quoted says so, and one that is not does not")
  func quoted() throws {
    try withProgram { program in
      try write(
        "From: Bo <bo@example.org>\nMessage-ID: <b@example.org>\nSubject: Re: Sailing\n"
          + "In-Reply-To: <a@example.org>\n\nYes, as ever, by noon at the pier.\n\n"
          + "On Tue, 3 Nov 2026, Ana wrote:\n> Does the ferry go to the island on Sunday?\n",
        to: "\(program.home)/m.eml")
      try #require(try ingest(program, "\(program.home)/m.eml").code == 0)
      for (question, isQuoted) in [("ferry island", true), ("noon pier", false)] {
        let found = try program.run("search", "--mode", "lexical", question)
        #expect(found.output.contains(isQuoted ? "Does the ferry go" : "by noon at the pier"))
        #expect(found.output.contains("│ quoted") == isQuoted, "\(found.output)")
      }
    }
  }

  @Test("an item that may not be seen answers as one that is not there")
  func hidden() throws {
    try withProgram { program in
      try write("secret ferry", to: "\(program.home)/a.txt")
      try #require(try ingest(program, "\(program.home)/a.txt").code == 0)
      let found = try program.run("search", "--mode", "lexical", "--json", "ferry")
      let id = try #require(
        found.output.split(separator: "\"").first {
          $0.utf8.count == 20 && ItemID(String($0)) != nil
        }
      )
      let other = String(id.reversed())
      for json in [[], ["--json"]] {
        let hidden = try program.run(["show", "--as", "eve", String(id)] + json)
        let absent = try program.run(["show", "--as", "eve", other] + json)
        #expect(hidden.code == 3)
        #expect(absent.code == hidden.code)
        #expect(absent.output == hidden.output)
        #expect(
          absent.errors.replacing(other, with: "") == hidden.errors.replacing(id, with: ""))
      }
      #expect(try program.run("show", "--as", "ana", String(id)).code == 0)
      #expect(
        try program.run("search", "--as", "eve", "--mode", "lexical", "ferry").output
          == "Nothing that you may see is stored yet.\n")
    }
  }

  @Test("failed inputs give 1 and the rest is ingested; passed-over ones give 0")
  func exitCodes() throws {
    try withProgram { program in
      try write("text", to: "\(program.home)/in/a.txt")
      try write("", to: "\(program.home)/in/empty.txt")
      #expect(try ingest(program, "\(program.home)/in").code == 0)
      let result = try ingest(program, "\(program.home)/in", "\(program.home)/gone")
      #expect(result.code == 1)
      #expect(result.output.contains(#""code":"vanished""#))
      #expect(result.errors.contains(#""code":"vanished""#))
      #expect(number("unchanged", in: result) == 1)
      for wrong in [["--allow", "anybody"], ["--exclude", "["], ["--owner", " "]] {
        #expect(try program.run(["ingest", "\(program.home)/in"] + wrong).code == 2)
      }
      #expect(try ingest(program, "--acl", "\(program.home)/none", "\(program.home)/in").code == 3)
      #expect(try program.run("ingest", "--tenant", "UPPER", "x").code == 2)
    }
  }

  @Test("a store that another process writes is locked, and says what to do")
  func locked() throws {
    try withProgram { program in
      try write("text", to: "\(program.home)/a.txt")
      try #require(try ingest(program, "\(program.home)/a.txt").code == 0)
      let lock = unsafe open("\(program.home)/loam/tenants/default/lock", O_RDWR | O_CLOEXEC)
      try #require(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
      let result = try ingest(program, "\(program.home)/a.txt")
      #expect(result.code == 3)
      #expect(result.errors.contains(#""code":"locked""#))
      #expect(result.errors.contains(#""remedy":""#))
      // Readers are not held up.
      #expect(try program.run("search", "--mode", "lexical", "text").code == 0)
      close(lock)
      #expect(try ingest(program, "\(program.home)/a.txt").code == 0)
    }
  }

  @Test("a store that cannot grow is not done, keeps what was acknowledged, and goes on later")
  func full() throws {
    try withProgram { program in
      var program = program
      let words = (0..<40_000).map { "word\($0)" }.joined(separator: " ")
      try write("small", to: "\(program.home)/in/a.txt")
      try write(words, to: "\(program.home)/in/b.txt")
      program.fileSizeLimit = 512 << 10
      let result = try ingest(program, "\(program.home)/in")
      #expect(result.code == 3)
      #expect(result.signal == 0)
      #expect(result.errors.contains(#""remedy":""#), "\(result.errors)")
      program.fileSizeLimit = nil
      let next = try ingest(program, "\(program.home)/in")
      #expect(next.code == 0)
      #expect((number("added", in: next) ?? 0) + (number("unchanged", in: next) ?? 0) == 2)
    }
  }

  @Test("a store that is damaged is named so")
  func damaged() throws {
    try withProgram { program in
      try write("text", to: "\(program.home)/a.txt")
      try #require(try ingest(program, "\(program.home)/a.txt").code == 0)
      try write(
        String(repeating: "nonsense", count: 4_096),
        to: "\(program.home)/loam/tenants/default/partition.sqlite")
      let result = try ingest(program, "\(program.home)/a.txt")
      #expect(result.code == 3)
      #expect(result.errors.contains(#""code":"damaged""#), "\(result.errors)")
      #expect(result.errors.contains(#""remedy":""#))
    }
  }

  @Test("a command that only reads makes no tenant")
  func noTenant() throws {
    try withProgram { program in
      for line in [["embed"], ["source", "list"], ["search", "x"], ["show", "x"]] {
        let result = try program.run(line)
        #expect(result.code == 3, "\(line)")
        #expect(result.errors.hasPrefix("loam: not_found: "), "\(result.errors)")
      }
      #expect(try program.run("tenants").output == "")
    }
  }
}
