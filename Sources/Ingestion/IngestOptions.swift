import Conversion
package import Grounding
package import Reading

/// What an ingest is told.
package struct IngestOptions: Sendable {
  /// The source's name; `nil` gives each path a source of its own, named by its absolute path.
  package var source: String?
  /// Who may see which path.
  package var access: AccessRules
  package var excludes: [Glob]
  /// Removes what vanished even where more than a fifth of a root would go.
  package var prune: Bool
  package var limits: IngestLimits
  /// Cores to use, for parsing beside the writer; at least 1.
  package var threads: Int
  /// Has files read that programs read.
  package var converter: any FileConverting
  /// The tenant's domains: who writes and is written to from elsewhere makes a message external.
  package var domains: [String]
  /// The mail servers whose Authentication-Results are believed.
  package var trustedServers: [String]

  package init(
    source: String? = nil, access: AccessRules, excludes: [Glob] = [], prune: Bool = false,
    limits: IngestLimits = IngestLimits(), threads: Int = 2,
    domains: [String] = [], trustedServers: [String] = [],
    converter: (any FileConverting)? = nil
  ) {
    self.source = source
    self.access = access
    self.excludes = excludes
    self.prune = prune
    self.limits = limits
    self.threads = max(1, threads)
    self.converter = converter ?? SandboxedConverter()
    self.domains = domains
    self.trustedServers = trustedServers
  }
}

/// How much of one input is taken in.
package struct IngestLimits: Sendable, Hashable {
  /// Octets of one message, document or record.
  package var itemOctets = 64 << 20
  /// Octets of a mailbox or a file of records.
  package var containerOctets = 1 << 40
  /// Passages after which a batch is committed; a batch ends with an item, so it may hold more.
  package var batchPassages = 250
  /// Items after which a batch is committed.
  package var batchItems = 250
  /// Of what is read in one file or record.
  package var reading = ReadingLimits()

  package init() {}
}

/// What an ingest tells while it runs.
package enum IngestEvent: Sendable {
  /// A root was listed and holds this many files.
  case listed(files: Int)
  /// Octets of files read so far, of all there are to read.
  case progress(octetsDone: Int, octetsTotal: Int)
  /// A batch is durable; the items are those that it added or changed, in order.
  case committed(sequence: Int64, items: [ItemID])
  /// Pages of the full-text index that are merged when all is read, of all there are, about.
  case merging(pagesDone: Int, pagesTotal: Int)
  case skipped(path: String, code: Problem.Code)
  case failed(Problem)
}

/// What an ingest did; all of this run.
package struct IngestSummary: Sendable, Equatable {
  /// One input that could not be read.
  package struct Failure: Sendable, Equatable {
    package var path: String
    package var code: Problem.Code
    package var detail: String
    package var remedy: String?
  }

  /// Files seen, with those that were passed over or could not be read.
  package var scanned = 0
  /// Items, each once.
  package var added = 0
  package var updated = 0
  package var unchanged = 0
  package var removed = 0
  package var skipped: [String: Int] = [:]
  package var failed: [Failure] = []
  /// Messages of a source, duplicates among them, attached ones not.
  package var messages = 0
  /// Messages and documents that only added a location to an item, attached ones not.
  package var duplicates = 0
  /// Distinct items that the files hold, by kind.
  package var items: [ItemKind: Int] = [:]
  /// Oddities of the items that were added or updated.
  package var defects = 0
  /// Passages of the items that were added or updated.
  package var passages = 0
  /// Passages that got their vector afterwards, which is whoever runs ``VectorMaker`` to say.
  package var vectors = 0
  /// Passages of the tenant that have no vector yet.
  package var pending = 0
  /// Files that hold what a program would read that is not installed, by its form.
  package var lacking: [ItemFormat: Int] = [:]

  package init() {}
}
