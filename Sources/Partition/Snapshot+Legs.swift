package import Grounding

extension Snapshot {
  /// Terms in one MATCH; more are asked in several.
  private static let termsPerMatch = 128

  /// Where each of `terms` occurs among `rows`: a list a term, in their order.
  ///
  /// Terms are finished: what the analysis made of a query, not words. Rows outside of the set are
  /// dropped before anything is counted; occurrences in `people` alone do not count.
  /// - Complexity: O(postings of the terms, hidden rows included).
  package func postings(
    _ terms: [String], in rows: RowSet
  ) throws(Problem) -> [PostingList] {
    try postings(terms, in: rows.rows, isQuoted: false)
  }

  /// Where each of `terms` occurs in the quoted passages `rows`.
  ///
  /// - Complexity: as ``postings(_:in:)-(_,RowSet)``.
  package func postings(
    _ terms: [String], in rows: QuotedRows
  ) throws(Problem) -> [PostingList] {
    try postings(terms, in: rows.rows, isQuoted: true)
  }

  private func postings(
    _ terms: [String], in rows: [Int64], isQuoted: Bool
  ) throws(Problem) -> [PostingList] {
    var lists = Array(repeating: PostingList(), count: terms.count)
    guard !rows.isEmpty else { return lists }
    // FTS5 reads a query to its first NUL; no term has one.
    let asked = terms.indices.filter { !terms[$0].isEmpty && !terms[$0].utf8.contains(0) }
    for start in stride(from: 0, to: asked.count, by: Self.termsPerMatch) {
      let part = asked[start..<min(start + Self.termsPerMatch, asked.count)]
      let query = part.map { "\"\u{2}\(Self.escaped(terms[$0]))\"" }.joined(separator: " OR ")
      connection.collector.begin(rows: rows, count: part.count, isQuoted: isQuoted)
      _ = try connection.first(
        "SELECT loam_postings(passage_text) FROM passage_text WHERE passage_text MATCH ?1 LIMIT 1",
        query
      ) { $0.int(0) }
      for (index, list) in zip(part, connection.collector.finish()) { lists[index] = list }
    }
    return lists
  }

  private static func escaped(_ term: String) -> String {
    guard term.utf8.contains(0x22) else { return term }
    return term.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
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
      var place = rows.firstPosition(from: extent.first)
      let end = extent.first + Int64(extent.count)
      guard place < rows.rows.count, rows.rows[place] < end else { continue }
      let id = try connection.first(
        "SELECT id FROM vector_page WHERE extent = ?1 AND model = ?2", extent.first, model
      ) { $0.int64(0) }
      guard let id else { continue }
      page.resize(extent.count)
      while place < rows.rows.count, rows.rows[place] < end {
        page.positions[Int(rows.rows[place] - extent.first)] = Int32(place)
        place += 1
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
    guard let known = try connection.model(), known.id == model else { return rows.rows.count }
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
      guard !rows.unmixed.contains(rows.item[Int(position)]) else { continue }
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
