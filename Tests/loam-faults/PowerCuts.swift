import CFaults
import CSQLite
import Grounding
import Partition

/// Power cuts, one after the other, of one store.
///
/// The writer works until the power goes, at a change of the disk that the seed names or between two
/// batches. The disk is restored as it may have come out of that; what is found is judged, and the
/// next cut goes on from there.
final class PowerCuts {
  /// A batch with the state that it is done in.
  private typealias Step = (number: Int, batch: Batch, before: Reference.State)

  private let seed: UInt64
  private var chance: Chance
  private let home: LoamHome
  private let reference: Reference
  private let oracle: Oracle
  private let lie: Lie?
  /// The state of the store.
  private var state = 0
  private(set) var tally = Tally()

  /// What a disk may say that is not so: batches must be lost then, or the harness is blind.
  enum Lie: String {
    /// That a sync was done.
    case syncs
    /// That a write leaves the octets beside it alone.
    case overwrites
  }

  init(seed: UInt64, folder: String, lie: Lie?) throws {
    self.seed = seed
    self.lie = lie
    chance = Chance(seed: seed)
    home = LoamHome(path: "\(folder)/home")
    unsafe loam_disk_begin(home.path, chance.next())
    let isSafe = !chance.oneIn(4)
    loam_disk_set_overwrite(isSafe || lie == .overwrites, isSafe && lie != .overwrites)
    loam_disk_allow_mapping(!chance.oneIn(3))
    reference = try Reference(seed: seed, folder: folder)
    oracle = Oracle(reference: reference, home: home)
  }

  /// Where cuts came, and what was done to the disk.
  struct Tally {
    var cuts = 0
    /// While the disk was being changed.
    var inside: [loam_fault.RawValue: Int] = [:]
    var batches = 0
    /// Batches that stood though they were not acknowledged yet.
    var unacknowledged = 0
    /// Equal for two runs that did the same.
    var trace: UInt64 = 0

    mutating func add(_ other: Self) {
      cuts += other.cuts
      inside.merge(other.inside) { $0 + $1 }
      batches += other.batches
      unacknowledged += other.unacknowledged
      trace = trace &* 31 &+ other.trace
    }

    var text: String {
      func count(_ kind: loam_fault) -> Int { inside[kind.rawValue] ?? 0 }
      return "\(cuts) power cuts (in \(count(LOAM_FAULT_WRITE)) writes,"
        + " \(count(LOAM_FAULT_SYNC)) syncs, \(count(LOAM_FAULT_TRUNCATE)) truncations,"
        + " \(count(LOAM_FAULT_DELETE)) deletions, \(count(LOAM_FAULT_OPEN)) new files,"
        + " \(count(LOAM_FAULT_COUNT)) between), \(batches) batches, of which"
        + " \(unacknowledged) stood unacknowledged; trace \(trace)"
    }
  }

  /// Cuts the power `count` times.
  func run(_ count: Int) throws {
    for cut in 0..<count {
      do {
        try cutOnce()
      } catch {
        throw Finding("cut \(cut) from state \(state): \(error)")
      }
    }
  }

  private func cutOnce() throws {
    let first = state
    let steps = try (1...Int.random(in: 1...6, using: &chance)).map { index -> Step in
      (first + index, try reference.batch(first + index), try reference.state(first + index - 1))
    }
    armCut()
    armFault()
    var started = state
    do {
      try work(steps, &started)
    } catch let problem as Problem {
      guard loam_power_is_cut() || isExpected(problem) else { throw problem }
    }
    loam_power_cut()
    loam_fault_disarm()
    tally.cuts += 1
    tally.inside[loam_power_cut_kind().rawValue, default: 0] += 1
    tally.trace = loam_disk_trace()
    loam_disk_restore()
    let acknowledged = state
    state = try oracle.judge(
      acknowledged: acknowledged, started: started, readsFirst: chance.oneIn(2)
    ).state
    tally.batches += state - first
    tally.unacknowledged += state - acknowledged
  }

  private func armCut() {
    // Most changes are writes: the others, which end a batch, a checkpoint or a log, are sought out.
    let (kind, greatest): (loam_fault, UInt64) =
      switch Int.random(in: 0..<12, using: &chance) {
      case 0: (LOAM_FAULT_COUNT, 12)
      case 1..<4: (LOAM_FAULT_SYNC, 8)
      case 4: (LOAM_FAULT_TRUNCATE, 2)
      case 5: (LOAM_FAULT_DELETE, 2)
      default: (LOAM_FAULT_COUNT, 600)
      }
    loam_power_cut_at(kind, UInt64.random(in: 1...greatest, using: &chance))
  }

  private func armFault() {
    if lie == .syncs { return loam_fault_arm(LOAM_FAULT_SYNC, 1, true, SQLITE_OK) }
    guard chance.oneIn(5) else { return loam_fault_disarm() }
    // A sync that fails before the power does leaves pages that the system believes to be clean.
    let kind = [FaultKind.sync, .write, .fullDisk].randomElement(using: &chance) ?? .sync
    Fault(kind: kind, nth: UInt64(Int.random(in: 1...12, using: &chance)), stays: false).arm()
  }

  private func isExpected(_ problem: Problem) -> Bool {
    loam_fault_happened() && [.unavailable, .noSpace].contains(problem.code)
  }

  /// Batches and what else happens to a store, until something fails or all is done.
  private func work(_ steps: [Step], _ started: inout Int) throws {
    var session: Session? = try Session(home: home)
    var reader: (snapshot: Snapshot, state: Int)?
    for step in steps {
      switch Int.random(in: 0..<6, using: &chance) {
      case 0:
        session = nil
        session = try Session(home: home)
      case 1: RawConnection(path: home.partition(of: Session.tenant))?.checkpoint(&chance)
      case 2: reader = (try Snapshot(home: home, tenant: Session.tenant), state)
      case 3:
        if let reader { try compare(reader.snapshot, with: reader.state) }
        reader = nil
      case 4:
        do throws(Problem) {
          try session?.merge()
        } catch {
          guard !loam_power_is_cut(), isExpected(error) else { throw error }
        }
      default: break
      }
      started = step.number
      do throws(Problem) {
        try session?.apply(step.batch, to: step.before.model)
      } catch {
        guard !loam_power_is_cut(), isExpected(error) else { throw error }
        // The writer goes on; what failed once does not fail again.
        try session?.apply(step.batch, to: step.before.model)
      }
      state = step.number
    }
    withExtendedLifetime(reader) {}
  }

  /// A reader that was held through batches answers as the store was.
  private func compare(_ snapshot: Snapshot, with state: Int) throws {
    guard try Questions.answers(of: snapshot) == reference.state(state).answers else {
      throw Finding("a reader of state \(state) does not see that")
    }
  }
}
