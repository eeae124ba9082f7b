import CFaults
import Grounding
import Partition
import Retrieval

/// A fault at every call that answering questions makes: an error, or the right answer.
///
/// A reader opens the store, is asked every question, follows a batch and is asked again. After an
/// error the same question is asked of the same reader, whose caches must not have been spoilt.
final class ReadSweep {
  private let seed: UInt64
  private let home: LoamHome
  private let reference: Reference
  private let session: Session
  private var state = 0
  /// Whether an error was seen, after which there is to be none.
  private var isOver = false

  init(seed: UInt64, first: Int, folder: String) throws {
    self.seed = seed
    home = LoamHome(path: "\(folder)/home")
    reference = try Reference(seed: seed, folder: folder)
    unsafe loam_disk_begin(home.path, seed)
    session = try Session(home: home)
    while state < first { try advance() }
  }

  private func advance() throws {
    try session.apply(reference.batch(state + 1), to: reference.state(state).model)
    state += 1
    _ = try reference.state(state)
  }

  func run(_ kind: FaultKind, stays: Bool, step: UInt64) throws -> Int {
    var count = 0
    var nth: UInt64 = 1
    while try happens(Fault(kind: kind, nth: nth, stays: stays)) {
      count += 1
      nth += step
    }
    return count
  }

  /// Does one run; the result is whether the fault happened.
  func happens(_ fault: Fault) throws -> Bool {
    let first = state
    do {
      return try runOnce(fault)
    } catch {
      throw Finding("\(error)", repetition: fault.line("read", seed: seed, first: first))
    }
  }

  private func runOnce(_ fault: Fault) throws -> Bool {
    // Some readers find a log to read, others only the store.
    if fault.nth % 2 == 0 {
      var chance = Chance(seed: fault.nth)
      RawConnection(path: home.partition(of: Session.tenant))?.checkpoint(&chance)
    }
    let cache = IndexCache()
    var reader: Snapshot?
    isOver = false
    fault.arm()
    defer {
      loam_fault_disarm()
      loam_fault_suspend(false)
    }
    try ask(&reader, cache, fault)
    // Most faults come before this; what they left in the caches is used by some all the same.
    if isOver, fault.nth % 8 != 0 { return true }
    loam_fault_suspend(true)
    try advance()
    loam_fault_suspend(false)
    do throws(Problem) {
      try reader?.pause()
      _ = try reader?.resume()
    } catch {
      try settle(error, fault)
      reader = nil
    }
    try ask(&reader, cache, fault)
    return loam_fault_happened()
  }

  private func settle(_ problem: Problem, _ fault: Fault) throws {
    guard !isOver, loam_fault_happened(), fault.kind.problems.contains(problem.code) else {
      throw problem
    }
    loam_fault_disarm()
    isOver = true
  }

  /// Asks every question, each again where it met the fault.
  private func ask(_ reader: inout Snapshot?, _ cache: IndexCache, _ fault: Fault) throws {
    let expected = try reference.state(state).answers
    var retriever: Retriever?
    var place = 0
    while place < Questions.all.count {
      do throws(Problem) {
        if reader == nil {
          reader = try Snapshot(home: home, tenant: Session.tenant, cache: cache)
        }
        if retriever == nil, let reader { retriever = try Questions.retriever(of: reader) }
        guard let retriever else { return }
        let answer = try Questions.all[place].answer(of: retriever)
        guard answer == expected[place] else {
          throw Problem(.internal, "Question \(place) has a wrong answer.")
        }
        place += 1
      } catch {
        try settle(error, fault)
        try reader?.pause()
        // Nothing was committed: what the retriever remembers is good.
        if try reader?.resume() != true { retriever = nil }
      }
    }
  }
}
