import Grounding
import Synchronization

/// What is kept in memory of one partition between questions: the rows of access classes and the posting
/// lists of terms, as they are asked for.
///
/// It follows the change log, so that nothing in it is stale: what came is appended, what went is marked
/// dead and leaves each list when that is next used. Shared by all snapshots of a partition in a process;
/// one that reads an older state than the index has reached uses an index of its own.
final class ResidentIndex: Sendable {
  private struct Content {
    var state = ResidentState()
    var lists: [String: TermPostings] = [:]
    var listOctets = 0
    /// By the serial of their group.
    var vectors: [Int: (vectors: GroupVectors, used: UInt64)] = [:]
    var vectorOctets = 0
  }

  private let content = Mutex(Content())
  /// When it was last used, by the cache's count.
  let used = Atomic<UInt64>(0)
  /// Resident octets, about; negative once the cache has given the index up.
  private let octetCount = Atomic<Int>(0)
  /// The sum over the indexes of a cache, which this one's octets are part of until it is dropped.
  private let total: OctetCount?

  /// Without a total where no cache counts it.
  init(total: OctetCount? = nil) { self.total = total }

  /// Resident octets, about; 0 once it is dropped.
  var octets: Int { max(0, octetCount.load(ordering: .relaxed)) }

  /// Whether the cache has given it up: who still holds it keeps it in memory, uncounted.
  var isDropped: Bool { octetCount.load(ordering: .relaxed) < 0 }

  /// The index itself, its tables of classes, lists and vectors, and its name in the cache.
  private static let ownOctets = 2_048

  private func note(_ content: Content) {
    let now =
      Self.ownOctets + content.state.octets + content.listOctets + content.vectorOctets
    var before = octetCount.load(ordering: .relaxed)
    while before >= 0 {
      let (isExchanged, found) = octetCount.compareExchange(
        expected: before, desired: now, ordering: .relaxed)
      if isExchanged {
        total?.add(now - before)
        return
      }
      before = found
    }
  }

  /// Leaves the cache's total, for good; waits for nobody.
  func drop() {
    let before = octetCount.exchange(-1, ordering: .relaxed)
    if before > 0 { total?.add(-before) }
  }

  /// The rows of `classes` and `kinds` as `connection` reads them; `nil` where that is older than the
  /// index.
  func rowSet(
    classes: [Int64], kinds: Set<ItemKind>, _ connection: Connection
  ) throws(Problem) -> RowSet? {
    try content.withLock { (content) throws(Problem) in
      guard try content.state.follow(connection) else { return nil }
      try content.state.load(classes, connection)
      note(content)
      let known = classes.compactMap { content.state.classes[$0] }
      return RowSet(
        groups: known.flatMap(\.groups).filter { kinds.contains($0.id.kind) },
        extents: Dictionary(
          zip(classes, known.map(\.extents)), uniquingKeysWith: { first, _ in first }),
        index: self, changed: content.state.arrivals.count, loaded: content.state.loads,
        vectorsChanged: content.state.vectorArrivals.count)
    }
  }

  /// The lists of `terms` for `rows`, which `connection` reads, a list a term in their order; `nil`
  /// where the index has gone on since the set was made.
  ///
  /// Lists that are missing or behind are read outside of the lock.
  func postings(
    _ terms: [String], in rows: RowSet, now: UInt64, _ connection: Connection
  ) throws(Problem) -> [TermPostings]? {
    let (state, known) = content.withLock { content in
      (content.state, terms.map { content.lists[$0] })
    }
    guard state.arrivals.count == rows.changed, state.loads >= rows.loaded else { return nil }
    var result: [TermPostings?] = Array(repeating: nil, count: terms.count)
    var missing: [Int] = []
    var renewed: [Int] = []
    for (index, list) in known.enumerated() {
      list?.used.store(now, ordering: .relaxed)
      guard let list, list.loaded >= rows.loaded else {
        missing.append(index)
        continue
      }
      guard list.changed != state.arrivals.count else {
        result[index] = list
        continue
      }
      if let current = try state.renewed(list, term: terms[index], connection) {
        result[index] = current
        renewed.append(index)
      } else {
        missing.append(index)
      }
    }
    guard !missing.isEmpty || !renewed.isEmpty else { return result.compactMap(\.self) }
    let read = try state.map.read(
      missing.map { terms[$0] }, changed: state.arrivals.count, loaded: state.loads, connection)
    for (index, list) in zip(missing, read) { result[index] = list }
    keep((renewed + missing).map { (terms[$0], result[$0]) }, now)
    return result.compactMap(\.self)
  }

  private func keep(_ lists: [(term: String, postings: TermPostings?)], _ now: UInt64) {
    guard !lists.isEmpty else { return }
    content.withLock { content in
      for case (let term, let postings?) in lists
      where postings.changed == content.state.arrivals.count
        && postings.loaded == content.state.loads
      {
        postings.used.store(now, ordering: .relaxed)
        let former = content.lists.updateValue(postings, forKey: term)
        content.listOctets += postings.octets - (former?.octets ?? -term.utf8.count)
      }
      note(content)
    }
  }

  /// The vectors of `model` for `rows`, which `connection` reads; `nil` where the index has gone on since
  /// the set was made.
  ///
  /// What is missing or behind is read outside of the lock.
  func vectors(
    model: String, dimension: Int, in rows: RowSet, now: UInt64, _ connection: Connection
  ) throws(Problem) -> VectorSet? {
    let (state, known) = content.withLock { content in
      let known = rows.parts.map { part in
        let serial = part.group.serial
        return content.vectors[serial].map { vectors in
          content.vectors[serial]?.used = now
          return vectors.vectors
        }
      }
      return (content.state, known)
    }
    guard state.vectorArrivals.count == rows.vectorsChanged,
      state.arrivals.count == rows.changed
    else { return nil }
    guard
      let set = try VectorSet(
        model: model, dimension: dimension, rows: rows, known: known,
        arrivals: state.vectorArrivals, connection)
    else { return VectorSet(empty: dimension, rows: rows) }
    content.withLock { content in
      guard content.state.vectorArrivals.count == rows.vectorsChanged else { return }
      for (part, vectors) in zip(rows.parts, set.groups) {
        guard let vectors else { continue }
        let former = content.vectors.updateValue((vectors, now), forKey: part.group.serial)
        content.vectorOctets += vectors.octets - (former?.vectors.octets ?? 0)
      }
      // Groups that were read anew have other numbers.
      for (serial, vectors) in content.vectors
      where !content.state.groups.indices.contains(serial)
        || content.state.groups[serial] == nil
      {
        content.vectors[serial] = nil
        content.vectorOctets -= vectors.vectors.octets
      }
      note(content)
    }
    return set
  }

  /// Gives up about half of the lists and vectors, those used longest ago.
  func shrink() {
    content.withLock { content in
      let uses =
        (content.lists.values.map { $0.used.load(ordering: .relaxed) }
        + content.vectors.values.map(\.used)).sorted()
      guard let median = uses.isEmpty ? nil : uses[uses.count / 2] else { return }
      for (term, list) in content.lists where list.used.load(ordering: .relaxed) <= median {
        content.lists[term] = nil
        content.listOctets -= list.octets + term.utf8.count
      }
      for (serial, vectors) in content.vectors where vectors.used <= median {
        content.vectors[serial] = nil
        content.vectorOctets -= vectors.vectors.octets
      }
      note(content)
    }
  }
}
