package import Grounding
package import Partition

/// Makes the vectors that a tenant's store lacks, batch by batch.
///
/// What waits stands in the store, so that whatever interrupts the work costs one batch at most. A batch
/// is read from a snapshot, encoded while nobody is held up, and stored under the writer's lock, for
/// the moment that this takes. Rows that went meanwhile are passed over.
package struct VectorMaker: Sendable {
  /// What one batch came to.
  package enum Step: Equatable, Sendable {
    /// So many vectors; 0 where the store became another meanwhile.
    case made(Int)
    /// Nothing waits for a vector of a model that is at hand.
    case nothing
  }

  /// How far the work is.
  package struct Progress: Equatable, Sendable {
    /// Vectors made since it began.
    package var made: Int
    /// Passages that wait for one, each counted for each model that is at hand.
    package var pending: Int
    package var total: Int { made + pending }
  }

  package let home: LoamHome
  package let tenant: Tenant
  private let encoders: [any PassageEncoder]
  private let roles: [ModelRole]
  private let threads: Int
  private let batchCount: Int

  /// - Parameters:
  ///   - encoders: the models at hand; the last is the one that the store is to have.
  ///   - roles: whose vectors are made, in this order.
  ///   - threads: to encode on, at least 1.
  ///   - batchCount: passages a batch; without it 64 a thread, about a second's work.
  package init(
    home: LoamHome, tenant: Tenant, encoders: [any PassageEncoder],
    roles: [ModelRole] = ModelRole.allCases, threads: Int, batchCount: Int? = nil
  ) {
    self.home = home
    self.tenant = tenant
    self.encoders = encoders
    self.roles = roles
    self.threads = max(1, threads)
    self.batchCount = max(1, batchCount ?? 64 * max(1, threads))
  }

  /// Gives a store that has no model yet the last encoder's; with `changesModel` that one begins to
  /// take the place of another.
  ///
  /// - Parameter givesUp: see `PartitionWriter.waiting(home:tenant:until:)`.
  /// - Throws: as that.
  package func begin(changesModel: Bool, until givesUp: () -> Bool) throws(Problem) {
    guard let target = encoders.last else { return }
    // Without the lock first: mostly nothing is to be done.
    let known = try Snapshot(home: home, tenant: tenant).model()
    guard known == nil || changesModel && known?.id != target.modelID else { return }
    let writer = try PartitionWriter.waiting(home: home, tenant: tenant, until: givesUp)
    guard try writer.model() == nil || changesModel else { return }
    try writer.changeModel(to: target.modelID, dimension: target.dimension)
  }

  /// Makes vectors until none is missing that the encoders can make, or `isStopped`; how many.
  ///
  /// - Parameter progress: called before the first batch and after each.
  /// - Throws: what the store throws.
  package func run(
    until isStopped: () -> Bool = { false }, progress: (Progress) -> Void = { _ in }
  ) throws(Problem) -> Int {
    var made = 0
    progress(Progress(made: 0, pending: try pendingCount()))
    while !isStopped() {
      do throws(Problem) {
        guard case .made(let count) = try step(until: isStopped) else { break }
        made += count
      } catch {
        guard error.code == .locked else { throw error }
        break
      }
      progress(Progress(made: made, pending: try pendingCount()))
    }
    return made
  }

  /// Makes the vectors of one batch.
  ///
  /// - Throws: `locked` where `givesUp` said so while somebody else wrote; what the store throws.
  package func step(until givesUp: () -> Bool) throws(Problem) -> Step {
    guard let work = try nextWork() else { return .nothing }
    let encoder = work.encoder
    let vectors = encoder.encode(
      work.passages.map {
        encoder.passageInput(title: $0.title, headings: $0.heading, body: $0.body)
      }, threads: threads)
    let writer = try PartitionWriter.waiting(home: home, tenant: tenant, until: givesUp)
    // In a store that was restored meanwhile a row is another passage; and its model may have changed.
    guard try writer.identity() == work.store,
      let known = try writer.model(work.role), known.id == encoder.modelID
    else { return .made(0) }
    try writer.storeVectors(
      zip(work.passages, vectors).map { ($0.row, QuantizedVector($1)) }, model: encoder.modelID)
    return .made(work.passages.count)
  }

  /// Passages that wait for a vector, for each of the store's models that is at hand.
  package func pendingCount() throws(Problem) -> Int {
    let snapshot = try Snapshot(home: home, tenant: tenant)
    var count = 0
    for role in roles where try encoder(role, snapshot) != nil {
      count += try snapshot.pendingCount(role)
    }
    return count
  }

  // MARK: Work

  private struct Work {
    let store: StoreIdentity
    let role: ModelRole
    let encoder: any PassageEncoder
    let passages: [PendingPassage]
  }

  private func nextWork() throws(Problem) -> Work? {
    let snapshot = try Snapshot(home: home, tenant: tenant)
    for role in roles {
      guard let encoder = try encoder(role, snapshot) else { continue }
      let passages = try snapshot.pendingPassages(role, limit: batchCount)
      guard !passages.isEmpty else { continue }
      return Work(
        store: try snapshot.identity(), role: role, encoder: encoder, passages: passages)
    }
    return nil
  }

  private func encoder(
    _ role: ModelRole, _ snapshot: Snapshot
  ) throws(Problem) -> (any PassageEncoder)? {
    guard let model = try snapshot.model(role) else { return nil }
    return encoders.first { $0.modelID == model.id && $0.dimension == model.dimension }
  }
}
