package import Grounding

extension Snapshot {
  /// The rows that `caller` may see, of items of `kinds`; the only way into both legs.
  ///
  /// Access is judged here, once a class: a class is visible if one of its lists allows. Nothing that
  /// lies in another class is read.
  /// - Throws: `damaged` where an access list cannot be read.
  /// - Complexity: O(visible classes and their extents); O(rows of a class at its first use.)
  package func eligible(_ caller: Caller, kinds: Set<ItemKind>) throws(Problem) -> RowSet {
    let classes = try visibleClasses(caller)
    var set = try rowSet(classes, kinds)
    try readUnmixed(Set(classes), into: &set)
    return set
  }

  private func rowSet(_ classes: [Int64], _ kinds: Set<ItemKind>) throws(Problem) -> RowSet {
    if own == nil {
      let before = shared.octets
      if let set = try shared.rowSet(classes: classes, kinds: kinds, connection) {
        if shared.octets > before { cache.settle(shared) }
        return set
      }
    }
    let index = own ?? ResidentIndex()
    own = index
    guard let set = try index.rowSet(classes: classes, kinds: kinds, connection) else {
      throw Problem(.internal, "A snapshot reads an older state than before.")
    }
    return set
  }

  private func readUnmixed(_ classes: Set<Int64>, into set: inout RowSet) throws(Problem) {
    try connection.forEach(
      """
      SELECT m.class, p.row FROM mix m CROSS JOIN passage p ON p.item = m.item
      WHERE m.class IS NOT NULL AND p.role IS NULL AND p.ordinal = 0
      """
    ) { row in
      guard !classes.contains(row.int64(0)), let position = set.position(ofRow: row.int64(1)) else {
        return
      }
      set.unmixed.insert(Int32(set.item(at: position)))
    }
  }

  /// The quoted passages of the items of `rows` that count for `caller`, whose set that is.
  ///
  /// A quoted passage counts where a list that allows the caller is one under which it does: under
  /// that list no message that it answers says first what it says, and no other quote comes before it.
  /// - Complexity: O(quoted passages that count under the caller's classes).
  package func quotedRows(_ caller: Caller, in rows: RowSet) throws(Problem) -> QuotedRows {
    let items = rows.itemsByKey
    var found: [(row: Int64, item: Int32, terms: Int32)] = []
    for id in try visibleClasses(caller) {
      // An item's passages follow each other. One of another kind than those asked for is not in the set.
      var last: (key: Int64, item: Int32?) = (-1, nil)
      try connection.forEach(
        "SELECT row, item, body_terms FROM passage WHERE quoted_class = ?1 ORDER BY row", id
      ) { row in
        let key = row.int64(1)
        if key != last.key { last = (key, items[key]) }
        guard let item = last.item else { return }
        found.append((row.int64(0), item, Int32(clamping: row.int64(2))))
      }
    }
    return QuotedRows(found)
  }
}

extension Statement {
  /// The rows of the extent whose first row and count begin at `column`.
  ///
  /// - Throws: `damaged` where the numbers are none that the writer gives out; sums of what passes
  ///   cannot overflow.
  func extent(_ column: Int32, place: String) throws(Problem) -> Range<Int64> {
    let (first, count) = (int64(column), int64(column + 1))
    guard 1...(1 << 62) ~= first, 1...1_024 ~= count else {
      throw Problem(.damaged, "An extent in the store cannot be read.", place: place)
    }
    return first..<first + count
  }
}
