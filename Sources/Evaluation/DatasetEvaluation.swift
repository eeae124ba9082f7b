package import Embedding
package import Grounding
import Ingestion
import Partition
import Retrieval

/// Measures the product on a data set: ingest, both indexes, ranking, as a user has them.
///
/// The data set goes through the real ingest into a tenant of its own, in a temporary home unless one
/// is given; each leg ranks every judged topic; the rankings are measured over all judged topics.
///
/// - SeeAlso: Thakur et al.: BEIR (2021), whose layout data sets have.
package struct DatasetEvaluation {
  /// Who owns everything and asks: a data set has no access lists.
  static let owner = Principal("evaluation")
  static let caller = Caller(owner)

  private let options: DatasetOptions
  private let encoder: Encoder?
  private let clock: () -> Double
  private let progress: (DatasetProgress) -> Void

  /// - Parameters:
  ///   - encoder: needed for the legs `vector` and `hybrid` and for a dump of passages.
  ///   - clock: seconds from any fixed moment.
  ///   - progress: called often.
  package init(
    _ options: DatasetOptions, encoder: Encoder?, clock: @escaping () -> Double,
    progress: @escaping (DatasetProgress) -> Void = { _ in }
  ) {
    self.options = options
    self.encoder = encoder
    self.clock = clock
    self.progress = progress
  }

  /// Runs all of it; minutes where thousands of passages are encoded.
  ///
  /// - Throws: what reading the data set, ingesting, ranking and writing throw; `usage` where a leg
  ///   or a dump has no encoder; the first failure's code where an input of the data set cannot be
  ///   read, since figures over a part of a data set would say nothing; `empty` without a document.
  package func run() throws(Problem) -> DatasetReport {
    let start = clock()
    guard encoder != nil || !(needsVectors || options.passagesFile != nil) else {
      throw Problem(.usage, "Only the lexical leg can run without a model.")
    }
    let folder = try DatasetFolder(options)
    if let runs = options.runFolder { try Files.makeFolder(runs) }
    if let home = options.home { return try run(folder, home: LoamHome(path: home), since: start) }
    let home = try Files.makeTemporaryFolder(below: options.temporaryRoot)
    defer { Files.remove(home) }
    return try run(folder, home: LoamHome(path: home), since: start)
  }

  private func run(
    _ folder: DatasetFolder, home: LoamHome, since start: Double
  ) throws(Problem) -> DatasetReport {
    let tenant = try folder.tenant
    try ingest(folder, home: home, tenant: tenant)
    try makeVectors(home: home, tenant: tenant)
    let snapshot = try Snapshot(home: home, tenant: tenant)
    let rows = try snapshot.eligible(Self.caller, kinds: Set(ItemKind.allCases))
    let names = try ItemNames(rows.itemKeys, in: snapshot)
    // A file that is no corpus may still be a text.
    guard names.hasExternalIDs else {
      throw Problem(
        .empty, "The data set has no documents with ids.", place: folder.inputs.first,
        remedy: "Write an object a line with _id, title and text.")
    }
    if let path = options.passagesFile, let encoder {
      try PassageDump(snapshot: snapshot, encoder: encoder).write(rows.itemKeys, to: path)
    }
    let table = try measure(folder, snapshot, names)
    return DatasetReport(
      dataset: folder.name, qrels: folder.qrels, documents: rows.itemCount,
      passages: rows.passageCount, table: table,
      topics: folder.topics, seconds: clock() - start)
  }

  private var needsVectors: Bool { options.legs.contains { $0 != .lexical } }

  /// Stores the data set as `loam ingest` does; what a kept home has already stays.
  private func ingest(
    _ folder: DatasetFolder, home: LoamHome, tenant: Tenant
  ) throws(Problem) {
    let writer = try PartitionWriter(home: home, tenant: tenant)
    let ingestOptions = IngestOptions(
      access: AccessRules(owner: Self.owner, grants: []), prune: true)
    let ingestor = Ingestor(writer: writer, options: ingestOptions) { event in
      guard case .progress(let done, let total) = event else { return }
      progress(.ingesting(octetsDone: done, octetsTotal: total))
    }
    let summary = try ingestor.run(paths: folder.inputs)
    if let failure = summary.failed.first {
      throw Problem(
        failure.code, "A part of the data set cannot be read: \(failure.detail)",
        place: failure.path, remedy: failure.remedy)
    }
    try remove(folder.excluded, from: writer, home: home, tenant: tenant)
  }

  /// Gives every passage its vector; those of another model in a kept home are made anew.
  private func makeVectors(home: LoamHome, tenant: Tenant) throws(Problem) {
    guard needsVectors, let encoder else { return }
    let maker = VectorMaker(home: home, tenant: tenant, encoders: [encoder], threads: 2)
    try maker.begin(changesModel: true) { false }
    _ = try maker.run(progress: { progress(.encoding(done: $0.made, total: $0.total)) })
  }

  /// Takes out what no ranking may hold: left in, it would still lift its conversation, and count in
  /// the words' frequencies.
  private func remove(
    _ excluded: Set<Identifier>, from writer: PartitionWriter, home: LoamHome, tenant: Tenant
  ) throws(Problem) {
    guard !excluded.isEmpty else { return }
    let snapshot = try Snapshot(home: home, tenant: tenant)
    let keys = try snapshot.eligible(Self.caller, kinds: Set(ItemKind.allCases)).itemKeys
    let unwanted = try ItemNames(keys, in: snapshot).keys(named: excluded)
    let items = try snapshot.storedItems(unwanted, caller: Self.caller)
    try writer.begin()
    for key in unwanted {
      for location in items[key]?.locations ?? [] {
        _ = try writer.removeLocation(
          source: writer.source(named: location.source), key: location.key)
      }
    }
    _ = try writer.commit()
  }

  /// Ranks the topics with each leg, writes the runs, and compares the fused ranking with the others.
  private func measure(
    _ folder: DatasetFolder, _ snapshot: Snapshot, _ names: ItemNames
  ) throws(Problem) -> ScoreTable {
    let retriever = Retriever(
      snapshot: snapshot, encoder: needsVectors ? encoder : nil,
      conversationWeight: options.threads ? FusedScore.conversationWeight : 0)
    var table = ScoreTable(topicCount: folder.topics.count, bootstrap: options.bootstrap)
    for leg in options.legs {
      var run = Run(tag: leg.rawValue)
      var writer = RunWriter(tag: leg.rawValue)
      for (index, topic) in folder.topics.enumerated() {
        progress(.ranking(leg, done: index, total: folder.topics.count))
        let ranked = try retriever.rank(
          query: topic.text, mode: leg.mode, caller: Self.caller,
          depth: options.depth)
        let results = names.results(ranked, depth: options.depth)
        try writer.append(topic: topic.id, results)
        run.set(results.ranked, topic: topic.id)
      }
      if let runs = options.runFolder {
        try Files.write(writer.octets, to: "\(runs)/\(leg.rawValue).trec")
      }
      table.add(
        leg.rawValue,
        RunScores(run, judgements: folder.judgements, measures: Measure.all))
    }
    table.compareHybrid()
    return table
  }
}

extension Leg {
  fileprivate var mode: Mode {
    switch self {
    case .lexical: .lexical
    case .vector: .vector
    case .hybrid: .hybrid
    }
  }
}

extension ScoreTable {
  /// Compares the fused ranking with each other leg that was measured, the better one first.
  fileprivate mutating func compareHybrid() {
    let measure = Measure.nDCG(at: 10)
    let others = rows.filter { $0.name != Leg.hybrid.rawValue }
    let order = others.enumerated().sorted { a, b in
      let (x, y) = (a.element.scores.overall(measure), b.element.scores.overall(measure))
      return x == y ? a.offset < b.offset : x > y
    }
    for other in order { compare(Leg.hybrid.rawValue, minus: other.element.name, by: measure) }
  }
}
