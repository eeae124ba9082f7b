import Conversion
import Embedding
import Grounding
import Ingestion
import Partition
import Reading

extension Command {
  static let ingest = Command(
    words: ["ingest"], summary: "read mail and files into a tenant's store",
    operands: [Operand(name: "PATH", repeats: true)],
    options: [
      .tenant, .source, .owner, .allow, .accessFile, .exclude, .domain, .trustServer, .noVectors,
      .prune,
    ] + CommandOption.common,
    details: """
      PATH is a folder, a mailbox (mbox), a message, a text or Markdown file, or a BEIR corpus.jsonl. \
      What the store has already is compared, not read again; what vanished from a folder goes. \
      Every item belongs to the owner and is seen by whom --allow or the access lists name. Once all \
      is read, and found by its words, the vectors are made; with --no-vectors that is left to loam \
      embed, or to a service that was started with --embed.
      """,
    examples: [
      Example(line: "loam ingest archive.mbox notes/", meaning: "a mailbox and a folder"),
      Example(
        line: "loam ingest --source wiki --allow group:staff --exclude drafts wiki/",
        meaning: "a folder that the group staff may see, without its drafts"),
      Example(
        line: "loam ingest --json --no-vectors mail/",
        meaning: "a line for each durable batch, and the summary"),
    ],
    run: runIngest)
}

private func runIngest(_ invocation: Invocation) throws(Problem) -> Int32 {
  let console = invocation.console
  let start = ContinuousClock.now
  let encoders = invocation.has(.noVectors) ? [] : try invocation.encoders()
  var summary = try read(invocation)
  if !encoders.isEmpty { try addVectors(to: &summary, encoders, invocation) }
  console.clearProgress()
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  if console.isJSON {
    try console.print(json(summary, seconds: seconds))
  } else {
    try console.print(sentence(summary, seconds: seconds))
  }
  return summary.failed.isEmpty ? 0 : 1
}

/// Reads the paths into the store.
///
/// The writer's lock goes when this returns, so that whoever else wants to write need not wait for the
/// vectors.
private func read(_ invocation: Invocation) throws(Problem) -> IngestSummary {
  let options = try ingestOptions(invocation)
  let writer = try openWriter(home: invocation.home(), tenant: invocation.tenant())
  // The library's events cannot throw; an output that is gone is reported at the end.
  var outputProblem: Problem?
  let ingestor = Ingestor(writer: writer, options: options) { event in
    do throws(Problem) {
      try show(event, on: invocation.console)
    } catch {
      outputProblem = outputProblem ?? error
    }
  }
  let summary = try ingestor.run(paths: invocation.operands)
  if let outputProblem { throw outputProblem }
  return summary
}

/// Makes the vectors of the store's model that are pending; those of another one are left to
/// `loam embed`.
private func addVectors(
  to summary: inout IngestSummary, _ encoders: [Encoder], _ invocation: Invocation
) throws(Problem) {
  let (home, tenant) = (invocation.home(), try invocation.tenant())
  let maker = VectorMaker(
    home: home, tenant: tenant, encoders: encoders, roles: [.serving], threads: invocation.threads)
  try maker.begin(changesModel: false) { false }
  summary.vectors = try makeVectors(with: maker, on: invocation.console) { false }
  let snapshot = try Snapshot(home: home, tenant: tenant)
  if let target = encoders.last, let known = try snapshot.model(),
    !encoders.contains(where: { $0.modelID == known.id })
  {
    summary.pending = try snapshot.missingCount(model: target.modelID)
  } else {
    summary.pending = try snapshot.pendingCount(.serving)
  }
}

private func ingestOptions(_ invocation: Invocation) throws(Problem) -> IngestOptions {
  let owner = Principal(invocation.value(.owner) ?? loginName(invocation.settings))
  guard !owner.name.isEmpty else {
    throw Problem(.usage, "The owner has no name.", remedy: "Give --owner a name.")
  }
  var grants: [Grant] = []
  for text in invocation.values(.allow) {
    do { grants.append(try Grant(parsing: text)) } catch {
      throw Problem(
        .usage, "--allow cannot be \(printable(text)).", remedy: error.remedy)
    }
  }
  var excludes: [Glob] = []
  for text in invocation.values(.exclude) {
    do { excludes.append(try Glob(text)) } catch {
      throw Problem(.usage, "--exclude: \(error.detail)", remedy: error.remedy)
    }
  }
  let access: AccessRules
  if let file = invocation.value(.accessFile) {
    access = try AccessRules(owner: owner, grants: grants, file: file)
  } else {
    access = AccessRules(owner: owner, grants: grants)
  }
  if let source = invocation.value(.source), source.utf8.contains(0) || source.utf8.count > 1_024 {
    throw Problem(
      .usage, "--source cannot have that name.", remedy: "Use up to 1,024 octets without a zero.")
  }
  return IngestOptions(
    source: invocation.value(.source), access: access, excludes: excludes,
    prune: invocation.has(.prune), threads: invocation.threads,
    domains: invocation.values(.domain), trustedServers: invocation.values(.trustServer))
}

