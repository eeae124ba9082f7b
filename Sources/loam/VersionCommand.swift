import Embedding
import Grounding

extension Command {
  static let version = Command(
    words: ["version"], summary: "print the version",
    options: CommandOption.common,
    examples: [
      Example(line: "loam version", meaning: "the version alone"),
      Example(line: "loam version --json", meaning: "with the model's name"),
    ],
    run: runVersion)
}

private func runVersion(_ invocation: Invocation) throws(Problem) -> Int32 {
  if invocation.console.isJSON {
    try invocation.console.print(
      .object([
        "version": .text(programVersion), "model": .text(try invocation.encoder().modelID),
      ]))
  } else {
    try invocation.console.print("loam \(programVersion)")
  }
  return 0
}
