/// Scripts that complete a line in a shell, made from the table of commands.
struct Completion {
  enum Shell: String, CaseIterable { case bash, zsh, fish }

  let table: CommandTable

  func script(for shell: Shell) -> String {
    switch shell {
    case .bash: bash + "complete -o default -F _loam loam\n"
    // zsh runs bash's function by its own emulation.
    case .zsh:
      "#compdef loam\nautoload -U +X bashcompinit && bashcompinit\n" + bash
        + "complete -o default -F _loam loam\n"
    case .fish: fish
    }
  }

  // MARK: bash

  /// A function that reads the words so far and offers commands, options and their choices; where it
  /// offers nothing, the shell offers files.
  private var bash: String {
    let valued = table.options.filter { $0.value != nil }
    return """
      _loam() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        local command= words= i
        for ((i = 1; i < COMP_CWORD; i++)); do
          case ${COMP_WORDS[i]} in
            \(valued.flatMap(\.names).joined(separator: "|"))) ((i++)) ;;
            -*) ;;
            *) command+="${command:+ }${COMP_WORDS[i]}" ;;
          esac
        done
        case $previous in
      \(choices)
          \(valued.filter(\.choices.isEmpty).flatMap(\.names).joined(separator: "|"))) return ;;
        esac
        case $command in
          '') words='\((table.groups + ["help"]).joined(separator: " ")) --version --help' ;;
      \(commandCases)
        esac
        COMPREPLY=($(compgen -W "$words" -- "$current"))
      }

      """
  }

  private var choices: String {
    table.options.filter { !$0.choices.isEmpty }.map { option in
      "    \(option.names.joined(separator: "|")))"
        + " COMPREPLY=($(compgen -W '\(option.choices.joined(separator: " "))' -- \"$current\"));"
        + " return ;;"
    }.joined(separator: "\n")
  }

  private var commandCases: String {
    let commands = table.commands.map { command in
      let options = command.options.map(\.name).joined(separator: " ")
      let words = (command.operands.first.map(\.choices) ?? []).joined(separator: " ")
      return "    '\(command.name)'*) words='\(words.isEmpty ? "" : words + " ")\(options)' ;;"
    }
    let groups = table.groups.filter { table.command(for: [$0]) == nil }.map { group in
      let words = table.commands(in: group).compactMap { $0.words.dropFirst().first }
      return "    '\(group)') words='\(words.joined(separator: " ")) --help' ;;"
    }
    return (commands + groups).joined(separator: "\n")
  }

  // MARK: fish

  private var fish: String {
    var lines = ["complete -c loam -f"]
    for group in table.groups {
      let summary =
        table.command(for: [group])?.summary
        ?? table.commands(in: group).compactMap { $0.words.dropFirst().first }.joined(
          separator: ", ")
      lines.append("complete -c loam -n __fish_use_subcommand -a \(group) -d \(quoted(summary))")
    }
    for command in table.commands {
      let seen = command.words.map { "__fish_seen_subcommand_from \($0)" }.joined(
        separator: "; and ")
      if command.words.count > 1 {
        let first = command.words[0]
        lines.append(
          "complete -c loam -n \(quoted("__fish_seen_subcommand_from \(first)"))"
            + " -a \(command.words[1]) -d \(quoted(command.summary))")
      }
      for operand in command.operands {
        let offered =
          operand.choices.isEmpty
          ? (operand.isFile ? "-F" : nil) : "-a \(quoted(operand.choices.joined(separator: " ")))"
        if let offered { lines.append("complete -c loam -n \(quoted(seen)) \(offered)") }
      }
      for option in command.options { lines.append(fish(option, seen: seen)) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func fish(_ option: CommandOption, seen: String) -> String {
    var line = "complete -c loam -n \(quoted(seen)) -l \(option.name.dropFirst(2))"
    if let short = option.short { line += " -s \(short.dropFirst())" }
    if !option.choices.isEmpty {
      line += " -x -a \(quoted(option.choices.joined(separator: " ")))"
    } else if option.value != nil {
      line += option.isFile ? " -r -F" : " -x"
    }
    return line + " -d \(quoted(option.summary))"
  }

  private func quoted(_ text: String) -> String {
    var result = "'"
    for character in text {
      if character == "'" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return result + "'"
  }
}

extension CommandOption {
  /// The long name and, where there is one, the short one.
  fileprivate var names: [String] { [name] + [short].compactMap(\.self) }
  fileprivate var isFile: Bool { value.map(Operand.namesOfFiles.contains) ?? false }
}

extension Operand {
  /// Placeholders that stand for files or folders.
  fileprivate static let namesOfFiles: Set<String> = ["PATH", "FILE", "DIR", "QRELS", "RUN"]
  fileprivate var isFile: Bool { Self.namesOfFiles.contains(name) }
}
