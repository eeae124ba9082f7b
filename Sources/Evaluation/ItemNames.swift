import Grounding
import Partition
import Retrieval

/// The external ids of a store's items: the names that judgements and runs use.
struct ItemNames {
  private var names: [Int64: Identifier] = [:]
  /// Whether any item has a name that judgements could use.
  private(set) var hasExternalIDs = false

  /// Items are read some hundred at a time, since their texts come with them.
  private static let batch = 256

  /// - Throws: what the store throws.
  init(_ keys: [Int64], in snapshot: Snapshot) throws(Problem) {
    var start = 0
    while start < keys.count {
      let end = min(start + Self.batch, keys.count)
      let items = try snapshot.storedItems(
        Array(keys[start..<end]), caller: DatasetEvaluation.caller)
      for (key, item) in items {
        let name = item.externalID.map { Identifier($0) }
        if name != nil { hasExternalIDs = true }
        // What has no name, or one that no run could hold, is never judged: any unique name will do.
        names[key] = name.flatMap { $0.isField ? $0 : nil } ?? Identifier(item.id.text)
      }
      start = end
    }
  }

  /// The keys of the items with one of `wanted` as their name, ascending.
  func keys(named wanted: Set<Identifier>) -> [Int64] {
    names.filter { wanted.contains($0.value) }.keys.sorted()
  }

  /// A ranking by names, best first: of several items with one name the best, `depth` at most.
  func results(_ ranked: [RankedItem], depth: Int) -> [Run.Result] {
    var seen: Set<Identifier> = []
    var results: [Run.Result] = []
    for item in ranked where results.count < depth {
      guard let name = names[item.key], seen.insert(name).inserted else { continue }
      results.append(Run.Result(item: name, score: item.score))
    }
    return results
  }
}
