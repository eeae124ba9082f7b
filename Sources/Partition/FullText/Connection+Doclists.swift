import Grounding

/// Posting lists from FTS5's own pages.
///
/// FTS5's interface takes 80 ns to say what a posting is, of hidden rows too; lists are read two to three
/// times as fast from here. The interface (``PostingCollector``) is what this is tested against, and serves
/// where the index has a form that is not known here.
extension Connection {
  /// Where a finished term occurs in `ranges`: in the columns `title` and `body`, or in `quoted`.
  ///
  /// - Throws: `damaged`.
  /// - Complexity: O(segments log terms), and octets of the term's lists; of pages without a row of `ranges`
  ///   among others such, the first few octets.
  func doclist(
    of term: String, in ranges: RowRanges, isQuoted: Bool, _ index: FullTextSegments
  ) throws(Problem) -> RawPostings {
    // The index of whole terms is one of several that FTS5 can keep.
    let key = [UInt8(ascii: "0")] + term.utf8
    var reader = DoclistReader(ranges: ranges, textColumn: isQuoted ? 3 : 2)
    for segment in index.segments { try read(key, in: segment, &reader) }
    return reader.finish()
  }

  private func read(
    _ key: [UInt8], in segment: FullTextSegments.Segment, _ reader: inout DoclistReader
  ) throws(Problem) {
    reader.begin()
    let page = try first(
      """
      SELECT pgno FROM passage_text_idx WHERE segid = ?1 AND term <= ?2 ORDER BY term DESC LIMIT 1
      """, segment.id, key
    ) { $0.int64(0) >> 1 }
    let start = max(page ?? 0, segment.pages.lowerBound)
    guard start <= segment.pages.upperBound else { throw FullTextSegments.damage(place) }
    let rows = segment.rows(from: start)
    var (next, progress) = (rows.lowerBound, DoclistReader.Progress.goesOn)
    // A page that is passed over if the next one begins before a row that is wanted.
    var held: (id: Int64, firstRow: Int64)?
    try forEachWhile(
      "SELECT id, block FROM passage_text_data WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
      rows.lowerBound, rows.upperBound
    ) { row throws(Problem) in
      guard row.int64(0) == next else { throw FullTextSegments.damage(place) }
      defer { next += 1 }
      if next > rows.lowerBound {
        let head = row.withOctets(1) { DoclistReader.Head($0) }
        try settle(held, before: head.firstRow, &reader)
        held = nil
        if reader.isIdle, head.goesOn, let firstRow = head.firstRow {
          held = (next, firstRow)
          return true
        }
      }
      let read = row.withOctets(1) { page in
        next == rows.lowerBound
          ? reader.readFirst(page, term: key.span) : reader.readNext(page)
      }
      guard let read else { throw FullTextSegments.damage(place) }
      progress = read
      return progress == .goesOn
    }
    try settle(held, before: nil, &reader)
    // Only the last page of a segment can end a list without saying so.
    guard progress == .hasEnded || next == rows.upperBound + 1, reader.isWhole else {
      throw FullTextSegments.damage(place)
    }
    reader.end()
  }

  /// Reads a page that was held back, or passes over it where none of its rows, which are less than `next`,
  /// is wanted; `nil` where that is not known.
  private func settle(
    _ held: (id: Int64, firstRow: Int64)?, before next: Int64?, _ reader: inout DoclistReader
  ) throws(Problem) {
    guard let held else { return }
    guard reader.wants(from: held.firstRow, to: next ?? .max) else { return reader.passOver() }
    let read = try first("SELECT block FROM passage_text_data WHERE id = ?1", held.id) {
      $0.withOctets(0) { reader.readNext($0) }
    }
    guard read == .some(.goesOn) else { throw FullTextSegments.damage(place) }
  }
}
