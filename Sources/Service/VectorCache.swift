import Grounding
import Retrieval
import Synchronization

/// The vectors of queries that were asked lately, bounded in octets.
///
/// Kept by asker as well as by text: that a query is answered sooner must not tell one caller what
/// another asked. Two generations: what is used moves to the young one, and when that is half of the
/// limit it becomes the old one, whose rest is dropped.
///
/// - Complexity: O(1) a look-up.
final class VectorCache: Sendable {
  struct Entry: Hashable {
    let tenant: Tenant
    let caller: Caller
    let model: String
    let text: String
  }

  private struct State {
    var young: [Entry: [Float]] = [:]
    var old: [Entry: [Float]] = [:]
    var youngOctets = 0
    var hits = 0
    var misses = 0
  }

  private let octetLimit: Int
  private let state = Mutex(State())

  init(octetLimit: Int) { self.octetLimit = octetLimit }

  /// Look-ups that found a vector, and that did not.
  var counts: (hits: Int, misses: Int) { state.withLock { ($0.hits, $0.misses) } }

  /// The vector kept for `entry`, else the one that `make` computes outside of the lock.
  func vector(_ entry: Entry, make: () -> [Float]) -> [Float] {
    let known = state.withLock { state -> [Float]? in
      guard let vector = state.young[entry] ?? state.old[entry] else {
        state.misses += 1
        return nil
      }
      state.hits += 1
      if state.young[entry] == nil { keep(vector, entry, &state) }
      return vector
    }
    if let known { return known }
    let vector = make()
    state.withLock { keep(vector, entry, &$0) }
    return vector
  }

  private func keep(_ vector: [Float], _ entry: Entry, _ state: inout State) {
    // Names and the dictionary's own room are counted roughly.
    let octets =
      entry.text.utf8.count + entry.caller.principal.name.utf8.count
      + entry.caller.groups.reduce(0) { $0 + $1.utf8.count + 32 } + vector.count * 4 + 256
    if state.youngOctets + octets > octetLimit / 2 {
      state.old = state.young
      state.young = [:]
      state.youngOctets = 0
    }
    guard octets <= octetLimit / 2 else { return }
    if state.young.updateValue(vector, forKey: entry) == nil { state.youngOctets += octets }
  }
}

/// The model as one caller of one tenant asks it: queries go through the cache.
struct CachingEncoder: QueryEncoder {
  let model: any QueryEncoder & Sendable
  let cache: VectorCache
  let tenant: Tenant
  let caller: Caller

  var modelID: String { model.modelID }
  var dimension: Int { model.dimension }

  func encode(query: String) -> [Float] {
    let entry = VectorCache.Entry(
      tenant: tenant, caller: caller, model: modelID, text: query)
    return cache.vector(entry) { model.encode(query: query) }
  }

  func pieceCount(_ text: String) -> Int { model.pieceCount(text) }
}
