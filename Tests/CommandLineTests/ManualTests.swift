import Glibc
import TestSupport
import Testing

@Suite("The manual page and completion come from the command table")
struct ManualTests {
  /// Every command as help lists it, with the long options that its help lists.
  private func commands(_ program: Program) throws -> [(name: String, options: [String])] {
    let lines = try program.run("--help").output.split(
      separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "Commands:"))
    let names = lines[(start + 1)...].prefix { $0.hasPrefix("  ") }.filter { !$0.hasPrefix("   ") }
      .map { String($0.dropFirst(2).split(separator: "  ")[0]) }
    return try names.map { name in
      let help = try program.run(name.split(separator: " ").map(String.init) + ["--help"]).output
      let options = help.split(separator: "\n").compactMap { line in
        line.hasPrefix("  ") && !line.hasPrefix("   ")
          ? line.split(separator: " ").first { $0.hasPrefix("--") }.map(String.init) : nil
      }
      return (name, options)
    }
  }

  @Test("the page names every command and every option, and has no line that roff would not print")
  func manual() throws {
    try withProgram { program in
      let page = try program.run("manual")
      #expect(page.code == 0)
      let commands = try commands(program)
      #expect(commands.count > 10)
      for command in commands {
        #expect(page.output.contains(".SS \"loam \(command.name)"), "\(command.name)")
        #expect(!command.options.isEmpty)
        for option in command.options {
          #expect(
            page.output.contains(option.replacing("-", with: "\\-")), "\(command.name) \(option)")
        }
      }
      let requests: Set<String> = [
        ".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".EX", ".EE",
      ]
      for line in page.lines where line.hasPrefix(".") || line.hasPrefix("'") {
        #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
      }
    }
  }

  /// What bash offers for the words of a line, the last of which is being written.
  private func offered(_ program: Program, _ words: [String]) throws -> Set<String> {
    let path = "\(program.home)/completion.bash"
    let script = try program.run("completion", "bash")
    #expect(script.code == 0)
    try write(
      script.output + """
        COMP_WORDS=(loam \(words.map { "'\($0)'" }.joined(separator: " ")))
        COMP_CWORD=\(words.count)
        _loam
        printf '%s\\n' "${COMPREPLY[@]}" > '\(program.home)/offered'

        """, to: path)
    let pipe = unsafe popen("/bin/bash -u '\(path)' 2>&1", "r")
    let status = unsafe pclose(pipe)
    #expect(status == 0)
    return Set(
      String(decoding: try octets(ofFile: "\(program.home)/offered"), as: UTF8.self)
        .split(separator: "\n").map(String.init))
  }

  @Test("bash completes commands, options and choices by running the script")
  func bash() throws {
    try withProgram { program in
      #expect(try offered(program, ["sea"]) == ["search"])
      #expect(try offered(program, ["source", ""]).isSuperset(of: ["list", "remove"]))
      #expect(try offered(program, ["search", "--mode", ""]) == ["hybrid", "lexical", "vector"])
      #expect(try offered(program, ["search", "--mode", "lex"]) == ["lexical"])
      #expect(try offered(program, ["search", "--tenant", ""]).isEmpty)
      #expect(try offered(program, ["--tenant", "ingest", "search", "--fus"]) == ["--fusion"])
      #expect(try offered(program, ["source", "remove", "--ten"]) == ["--tenant"])
      #expect(try offered(program, ["completion", "f"]) == ["fish"])
      for command in try commands(program) {
        let words = command.name.split(separator: " ").map(String.init)
        #expect(
          try offered(program, words + ["--"]).isSuperset(of: command.options), "\(command.name)")
      }
    }
  }

  @Test("fish and zsh have their scripts; another shell is wrong usage")
  func others() throws {
    try withProgram { program in
      let fish = try program.run("completion", "fish")
      for command in try commands(program) {
        for option in command.options {
          #expect(fish.output.contains(" -l \(option.dropFirst(2))"), "\(option)")
        }
      }
      #expect(try program.run("completion", "zsh").output.hasPrefix("#compdef loam\n"))
      let other = try program.run("completion", "csh")
      #expect(other.code == 2)
      #expect(other.errors.contains("bash, zsh, fish"))
    }
  }
}
