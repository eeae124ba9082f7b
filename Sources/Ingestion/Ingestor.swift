package import Grounding
import Octets
package import Partition
import Reading

/// Reads folders and files into one tenant's store.
///
/// Each root is listed, compared with what the store has of it, and read in the order of its paths.
/// While the writer stores one stretch, the next is parsed on the other cores; results are applied in
/// the source's order, so that a run depends on nothing but its input. Items are committed in
/// batches; ``IngestEvent/committed(sequence:items:)`` follows each commit and never precedes it.
package struct Ingestor {
  /// Octets and changes of a stretch, which is in memory twice.
  private static let stretchOctets = 4 << 20
  private static let stretchChanges = 256

  private let writer: PartitionWriter
  private let options: IngestOptions
  private let events: (IngestEvent) -> Void

  package init(
    writer: PartitionWriter, options: IngestOptions,
    events: @escaping (IngestEvent) -> Void = { _ in }
  ) {
    self.writer = writer
    self.options = options
    self.events = events
  }

  /// Ingests `paths`, each a root of its own.
  ///
  /// One input that cannot be read is in the summary's `failed`, and the rest is ingested. Passages are
  /// left to wait for their vectors, which ``VectorMaker`` makes.
  ///
  /// - Throws: `usage` where two paths would have the same names in one source; what the store
  ///   throws (`no_space`, `damaged`, ...), after which everything acknowledged is there.
  package func run(paths: [String]) throws(Problem) -> IngestSummary {
    let roots = try distinctRoots(paths)
    try writer.requireReading(FileReader.version)
    var run = IngestRun(writer: writer, limits: options.limits, emit: events)
    do throws(Problem) {
      for root in roots { try ingest(root, &run) }
      try run.commit()
    } catch {
      run.rollback()
      throw error
    }
    try writer.mergeSegments { done, total in
      events(.merging(pagesDone: done, pagesTotal: total))
    }
    run.summary.pending = try writer.pendingCount()
    return run.summary
  }

  /// The paths from the root, each once.
  private func distinctRoots(_ paths: [String]) throws(Problem) -> [String] {
    var roots: [String] = []
    for path in paths.map(absolutePath) where !roots.contains(path) {
      if options.source != nil, roots.contains(where: { lastPart(of: $0) == lastPart(of: path) }) {
        throw Problem(
          .usage, "Two paths would have the same names in one source.", place: path,
          remedy: "Ingest them as sources of their own, or the folder above both.")
      }
      roots.append(path)
    }
    return roots
  }

  private func ingest(_ path: String, _ run: inout IngestRun) throws(Problem) {
    var lister = FolderLister(excludes: options.excludes)
    let listing: FolderListing
    do {
      listing = try lister.list(path)
    } catch {
      run.fail(error, within: nil)
      return
    }
    let sourceName = options.source ?? path
    run.root = IngestRun.Root(
      source: try writer.source(named: sourceName), sourceName: sourceName, path: path)
    let naming = RootNaming(
      absoluteRoot: path, isFile: listing.isFile, sharesSource: options.source != nil)
    events(.listed(files: listing.files.count))
    for (skipped, code) in listing.skipped {
      run.summary.scanned += 1
      run.skip(path + "/" + skipped, code)
    }
    for problem in listing.failed {
      run.summary.scanned += 1
      run.fail(problem, within: nil)
    }
    var known = try KnownFiles(writer: writer, source: run.root.source, naming: naming)
    let vanished = try known.settleMoves(
      listing: listing, access: options.access, writer: writer
    ) { () throws(Problem) in try run.begin() }
    try read(listing, naming: naming, known: known, &run)
    try run.removeStale()
    try prune(vanished + run.takeEmptied(), known: known, &run)
    try run.commit()
  }

  /// Reads the listed files: one stretch is prepared while the one before it is applied.
  private func read(
    _ listing: FolderListing, naming: RootNaming, known: KnownFiles, _ run: inout IngestRun
  ) throws(Problem) {
    var adapter = FileAdapter(
      files: listing.files, naming: naming, access: options.access, limits: options.limits,
      records: known.records, converter: options.converter)
    let preparation = Preparation(
      limits: options.limits, converter: options.converter,
      hints: ReadingHints(domains: options.domains, trustedServers: options.trustedServers))
    let threads = max(1, options.threads - 1)
    let total = listing.files.reduce(0) { $0 + $1.status.size }
    var done = 0
    var previous: Background<PreparedStretch>?
    while true {
      let stretch = try nextStretch(&adapter)
      let current =
        stretch.isEmpty ? nil : Background { preparation.prepare(stretch, threads: threads) }
      if let prepared = previous?.value() {
        for (change, octets) in zip(prepared.changes, prepared.octetCounts) {
          try run.apply(change)
          done += octets
          events(.progress(octetsDone: min(done, total), octetsTotal: total))
        }
      }
      guard current != nil else { return }
      previous = current
    }
  }

  private func nextStretch(_ adapter: inout FileAdapter) throws(Problem) -> [SourceChange] {
    var stretch: [SourceChange] = []
    var octets = 0
    while stretch.count < Ingestor.stretchChanges, octets < Ingestor.stretchOctets,
      let change = try adapter.next()
    {
      octets += change.octetCount
      stretch.append(change)
    }
    return stretch
  }

  /// Removes what vanished, unless that is more than a fifth of the root and nobody asked for it.
  private func prune(
    _ gone: [FileRecord], known: KnownFiles, _ run: inout IngestRun
  ) throws(Problem) {
    guard !gone.isEmpty else { return }
    if !options.prune {
      let going = try placeCount(gone)
      let total = try placeCount(known.earlier)
      guard going * 5 <= total else {
        run.fail(
          Problem(
            .pruneNeeded, "\(going) of \(total) items would be removed; they were kept.",
            place: run.root.path,
            remedy: "Check that the folder is whole, then ingest it again with --prune."),
          within: nil)
        return
      }
    }
    try run.removeFiles(gone)
  }

  private func placeCount(_ records: [FileRecord]) throws(Problem) -> Int {
    var count = 0
    for record in records { count += try writer.locations(file: record.id).count }
    return count
  }
}
