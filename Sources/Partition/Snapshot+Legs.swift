package import Grounding

extension Snapshot {
  /// Where each of `terms` occurs among `rows`, as the scoring reads it: a list a term, in their order.
  ///
  /// Terms are finished: what the analysis made of a query, not words. The lists may have other groups
  /// than those of `rows`, which are to be passed over; occurrences in `people` alone do not count.
  /// - Complexity: O(terms) for lists that are in memory; O(postings, hidden rows included) for others.
  package func postings(
    _ terms: [String], of rows: RowSet
  ) throws(Problem) -> [TermPostings] {
    if let index = rows.index {
      let before = index.octets
      let known = try index.postings(terms, in: rows, now: cache.tick(), connection)
      if index === shared, index.octets > before { cache.settle(index) }
      if let known { return known }
    }
    // The index has gone on: these are the set's own.
    return try rows.map.read(terms, changed: rows.changed, loaded: rows.loaded, connection)
  }

  /// Where each of `terms` occurs among `rows`, by position: what ``postings(_:of:)`` says of them.
  package func postings(
    _ terms: [String], in rows: RowSet
  ) throws(Problem) -> [PostingList] {
    try postings(terms, of: rows).map { postings in
      var list = PostingList()
      for part in rows.parts {
        for entry in postings.range(of: part.group.serial) {
          postings.forEach(entry, of: part.group) { place, frequency in
            list.append(position: part.firstPosition + place, frequency)
          }
        }
      }
      return list
    }
  }

  /// Where each of `terms` occurs in the quoted passages `rows`: a list a term, in their order.
  ///
  /// - Complexity: O(postings of the terms, hidden rows included), and O(rows).
  package func postings(
    _ terms: [String], in rows: QuotedRows
  ) throws(Problem) -> [QuotedList] {
    try connection.postings(terms, in: rows.ranges, isQuoted: true).map { rows.list($0) }
  }

  /// What `rows` are searched by: a reply's own vector mixed with its parent's mean, else the own vector.
  ///
  /// Empty where the store's vectors are not those of `model` and `dimension`.
  /// - Throws: `damaged` where a page has not the size it should have.
  /// - Complexity: O(parts) for vectors that are in memory; O(rows x dimension) for others.
  package func vectors(
    model: String, dimension: Int, of rows: RowSet
  ) throws(Problem) -> VectorSet {
    if let index = rows.index {
      let before = index.octets
      let known = try index.vectors(
        model: model, dimension: dimension, in: rows, now: cache.tick(), connection)
      if index === shared, index.octets > before { cache.settle(index) }
      if let known { return known }
    }
    // The index has gone on: these are the set's own.
    return try VectorSet(
      model: model, dimension: dimension, rows: rows, known: rows.parts.map { _ in nil },
      arrivals: Arrivals(), connection) ?? VectorSet(empty: dimension, rows: rows)
  }

  /// How many of `rows` have no vector of `model` to be searched by; no vector is read.
  ///
  /// All of them where the store is searched by another model's, even if `model` is its next one.
  ///
  /// - Complexity: O(rows that wait in the extents of the set).
  package func pendingCount(model: String, in rows: RowSet) throws(Problem) -> Int {
    guard let known = try connection.model(), known.id == model else { return rows.passageCount }
    var count = 0
    for extent in rows.extents {
      try connection.forEach(
        "SELECT row FROM pending_vector WHERE row >= ?1 AND row < ?2", extent.first,
        extent.first + Int64(extent.count)
      ) {
        if rows.position(ofRow: $0.int64(0)) != nil { count += 1 }
      }
    }
    return count
  }
}
