import Grounding

/// What waits for vectors, by the model whose vectors these are.
extension Connection {
  func pendingCount(_ role: ModelRole) throws(Problem) -> Int {
    let sql: StaticString =
      switch role {
      case .serving: "SELECT count(*) FROM pending_vector"
      case .next: "SELECT count(*) FROM pending_next"
      }
    return try first(sql) { $0.int(0) } ?? 0
  }

  /// The first passages that wait, by row.
  ///
  /// Rows of one item are neighbours, so that its text is read once, and rows of one page mostly are;
  /// and whatever interrupts the work, the next that asks gets what would have come next.
  func pendingPassages(_ role: ModelRole, limit: Int) throws(Problem) -> [PendingPassage] {
    let sql: StaticString =
      switch role {
      case .serving:
        """
        SELECT p.row, p.item, p.start, p.end, p.part, p.heading, p.page
        FROM pending_vector v JOIN passage p ON p.row = v.row ORDER BY v.row LIMIT ?1
        """
      case .next:
        """
        SELECT p.row, p.item, p.start, p.end, p.part, p.heading, p.page
        FROM pending_next v JOIN passage p ON p.row = v.row ORDER BY v.row LIMIT ?1
        """
      }
    // An item's text is read once, not once a passage: a long text has thousands of passages.
    var text: [UInt8] = []
    var title: String?
    var current: Int64?
    var pending: [PendingPassage] = []
    try forEach(sql, limit) { row throws(Problem) in
      let item = row.int64(1)
      if item != current {
        let found = try first("SELECT title, text FROM item WHERE key = ?1", item) {
          ($0.optionalText(0), $0.octets(1))
        }
        (title, text) = found ?? (nil, [])
        current = item
      }
      let (start, end) = (row.int(2), row.int(3))
      guard start >= 0, start <= end, end <= text.count else {
        throw Problem(.damaged, "A passage reaches beyond its item's text.", place: place)
      }
      pending.append(
        PendingPassage(
          row: row.int64(0), title: title, heading: try row.locator(4).heading ?? [],
          body: String(decoding: text[start..<end], as: UTF8.self)))
    }
    return pending
  }
}
