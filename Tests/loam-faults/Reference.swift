import Grounding
import Partition

/// The workload of a seed and a store to which nothing happened, state by state.
///
/// State *k* is that after *k* batches. States are made as they are asked for, and kept.
final class Reference {
  struct State {
    var model: Model
    var digests: TableDigests
    var answers: [String]
  }

  let seed: UInt64
  private let home: LoamHome
  private let session: Session
  private var states: [State] = []

  /// The clean store lies in `folder`.
  init(seed: UInt64, folder: String) throws {
    self.seed = seed
    home = LoamHome(path: "\(folder)/reference")
    session = try Session(home: home)
    try note(Model())
  }

  /// The state after `count` batches.
  func state(_ count: Int) throws -> State {
    while states.count <= count {
      let before = states[states.count - 1].model
      let batch = Self.batch(states.count, of: seed, after: before)
      try session.apply(batch, to: before)
      try note(Self.model(after: batch, before))
    }
    return states[count]
  }

  /// The batch that leads to state `number`.
  func batch(_ number: Int) throws -> Batch {
    Self.batch(number, of: seed, after: try state(number - 1).model)
  }

  static func batch(_ number: Int, of seed: UInt64, after model: Model) -> Batch {
    var chance = Chance(seed: seed, step: number)
    return Batch(for: model, using: &chance)
  }

  static func model(after batch: Batch, _ before: Model) -> Model {
    guard !batch.isRolledBack else { return before }
    return batch.changes.reduce(into: before) { $0.apply($1) }
  }

  /// Keeps what the clean store says now, which is what `model` says.
  private func note(_ model: Model) throws {
    let snapshot = try Snapshot(home: home, tenant: Session.tenant)
    try Questions.compare(snapshot, with: model)
    states.append(
      State(
        model: model,
        digests: try TableDigests(path: home.partition(of: Session.tenant)),
        answers: try Questions.answers(of: snapshot)))
  }
}