private func show(_ event: IngestEvent, on console: Console) throws(Problem) {
  switch event {
  case .listed: break
  case .progress(let done, let total):
    // In units of 1,000 octets, as rates in single octets cannot be read.
    console.progress("reading", done: done / 1_000, total: total / 1_000, unit: "kB")
  case .merging(let done, let total):
    console.progress("merging", done: done, total: total, unit: "pages")
  case .committed(let sequence, let items):
    guard console.isJSON else { return }
    try console.print(
      .object([
        "event": "committed", "sequence": .number(Int(sequence)),
        "items": .list(items.map { .text($0.text) }),
      ]))
  case .skipped: break
  case .failed(let problem): console.report(problem)
  }
}

private func json(_ summary: IngestSummary, seconds: Double) -> JSONValue {
  var items: [String: JSONValue?] = [:]
  for kind in ItemKind.allCases { items[kind.rawValue] = .number(summary.items[kind] ?? 0) }
  return .object([
    "event": "summary", "scanned": .number(summary.scanned), "added": .number(summary.added),
    "updated": .number(summary.updated), "unchanged": .number(summary.unchanged),
    "removed": .number(summary.removed),
    "skipped": .object(summary.skipped.mapValues { .number($0) }),
    "lacking": summary.lacking.isEmpty
      ? nil
      : .object(
        Dictionary(
          uniqueKeysWithValues: summary.lacking.map { ($0.key.rawValue, .number($0.value)) })),
    "failed": .list(
      summary.failed.map {
        .object([
          "path": .text($0.path), "code": .text($0.code.rawValue), "detail": .text($0.detail),
        ])
      }),
    "messages": .number(summary.messages), "duplicates": .number(summary.duplicates),
    "items": .object(items), "defects": .number(summary.defects),
    "passages": .number(summary.passages), "vectors": .number(summary.vectors),
    "pending": .number(summary.pending), "seconds": .decimal(seconds, digits: 3),
  ])
}

/// The summary in two lines for a person.
private func sentence(_ summary: IngestSummary, seconds: Double) -> String {
  var changes = [
    "\(grouped(summary.added)) added", "\(grouped(summary.updated)) updated",
    "\(grouped(summary.unchanged)) unchanged", "\(grouped(summary.removed)) removed",
  ]
  if summary.duplicates > 0 { changes.append(plural(summary.duplicates, "duplicate")) }
  let skipped = summary.skipped.sorted { $0.key < $1.key }
  if !skipped.isEmpty {
    let reasons = skipped.map { "\(grouped($0.value)) \($0.key)" }.joined(separator: ", ")
    changes.append("skipped: \(reasons)")
  }
  if !summary.failed.isEmpty { changes.append("\(grouped(summary.failed.count)) failed") }
  var work = [plural(summary.scanned, "file"), plural(summary.passages, "passage")]
  work.append(plural(summary.vectors, "vector"))
  if summary.pending > 0 { work.append("\(grouped(summary.pending)) pending (loam embed)") }
  if summary.defects > 0 { work.append(plural(summary.defects, "oddity", "oddities")) }
  return changes.joined(separator: ", ") + "\n" + work.joined(separator: ", ")
    + " in \(seconds < 60 ? fixed(seconds, 1) + " s" : duration(seconds))"
    + (lackingLine(summary).map { "\n" + $0 } ?? "")
}

/// What would have files read that programs read; `nil` where nothing is lacking.
private func lackingLine(_ summary: IngestSummary) -> String? {
  guard !summary.lacking.isEmpty else { return nil }
  let forms = summary.lacking.map { (form: $0.key.rawValue, count: $0.value) }
    .sorted { $0.form < $1.form }
    .map { "\(grouped($0.count)) with \($0.form)" }.joined(separator: ", ")
  guard Sandbox.isAvailable else {
    return "Not all was read (\(forms)): programs run in a sandbox, and this kernel has no landlock"
  }
  let packages = Converter.table.filter { summary.lacking[$0.format] != nil }
    .map(\.debianPackage).sorted().joined(separator: " ")
  return "Not all was read (\(forms)). To have it read: apt install \(packages), then ingest again"
}

func plural(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
}
