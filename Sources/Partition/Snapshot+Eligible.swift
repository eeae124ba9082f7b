package import Grounding

extension Snapshot {
  /// The rows that `caller` may see, of items of `kinds`; the only way into both legs.
  ///
  /// Access is judged here, once a class: a class is visible if one of its lists allows. Nothing that
  /// lies in another class is read.
  /// - Throws: `damaged` where an access list cannot be read.
  /// - Complexity: O(rows in the extents of the visible classes).
  package func eligible(_ caller: Caller, kinds: Set<ItemKind>) throws(Problem) -> RowSet {
    let classes = try visibleClasses(caller)
    var set = RowSet()
    try readItems(of: classes, kinds: kinds, into: &set)
    try readExtents(of: classes, into: &set)
    try readRows(into: &set)
    try readUnmixed(Set(classes), into: &set)
    return set
  }

  private func readUnmixed(_ classes: Set<Int64>, into set: inout RowSet) throws(Problem) {
    try connection.forEach("SELECT class, item FROM mix WHERE class IS NOT NULL") { row in
      guard !classes.contains(row.int64(0)), let item = set.denseItem(ofKey: row.int64(1)) else {
        return
      }
      set.unmixed.insert(Int32(item))
    }
  }

  /// The quoted passages of the items of `rows` that count for `caller`, whose set that is.
  ///
  /// A quoted passage counts where a list that allows the caller is one under which it does: under
  /// that list no message that it answers says first what it says, and no other quote comes before it.
  /// - Complexity: O(quoted passages that count under the caller's classes).
  package func quotedRows(_ caller: Caller, in rows: RowSet) throws(Problem) -> QuotedRows {
    var found: [(row: Int64, item: Int32, terms: Int32)] = []
    for id in try visibleClasses(caller) {
      try connection.forEach(
        "SELECT row, item, body_terms FROM passage WHERE quoted_class = ?1 ORDER BY row", id
      ) { row in
        // Items of other kinds than those asked for are not in the set.
        guard let item = rows.denseItem(ofKey: row.int64(1)) else { return }
        found.append((row.int64(0), Int32(item), Int32(clamping: row.int64(2))))
      }
    }
    found.sort { $0.row < $1.row }
    var quoted = QuotedRows()
    quoted.rows = found.map(\.row)
    quoted.item = found.map(\.item)
    quoted.terms = found.map(\.terms)
    return quoted
  }

  private func readItems(
    of classes: [Int64], kinds: Set<ItemKind>, into set: inout RowSet
  ) throws(Problem) {
    var items: [(key: Int64, terms: Int32)] = []
    for id in classes {
      for kind in ItemKind.allCases where kinds.contains(kind) {
        try connection.forEach(
          "SELECT key, title_terms FROM item WHERE class = ?1 AND kind = ?2 ORDER BY key", id,
          kind.rawValue
        ) { items.append((key: $0.int64(0), terms: Int32(clamping: $0.int64(1)))) }
      }
    }
    items.sort { $0.key < $1.key }
    set.itemKeys = items.map(\.key)
    set.titleTerms = items.map(\.terms)
  }

  private func readExtents(of classes: [Int64], into set: inout RowSet) throws(Problem) {
    for id in classes {
      try connection.forEach(
        "SELECT first, count FROM extent WHERE class = ?1 AND role IS NULL", id
      ) { row throws(Problem) in
        set.extents.append(try row.extent(0, place: connection.place))
      }
    }
    set.extents.sort { $0.first < $1.first }
  }

  private func readRows(into set: inout RowSet) throws(Problem) {
    var index = 0
    while index < set.extents.count {
      // Neighbouring extents of visible classes are one range.
      let first = set.extents[index].first
      var end = first + Int64(set.extents[index].count)
      while index + 1 < set.extents.count, set.extents[index + 1].first == end {
        index += 1
        end += Int64(set.extents[index].count)
      }
      index += 1
      try readRows(first..<end, into: &set)
    }
  }

  private func readRows(_ range: Range<Int64>, into set: inout RowSet) throws(Problem) {
    let statement = try connection.statement(
      "SELECT row, item, body_terms FROM passage WHERE row >= ?1 AND row < ?2 ORDER BY row")
    try statement.bind([range.lowerBound, range.upperBound])
    defer { statement.reset() }
    var key: Int64 = -1
    var dense: Int?
    while try statement.step() {
      let item = statement.int64(1)
      if item != key {
        // Items mostly follow each other.
        let next = dense.map { $0 + 1 } ?? 0
        key = item
        dense =
          next < set.itemKeys.count && set.itemKeys[next] == item
          ? next : set.denseItem(ofKey: item)
      }
      guard let dense else { continue }
      set.rows.append(statement.int64(0))
      set.item.append(Int32(dense))
      set.bodyTerms.append(Int32(clamping: statement.int64(2)))
    }
  }
}

extension Statement {
  /// The extent whose first row and count begin at `column`.
  ///
  /// - Throws: `damaged` where the numbers are none that the writer gives out; sums of what passes
  ///   cannot overflow.
  func extent(_ column: Int32, place: String) throws(Problem) -> RowSet.Extent {
    let extent = RowSet.Extent(first: int64(column), count: int(column + 1))
    guard 1...(1 << 62) ~= extent.first, 1...1_024 ~= extent.count else {
      throw Problem(.damaged, "An extent in the store cannot be read.", place: place)
    }
    return extent
  }
}
