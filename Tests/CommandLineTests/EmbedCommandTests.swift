import Glibc
import Grounding
import Partition
import TestSupport
import Testing

/// The published weights, where `LOAM_MODEL_FOLDER` names the folder they are in.
private let weightsFolder = Corpora.environment("LOAM_MODEL_FOLDER")

@Suite("loam embed")
struct EmbedCommandTests {
  private static func ingest(_ program: Program, _ count: Int) throws {
    for number in 0..<count {
      try write(
        "# Note \(number)\n\nThe ferry \(number) sails at nine.\n",
        to: "\(program.home)/in/\(number).md")
    }
    let result = try program.run(
      "ingest", "--no-vectors", "--source", "s", "\(program.home)/in")
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("\(count) pending (loam embed)"), "\(result.output)")
  }

  private static func snapshot(_ program: Program) throws -> Snapshot {
    try Snapshot(home: LoamHome(path: "\(program.home)/loam"), tenant: .default)
  }

  /// The lines of `result`, each held against the schema.
  private static func lines(
    _ result: Program.Result, _ location: SourceLocation = #_sourceLocation
  ) throws -> [JSONValue] {
    let schema = try JSONSchema(named: "embed-line")
    return try result.lines.map { line in
      let value = try JSONValue(line)
      #expect(schema.violations(of: value) == [], "\(line)", sourceLocation: location)
      return value
    }
  }

  /// The model of the program with another name: what it computes is the same.
  private static func renamedModel(_ program: Program) throws -> String {
    let folder = try #require(weightsFolder)
    let path = "\(program.home)/other.loam"
    let result = try program.run("model", "convert", folder, "--name", "other", "-o", path)
    #expect(result.code == 0, "\(result.errors)")
    return path
  }

  @Test("a search says what is pending where it asks for vectors")
  func searchSaysPending() throws {
    try withProgram { program in
      try Self.ingest(program, 2)
      let missing = "2 passages searched, hybrid; 2 without a vector yet: loam embed"
      #expect(try program.run("search", "ferry").output.contains(missing))
      let byWords = "2 passages searched, lexical"
      let output = try program.run("search", "--mode", "lexical", "ferry").output
      #expect(output.contains(byWords) && !output.contains("loam embed"), "\(output)")
      _ = try program.run("embed")
      #expect(try !program.run("search", "ferry").output.contains("without a vector"))
    }
  }

  @Test("makes what is pending, says how far it is, and does nothing the next time")
  func makes() throws {
    try withProgram { program in
      try Self.ingest(program, 5)
      let lines = try Self.lines(try program.run("embed", "--json"))
      #expect(lines.first?["event"] == .string("vectors"))
      #expect(lines.first?["made"] == .number(0))
      #expect(lines.first?["pending"] == .number(5))
      #expect(lines.first?["per_second"] == nil)
      let last = try #require(lines.dropLast().last)
      #expect(last["made"] == .number(5))
      #expect(last["pending"] == .number(0))
      #expect(try #require(last["per_second"]?.number) > 0)
      #expect(lines.last?["event"] == .string("summary"))
      #expect(lines.last?["vectors"] == .number(5))
      #expect(lines.last?["pending"] == .number(0))
      #expect(lines.last?["model"]?.string == (try Self.snapshot(program).modelID()))
      let again = try program.run("embed")
      #expect(again.output.hasPrefix("0 vectors in "))
      #expect(again.code == 0)
      #expect(try program.run("search", "--mode", "vector", "ferry").code == 0)
    }
  }

  @Test(
    "one that is told to stop, or killed, has whole batches; the next goes on",
    arguments: [SIGINT, SIGTERM, SIGKILL])
  func stops(signal: Int32) throws {
    try withProgram { program in
      try Self.ingest(program, 700)
      let output = "\(program.home)/progress"
      let pid = try program.start(
        ["embed", "--json"], output: output, errors: "\(program.home)/errors")
      // Once the first line is there, it is at work.
      while try octets(ofFile: output).isEmpty, kill(pid, 0) == 0 { usleep(5_000) }
      usleep(200_000)
      kill(pid, signal)
      let status = Program.wait(for: pid)
      if signal == SIGKILL {
        #expect(status & 0x7F == SIGKILL)
      } else {
        #expect(status == 130 << 8)
      }
      let left = try Self.snapshot(program).pendingCount(.serving)
      #expect(left > 0 && left <= 700)
      if signal != SIGKILL {
        let text = String(decoding: try octets(ofFile: output), as: UTF8.self)
        let summary = try JSONValue(String(try #require(text.split(separator: "\n").last)))
        #expect(summary["event"] == .string("summary"))
        #expect(summary["pending"] == .number(Double(left)))
        #expect(summary["vectors"] == .number(Double(700 - left)))
      }
      #expect(try program.run("verify").code == 0)
      // It can be ingested at once, and the rest is made.
      try write("# New\n\nThe ferry is new.\n", to: "\(program.home)/in/new.md")
      let result = try program.run("ingest", "--json", "--source", "s", "\(program.home)/in")
      let summary = try JSONValue(result.lines[result.lines.count - 1])
      #expect(summary["vectors"] == .number(Double(left + 1)))
      #expect(summary["pending"] == .number(0))
      #expect(try program.run("verify").code == 0)
    }
  }

  @Test(
    "another model takes the place of the store's; meanwhile each is asked with its own",
    .enabled(if: weightsFolder != nil, "LOAM_MODEL_FOLDER names the published weights"))
  func changesModel() throws {
    try withProgram { program in
      var program = program
      let other = try Self.renamedModel(program)
      try Self.ingest(program, 3)
      #expect(try program.run("embed").code == 0)
      let first = try #require(try Self.snapshot(program).modelID())
      // An ingest with the other model alone leaves its vectors to embed.
      program.environment["LOAM_MODEL"] = other
      try write("# New\n\nThe ferry is new.\n", to: "\(program.home)/in/new.md")
      let ingest = try program.run("ingest", "--source", "s", "\(program.home)/in")
      #expect(ingest.code == 0)
      #expect(ingest.output.contains("4 pending (loam embed)"), "\(ingest.output)")
      #expect(try Self.snapshot(program).modelID() == first)
      program.environment["LOAM_MODEL"] = nil
      program.environment["LOAM_NEXT_MODEL"] = other
      let lines = try Self.lines(try program.run("embed", "--json"))
      // One of the store's model, then four of the next.
      #expect(lines.last?["vectors"] == .number(5))
      #expect(lines.last?["model"]?.string?.hasPrefix("other") == true)
      #expect(lines.last?["next_model"] == nil)
      let found = try program.run("search", "--json", "--mode", "vector", "ferry")
      #expect(try JSONValue(found.output)["results"]?.array?.count == 4)
      #expect(try JSONValue(found.output)["coverage"]?["pending"] == .number(0))
      // Who has the former one alone finds nothing by meaning, and is told so.
      program.environment["LOAM_NEXT_MODEL"] = nil
      let former = try program.run("search", "--json", "--mode", "vector", "ferry")
      #expect(try JSONValue(former.output)["results"]?.array?.count == 0)
      #expect(try JSONValue(former.output)["coverage"]?["pending"] == .number(4))
      #expect(try program.run("verify").code == 0)
    }
  }

  @Test("a change that has begun is given up")
  func keepsModel() throws {
    try withProgram { program in
      try Self.ingest(program, 3)
      #expect(try program.run("embed").code == 0)
      let home = LoamHome(path: "\(program.home)/loam")
      do {
        let writer = try PartitionWriter(home: home, tenant: .default)
        try writer.changeModel(to: "third", dimension: 5)
      }
      let lines = try Self.lines(try program.run("embed", "--json"))
      #expect(lines.last?["next_model"] == .string("third"))
      #expect(lines.last?["vectors"] == .number(0))
      let kept = try Self.lines(try program.run("embed", "--json", "--keep-model"))
      #expect(kept.last?["next_model"] == nil)
      #expect(try Self.snapshot(program).pendingCount(.next) == 0)
      #expect(try program.run("verify").code == 0)
      #expect(try program.run("embed", "--next-model", "\(program.home)/none").code == 3)
    }
  }
}
