package import Grounding

extension Snapshot {
  /// The item `id` as `caller` may see it, whole; `nil` alike where there is none and where it may
  /// not be seen.
  package func item(_ id: ItemID, caller: Caller) throws(Problem) -> StoredItem? {
    let classes = try visibleClassSet(caller)
    let found = try connection.first(
      """
      SELECT class, key, id, parent, version, kind, external_id, title, language, text
      FROM item WHERE id = ?1
      """, id.text
    ) { (row) throws(Problem) in try Self.storedItem(row, classes) }
    guard var item = found ?? nil else { return nil }
    let shown = try readCopies(into: &item, classes: classes)
    try readDetails(of: shown, into: &item)
    item.content.segments = try connection.segments(of: item.key)
    let conversations = try conversations(caller)
    item.content.conversation = try conversations.id(of: conversations.number(of: item.key))
    return item
  }

  /// The message with which `item` came; `nil` where there is none, and where `caller` may see the
  /// attachment but not the message.
  package func visibleParent(of item: StoredItem, caller: Caller) throws(Problem) -> ItemID? {
    guard let parent = item.parent else { return nil }
    let found = try connection.first("SELECT class FROM item WHERE id = ?1", parent.text) {
      $0.int64(0)
    }
    guard let found, try visibleClassSet(caller).contains(found) else { return nil }
    return parent
  }

  /// Summaries of the items with these keys that `caller` may see: without segments, defects and
  /// conversation, and of the facts only those called `fact`, of the copy that is shown.
  package func storedItems(
    _ keys: [Int64], caller: Caller, fact: String? = nil
  ) throws(Problem) -> [Int64: StoredItem] {
    let classes = try visibleClassSet(caller)
    var items: [Int64: StoredItem] = [:]
    for key in keys where items[key] == nil {
      let found = try connection.first(
        """
        SELECT class, key, id, parent, version, kind, external_id, title, language, text
        FROM item WHERE key = ?1
        """, key
      ) { (row) throws(Problem) in try Self.storedItem(row, classes) }
      guard var item = found ?? nil else { continue }
      let shown = try readCopies(into: &item, classes: classes)
      if let fact { item.content.facts = try facts(of: shown, named: fact) }
      items[key] = item
    }
    return items
  }

  /// The id of an item; `key` comes from a row set.
  package func id(ofItem key: Int64) throws(Problem) -> ItemID? {
    try connection.first("SELECT id FROM item WHERE key = ?1", key) { $0.text(0) }
      .flatMap { ItemID($0) }
  }

  /// The passages of an item, by ordinal; `key` comes from a row set or an item that was shown.
  package func passages(item key: Int64) throws(Problem) -> [StoredPassage] {
    try connection.passages(of: key)
  }

  /// The item of a row, `nil` where its class is none of `classes`: nothing else is read of it then.
  private static func storedItem(
    _ row: Statement, _ classes: Set<Int64>
  ) throws(Problem) -> StoredItem? {
    guard classes.contains(row.int64(0)) else { return nil }
    guard let id = ItemID(row.text(2)), let kind = ItemKind(rawValue: row.text(5)) else {
      throw Problem(.damaged, "An item in the store cannot be read.")
    }
    var content = ParsedItem(kind: kind)
    content.externalID = row.optionalText(6)
    content.title = row.optionalText(7)
    content.language = row.optionalText(8)
    content.text = row.text(9)
    return StoredItem(
      key: row.int64(1), id: id, parent: row.optionalText(3).flatMap { ItemID($0) },
      contentHash: [], version: row.int(4), content: content, locations: [])
  }
}

extension Connection {
  /// The passages of an item, by ordinal.
  func passages(of item: Int64) throws(Problem) -> [StoredPassage] {
    try all(
      """
      SELECT row, ordinal, start, end, body_terms, part, heading, page, role, origin, quoted_class
      FROM passage WHERE item = ?1 ORDER BY ordinal
      """, item, read: storedPassage)
  }

  /// Those of its passages that are quoted.
  func quotedPassages(of item: Int64) throws(Problem) -> [StoredPassage] {
    try all(
      """
      SELECT row, ordinal, start, end, body_terms, part, heading, page, role, origin, quoted_class
      FROM passage WHERE item = ?1 AND role = 'quoted' ORDER BY ordinal
      """, item, read: storedPassage)
  }

  private func storedPassage(_ row: Statement) throws(Problem) -> StoredPassage {
    StoredPassage(
      row: row.int64(0), ordinal: row.int(1), role: try row.role(8, place: place),
      span: try row.span(2), locator: try row.locator(5), bodyTerms: row.int(4),
      origin: row.isNull(9) ? nil : row.int64(9),
      quotedClass: row.isNull(10) ? nil : row.int64(10))
  }

  /// The segments of an item, in text order.
  func segments(of item: Int64) throws(Problem) -> [Segment] {
    try all(
      """
      SELECT kind, start, end, part, heading, page, role FROM segment
      WHERE item = ?1 ORDER BY ordinal
      """, item
    ) { row throws(Problem) in
      guard let kind = Segment.Kind(rawValue: row.text(0)) else {
        throw Problem(.damaged, "A segment in the store cannot be read.", place: self.place)
      }
      return Segment(
        kind: kind, role: try row.role(6, place: self.place), span: try row.span(1),
        locator: try row.locator(3))
    }
  }
}

extension Segment.Role {
  /// As a column holds it: nothing for what most stretches are.
  var column: String? { self == .new ? nil : rawValue }
}

extension Statement {
  /// The role at `column`.
  ///
  /// - Throws: `damaged` for one that there is not.
  func role(_ column: Int32, place: String) throws(Problem) -> Segment.Role {
    guard let text = optionalText(column) else { return .new }
    guard let role = Segment.Role(rawValue: text) else {
      throw Problem(.damaged, "A role in the store cannot be read.", place: place)
    }
    return role
  }

  /// The span whose start and end begin at `column`.
  func span(_ column: Int32) throws(Problem) -> TextSpan {
    let (start, end) = (int(column), int(column + 1))
    guard 0 <= start, start <= end else {
      throw Problem(.damaged, "A span in the store runs backwards.")
    }
    return TextSpan(start: start, end: end)
  }
}
