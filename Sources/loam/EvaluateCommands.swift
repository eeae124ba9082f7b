import Evaluation
import Grounding

extension Command {
  static let evaluateRun = Command(
    words: ["evaluate", "run"], summary: "measure TREC runs against judgements",
    operands: [Operand(name: "QRELS"), Operand(name: "RUN", repeats: true)],
    options: CommandOption.common,
    details: """
      QRELS is TREC's four columns, or BEIR's three where its name ends in .tsv. Measures are those of \
      trec_eval with -c; every run after the first is compared with the first, with a 95 % interval \
      over the topics.
      """,
    examples: [
      Example(line: "loam evaluate run qrels.txt bm25.trec", meaning: "one run"),
      Example(
        line: "loam evaluate run qrels/test.tsv a.trec b.trec --json",
        meaning: "two runs, as JSON"),
    ],
    run: runEvaluateRun)
}

private func runEvaluateRun(_ invocation: Invocation) throws(Problem) -> Int32 {
  let report = try RunReport(
    qrels: invocation.operands[0], runs: Array(invocation.operands.dropFirst()))
  if invocation.console.isJSON {
    try invocation.console.print(report.json)
  } else {
    try invocation.console.write(Array(report.text.utf8))
  }
  return 0
}
