import CFaults
import Grounding
import Partition

/// One kind of fault at every call of the writer, one run a call, until a run ends without it.
///
/// Each run makes a store, or does two batches in two sittings on the same store as the others; where
/// something fails, the same writer or the next one does it again once the trouble is over.
final class Sweep {
  private let seed: UInt64
  private let home: LoamHome
  private let reference: Reference
  private let oracle: Oracle
  /// The states that each run starts from and ends with.
  private let first: Int
  private let last: Int
  private var start: [UInt8]?
  /// Whether what should fail is only left undone, so that batches must be lost.
  private let lies: Bool

  /// - Parameter first: the state that each run starts from; 0 to make the store and no more.
  init(seed: UInt64, first: Int, folder: String, lies: Bool) throws {
    self.seed = seed
    self.first = first
    last = first == 0 ? 0 : first + 2
    self.lies = lies
    home = LoamHome(path: "\(folder)/home")
    reference = try Reference(seed: seed, folder: folder)
    oracle = Oracle(reference: reference, home: home)
    if first > 0 {
      let session = try Session(home: home)
      for number in 1...first {
        try session.apply(reference.batch(number), to: reference.state(number - 1).model)
      }
    }
    // Closed by now, so that the file is all of it.
    if first > 0 { start = Scratch.octets(of: home.partition(of: Session.tenant)) }
  }

  /// Lets it happen at every `step`th call; the result is how many runs it happened in.
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
    do {
      return try runOnce(fault)
    } catch {
      throw Finding("\(error)", repetition: fault.line("sweep", seed: seed, first: first))
    }
  }

  private func runOnce(_ fault: Fault) throws -> Bool {
    try Scratch.replaceStore(at: home, with: start)
    unsafe loam_disk_begin(home.path, seed ^ fault.nth)
    _ = try reference.state(last + 1)
    var run = Run(reference: reference, home: home, state: first, goesOn: fault.nth % 2 == 0)
    if lies { loam_fault_arm(fault.kind.call, fault.nth, fault.stays, 0) } else { fault.arm() }
    defer { loam_fault_disarm() }
    try run.work(until: last, fault: fault)
    loam_fault_disarm()
    let happened = loam_fault_happened()
    let (state, session) = try oracle.judge(
      acknowledged: run.state, started: run.state, readsFirst: fault.nth % 3 == 0)
    try session.apply(reference.batch(state + 1), to: reference.state(state).model)
    _ = try oracle.state(acknowledged: state + 1, started: state + 1)
    return happened
  }
}

/// One run of a sweep.
private struct Run {
  let reference: Reference
  let home: LoamHome
  /// The batches that were acknowledged.
  var state: Int
  /// Whether the writer that met the fault goes on.
  let goesOn: Bool
  private var session: Session?
  private var isOver = false

  init(reference: Reference, home: LoamHome, state: Int, goesOn: Bool) {
    self.reference = reference
    self.home = home
    self.state = state
    self.goesOn = goesOn
  }

  mutating func work(until last: Int, fault: Fault) throws {
    while state < last || session == nil {
      let (batch, before) = (try reference.batch(state + 1), try reference.state(state))
      do throws(Problem) {
        if session == nil { session = try Session(home: home) }
        if state == last { break }
        try session?.apply(batch, to: before.model)
        state += 1
        if state == last { try session?.merge() }
        // The first sitting ends after the first batch, and empties the log.
        if state < last { session = nil }
      } catch {
        try settle(error, fault)
      }
    }
    session = nil
  }

  /// What failed has to be what was made to fail; then the trouble is over.
  private mutating func settle(_ problem: Problem, _ fault: Fault) throws {
    guard !isOver, loam_fault_happened(), fault.kind.problems.contains(problem.code) else {
      throw problem
    }
    try readInTrouble(fault)
    loam_fault_disarm()
    isOver = true
    if goesOn { try readAfterwards() } else { session = nil }
  }

  /// A reader that comes while the trouble lasts sees what stands, or an error.
  private func readInTrouble(_ fault: Fault) throws {
    var seen: [String]?
    do throws(Problem) {
      seen = try answers()
    } catch {
      guard fault.kind.problems.contains(error.code) || isAbsent(error) else { throw error }
    }
    if let seen { try hold(seen) }
  }

  private func readAfterwards() throws {
    var seen: [String]?
    do throws(Problem) {
      seen = try answers()
    } catch {
      guard isAbsent(error) else { throw error }
    }
    if let seen { try hold(seen) }
  }

  private func answers() throws(Problem) -> [String]? {
    let snapshot = try Snapshot(home: home, tenant: Session.tenant)
    // The first sitting names the model after it has made the store.
    return try snapshot.modelID() == nil ? nil : Questions.answers(of: snapshot)
  }

  /// Before the first batch there may be no store.
  private func isAbsent(_ problem: Problem) -> Bool { state == 0 && problem.code == .notFound }

  private func hold(_ answers: [String]) throws {
    let isKnown = try [state, state + 1].contains { try reference.state($0).answers == answers }
    guard isKnown || state == 0 else {
      throw Finding("a reader sees neither state \(state) nor the next")
    }
  }
}
