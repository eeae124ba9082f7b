/// How a command is written, as `loam ingest [OPTIONS] PATH...`.
func usageLine(_ command: Command) -> String {
  (["loam", command.name] + (command.options.isEmpty ? [] : ["[OPTIONS]"])
    + command.operands.map(\.usage)).joined(separator: " ")
}

/// The text of `loam COMMAND --help`: usage, meaning, options, examples.
func helpText(for command: Command, columns: Int) -> String {
  var lines = [command.summary.sentence, "", "Usage: \(usageLine(command))"]
  if !command.details.isEmpty {
    lines += [""] + wrapped(command.details, columns: columns)
  }
  lines += ["", "Options:"]
  lines += columnsOfText(
    command.options.map { ($0.usage, optionSummary($0)) }, columns: columns)
  if !command.examples.isEmpty {
    lines += ["", "Examples:"]
    for example in command.examples {
      lines += ["  \(example.line)", "      \(example.meaning)"]
    }
  }
  return lines.joined(separator: "\n") + "\n"
}

/// The text of `loam --help`: the commands, the settings, the exit codes.
func helpText(for table: CommandTable, columns: Int) -> String {
  var lines = [
    "Loam reads mail, documents and calendars and answers with the exact passages you may see.", "",
    "Usage: loam COMMAND [OPTIONS] ...", "", "Commands:",
  ]
  lines += columnsOfText(table.commands.map { ($0.name, $0.summary) }, columns: columns)
  lines += ["", "Settings, from an option, else the environment, else the configuration file:"]
  lines += columnsOfText(
    Setting.allCases.map { ($0.variable, "\($0.summary) (\"\($0.rawValue)\")") }, columns: columns)
  lines += [
    "", "The configuration file is $XDG_CONFIG_HOME/loam/config.json (~/.config/loam/config.json).",
    "", "Exit codes:",
  ]
  lines += exitCodes.map { "  \($0.code)  \($0.meaning)" }
  lines += ["", "See loam COMMAND --help for options and examples."]
  return lines.joined(separator: "\n") + "\n"
}

/// What the program's exit code says.
let exitCodes: [(code: Int32, meaning: String)] = [
  (0, "done"), (1, "done, but some inputs failed"), (2, "wrong usage"),
  (3, "not done: the store is locked or damaged, or there is no space"),
]

/// The text of `loam GROUP --help` for a word that begins several commands.
func helpText(forGroup group: String, table: CommandTable, columns: Int) -> String {
  let commands = table.commands(in: group)
  let lines =
    ["Usage: loam \(group) COMMAND [OPTIONS] ...", "", "Commands:"]
    + columnsOfText(commands.map { ($0.name, $0.summary) }, columns: columns)
    + ["", "See loam \(group) COMMAND --help for options and examples."]
  return lines.joined(separator: "\n") + "\n"
}

/// What an option means, with its choices and the setting behind it.
func optionSummary(_ option: CommandOption) -> String {
  var text = option.summary
  if !option.choices.isEmpty { text += ": " + option.choices.joined(separator: ", ") }
  if option.repeats { text += "; may be repeated" }
  if let setting = option.setting { text += " [\(setting.variable)]" }
  return text
}

private func columnsOfText(_ rows: [(String, String)], columns: Int) -> [String] {
  let indent = min(28, (rows.map { $0.0.count }.max() ?? 0) + 4)
  var lines: [String] = []
  for (name, meaning) in rows {
    let text = wrapped(meaning, columns: max(24, columns - indent))
    var first = "  " + name
    if first.count + 2 > indent {
      lines.append(first)
      first = ""
    }
    for (index, line) in text.enumerated() {
      let head = index == 0 ? first : ""
      lines.append(head + String(repeating: " ", count: indent - head.count) + line)
    }
  }
  return lines
}

extension String {
  /// With a capital and a full stop.
  var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
