import Grounding
import Ingestion
import Partition
import Synchronization
import TestSupport
import Testing

/// A model whose vectors its name and the words settle; it says when it is asked.
final class LetterModel: PassageEncoder {
  let modelID: String
  let dimension = 8
  /// Called before each batch with how many came before.
  let hook = Mutex<(@Sendable (Int) throws -> Void)?>(nil)
  let batches = Mutex<[Int]>([])

  init(_ modelID: String) { self.modelID = modelID }

  func passageInput(title: String?, headings: [String], body: String) -> String {
    ([title].compactMap(\.self) + headings + [body]).joined(separator: "\n")
  }

  func encode(_ inputs: [String], threads: Int) -> [[Float]] {
    let before = batches.withLock { batches in
      batches.append(inputs.count)
      return batches.count - 1
    }
    do { try hook.withLock { $0 }?(before) } catch { Issue.record(error) }
    return inputs.map { text in
      let sum = "\(modelID) \(text)".utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
      let values = (0..<dimension).map { Float((sum >> ($0 * 4)) & 15) - 7.25 }
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return values.map { $0 / length }
    }
  }
}

extension Bench {
  /// Makes vectors of the models, the last of which the store is to have.
  func maker(_ models: LetterModel..., batch: Int = 3) -> VectorMaker {
    VectorMaker(
      home: home, tenant: .default, encoders: models, threads: 1, batchCount: batch)
  }

  /// What the owner's searches go by with the vectors of a model: by title and number of the passage.
  func vectors(of model: LetterModel) throws -> [String: QuantizedVector] {
    let snapshot = try Snapshot(home: home, tenant: .default)
    let caller = Caller(Principal("ana"))
    let rows = try snapshot.eligible(caller, kinds: Set(ItemKind.allCases))
    let items = try snapshot.storedItems(rows.itemKeys, caller: caller)
    let vectors = try snapshot.vectors(
      model: model.modelID, dimension: model.dimension, of: rows)
    var found: [String: QuantizedVector] = [:]
    for (key, item) in items {
      for passage in try snapshot.passages(item: key) {
        guard let position = rows.position(ofRow: passage.row) else { continue }
        found["\(item.title ?? "") \(passage.ordinal)"] = vectors.vector(at: position, of: rows)
      }
    }
    #expect(
      try snapshot.pendingCount(model: model.modelID, in: rows) == rows.passageCount - found.count)
    return found
  }

  func expectSound(_ comment: Comment? = nil) throws {
    let findings = try PartitionWriter(home: home, tenant: .default).checkIntegrity()
    #expect(findings == [], comment)
  }

  func putNotes(_ numbers: Range<Int>) throws {
    for number in numbers { try put("\(number).md", "# Note \(number)\n\nwords of \(number)") }
  }
}

private func never() -> Bool { false }

@Suite("Making vectors")
struct VectorMakerTests {
  @Test("a store is given what it lacks in batches, and one is told how far it is")
  func makes() throws {
    try withBench { bench in
      try bench.putNotes(0..<8)
      let count = try bench.ingest().passages
      let model = LetterModel("a")
      let maker = bench.maker(model)
      try maker.begin(changesModel: false, until: never)
      var seen: [VectorMaker.Progress] = []
      #expect(try maker.run(progress: { seen.append($0) }) == count)
      #expect(seen.map(\.made) == [0, 3, 6, 8])
      #expect(seen.allSatisfy { $0.total == count })
      #expect(model.batches.withLock { $0 } == [3, 3, 2])
      #expect(try bench.vectors(of: model).count == count)
      #expect(try maker.run() == 0)
      try bench.expectSound()
    }
  }

  @Test("one that is stopped has what it made, and the next goes on", arguments: 0..<4)
  func stops(after: Int) throws {
    try withBench { bench in
      try bench.putNotes(0..<10)
      try bench.ingest()
      let (whole, model) = (LetterModel("a"), LetterModel("a"))
      let maker = bench.maker(model)
      try maker.begin(changesModel: false, until: never)
      let made = try maker.run(until: { model.batches.withLock { $0.count } >= after })
      #expect(made == min(10, 3 * after))
      #expect(try bench.vectors(of: model).count == made)
      try bench.expectSound()
      #expect(try bench.maker(whole, batch: 4).run() == 10 - made)
      #expect(try bench.vectors(of: whole).count == 10)
      try bench.expectSound()
    }
  }

  @Test("an ingest goes on beside it: what it brings is made, what it takes away is passed over")
  func besideIngest() throws {
    try withBench { bench in
      try bench.putNotes(0..<10)
      try bench.ingest()
      let model = LetterModel("a")
      let folder = bench.folder
      let maker = bench.maker(model)
      try maker.begin(changesModel: false, until: never)
      nonisolated(unsafe) let other = bench
      // While a batch is encoded: of its three notes one is changed, one is gone.
      model.hook.withLock {
        $0 = { before in
          guard before == 1 else { return }
          remove("\(folder)/3.md")
          unsafe other.prune = true
          try unsafe other.put("4.md", "# Note 4\n\nother words")
          try unsafe other.put("new.md", "# New\n\nnew words")
          try unsafe other.ingest()
        }
      }
      _ = try maker.run()
      let found = try bench.vectors(of: model)
      #expect(found.count == 10)
      try bench.expectSound()

      let clean = Bench(folder, home: "clean")
      clean.source = "s"
      _ = try clean.ingest([bench.folder])
      let again = LetterModel("a")
      let remaker = VectorMaker(
        home: clean.home, tenant: .default, encoders: [again], threads: 1)
      try remaker.begin(changesModel: false, until: never)
      _ = try remaker.run()
      #expect(try clean.vectors(of: again) == found)
    }
  }

