import Glibc
import Grounding

/// Parses, runs, reports; returns the exit code.
func runProgram(_ arguments: [String], table: CommandTable) -> Int32 {
  let isQuiet = arguments.contains(CommandOption.quiet.name)
  let isJSON = arguments.contains(CommandOption.json.name)
  let console = Console(
    variable: { name in
      guard let value = unsafe getenv(name) else { return nil }
      let text = unsafe String(cString: value)
      return text.isEmpty ? nil : text
    }, isQuiet: isQuiet, isJSON: isJSON)
  do {
    return try run(arguments, table: table, console: console)
  } catch {
    console.report(error)
    return exitCode(of: error)
  }
}

/// 2 where the line or a value on it is wrong, 3 where what was asked could not be done.
func exitCode(of problem: Problem) -> Int32 {
  switch problem.code {
  case .usage, .badRequest: 2
  default: 3
  }
}

private func run(
  _ arguments: [String], table: CommandTable, console: Console
) throws(Problem) -> Int32 {
  let parsed: ParsedArguments
  if arguments == ["--version"] {
    parsed = try parse(["version"], by: table)
  } else if arguments.first == "help" {
    parsed = try parse(arguments.dropFirst() + [CommandOption.help.name], by: table)
  } else {
    parsed = try parse(arguments, by: table)
  }
  if parsed.asksForHelp || arguments.isEmpty {
    try console.print(help(parsed, table: table, columns: console.out.textColumns))
    return arguments.isEmpty ? 2 : 0
  }
  guard let command = parsed.command else { throw unknownCommand(parsed.words, table: table) }
  let invocation = Invocation(arguments: parsed, settings: try Settings(), console: console)
  defer { console.clearProgress() }
  return try command.run(invocation)
}

private func help(
  _ parsed: ParsedArguments, table: CommandTable, columns: Int
) throws(Problem) -> String {
  var text: String
  if let command = parsed.command {
    text = helpText(for: command, columns: columns)
  } else if let word = parsed.words.first {
    guard !table.commands(in: word).isEmpty else {
      throw unknownCommand(parsed.words, table: table)
    }
    text = helpText(forGroup: word, table: table, columns: columns)
  } else {
    text = helpText(for: table, columns: columns)
  }
  text.removeLast()
  return text
}
