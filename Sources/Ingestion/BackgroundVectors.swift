import Dispatch
package import Grounding
package import Partition
import Synchronization

/// Makes the vectors that the tenants of a home lack, beside whatever else the process does.
///
/// With encoders of an ``EncodingThread`` a question is answered as if nothing were made. The tenants
/// take turns, a small batch each. One that somebody else writes to is passed over until its
/// next turn; one in whose files nothing has changed since nothing was missing is not opened.
package final class BackgroundVectors: Sendable {
  /// What is reported of it, over all tenants.
  package struct Counts: Sendable {
    /// Vectors made since it began.
    package var made: Int
    /// Passages that waited when their tenant was last looked at.
    package var pending: Int
    /// Vectors a second while the last ones were made.
    package var perSecond: Double
  }

  /// Passages a batch: about half a second's work of one core.
  private static let batchCount = 32
  /// Tries to get the lock for a batch that is made, some seconds together.
  private static let tries = 100
  private static let idleSeconds = 2

  private struct Look {
    /// Of the store's files, before it was opened.
    var stamp: [FileStatus?]
    var pending = 0
    /// Looks in a row that found these files and nothing to do.
    ///
    /// Times of files are coarse: a commit beside a look may leave none that differs. By the next
    /// look the clock has gone on.
    var settled = 0
    var problem: Problem.Code?
  }

  private let home: LoamHome
  private let encoders: [any PassageEncoder]
  private let changesModels: Bool
  private let clock: @Sendable () -> Int64
  private let report: @Sendable (Tenant, Problem) -> Void
  private let state = Mutex((made: 0, perSecond: 0.0, looks: [Tenant: Look]()))
  private let isStopped = Atomic(false)
  private let wakes = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - encoders: as of ``VectorMaker``.
  ///   - changesModels: whether the last encoder's model takes the place of others, where that has not
  ///     begun already. Without it two processes with different models do not undo each other's work.
  ///   - clock: nanoseconds from some moment on.
  ///   - report: is told of a tenant's problem, once until it is another.
  package init(
    home: LoamHome, encoders: [any PassageEncoder], changesModels: Bool,
    clock: @escaping @Sendable () -> Int64,
    report: @escaping @Sendable (Tenant, Problem) -> Void
  ) {
    self.home = home
    self.encoders = encoders
    self.changesModels = changesModels
    self.clock = clock
    self.report = report
  }

  package var counts: Counts {
    state.withLock { state in
      Counts(
        made: state.made, pending: state.looks.values.reduce(0) { $0 + $1.pending },
        perSecond: state.perSecond)
    }
  }

  /// Works until ``end()``, on a thread that is its own.
  package func run() {
    while !isStopped.load(ordering: .relaxed) {
      if !round() { _ = wakes.wait(timeout: .now() + .seconds(Self.idleSeconds)) }
    }
    ended.signal()
  }

  /// Has it end with the batch under way.
  package func end() {
    isStopped.store(true, ordering: .relaxed)
    wakes.signal()
  }

  /// Waits until it has ended.
  package func awaitEnd() { ended.wait() }

  /// Gives each tenant its turn; whether any vector was made.
  package func round() -> Bool {
    let tenants = home.tenants()
    state.withLock { state in
      state.looks = state.looks.filter { tenants.contains($0.key) }
    }
    var hasMade = false
    for tenant in tenants where !isStopped.load(ordering: .relaxed) {
      hasMade = turn(of: tenant) || hasMade
    }
    return hasMade
  }

  private func turn(of tenant: Tenant) -> Bool {
    let known = state.withLock { $0.looks[tenant] }
    let stamp = stamp(of: tenant)
    if let known, known.stamp == stamp, known.settled > 1 { return false }
    if PartitionWriter.isBusy(home: home, tenant: tenant) { return false }
    let start = clock()
    var look = Look(stamp: stamp)
    var made = 0
    do throws(Problem) {
      (made, look.pending) = try makeSome(of: tenant)
    } catch {
      // Whoever writes now is done some time; what was made for nothing is made again.
      if error.code == .locked { return false }
      look.problem = error.code
      if known?.problem != error.code, error.code != .notFound { report(tenant, error) }
    }
    if made == 0 { look.settled = known?.stamp == stamp ? (known?.settled ?? 0) + 1 : 1 }
    note(look, of: tenant, made: made, nanoseconds: clock() - start)
    return made > 0
  }

  private func makeSome(of tenant: Tenant) throws(Problem) -> (made: Int, pending: Int) {
    let maker = VectorMaker(
      home: home, tenant: tenant, encoders: encoders, threads: 1, batchCount: Self.batchCount)
    var triesLeft = Self.tries
    func givesUp() -> Bool {
      triesLeft -= 1
      return triesLeft < 0 || isStopped.load(ordering: .relaxed)
    }
    try maker.begin(changesModel: changesModels, until: givesUp)
    if case .made(let count) = try maker.step(until: givesUp) {
      return (count, try maker.pendingCount())
    }
    let model = try Snapshot(home: home, tenant: tenant).model()
    guard let model, !encoders.contains(where: { $0.modelID == model.id }) else { return (0, 0) }
    throw Problem(
      .rebuildNeeded, "The store's vectors are another model's.", place: "tenant \(tenant.name)",
      remedy: "Name this model with --next-model, or run loam embed.")
  }

  private func note(_ look: Look, of tenant: Tenant, made: Int, nanoseconds: Int64) {
    state.withLock { state in
      state.made += made
      if made > 0, nanoseconds > 0 {
        state.perSecond = Double(made) * 1e9 / Double(nanoseconds)
      }
      state.looks[tenant] = look
    }
  }

  private func stamp(of tenant: Tenant) -> [FileStatus?] {
    let path = home.partition(of: tenant)
    return [path, path + "-wal"].map { path in
      try? FileStatus(path: FilePath(path), followingLinks: true)
    }
  }
}
