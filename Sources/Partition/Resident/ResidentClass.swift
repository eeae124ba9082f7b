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

  /// What groups hold of an item itself.
  struct ItemHead {
    /// Into ``ItemKind/allCases``.
    let kind: Int
    let titleTerms: Int

    /// Kind and terms are two columns from `column` on.
    init(_ statement: Statement, _ column: Int32, place: String) throws(Problem) {
      let text = statement.text(column)
      guard let kind = ItemKind.allCases.firstIndex(where: { $0.rawValue == text }) else {
        throw Problem(.damaged, "An item in the store has no known kind.", place: place)
      }
      self.kind = kind
      titleTerms = statement.int(column + 1)
    }
  }

  /// What groups hold of a passage.
  struct Passage {
    let row: Int64
    let item: Int64
    let bodyTerms: Int

    /// Of the first three columns.
    init(_ statement: Statement) {
      (row, item, bodyTerms) = (statement.int64(0), statement.int64(1), statement.int(2))
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

    mutating func append(_ passage: Passage, of item: ItemHead) {
      guard groups[item.kind].takes(passage.row) else { return isAscending = false }
      groups[item.kind].append(
        row: passage.row, item: passage.item, bodyTerms: passage.bodyTerms,
        titleTerms: item.titleTerms)
    }

    func finish(extents: [Range<Int64>]) -> ResidentClass {
      ResidentClass(groups: groups.map { $0.finish() }, extents: extents)
    }
  }

  private init(groups: [RowGroup], extents: [Range<Int64>]) {
    self.groups = groups
    self.extents = extents
  }

  /// Reads a class whole, from indexes that have nothing else between; O(rows).
  init(
    reading id: Int64, firstSerial: Int, _ connection: Connection
  ) throws(Problem) {
    let extents = try connection.extents(of: id)
    let place = connection.place
    var heads: [Int64: ItemHead] = [:]
    try connection.forEach("SELECT key, kind, title_terms FROM item WHERE class = ?1", id) {
      row throws(Problem) in
      heads[row.int64(0)] = try ItemHead(row, 1, place: place)
    }
    var draft = Draft(id: id, firstSerial: firstSerial)
    var last: (item: Int64, head: ItemHead)?
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
        SELECT row, item, body_terms FROM passage
        WHERE row >= ?1 AND row < ?2 AND role IS NULL ORDER BY row
        """, rows.lowerBound, rows.upperBound
      ) { row throws(Problem) in
        let passage = Passage(row)
        if last?.item != passage.item { last = heads[passage.item].map { (passage.item, $0) } }
        guard let last else {
          throw Problem(.damaged, "A passage is not of its class's items.", place: place)
        }
        draft.append(passage, of: last.head)
      }
    }
    self = draft.finish(extents: extents)
  }
}
