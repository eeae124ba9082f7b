import TestSupport
import Testing

@Suite struct UsageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var line: [String]
    /// What the error text says.
    var says: String
    var testDescription: String { line.joined(separator: " ") }
  }

  static let wrong: [Case] = [
    Case(line: ["vesion"], says: "Did you mean version?"),
    Case(line: ["xyzzyx"], says: "There is no command xyzzyx."),
    Case(line: ["version", "--jsn"], says: "Did you mean --json?"),
    Case(line: ["version", "--jons"], says: "Did you mean --json?"),
    Case(line: ["version", "--home"], says: "--home needs a value: DIR."),
    Case(line: ["version", "--home="], says: "--home needs a value: DIR."),
    Case(line: ["version", "--home", "--json"], says: "--home=--json"),
    Case(line: ["version", "--home", "a", "--home", "b"], says: "--home was given twice."),
    Case(line: ["version", "--json=1"], says: "--json takes no value."),
    Case(line: ["version", "more"], says: "loam version takes no more."),
    Case(line: ["-x"], says: "loam has no option -x."),
  ]

  @Test("wrong usage exits with 2, says what is wrong and where to look", arguments: wrong)
  func wrongUsage(_ item: Case) throws {
    try withProgram { program in
      let result = try program.run(item.line)
      #expect(result.code == 2)
      #expect(result.output == "")
      let isJSON = item.line.contains("--json")
      #expect(
        isJSON
          ? result.errors.contains(#""code":"usage""#) : result.errors.hasPrefix("loam: usage: "))
      #expect(result.errors.contains(item.says), "\(result.errors)")
    }
  }

  @Test("no command prints the help and is wrong usage; --help is not")
  func help() throws {
    try withProgram { program in
      let nothing = try program.run()
      #expect(nothing.code == 2)
      let asked = try program.run("--help")
      #expect(asked.code == 0)
      #expect(asked.output == nothing.output)
      #expect(asked.output.contains("Exit codes:"))
    }
  }

  @Test("every command has help with usage, options and an example")
  func commandHelp() throws {
    try withProgram { program in
      let lines = try program.run("--help").output.split(
        separator: "\n", omittingEmptySubsequences: false)
      let start = try #require(lines.firstIndex(of: "Commands:"))
      let commands = lines[(start + 1)...].prefix { $0.hasPrefix("  ") }
        .filter { !$0.hasPrefix("      ") }
        .map { line in
          line.dropFirst(2).prefix(24).split(separator: "  ")[0].split(separator: " ")
            .map(String.init)
        }
      #expect(commands.contains(["version"]))
      for words in commands {
        let result = try program.run(words + ["--help"])
        #expect(result.code == 0, "\(words)")
        #expect(result.output.contains("Usage: loam \(words.joined(separator: " "))"))
        #expect(result.output.contains("\nOptions:\n"))
        #expect(result.output.contains("\nExamples:\n  loam "), "\(words)")
        #expect(try program.run(["help"] + words).output == result.output)
        for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
      }
    }
  }

  @Test("the configuration file is read, and what is unknown in it is wrong usage")
  func configuration() throws {
    try withProgram { program in
      var program = program
      let path = "\(program.home)/.config/loam/config.json"
      for (text, says) in [
        (#"{"tenat": "x"}"#, "Did you mean tenant?"), ("[]", "not a JSON object"),
        (#"{"tenant": 1}"#, "not a JSON object"),
      ] {
        try write(text, to: path)
        let result = try program.run("version")
        #expect(result.code == 2)
        #expect(result.errors.contains(says), "\(result.errors)")
      }
      program.environment["XDG_CONFIG_HOME"] = "\(program.home)/elsewhere"
      #expect(try program.run("version").code == 0)
    }
  }

  @Test("an output that takes nothing more is an error, not a success")
  func fullOutput() throws {
    try withProgram { program in
      let pid = try program.start(
        ["version"], output: "/dev/full", errors: "\(program.home)/errors")
      #expect((Program.wait(for: pid) >> 8) & 0xFF == 3)
    }
  }
}
