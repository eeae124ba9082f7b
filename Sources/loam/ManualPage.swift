/// The page `loam.1`, in the man macros of roff, made from the table of commands.
///
/// - SeeAlso: groff_man(7); man-pages(7) for the order of sections.
struct ManualPage {
  let table: CommandTable

  /// The whole page; the same for the same table.
  var text: String {
    var lines = [
      #".TH LOAM 1 "" "Loam \#(programVersion)" "User Commands""#,
      ".SH NAME", #"loam \- answers from mail, documents and calendars with exact passages"#,
      ".SH SYNOPSIS", ".B loam", ".I COMMAND", "[OPTIONS] ...",
      ".SH DESCRIPTION",
    ]
    lines += [
      roff(
        """
        Loam reads mail, documents and calendars into one index per tenant and answers a question \
        with the few exact passages that the asker may see.
        """)
    ]
    lines += [".SH OPTIONS", "Every command takes these."]
    for option in CommandOption.common { lines += entry(option) }
    lines.append(".SH COMMANDS")
    for command in table.commands { lines += section(command) }
    lines += [
      ".SH ENVIRONMENT",
      roff("A setting comes from an option, else from here, else from the configuration file."),
    ]
    for setting in Setting.allCases {
      lines += [
        ".TP", ".B \(roff(setting.variable))", roff("\(setting.summary) (\"\(setting.rawValue)\")"),
      ]
    }
    lines += [
      ".SH FILES", ".TP", ".I $XDG_CONFIG_HOME/loam/config.json",
      roff("Settings by the names in parentheses above; ~/.config where the variable is not set."),
      ".TP", ".I $XDG_DATA_HOME/loam",
      roff("The home: keys.json and a folder for each tenant; ~/.local/share where it is not set."),
      ".SH EXIT STATUS",
    ]
    for (code, meaning) in exitCodes { lines += [".TP", ".B \(code)", roff(meaning)] }
    return lines.joined(separator: "\n") + "\n"
  }

  private func entry(_ option: CommandOption) -> [String] {
    [".TP", ".B \(roff(option.usage))", roff(optionSummary(option).sentence)]
  }

  private func section(_ command: Command) -> [String] {
    var lines = [#".SS "\#(roff(usageLine(command)))""#, roff(command.summary.sentence)]
    if !command.details.isEmpty { lines += [".PP", roff(command.details)] }
    for option in command.options
    where !CommandOption.common.contains(where: { $0.name == option.name }) {
      lines += entry(option)
    }
    for example in command.examples {
      lines += [
        ".PP", roff(example.meaning.sentence), ".PP", ".EX", "    \(roff(example.line))", ".EE",
      ]
    }
    return lines
  }
}

/// `text` as roff prints it: hyphens that can be copied, no line that is a request.
private func roff(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "\\": result += #"\e"#
    case "-": result += #"\-"#
    case "\"": result += #"\(dq"#
    case "'" where result.isEmpty || result.last == "\n": result += #"\&'"#
    case "." where result.isEmpty || result.last == "\n": result += #"\&."#
    default: result.append(character)
    }
  }
  return result
}
