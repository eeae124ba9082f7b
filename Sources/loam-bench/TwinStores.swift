import Embedding
import Evaluation
import Grounding
import Ingestion
import Octets
import Partition
import Service

/// Two tenants of one home whose visible items are the same: `plain` has nothing else, `crowded` hidden
/// items besides, which came between them.
///
/// Both go through the real ingest, a share of the visible items and one of the hidden ones in turn.
struct TwinStores {
  static let names = ["plain", "crowded"]
  private static let rounds = 10

  let home: LoamHome
  private let visibleOwner = "bench"
  private let encoder: Encoder?

  init(home: LoamHome, encoder: Encoder?) {
    self.home = home
    self.encoder = encoder
  }

  /// Makes the stores where they are missing: `visible` as it is, and `hidden` recombinations of sentences
  /// of `pool`.
  func make(
    visible: [BenchPassage], hidden: Int, of pool: [BenchPassage], seed: UInt64
  ) throws(Problem) {
    guard home.tenants().isEmpty else { return }
    try home.make()
    var source = SentenceMixer(pool, seed: seed)
    for round in 0..<Self.rounds {
      let share = visible[part(round, of: visible.count)]
      let path = "\(home.path)/visible-\(round).jsonl"
      try write(share.map { $0 }, to: path)
      for name in Self.names {
        try ingest(path, into: try Tenant(name), source: "visible", owner: visibleOwner)
      }
      Files.removeFile(path)
      let others = "\(home.path)/hidden-\(round).jsonl"
      let count = part(round, of: hidden).count
      guard count > 0 else { continue }
      try write(
        (0..<count).map { source.next(id: "h\(round)-\($0)") }, to: others)
      try ingest(others, into: try Tenant("crowded"), source: "hidden", owner: "somebody else")
      Files.removeFile(others)
    }
  }

  /// A key for whoever may see the visible items, of each twin.
  func keys() throws(Problem) -> [String] {
    try KeyFile.edit(home: home) { (file) throws(Problem) in
      var random = SystemRandomNumberGenerator()
      return try Self.names.map { name throws(Problem) in
        try file.add(
          KeyFile.Holder(tenant: try Tenant(name), principal: visibleOwner), now: 1_800_000_000,
          using: &random
        ).text
      }
    }
  }

  private func part(_ round: Int, of count: Int) -> Range<Int> {
    count * round / Self.rounds..<count * (round + 1) / Self.rounds
  }

  private func write(_ passages: [BenchPassage], to path: String) throws(Problem) {
    var lines = PassageLines()
    for passage in passages { try lines.append(passage) }
    try Files.write(lines.octets, to: path)
  }

  private func ingest(
    _ path: String, into tenant: Tenant, source: String, owner: String
  ) throws(Problem) {
    var options = IngestOptions(
      source: source, access: AccessRules(owner: Principal(owner), grants: []))
    options.limits.batchItems = 1_000
    options.limits.batchPassages = 1_000
    let summary = try Ingestor(
      writer: PartitionWriter(home: home, tenant: tenant), options: options
    ).run(paths: [path])
    if let failure = summary.failed.first {
      throw Problem(failure.code, failure.detail, place: failure.path)
    }
    guard let encoder else { return }
    let maker = VectorMaker(home: home, tenant: tenant, encoders: [encoder], threads: 1)
    try maker.begin(changesModel: false) { false }
    _ = try maker.run()
  }
}

/// Passages made of sentences of others, by a seed.
private struct SentenceMixer {
  private let sentences: [[String]]
  private var random: SplitMix64

  init(_ pool: [BenchPassage], seed: UInt64) {
    sentences = pool.map { passage in
      passage.text.split(separator: ". ").map { String($0.prefix(120)) }.filter { !$0.isEmpty }
    }.filter { !$0.isEmpty }
    random = SplitMix64(seed: seed)
  }

  /// Five sentences of as many passages, drawn one by one and cut to 120 characters, so that together
  /// they make one passage.
  mutating func next(id: String) -> BenchPassage {
    let drawn = (0..<5).map { _ in draw() }
    return BenchPassage(
      id: id, title: String(drawn[0].prefix(60)), text: drawn.joined(separator: ". "))
  }

  private mutating func draw() -> String {
    let passage = sentences[Int(random.next() % UInt64(sentences.count))]
    return passage[Int(random.next() % UInt64(passage.count))]
  }
}
