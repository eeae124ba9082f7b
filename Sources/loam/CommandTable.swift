import Grounding

/// What may stand after the program's name, as data: parsing, `--help`, and whatever else must know
/// the commands (a man page, shell completion) read this one description.
struct CommandTable: Sendable {
  var commands: [Command]

  /// Every option of every command, each name once.
  ///
  /// An option's name takes a value in all commands or in none, so that a line can be cut into
  /// options and words before the command is known.
  var options: [CommandOption] {
    var seen: Set<String> = []
    return commands.flatMap(\.options).filter { seen.insert($0.name).inserted }
  }

  /// The command whose words `words` begin with; the one with most words wins.
  func command(for words: [String]) -> Command? {
    commands.filter { words.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
  }

  /// The first words, in the table's order, each once: what `loam` alone can be followed by.
  var groups: [String] {
    var seen: Set<String> = []
    return commands.compactMap(\.words.first).filter { seen.insert($0).inserted }
  }

  func commands(in group: String) -> [Command] { commands.filter { $0.words.first == group } }
}

/// One command: its words, what may follow them, and what it does.
struct Command: Sendable {
  /// Such as `["source", "remove"]`.
  var words: [String]
  var summary: String
  var operands: [Operand] = []
  var options: [CommandOption] = []
  /// A paragraph below the summary in `--help`.
  var details: String = ""
  var examples: [Example] = []
  /// Does it, and returns the exit code: 0 done, 1 done but some inputs failed.
  var run: @Sendable (Invocation) throws(Problem) -> Int32

  var name: String { words.joined(separator: " ") }
}

/// A word that a command needs or takes after its own words.
struct Operand: Sendable {
  var name: String
  var repeats = false
  var isOptional = false
  /// The words there are; empty where any will do.
  var choices: [String] = []

  var usage: String {
    let once = repeats ? "\(name)..." : name
    return isOptional ? "[\(once)]" : once
  }
}

struct Example: Sendable {
  var line: String
  var meaning: String
}

/// An option: a switch, or a name with a value.
struct CommandOption: Sendable {
  /// With its two hyphens.
  var name: String
  /// One hyphen and a letter, where there is such a form.
  var short: String?
  /// What the value stands for in usage lines; `nil` for a switch.
  var value: String?
  var repeats = false
  var summary: String
  /// Where the value comes from when the line does not give it.
  var setting: Setting?
  /// The values there are; empty where any text will do.
  var choices: [String] = []

  var usage: String {
    let forms = [short, name].compactMap(\.self).joined(separator: ", ")
    return value.map { "\(forms) \($0)" } ?? forms
  }
}
