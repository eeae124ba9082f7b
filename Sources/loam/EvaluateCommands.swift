import Evaluation
import Grounding

extension Command {
  static let evaluateRun = Command(
    words: ["evaluate", "run"], summary: "measure TREC runs against judgements",
    operands: [Operand(name: "QRELS"), Operand(name: "RUN", repeats: true)],
    options: [.topics, .excludePairs, .perTopic, .report, .seed] + CommandOption.common,
    details: """
      QRELS is TREC's four columns, or BEIR's three where its name ends in .tsv. Measures are those of \
      trec_eval with -c; every run after the first is compared with the first: the paired difference \
      with a 95 % interval over the topics, and p by a randomisation test.
      """,
    examples: [
      Example(line: "loam evaluate run qrels.txt bm25.trec", meaning: "one run"),
      Example(
        line: "loam evaluate run qrels/test.tsv a.trec b.trec --json",
        meaning: "two runs, as JSON"),
      Example(
        line: "loam evaluate run qrels.txt a.trec b.trec --report ab.html",
        meaning: "and a page with plots to open in a browser"),
    ],
    run: runEvaluateRun)
}

private func runEvaluateRun(_ invocation: Invocation) throws(Problem) -> Int32 {
  let report = try RunReport(
    qrels: invocation.operands[0], runs: Array(invocation.operands.dropFirst()),
    selection: TopicSelection(
      topics: invocation.value(.topics), excludedPairs: invocation.value(.excludePairs)),
    bootstrap: bootstrap(invocation))
  let perTopic = invocation.has(.perTopic)
  try show(
    invocation, json: { report.json(perTopic: perTopic) },
    text: { report.text(perTopic: perTopic) }, page: { report.page })
  return 0
}

private func bootstrap(_ invocation: Invocation) throws(Problem) -> Bootstrap {
  let seed = try invocation.number(.seed, in: 0...Int.max)
  return Bootstrap(seed: seed.map(UInt64.init) ?? Bootstrap.defaultSeed)
}

/// Writes the page where one is asked for, then prints what was found.
private func show(
  _ invocation: Invocation, json: () -> String, text: () -> String, page: () -> String
) throws(Problem) {
  if let path = invocation.value(.report) { try Files.write(Array(page().utf8), to: path) }
  if invocation.console.isJSON {
    try invocation.console.print(json())
  } else {
    try invocation.console.write(Array(text().utf8))
  }
}

extension Command {
  static let evaluateDataset = Command(
    words: ["evaluate", "dataset"], summary: "ingest a judged collection and measure each leg",
    operands: [Operand(name: "DIR")],
    options: [
      .qrels, .mail, .legs, .depth, .noThreads, .perTopic, .report, .seed, .runFolder,
      .dumpPassages,
    ] + CommandOption.common,
    details: """
      DIR is a folder in BEIR's layout (corpus.jsonl, queries.jsonl, qrels/NAME.tsv), or, with --mail, \
      one with queries.jsonl and qrels.txt over Message-IDs. The collection goes through the real \
      ingest into a temporary tenant; nothing of it stays unless --home names a folder to keep it in.
      """,
    examples: [
      Example(line: "loam evaluate dataset scifact/", meaning: "three legs on the test topics"),
      Example(
        line: "loam evaluate dataset scifact/ --qrels train --legs lexical --run-dir runs/",
        meaning: "one leg on other topics, and its run as TREC has it"),
      Example(
        line: "loam evaluate dataset threads/ --mail archive.mbox --report threads.html",
        meaning: "topics over a mailbox, and a page with plots"),
    ],
    run: runEvaluateDataset)
}

private func runEvaluateDataset(_ invocation: Invocation) throws(Problem) -> Int32 {
  let console = invocation.console
  var options = DatasetOptions(folder: invocation.operands[0])
  options.qrels = invocation.value(.qrels) ?? options.qrels
  options.mail = invocation.values(.mail)
  options.legs = try invocation.value(.legs).map(Leg.list) ?? options.legs
  options.depth = try invocation.number(.depth, in: 1...2_000) ?? options.depth
  options.threads = !invocation.has(.noThreads)
  options.runFolder = invocation.value(.runFolder)
  options.passagesFile = invocation.value(.dumpPassages)
  options.bootstrap = try bootstrap(invocation)
  // Only a home named on the line keeps the tenant: LOAM_HOME is where real data live.
  options.home = invocation.arguments.values[CommandOption.home.name]?.last
  let needsModel = options.legs != [.lexical] || options.passagesFile != nil
  let start = ContinuousClock.now
  let evaluation = DatasetEvaluation(
    options, encoder: needsModel ? try invocation.encoder() : nil,
    clock: { (ContinuousClock.now - start) / .seconds(1) }
  ) { progress in
    switch progress {
    case .ingesting(let done, let total):
      console.progress("reading", done: done / 1_000, total: total / 1_000, unit: "kB")
    case .encoding(let done, let total):
      console.progress("vectors", done: done, total: total, unit: "passages")
    case .ranking(let leg, let done, let total):
      console.progress(leg.rawValue, done: done, total: total, unit: "topics")
    }
  }
  let report: DatasetReport
  do {
    report = try evaluation.run()
  } catch {
    var problem = error
    if problem.code == .notFound, problem.remedy == nil {
      problem.remedy = "Check DIR, --qrels and --mail; see loam evaluate dataset --help."
    }
    throw problem
  }
  console.clearProgress()
  let perTopic = invocation.has(.perTopic)
  try show(
    invocation, json: { report.json(perTopic: perTopic) },
    text: { report.text(perTopic: perTopic) }, page: { report.page })
  return 0
}
