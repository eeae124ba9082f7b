import Synchronization

/// The resident indexes of a process's partitions, under one bound of octets.
///
/// The partition that was used longest ago gives way first, then the rarer used lists of the one in use.
/// Which terms were asked lately can show in the time that a list takes; who asked and what they found
/// does not.
package final class IndexCache: Sendable {
  package static let defaultOctets = 1 << 30

  private let limit: Int
  private let indexes = Mutex<[String: ResidentIndex]>([:])
  private let total = OctetCount()
  private let others = Atomic<Int>(0)
  private let drops = Atomic<Int>(0)
  private let clock = Atomic<UInt64>(0)

  package init(octets: Int = IndexCache.defaultOctets) { limit = octets }

  /// Resident octets, about.
  package var octets: Int { total.value }

  /// How many indexes have given way so far.
  package var dropCount: Int { drops.load(ordering: .relaxed) }

  /// Leaves `octets` of the bound to what else is kept in memory, and makes room for it.
  package func leave(_ octets: Int) {
    others.store(octets, ordering: .relaxed)
    makeRoom(besides: nil)
  }

  func tick() -> UInt64 { clock.wrappingAdd(1, ordering: .relaxed).newValue }

  /// Notes that `index` is used now.
  func use(_ index: ResidentIndex) { index.used.store(tick(), ordering: .relaxed) }

  /// The index of the partition at `path`, made where there is none; used now.
  func index(of path: String) -> ResidentIndex {
    indexes.withLock { indexes in
      let index = indexes[path] ?? ResidentIndex(total: total)
      indexes[path] = index
      use(index)
      return index
    }
  }

  /// Makes room where `index`, which has grown, is too much.
  func settle(_ index: ResidentIndex) {
    use(index)
    makeRoom(besides: index)
  }

  /// Gives up those used longest ago, then a part of `spared` or, without one, of the last that is left.
  ///
  /// A sixteenth more than needed, since all are looked at: O(indexes log indexes), now and then.
  private func makeRoom(besides spared: ResidentIndex?) {
    let limit = max(0, limit - others.load(ordering: .relaxed))
    guard total.value > limit else { return }
    let last = indexes.withLock { indexes in
      var least = indexes.filter { $0.value !== spared }
        .map { (path: $0.key, index: $0.value, used: $0.value.used.load(ordering: .relaxed)) }
        .sorted { $0.used < $1.used }
      let last = spared ?? least.popLast()?.index
      for (path, other, _) in least where total.value > limit - limit / 16 {
        other.drop()
        indexes[path] = nil
        drops.wrappingAdd(1, ordering: .relaxed)
      }
      return last
    }
    if total.value > limit { last?.shrink() }
  }
}

/// A sum of octets that several threads add to.
final class OctetCount: Sendable {
  private let sum = Atomic<Int>(0)

  var value: Int { sum.load(ordering: .relaxed) }

  func add(_ octets: Int) { sum.wrappingAdd(octets, ordering: .relaxed) }
}
