import Grounding

/// The groups of one access class, one a kind, and where their rows lie.
struct ResidentClass {
  /// In the order of ``ItemKind/allCases``; their serials follow each other.
  let groups: [RowGroup]
  /// Ascending.
  let extents: [Range<Int64>]

  var octets: Int { groups.reduce(0) { $0 + $1.octets } + extents.count * 16 }

  /// Whether some of `rows` may be the class's; extents that were dropped since are still known.
  func reaches(_ rows: ClosedRange<Int64>) -> Bool {
    let next = extents.map(\.upperBound).firstIndex(notBelow: rows.lowerBound + 1)
    return next < extents.count && extents[next].lowerBound <= rows.upperBound
  }

  /// A row of the table, as far as groups hold it.
  struct Passage {
    let row: Int64
    let item: Int64
    let bodyTerms: Int
    let kind: Int

    /// Row, item and terms are the first columns.
    init(_ statement: Statement, kindColumn: Int32, place: String) throws(Problem) {
      let text = statement.text(kindColumn)
      guard let kind = ItemKind.allCases.firstIndex(where: { $0.rawValue == text }) else {
        throw Problem(.damaged, "An item in the store has no known kind.", place: place)
      }
      (row, item, bodyTerms) = (statement.int64(0), statement.int64(1), statement.int(2))
      self.kind = kind
    }
  }

  /// A class that is being read or changed.
  struct Draft {
    private var groups: [RowGroupDraft]
    /// Whether every row came after the ones before it, and not too many are dead.
    var isSound: Bool { isAscending && !groups.contains(where: \.isWasteful) }
    private var isAscending = true

    init(id: Int64, firstSerial: Int) {
      groups = ItemKind.allCases.enumerated().map { index, kind in
        RowGroupDraft(id: RowGroup.ID(accessClass: id, kind: kind), serial: firstSerial + index)
      }
    }

    init(_ known: ResidentClass) { groups = known.groups.map { RowGroupDraft($0) } }

    mutating func remove(_ rows: ClosedRange<Int64>) {
      for index in groups.indices { groups[index].remove(rows) }
    }

    mutating func append(_ passage: Passage, titleTerms: Int) {
      guard groups[passage.kind].takes(passage.row) else { return isAscending = false }
      groups[passage.kind].append(
        row: passage.row, item: passage.item, bodyTerms: passage.bodyTerms, titleTerms: titleTerms)
    }

    func finish(extents: [Range<Int64>]) -> ResidentClass {
      ResidentClass(groups: groups.map { $0.finish() }, extents: extents)
    }
  }

  private init(groups: [RowGroup], extents: [Range<Int64>]) {
    self.groups = groups
    self.extents = extents
  }

  /// Reads a class whole; O(rows).
  init(
    reading id: Int64, firstSerial: Int, _ connection: Connection
  ) throws(Problem) {
    let extents = try connection.extents(of: id)
    var draft = Draft(id: id, firstSerial: firstSerial)
    var index = 0
    while index < extents.count {
      // Neighbouring extents are one range.
      var rows = extents[index]
      while index + 1 < extents.count, extents[index + 1].lowerBound == rows.upperBound {
        index += 1
        rows = rows.lowerBound..<extents[index].upperBound
      }
      index += 1
      try connection.forEach(
        """
        SELECT p.row, p.item, p.body_terms, i.kind, i.title_terms
        FROM passage p CROSS JOIN item i ON i.key = p.item
        WHERE p.row >= ?1 AND p.row < ?2 AND p.role IS NULL ORDER BY p.row
        """, rows.lowerBound, rows.upperBound
      ) { row throws(Problem) in
        draft.append(
          try Passage(row, kindColumn: 3, place: connection.place), titleTerms: row.int(4))
      }
    }
    self = draft.finish(extents: extents)
  }
}
