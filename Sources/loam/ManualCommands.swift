import Grounding

extension Command {
  static let manual = Command(
    words: ["manual"], summary: "print the manual page loam.1",
    options: CommandOption.common,
    details: "The page is made from the same table that the command line is read by.",
    examples: [
      Example(line: "loam manual | man -l -", meaning: "read it here"),
      Example(
        line: "loam manual > ~/.local/share/man/man1/loam.1", meaning: "install it for yourself"),
    ],
    run: runManual)

  static let completion = Command(
    words: ["completion"], summary: "print a script that completes loam's lines in a shell",
    operands: [Operand(name: "SHELL", choices: Completion.Shell.allCases.map(\.rawValue))],
    options: CommandOption.common,
    examples: [
      Example(
        line: "loam completion bash > ~/.local/share/bash-completion/completions/loam",
        meaning: "in every new bash"),
      Example(
        line: "loam completion fish > ~/.config/fish/completions/loam.fish",
        meaning: "in every new fish"),
    ],
    run: runCompletion)
}

private func runManual(_ invocation: Invocation) throws(Problem) -> Int32 {
  try invocation.console.write(Array(ManualPage(table: .loam).text.utf8))
  return 0
}

private func runCompletion(_ invocation: Invocation) throws(Problem) -> Int32 {
  let name = invocation.operands[0]
  guard let shell = Completion.Shell(rawValue: name) else {
    throw Problem(
      .usage, "loam completion knows no shell \(printable(name)).",
      remedy: "Give one of \(Completion.Shell.allCases.map(\.rawValue).joined(separator: ", ")).")
  }
  try invocation.console.write(Array(Completion(table: .loam).script(for: shell).utf8))
  return 0
}
