import FoundationEssentials
import Grounding
import TestSupport
import Testing

@Suite("What --json prints is what Schemas/ says")
struct SchemaTests {
  /// What is wrong with the lines of `result`; a result without a line is wrong too.
  private func violations(_ result: Program.Result, _ schema: String) throws -> [String] {
    let schema = try JSONSchema(named: schema)
    guard !result.lines.isEmpty else { return ["no line: \(result.errors)"] }
    return try result.lines.flatMap { schema.violations(of: try JSONValue($0)) }
  }

  @Test("ingest, search in each mode, show of every item: without vectors, then with them")
  func organisation() throws {
    try withProgram { program in
      let plain = try Organisation.ingest(program, ["--no-vectors"])
      #expect(plain.code == 0, "\(plain.errors)")
      #expect(try violations(plain, "ingest-line") == [])
      let ids = try plain.lines.dropLast().flatMap { line in
        try JSONValue(line)["items"]?.array?.compactMap(\.string) ?? []
      }
      let summary = try JSONValue(plain.lines[plain.lines.count - 1])
      #expect(summary["event"] == .string("summary"))
      #expect(summary["vectors"] == .number(0))
      #expect(Set(ids).count == summary["added"]?.number.map { Int($0) })
      try search(program, vectors: false)
      for id in ids {
        let shown = try program.run(
          ["show", "--json", "--as", "archive", id] + Organisation.tenant)
        #expect(try violations(shown, "item") == [], "\(id)")
      }

      let again = try Organisation.ingest(program)
      #expect(try violations(again, "ingest-line") == [])
      let filled = try JSONValue(again.lines[again.lines.count - 1])
      #expect(filled["vectors"] == summary["passages"])
      try search(program, vectors: true)
    }
  }

  private func search(_ program: Program, vectors: Bool) throws {
    let lines = [
      ["--mode", "lexical"], ["--mode", "vector"], ["--mode", "hybrid"],
      ["--fusion", "rrf", "--limit", "100", "--snippets", "10"],
      ["--group-by", "conversation"],
      ["--budget-tokens", "200", "--kind", "document"],
      ["--now", "2026-11-24T09:00:00+01:00", "--zone", "Europe/Berlin"],
    ]
    let questions = try Organisation.demoQuestions()
    var requests: Set<String> = []
    for line in lines {
      var found = 0
      for question in questions {
        let result = try program.run(
          ["search", "--json"] + Organisation.tenant + question.caller + line + [question.text])
        #expect(result.code == 0, "\(result.errors)")
        #expect(
          try violations(result, "retrieval-response") == [], "\(line) \(question.text)")
        let response = try JSONValue(result.output)
        found += response["results"]?.array?.count ?? 0
        requests.insert(response["request_id"]?.string ?? "")
      }
      // Answers without results would leave most of the schema unread.
      #expect((found > 0) == (vectors || line != ["--mode", "vector"]), "\(line)")
    }
    #expect(requests.count == lines.count * questions.count)
    #expect(requests.allSatisfy { $0.utf8.count == 32 })
  }

  @Test("an ingest with failures, and one that removes")
  func failures() throws {
    try withProgram { program in
      try write("text", to: "\(program.home)/in/a.txt")
      try write("", to: "\(program.home)/in/empty.txt")
      let arguments = ["ingest", "--no-vectors", "--json", "--prune", "\(program.home)/in"]
      let result = try program.run(arguments + ["\(program.home)/gone"])
      #expect(result.code == 1)
      #expect(try violations(result, "ingest-line") == [])
      let summary = try JSONValue(result.lines[result.lines.count - 1])
      #expect(summary["failed"]?[0]?["code"] == .string("vanished"))
      #expect(summary["skipped"] == .object(["empty": .number(1)]))
    }
  }

  @Test("evaluate dataset, with all legs and with one")
  func evaluation() throws {
    try withProgram { program in
      let folder = "\(program.home)/tiny"
      try write(
        """
        {"_id":"d1","title":"Ferry","text":"The ferry sails at nine."}
        {"_id":"d2","title":"Radar","text":"The radar is dead."}

        """, to: "\(folder)/corpus.jsonl")
      try write(
        "{\"_id\":\"q1\",\"text\":\"when does the ferry go\"}\n", to: "\(folder)/queries.jsonl")
      try write("query-id\tcorpus-id\tscore\nq1\td1\t1\n", to: "\(folder)/qrels/test.tsv")
      for (line, count) in [([], 3), (["--legs", "lexical"], 1)] {
        let result = try program.run(["evaluate", "dataset", folder, "--json"] + line)
        #expect(result.code == 0, "\(result.errors)")
        #expect(try violations(result, "evaluation") == [])
        guard case .object(let legs) = try JSONValue(result.output)["legs"] else {
          Issue.record("no legs")
          continue
        }
        #expect(legs.count == count)
      }
    }
  }

  @Test("an error is a problem on the error stream; the output, which a program reads, stays empty")
  func errors() throws {
    try withProgram { program in
      try write("text", to: "\(program.home)/a.txt")
      try #require(try program.run("ingest", "--no-vectors", "\(program.home)/a.txt").code == 0)
      let absent = String(repeating: "a", count: 20)
      for (line, code, exit) in [
        (["search", "--tenant", "nobody", "x"], "not_found", Int32(3)),
        (["show", absent], "not_found", 3), (["search", "--limit", "0", "x"], "usage", 2),
        (["search", "--mode", "word", "x"], "usage", 2), (["search", ""], "usage", 2),
      ] {
        let result = try program.run(line + ["--json"])
        #expect(result.code == exit, "\(line)")
        #expect(result.output == "", "\(line)")
        let problem = try JSONValue(result.errors)
        #expect(try JSONSchema(named: "problem").violations(of: problem) == [], "\(line)")
        #expect(problem["code"] == .string(code), "\(line): \(result.errors)")
        let text = try program.run(line)
        #expect(text.errors.hasPrefix("loam: \(code): "), "\(line): \(text.errors)")
      }
    }
  }

  @Test("a problem as JSON, with and without all that may be absent")
  func problem() throws {
    let schema = try JSONSchema(named: "problem")
    for problem in [
      Problem(.internal, "It broke."),
      Problem(.notFound, "It is not there.", place: "tenant x", remedy: "Ingest first."),
    ] {
      let text = String(
        decoding: try JSONEncoder().encode(ProblemDetails(problem)), as: UTF8.self)
      #expect(schema.violations(of: try JSONValue(text)) == [], "\(text)")
    }
  }

  @Test("the fixture's access lists")
  func accessLines() throws {
    let schema = try JSONSchema(named: "access-line")
    let text = String(
      decoding: try octets(ofFile: "\(Organisation.folder)/access.jsonl"), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 15)
    for line in lines {
      #expect(schema.violations(of: try JSONValue(String(line))) == [], "\(line)")
    }
  }
}
