import Evaluation
import Glibc
import Grounding
import Ingestion
import Partition
import Retrieval

/// Times the lexical leg: the best `k` items for each query, each passage being an item of its own; with
/// `--whole` mode `lexical` as a question runs it, conversations included, and with `--cold` each query
/// where no list is in memory.
///
/// The passages go through the real ingest, so that access, updates and durability are in place.
func timeLexical(_ arguments: Arguments) throws(Problem) {
  let passages = try arguments.text("passages")
  let queries = try BenchQueries.read(try arguments.text("queries"))
  let depth = try arguments.number("k", default: 100)
  let start = Clock.wall()
  let bench = try BenchStore(arguments, records: passages)
  let built = Double(Clock.wall() - start) / 1e9
  // A bound of nothing gives lists up as soon as they were used; rows stay, since a snapshot holds them.
  let cache = arguments.has("cold") ? IndexCache(octets: 0) : IndexCache()
  let snapshot = try Snapshot(home: bench.home, tenant: .default, cache: cache)
  let retriever = Retriever(snapshot: snapshot, encoder: nil)
  var counts: [Int] = []
  try runPasses(
    arguments,
    head: [
      ("peer", .text("loam")), ("passages", .number(Double(bench.passages))),
      ("queries", .number(Double(queries.count))), ("k", .number(Double(depth))),
      ("build_s", .number(built)), ("index_bytes", .number(Double(bench.octets))),
    ]
  ) { () throws(Problem) in
    counts = []
    let times = try queries.map { query throws(Problem) in
      try Clock.time { () throws(Problem) in
        counts.append(
          arguments.has("whole")
            ? try retriever.rank(
              query: query, mode: .lexical, caller: bench.caller, depth: depth
            ).count
            : try retriever.lexicalLeg(query: query, caller: bench.caller, depth: depth).count)
      }
    }
    let hits = Double(counts.reduce(0, +)) / Double(max(1, counts.count))
    return Clock.summary(times) + [("hits_mean", .number(hits))]
  }
}

/// A home with the records of a file in it: the one that `--home` names, kept, or a temporary one.
struct BenchStore {
  let home: LoamHome
  let caller = Caller(Principal("bench"))
  let passages: Int
  var octets: Int { FileManagerless.size(of: home.partition(of: .default)) }

  init(_ arguments: Arguments, records: String) throws(Problem) {
    let path: String
    if let kept = arguments.optional("home") {
      path = kept
    } else {
      path = try Files.makeTemporaryFolder(below: "/tmp")
    }
    home = LoamHome(path: path)
    let writer = try PartitionWriter(home: home, tenant: .default)
    let options = IngestOptions(
      access: AccessRules(owner: caller.principal, grants: []), prune: true)
    let ingestor = Ingestor(writer: writer, options: options)
    let summary = try ingestor.run(paths: [records])
    if let failure = summary.failed.first {
      throw Problem(failure.code, failure.detail, place: failure.path)
    }
    let snapshot = try Snapshot(home: home, tenant: .default)
    passages = try snapshot.eligible(caller, kinds: Set(ItemKind.allCases)).passageCount
  }
}

private enum FileManagerless {
  static func size(of path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
