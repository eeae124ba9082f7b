import Embedding
import Glibc
import Grounding
import Ingestion
import Partition

extension Command {
  static let embed = Command(
    words: ["embed"], summary: "give passages the vectors that are still pending",
    options: [.tenant, .nextModel, .keepModel] + CommandOption.common,
    details: """
      It can be interrupted at any time and goes on where it stopped; an ingest of the tenant goes on \
      beside it. Where the store has the vectors of another model than --next-model or LOAM_MODEL \
      names, those of the new one are made beside them: questions of whoever has the former model are \
      answered with its vectors until none of the new one is missing, and then with those.
      """,
    examples: [
      Example(line: "loam embed", meaning: "after loam ingest --no-vectors"),
      Example(line: "loam embed --tenant team --json", meaning: "of another tenant, for programs"),
      Example(
        line: "loam embed --next-model new.loam",
        meaning: "the vectors of another model, to take the others' place"),
    ],
    run: runEmbed)
}

private func runEmbed(_ invocation: Invocation) throws(Problem) -> Int32 {
  let (console, home) = (invocation.console, invocation.home())
  let start = ContinuousClock.now
  let tenant = try invocation.existingTenant()
  // Blocked before the first thread starts: the batch under way is stored first.
  let stopSignals = SignalSet([SIGTERM, SIGINT])
  stopSignals.block()
  var isStopped = false
  func stops() -> Bool {
    isStopped = isStopped || stopSignals.arrives(withinSeconds: 0)
    return isStopped
  }
  let encoders = try invocation.encoders()
  try bringUpToDate(home: home, tenant: tenant)
  let maker = VectorMaker(
    home: home, tenant: tenant, encoders: encoders, threads: invocation.threads)
  do throws(Problem) {
    if invocation.has(.keepModel) {
      try PartitionWriter.waiting(home: home, tenant: tenant, until: stops).keepModel()
    }
    try maker.begin(changesModel: !invocation.has(.keepModel), until: stops)
  } catch {
    guard isStopped, error.code == .locked else { throw error }
  }
  let made = try makeVectors(with: maker, on: console, until: stops)
  console.clearProgress()
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  let snapshot = try Snapshot(home: home, tenant: tenant)
  let pending = try maker.pendingCount()
  if console.isJSON {
    try console.print(
      .object([
        "event": "summary", "vectors": .number(made), "pending": .number(pending),
        "model": try snapshot.modelID().map { .text($0) },
        "next_model": try snapshot.model(.next).map { .text($0.id) },
        "seconds": .decimal(seconds, digits: 3),
      ]))
  } else {
    let rest = pending == 0 ? "" : ", \(grouped(pending)) pending (loam embed goes on)"
    try console.print("\(plural(made, "vector")) in \(duration(seconds))\(rest)")
  }
  return isStopped ? 130 : 0
}

/// Migrates the store, and indexes it again where another version's analysis did.
private func bringUpToDate(home: LoamHome, tenant: Tenant) throws(Problem) {
  do throws(Problem) {
    _ = try Snapshot(home: home, tenant: tenant)
  } catch {
    guard error.code == .rebuildNeeded else { throw error }
    _ = try openWriter(home: home, tenant: tenant)
  }
}

/// Makes vectors until none is missing or `isStopped`, and says how far it is: on a terminal in a line
/// that moves, with `--json` in an object about once a second.
///
/// - Returns: how many.
func makeVectors(
  with maker: VectorMaker, on console: Console, until isStopped: () -> Bool
) throws(Problem) -> Int {
  let start = ContinuousClock.now
  var printed: ContinuousClock.Instant?
  // The library's progress cannot throw; an output that is gone is reported at the end.
  var outputProblem: Problem?
  let made = try maker.run(until: isStopped) { progress in
    guard progress.total > 0 else { return }
    console.progress(
      "vectors", done: progress.made, total: progress.total, unit: "passages")
    let now = ContinuousClock.now
    let isDue = printed.map { now - $0 >= .seconds(1) } ?? true
    guard console.isJSON, isDue || progress.pending == 0 else { return }
    printed = now
    do throws(Problem) {
      try console.print(line(progress, seconds: (now - start) / .seconds(1)))
    } catch {
      outputProblem = outputProblem ?? error
    }
  }
  if let outputProblem { throw outputProblem }
  return made
}

/// Absent is what cannot be said before the first batch.
private func line(_ progress: VectorMaker.Progress, seconds: Double) -> JSONValue {
  let rate = progress.made > 0 && seconds > 0 ? Double(progress.made) / seconds : nil
  return .object([
    "event": "vectors", "made": .number(progress.made), "pending": .number(progress.pending),
    "per_second": rate.map { .decimal($0, digits: 1) },
    "seconds_left": rate.map { .decimal(Double(progress.pending) / $0, digits: 1) },
  ])
}
