import Grounding

/// Where rows lie: extents with the groups whose rows are in them.
struct RowMap {
  private let extents: [(rows: Range<Int64>, groups: [RowGroup])]

  /// `extents` in any order, each with all groups of its class.
  init(_ extents: [(rows: Range<Int64>, groups: [RowGroup])]) {
    var joined: [(rows: Range<Int64>, groups: [RowGroup])] = []
    for extent in extents.sorted(by: { $0.rows.lowerBound < $1.rows.lowerBound }) {
      // Those of one class that follow each other are one, so that there is less to look for.
      if let last = joined.last, last.rows.upperBound == extent.rows.lowerBound,
        last.groups.first?.serial == extent.groups.first?.serial
      {
        joined[joined.count - 1].rows = last.rows.lowerBound..<extent.rows.upperBound
      } else {
        joined.append(extent)
      }
    }
    self.extents = joined
  }

  var ranges: [Range<Int64>] { extents.map(\.rows) }

  /// The lists of `terms`: O(their postings, those in other rows included).
  func read(
    _ terms: [String], changed: Int, loaded: Int, _ connection: Connection
  ) throws(Problem) -> [TermPostings] {
    guard !terms.isEmpty else { return [] }
    return try connection.postings(terms, in: ranges, isQuoted: false).map { list in
      let parts = split(list)
      var builder = TermPostingsBuilder()
      builder.reserve(list.rows.count)
      for serial in parts.keys.sorted() { parts[serial]?.append(to: &builder) }
      return builder.finish(changed: changed, loaded: loaded)
    }
  }

  /// Where postings of one group are in a list: ranges of it, ascending.
  struct Part {
    let group: RowGroup
    let list: RawPostings
    var ranges: [Range<Int>] = []

    /// Appends those of live rows of the group; others may lie between them.
    func append(to builder: inout TermPostingsBuilder) {
      var start = 0
      builder.begin(group)
      for range in ranges { builder.append(group, list, in: range, from: &start) }
    }
  }

  /// Sorts postings by the groups in whose extents their rows are, by serial.
  func split(_ list: RawPostings) -> [Int: Part] {
    var parts: [Int: Part] = [:]
    var index = 0
    for (rows, groups) in extents {
      index = list.rows.firstIndex(notBelow: rows.lowerBound, from: index)
      guard index < list.rows.count else { break }
      let end = list.rows.firstIndex(notBelow: rows.upperBound, from: index)
      guard index < end else { continue }
      for group in groups {
        parts[group.serial, default: Part(group: group, list: list)].ranges.append(index..<end)
      }
      index = end
    }
    return parts
  }
}

extension ResidentState {
  /// Above so many runs of rows a list is read whole rather than run by run.
  private static let runLimit = 32

  var map: RowMap {
    RowMap(
      classes.values.flatMap { known in
        let groups = known.groups.filter { !$0.rows.isEmpty }
        return known.extents.map { (rows: $0, groups: groups) }
      })
  }

  /// `list` as it is now: without what died and with what came since; `nil` where it has to be read
  /// whole.
  func renewed(
    _ list: TermPostings, term: String, _ connection: Connection
  ) throws(Problem) -> TermPostings? {
    guard list.loaded == loads, let arrived = arrivals.rows(after: list.changed),
      arrived.count <= Self.runLimit
    else { return nil }
    let ranges = arrived.map { $0.lowerBound..<$0.upperBound + 1 }
      .sorted { $0.lowerBound < $1.lowerBound }
    var parts = map.split(try connection.occurrences(of: term, in: ranges))
    var builder = TermPostingsBuilder()
    builder.reserve(list.postingCount(0..<list.entryCount))
    // Groups in order, whether they are in the list, among what came, or both.
    let known = Set((0..<list.entryCount).map { Int(list.entry($0).group) })
    for serial in known.union(parts.keys).sorted() {
      if let group = groups[serial] {
        builder.begin(group)
        for entry in list.range(of: serial) {
          list.forEach(entry, of: group) { place, frequency in
            builder.append(group, place: place, frequency)
          }
        }
      }
      parts.removeValue(forKey: serial)?.append(to: &builder)
    }
    return builder.finish(changed: arrivals.count, loaded: loads)
  }
}

extension Connection {
  /// Terms in one MATCH; more are asked in several.
  private static let termsPerMatch = 128

  /// Where each of `terms` occurs in rows of `ranges`, which ascend: a list a term, in their order.
  ///
  /// Terms are finished: what the analysis made of a query, not words. Rows outside are dropped before
  /// anything is counted; occurrences in `people` alone do not count.
  /// - Complexity: O(postings of the terms, in whatever row).
  func postings(
    _ terms: [String], in ranges: [Range<Int64>], isQuoted: Bool
  ) throws(Problem) -> [RawPostings] {
    var lists = Array(repeating: RawPostings(), count: terms.count)
    guard !ranges.isEmpty else { return lists }
    let ranges = RowRanges(ranges)
    let asked = terms.indices.filter { Self.isAskable(terms[$0]) }
    if readsDoclists, let index = try FullTextSegments(self) {
      for term in asked {
        lists[term] = try doclist(of: terms[term], in: ranges, isQuoted: isQuoted, index)
      }
      return lists
    }
    for start in stride(from: 0, to: asked.count, by: Self.termsPerMatch) {
      let part = asked[start..<min(start + Self.termsPerMatch, asked.count)]
      let query = part.map { Self.phrase(terms[$0]) }.joined(separator: " OR ")
      collector.begin(ranges: ranges, count: part.count, isQuoted: isQuoted)
      _ = try first(
        "SELECT loam_postings(passage_text) FROM passage_text WHERE passage_text MATCH ?1 LIMIT 1",
        query
      ) { $0.int(0) }
      for (index, list) in zip(part, collector.finish()) { lists[index] = list }
    }
    return lists
  }

  /// Where `term` occurs in title and body of the rows of `ranges`, which ascend and are few.
  ///
  /// - Complexity: O(rows of the ranges that have the term), and a search of the index for each range.
  func occurrences(of term: String, in ranges: [Range<Int64>]) throws(Problem) -> RawPostings {
    guard Self.isAskable(term), !ranges.isEmpty else { return RawPostings() }
    collector.begin(ranges: RowRanges(ranges), count: 1, isQuoted: false)
    for range in ranges {
      try forEach(
        """
        SELECT loam_occurrence(passage_text) FROM passage_text
        WHERE passage_text MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid
        """, Self.phrase(term), range.lowerBound, range.upperBound
      ) { _ = $0.int(0) }
    }
    return collector.finish()[0]
  }

  /// FTS5 reads a query to its first NUL; no term has one.
  private static func isAskable(_ term: String) -> Bool {
    !term.isEmpty && !term.utf8.contains(0)
  }

  private static func phrase(_ term: String) -> String {
    guard term.utf8.contains(0x22) else { return "\"\u{2}\(term)\"" }
    let parts = term.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"\u{2}\(parts.joined(separator: "\"\""))\""
  }
}
