import Glibc
import Grounding
import Partition

/// A writer in a child process, killed at any moment, again and again on one store.
///
/// The child prints the number of each batch once it is durable. What it printed has to be there. The
/// seed settles what is written and how long is waited; where that finds the child it does not.
final class Kills {
  private let seed: UInt64
  private var chance: Chance
  private let home: LoamHome
  private let oracle: Oracle
  private let isEarly: Bool
  private(set) var state = 0
  /// Batches that stood though they were not acknowledged yet.
  private(set) var unacknowledged = 0

  /// - Parameter isEarly: whether the child acknowledges before it commits, so that batches must be
  ///   lost.
  init(seed: UInt64, folder: String, isEarly: Bool) throws {
    self.seed = seed
    self.isEarly = isEarly
    chance = Chance(seed: seed)
    home = LoamHome(path: "\(folder)/home")
    oracle = Oracle(reference: try Reference(seed: seed, folder: folder), home: home)
  }

  func run(_ count: Int) throws {
    for round in 0..<count {
      do {
        try killOnce()
      } catch {
        throw Finding("kill \(round) from state \(state): \(error)")
      }
    }
  }

  private func killOnce() throws {
    let child = try Child(
      ["write", home.path, String(seed), String(state)] + (isEarly ? ["--lie", "early"] : []))
    // Some die while they start or open the store, most of them at work.
    if !chance.oneIn(4) { child.waitForOutput() }
    usleep(UInt32.random(in: 0...40_000, using: &chance))
    let acknowledged = try child.kill().last.flatMap { Int($0) } ?? state
    let found = try oracle.judge(
      acknowledged: acknowledged, started: acknowledged + 1, readsFirst: chance.oneIn(2)
    ).state
    if found > acknowledged { unacknowledged += 1 }
    state = found
  }

  /// What the child does: batches from `state` on, for as long as it lives.
  static func write(home: LoamHome, seed: UInt64, from state: Int, isEarly: Bool) throws {
    var model = Model()
    if state > 0 {
      for number in 1...state {
        model = Reference.model(after: Reference.batch(number, of: seed, after: model), model)
      }
    }
    var chance = Chance(seed: seed, step: state)
    var session: Session? = try Session(home: home)
    try acknowledge(state)
    for number in (state + 1)... {
      let batch = Reference.batch(number, of: seed, after: model)
      if isEarly { try acknowledge(number) }
      try session?.apply(batch, to: model)
      if !isEarly { try acknowledge(number) }
      model = Reference.model(after: batch, model)
      switch Int.random(in: 0..<6, using: &chance) {
      case 0:
        session = nil
        session = try Session(home: home)
      case 1: RawConnection(path: home.partition(of: Session.tenant))?.checkpoint(&chance)
      case 2: try session?.merge()
      default: break
      }
    }
  }

  /// Printed in one call to the system, so that nothing waits in a buffer.
  private static func acknowledge(_ number: Int) throws {
    let line = Array("\(number)\n".utf8)
    guard unsafe Glibc.write(1, line, line.count) == line.count else {
      throw Finding("nobody reads what is acknowledged")
    }
  }
}