  @Test("it waits while somebody else writes, and gives up when it is told to")
  func waits() throws {
    try withBench { bench in
      try bench.putNotes(0..<2)
      try bench.ingest()
      let maker = bench.maker(LetterModel("a"))
      var writer: PartitionWriter? = try PartitionWriter(home: bench.home, tenant: .default)
      #expect(PartitionWriter.isBusy(home: bench.home, tenant: .default))
      var asked = 0
      let problem = #expect(throws: Problem.self) {
        try maker.begin(changesModel: false) {
          asked += 1
          return asked > 2
        }
      }
      #expect(problem?.code == .locked)
      #expect(asked == 3)
      try maker.begin(changesModel: false) {
        writer = nil
        return false
      }
      #expect(writer == nil)
      writer = try PartitionWriter(home: bench.home, tenant: .default)
      #expect(try maker.run(until: { true }) == 0)
      var isStopped = false
      #expect(
        try maker.run(until: {
          defer { isStopped = true }
          return isStopped
        }) == 0)
      #expect(try maker.pendingCount() == 2)
      writer = nil
      #expect(try maker.run() == 2)
    }
  }

  @Test("a store that is replaced or erased while a batch is encoded gets nothing of it")
  func replaced() throws {
    try withBench { bench in
      try bench.putNotes(0..<4)
      try bench.ingest()
      let home = bench.home
      let copy = "\(bench.folder)/../copy"
      _ = try Backup(path: copy).make(
        of: [.default], in: home, includesKeys: false,
        failed: { Issue.record("\($0): \($1)") })
      let model = LetterModel("a")
      let maker = bench.maker(model)
      try maker.begin(changesModel: false, until: never)
      model.hook.withLock {
        $0 = { before in
          guard before == 0 else { return }
          _ = try Backup(path: copy).restore(.default, to: home, replaces: true, seconds: 1)
        }
      }
      #expect(try maker.step(until: never) == .made(0))
      // The copy had no model yet.
      #expect(try maker.step(until: never) == .nothing)
      try maker.begin(changesModel: false, until: never)
      #expect(try maker.run() == 4)
      try bench.expectSound()

      try bench.put("9.md", "# Note 9\n\nlast")
      try bench.ingest()
      model.hook.withLock { $0 = { _ in try PartitionWriter.eraseTenant(.default, home: home) } }
      let problem = #expect(throws: Problem.self) { try maker.run() }
      #expect(problem?.code == .notFound)
      #expect(home.tenants() == [])
    }
  }

  @Test("another model's vectors are made beside the store's, and take their place at the end")
  func changes() throws {
    try withBench { bench in
      try bench.putNotes(0..<7)
      try bench.ingest()
      let (old, new) = (LetterModel("old"), LetterModel("new"))
      try bench.maker(old).begin(changesModel: false, until: never)
      _ = try bench.maker(old).run()
      let before = try bench.vectors(of: old)
      // Who may not change the model makes nothing.
      try bench.maker(new).begin(changesModel: false, until: never)
      #expect(try bench.maker(new).run() == 0)
      let maker = bench.maker(old, new)
      try maker.begin(changesModel: true, until: never)
      for made in [3, 6] {
        #expect(try maker.step(until: never) == .made(3))
        #expect(try bench.vectors(of: old) == before)
        #expect(try bench.vectors(of: new).isEmpty)
        #expect(try maker.pendingCount() == 7 - made)
        try bench.expectSound()
      }
      // What comes is found by the store's vectors before more of the others are made.
      try bench.put("late.md", "# Late\n\nlate words")
      try bench.ingest()
      #expect(try maker.pendingCount() == 3)
      let ingest = VectorMaker(
        home: bench.home, tenant: .default, encoders: [old, new], roles: [.serving], threads: 1)
      #expect(try ingest.run() == 1)
      #expect(try bench.vectors(of: old).count == 8)
      #expect(try maker.run() == 2)
      #expect(try bench.vectors(of: old).isEmpty)
      #expect(try bench.vectors(of: new).count == 8)
      #expect(try maker.run() == 0)
      try bench.expectSound()
    }
  }

  @Test("a batch of a model that is given up meanwhile is passed over")
  func givenUp() throws {
    try withBench { bench in
      try bench.putNotes(0..<4)
      try bench.ingest()
      let (old, new) = (LetterModel("old"), LetterModel("new"))
      try bench.maker(old).begin(changesModel: false, until: never)
      _ = try bench.maker(old).run()
      let maker = bench.maker(old, new)
      try maker.begin(changesModel: true, until: never)
      let home = bench.home
      new.hook.withLock {
        $0 = { _ in try PartitionWriter(home: home, tenant: .default).keepModel() }
      }
      #expect(try maker.run() == 0)
      #expect(try bench.vectors(of: old).count == 4)
      try bench.expectSound()
    }
  }
}
