import Analysis
import Embedding
import Evaluation
import Grounding
import Partition

/// Prints what an index takes of memory with all that questions can ask for: the rows of what a caller may
/// see, every term's list, and the vectors.
///
/// With `--vectors` what waits for a vector gets these first, one after another and again from the first.
func measureResident(_ arguments: Arguments) throws(Problem) {
  let home = LoamHome(path: try arguments.text("home"))
  let tenant = try Tenant(arguments.optional("tenant") ?? Tenant.default.name)
  let caller = Caller(Principal(arguments.optional("user") ?? "bench"))
  let encoder = try Encoder.bundled()
  if let path = arguments.optional("vectors") {
    try storeVectors(
      try FloatVectors(path, dimension: encoder.dimension, limit: .max), model: encoder.modelID,
      home, tenant)
  }
  let terms = try allTerms(try arguments.text("passages"))
  let before = try residentOctets()
  let snapshot = try Snapshot(home: home, tenant: tenant)
  let rows = try snapshot.eligible(caller, kinds: Set(ItemKind.allCases))
  for start in stride(from: 0, to: terms.count, by: 256) {
    _ = try snapshot.postings(Array(terms[start..<min(start + 256, terms.count)]), of: rows)
  }
  let vectors = try snapshot.vectors(
    model: encoder.modelID, dimension: encoder.dimension, of: rows)
  let octets = try residentOctets() - before
  let count = max(1, rows.passageCount)
  print(
    "\(rows.passageCount) passages, \(terms.count) terms, \(vectors.groups.compactMap(\.self).count) "
      + "groups with vectors: \(octets) octets resident, \(octets / count) a passage")
}

private func storeVectors(
  _ vectors: FloatVectors, model: String, _ home: LoamHome, _ tenant: Tenant
) throws(Problem) {
  guard let dimension = vectors.rows.first?.count else {
    throw Problem(.usage, "The file of vectors has none.")
  }
  let writer = try PartitionWriter(home: home, tenant: tenant)
  try writer.requireModel(model, dimension: dimension)
  var number = 0
  while true {
    let waiting = try writer.pendingVectors(limit: 1_000)
    guard !waiting.isEmpty else { return }
    try writer.storeVectors(
      waiting.map { passage in
        defer { number += 1 }
        return (
          row: passage.row, vector: QuantizedVector(vectors.rows[number % vectors.rows.count])
        )
      }, model: model)
  }
}

/// Every term of the passages that a query can have, in a fixed order.
private func allTerms(_ path: String) throws(Problem) -> [String] {
  var terms: Set<String> = []
  try BenchPassage.forEach(path) { passage in
    terms.formUnion(queryTerms(passage.title).map(\.term))
    terms.formUnion(queryTerms(passage.text).map(\.term))
  }
  return terms.sorted()
}

/// What is resident of this process's own memory; the pages of a mapped file are the system's.
private func residentOctets() throws(Problem) -> Int {
  let status = String(decoding: try Files.read("/proc/self/status"), as: UTF8.self)
  for line in status.split(separator: "\n") where line.hasPrefix("RssAnon:") {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
    if words.count > 1, let kibibytes = Int(words[1]) { return kibibytes * 1_024 }
  }
  throw Problem(.internal, "The system does not say what is resident.")
}
