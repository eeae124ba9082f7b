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
  private let clock = Atomic<UInt64>(0)

  package init(octets: Int = IndexCache.defaultOctets) { limit = octets }

  /// Resident octets, about.
  package var octets: Int { indexes.withLock { $0.values.reduce(0) { $0 + $1.octets } } }

  func tick() -> UInt64 { clock.wrappingAdd(1, ordering: .relaxed).newValue }

  /// The index of the partition at `path`, made where there is none.
  func index(of path: String) -> ResidentIndex {
    indexes.withLock { indexes in
      if let known = indexes[path] { return known }
      let index = ResidentIndex()
      indexes[path] = index
      return index
    }
  }

  /// Makes room where `index`, which has grown, is too much.
  func settle(_ index: ResidentIndex) {
    index.used.store(tick(), ordering: .relaxed)
    let isOver = indexes.withLock { indexes in
      var total = indexes.values.reduce(0) { $0 + $1.octets }
      guard total > limit else { return false }
      let others = indexes.filter { $0.value !== index }
        .sorted { $0.value.used.load(ordering: .relaxed) < $1.value.used.load(ordering: .relaxed) }
      for (path, other) in others where total > limit {
        total -= other.octets
        indexes[path] = nil
      }
      return total > limit
    }
    if isOver { index.shrink() }
  }
}
