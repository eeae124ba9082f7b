import Grounding
import Partition
import Synchronization

/// The stores that are open, over all tenants, so that a request seldom has to open one.
///
/// A request has a store for itself. Those that rest are bounded in number and in octets, the least
/// recently used goes first, and after ``ServiceOptions/idleSeconds`` each. Their octets come out of the
/// one bound on memory: what stores do not hold is the indexes'.
final class StorePool: Sendable {
  private struct State {
    /// Those that rest, the most recently used last.
    var resting: [OpenStore] = []
    var restingOctets = 0
    var inUse: [Tenant: Int] = [:]
    /// How many indexes had given way when the stores of such were last looked for.
    var dropCount = 0
  }

  private let home: LoamHome
  private let cache: IndexCache
  private let limit: Int
  private let octetLimit: Int
  private let otherOctets: Int
  private let idle: Int64
  private let clock: ServiceClock
  private let state = Mutex(State())

  init(home: LoamHome, options: ServiceOptions) {
    self.home = home
    cache = IndexCache(octets: options.memoryOctets)
    limit = max(0, options.openStores)
    octetLimit = options.memoryOctets / 4
    otherOctets = options.vectorCacheOctets
    idle = Int64(options.idleSeconds) * 1_000_000_000
    clock = options.clock
    cache.leave(otherOctets)
  }

  /// How many stores are open, and of how many tenants.
  var counts: (stores: Int, tenants: Int) {
    state.withLock { state in
      let tenants = Set(state.resting.map(\.tenant)).union(state.inUse.keys)
      return (state.resting.count + state.inUse.values.reduce(0, +), tenants.count)
    }
  }

  /// Octets of the stores that rest, and of the indexes.
  var octets: (stores: Int, indexes: Int) {
    (state.withLock { $0.restingOctets }, cache.octets)
  }

  /// Runs `body` with the store of `tenant` as it is now; `nil` where the tenant has none.
  ///
  /// A store that fails in any way is closed: the next request begins anew.
  func withStore<R>(
    _ tenant: Tenant, for caller: Caller, _ body: (OpenStore) throws(Problem) -> R
  ) throws(Problem) -> R? {
    state.withLock { $0.inUse[tenant, default: 0] += 1 }
    var kept: OpenStore?
    defer { giveBack(kept, tenant) }
    guard let store = try open(tenant, caller) else { return nil }
    do throws(Problem) {
      let result = try body(store)
      try store.pause()
      kept = store
      return result
    } catch {
      // What was wrong with the request is not the store's fault.
      if error.code == .badRequest, (try? store.pause()) != nil { kept = store }
      throw error
    }
  }

  private func open(_ tenant: Tenant, _ caller: Caller) throws(Problem) -> OpenStore? {
    while let store = take(tenant, caller) {
      // One that cannot go on, or whose file was replaced, is closed here.
      if let isCurrent = try? store.resume(home: home), isCurrent { return store }
    }
    do throws(Problem) {
      return try OpenStore(home: home, tenant: tenant, cache: cache)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  /// A resting store of `tenant`; one that knows the caller where there is one.
  private func take(_ tenant: Tenant, _ caller: Caller) -> OpenStore? {
    state.withLock { state in
      let index =
        state.resting.lastIndex { $0.tenant == tenant && $0.knows(caller) }
        ?? state.resting.lastIndex { $0.tenant == tenant }
      guard let index else { return nil }
      let store = state.resting.remove(at: index)
      state.restingOctets -= store.octets
      return store
    }
  }

  private func giveBack(_ store: OpenStore?, _ tenant: Tenant) {
    // Counted before the lock is taken, by the thread that had it.
    store?.lastUsed = clock.steady()
    store?.countOctets()
    let (dropped, octets) = state.withLock { state in
      let others = (state.inUse[tenant] ?? 1) - 1
      state.inUse[tenant] = others > 0 ? others : nil
      if let store {
        state.resting.append(store)
        state.restingOctets += store.octets
      }
      let dropped = removeUnheld(&state) + removeExcess(&state)
      return (dropped, state.restingOctets)
    }
    // Closing a store takes its time: here, after the lock.
    _ = consume dropped
    cache.leave(octets + otherOctets)
  }

  /// Takes out the stores whose index has given way, which they would keep in memory.
  private func removeUnheld(_ state: inout State) -> [OpenStore] {
    let now = cache.dropCount
    guard now != state.dropCount else { return [] }
    state.dropCount = now
    let unheld = state.resting.filter { !$0.snapshot.isResident }
    state.resting.removeAll { !$0.snapshot.isResident }
    state.restingOctets -= unheld.reduce(0) { $0 + $1.octets }
    return unheld
  }

  /// Takes out those used longest ago, as far as there are too many, or more than one with too many
  /// octets.
  private func removeExcess(_ state: inout State) -> [OpenStore] {
    var (count, octets) = (state.resting.count, state.restingOctets)
    var excess = 0
    while count > limit || octets > octetLimit && count > 1 {
      octets -= state.resting[excess].octets
      count -= 1
      excess += 1
    }
    state.restingOctets = octets
    defer { state.resting.removeFirst(excess) }
    return Array(state.resting.prefix(excess))
  }

  /// Closes the stores that nobody asked for a while.
  func closeIdle() {
    let now = clock.steady()
    let (dropped, octets) = state.withLock { state in
      let count = state.resting.prefix { now - $0.lastUsed >= idle }.count
      let dropped = Array(state.resting.prefix(count))
      state.resting.removeFirst(count)
      state.restingOctets -= dropped.reduce(0) { $0 + $1.octets }
      return (dropped, state.restingOctets)
    }
    _ = consume dropped
    cache.leave(octets + otherOctets)
  }
}
