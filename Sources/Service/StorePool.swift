import Grounding
import Partition
import Synchronization

/// The stores that are open, over all tenants, so that a request seldom has to open one.
///
/// A request has a store for itself. Those that rest are bounded in number, the least recently used
/// goes first, and after ``ServiceOptions/idleSeconds`` each.
final class StorePool: Sendable {
  private struct State {
    /// Those that rest, the most recently used last.
    var resting: [OpenStore] = []
    var inUse: [Tenant: Int] = [:]
  }

  private let home: LoamHome
  private let cache: IndexCache
  private let limit: Int
  private let idle: Int64
  private let clock: ServiceClock
  private let state = Mutex(State())

  init(home: LoamHome, options: ServiceOptions) {
    self.home = home
    cache = IndexCache(octets: options.indexCacheOctets)
    limit = max(0, options.openStores)
    idle = Int64(options.idleSeconds) * 1_000_000_000
    clock = options.clock
  }

  /// How many stores are open, and of how many tenants.
  var counts: (stores: Int, tenants: Int) {
    state.withLock { state in
      let tenants = Set(state.resting.map(\.tenant)).union(state.inUse.keys)
      return (state.resting.count + state.inUse.values.reduce(0, +), tenants.count)
    }
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
      return index.map { state.resting.remove(at: $0) }
    }
  }

  private func giveBack(_ store: OpenStore?, _ tenant: Tenant) {
    store?.lastUsed = clock.steady()
    let dropped = state.withLock { state -> [OpenStore] in
      let others = (state.inUse[tenant] ?? 1) - 1
      state.inUse[tenant] = others > 0 ? others : nil
      if let store { state.resting.append(store) }
      let excess = max(0, state.resting.count - limit)
      defer { state.resting.removeFirst(excess) }
      return Array(state.resting.prefix(excess))
    }
    // Closing a store takes its time: here, after the lock.
    _ = consume dropped
  }

  /// Closes the stores that nobody asked for a while.
  func closeIdle() {
    let now = clock.steady()
    let dropped = state.withLock { state -> [OpenStore] in
      let count = state.resting.prefix { now - $0.lastUsed >= idle }.count
      defer { state.resting.removeFirst(count) }
      return Array(state.resting.prefix(count))
    }
    _ = consume dropped
  }
}
