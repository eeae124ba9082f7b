import Grounding
import Ingestion
import Partition
import Synchronization
import Testing

@Suite("Vectors in the background")
struct BackgroundVectorsTests {
  private func background(
    _ home: LoamHome, _ models: [LetterModel], changes: Bool = false,
    report: @escaping @Sendable (Tenant, Problem) -> Void = { Issue.record("\($0): \($1)") }
  ) -> BackgroundVectors {
    // Each look at the clock is half a second after the last.
    let time = Mutex(Int64(0))
    return BackgroundVectors(
      home: home, encoders: models, changesModels: changes,
      clock: {
        time.withLock { now in
          now += 500_000_000
          return now
        }
      }, report: report)
  }

  private func store(_ count: Int, in bench: Bench, tenant: Tenant) throws {
    let writer = try PartitionWriter(home: bench.home, tenant: tenant)
    try bench.putNotes(0..<count)
    let options = IngestOptions(
      source: "s", access: AccessRules(owner: Principal("ana"), grants: []))
    _ = try Ingestor(writer: writer, options: options).run(paths: [bench.folder])
  }

  private func pending(_ bench: Bench, _ tenant: Tenant) throws -> Int {
    try Snapshot(home: bench.home, tenant: tenant).pendingCount(.serving)
  }

  @Test("tenants take turns, a batch each, until nothing is missing; then they are left alone")
  func takesTurns() throws {
    try withBench { bench in
      let tenants = try ["a", "b"].map { try Tenant($0) }
      for tenant in tenants { try store(40, in: bench, tenant: tenant) }
      let model = LetterModel("m")
      let background = background(bench.home, [model])
      #expect(background.round())
      for tenant in tenants { #expect(try pending(bench, tenant) == 8) }
      func counts() -> [Double] {
        let counts = background.counts
        return [Double(counts.made), Double(counts.pending), counts.perSecond]
      }
      #expect(counts() == [64, 16, 64])
      #expect(background.round())
      #expect(counts() == [80, 0, 16])
      for _ in 0..<4 { #expect(!background.round()) }
      #expect(model.batches.withLock { $0 } == [32, 32, 8, 8])
      // What comes is noticed.
      try bench.put("new.md", "# New\n\nnew words")
      let writer = try PartitionWriter(home: bench.home, tenant: tenants[1])
      let options = IngestOptions(
        source: "s", access: AccessRules(owner: Principal("ana"), grants: []))
      _ = try Ingestor(writer: writer, options: options).run(paths: [bench.folder])
      // Somebody writes: another time.
      #expect(!background.round())
      extendLifetime(writer)
    }
  }

  @Test("one that is written to is passed over until it is free")
  func busy() throws {
    try withBench { bench in
      let tenants = try ["a", "b"].map { try Tenant($0) }
      for tenant in tenants { try store(3, in: bench, tenant: tenant) }
      let background = background(bench.home, [LetterModel("m")])
      var writer: PartitionWriter? = try PartitionWriter(home: bench.home, tenant: tenants[0])
      #expect(background.round())
      #expect(!background.round())
      #expect(try pending(bench, tenants[0]) == 3)
      #expect(try pending(bench, tenants[1]) == 0)
      extendLifetime(writer)
      writer = nil
      #expect(background.round())
      #expect(try pending(bench, tenants[0]) == 0)
    }
  }

  @Test("a model changes where that is asked for or has begun; else a tenant is named, once")
  func changes() throws {
    try withBench { bench in
      let tenant = try Tenant("a")
      try store(40, in: bench, tenant: tenant)
      let (old, new) = (LetterModel("old"), LetterModel("new"))
      let first = background(bench.home, [old])
      while first.round() {}
      let told = Mutex<[Problem.Code]>([])
      let reader = background(bench.home, [new]) { _, problem in
        told.withLock { $0.append(problem.code) }
      }
      for _ in 0..<4 { #expect(!reader.round()) }
      #expect(told.withLock { $0 } == [.rebuildNeeded])
      let changer = background(bench.home, [old, new], changes: true)
      #expect(changer.round())
      #expect(changer.counts.pending == 8)
      #expect(try Snapshot(home: bench.home, tenant: tenant).modelID() == "old")
      // Another process helps, and ends it.
      #expect(reader.round())
      #expect(try Snapshot(home: bench.home, tenant: tenant).modelID() == "new")
      #expect(!changer.round())
    }
  }

  @Test("it ends with the batch under way")
  func ends() throws {
    try withBench { bench in
      let tenant = try Tenant("a")
      try store(3, in: bench, tenant: tenant)
      let background = background(bench.home, [LetterModel("m")])
      background.end()
      background.run()
      background.awaitEnd()
      #expect(try pending(bench, tenant) == 3)
    }
  }
}
