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
          postings.forEach(entry) { place, frequency in
            list.append(position: part.firstPosition + place, frequency)
          }
        }
      }
      return list
    }
  }

  /// Where each of `terms` occurs in the quoted passages `rows`.
  ///
  /// - Complexity: O(postings of the terms, hidden rows included).
  package func postings(
    _ terms: [String], in rows: QuotedRows
  ) throws(Problem) -> [PostingList] {
    let ranges = rows.rows.map { $0..<$0 + 1 }
    return try connection.postings(terms, in: ranges, isQuoted: true).map { raw in
      var list = PostingList()
      var position = 0
      for (row, frequency) in zip(raw.rows, raw.frequencies) {
        position = rows.rows.firstIndex(notBelow: row, from: position)
        list.append(position: position, frequency)
      }
      return list
    }
  }

  /// Calls `body` with what the rows of each extent are searched by, of those that have rows of `rows`
  /// and vectors of `model`: a reply's own vector mixed with its parent's mean, else the own vector.
  ///
  /// Extents come in the order of their rows. A page holds every slot of its extent; slots of rows
  /// outside of the set have position -1 and are to be left out.
  /// - Throws: `damaged` where a page has not the size it should have.
  package func forEachVectorPage(
    model: String, in rows: RowSet, _ body: (VectorPage) -> Void
  ) throws(Problem) {
    guard let known = try connection.model(), known.id == model else { return }
    var page = VectorPage()
    page.dimension = known.dimension
    for extent in rows.extents {
      let id = try connection.first(
        "SELECT id FROM vector_page WHERE extent = ?1 AND model = ?2", extent.first, model
      ) { $0.int64(0) }
      guard let id else { continue }
      page.resize(extent.count)
      for part in rows.parts[extent.parts] {
        let group = part.group
        var place = group.rows.firstIndex(notBelow: extent.first)
        while place < group.rows.count, group.rows[place] < extent.rows.upperBound {
          if group.isLive(Int(group.items[place])) {
            page.positions[Int(group.rows[place] - extent.first)] = Int32(
              part.firstPosition + place)
          }
          place += 1
        }
      }
      try readPage(id, of: .own, into: &page)
      try mix(&page, extent: extent.first, rows)
      body(page)
    }
  }

  /// How many of `rows` wait for a vector of `model`; no vector is read.
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

  /// Puts the mixed vectors of an extent in the place of the own ones, where the caller may see what
  /// they are mixed with.
  private func mix(_ page: inout VectorPage, extent: Int64, _ rows: RowSet) throws(Problem) {
    let isKnown = try connection.first("SELECT 1 FROM mixed_page WHERE extent = ?1", extent) { _ in
      true
    }
    guard isKnown == true else { return }
    let dimension = page.dimension
    var mixed = VectorPage(dimension: dimension, count: page.scales.count)
    try readPage(extent, of: .mixed, into: &mixed)
    for (slot, position) in page.positions.enumerated()
    where position >= 0 && mixed.scales[slot] != 0 && page.scales[slot] != 0 {
      guard !rows.unmixed.contains(Int32(rows.item(at: Int(position)))) else { continue }
      let codes = slot * dimension..<(slot + 1) * dimension
      page.codes.replaceSubrange(codes, with: mixed.codes[codes])
      page.scales[slot] = mixed.scales[slot]
    }
  }

  private func readPage(
    _ id: Int64, of kind: Connection.Page, into page: inout VectorPage
  ) throws(Problem) {
    let blob = try connection.page(id, of: kind, isWritable: false)
    guard blob.count == page.scales.count * (page.dimension + 4) else {
      throw Problem(.damaged, "A page of vectors has a wrong size.", place: connection.place)
    }
    try blob.read(into: &page.codes, offset: 0)
    try blob.read(into: &page.scales, offset: page.codes.count)
  }
}

extension VectorPage {
  /// A page of `count` slots without vectors, none of them in a row set.
  init(dimension: Int, count: Int) {
    self.dimension = dimension
    resize(count)
  }

  /// Makes room for `count` slots, none of them in the row set.
  fileprivate mutating func resize(_ count: Int) {
    positions.removeAll(keepingCapacity: true)
    positions.append(contentsOf: repeatElement(-1, count: count))
    guard scales.count != count else { return }
    codes = Array(repeating: 0, count: count * dimension)
    scales = Array(repeating: 0, count: count)
  }
}
