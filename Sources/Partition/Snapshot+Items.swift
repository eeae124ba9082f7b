import CSQLite
package import Grounding

extension Snapshot {
  /// The item `id` as `caller` may see it, whole; `nil` alike where there is none and where it may
  /// not be seen: one statement decides both.
  package func item(_ id: ItemID, caller: Caller) throws(Problem) -> StoredItem? {
    let classes = try visibleClasses(caller)
    let found = try connection.first(
      """
      SELECT key, id, parent, content_hash, version, kind, external_id, title, times, conversation,
        language, label, text
      FROM item WHERE id = ?1 AND class IN (SELECT value FROM json_each(?2))
      """, id.text, Self.array(classes), read: Self.storedItem)
    guard var item = found else { return nil }
    try readPeople(into: &item)
    try readDetails(into: &item)
    item.locations = try locations(of: item.key, classes: Set(classes))
    return item
  }

  /// Summaries of the items with these keys that `caller` may see: without segments, facts, defects.
  package func storedItems(
    _ keys: [Int64], caller: Caller
  ) throws(Problem) -> [Int64: StoredItem] {
    let classes = try visibleClasses(caller)
    let (array, set) = (Self.array(classes), Set(classes))
    var items: [Int64: StoredItem] = [:]
    for key in keys where items[key] == nil {
      let found = try connection.first(
        """
        SELECT key, id, parent, content_hash, version, kind, external_id, title, times,
          conversation, language, label, text
        FROM item WHERE key = ?1 AND class IN (SELECT value FROM json_each(?2))
        """, key, array, read: Self.storedItem)
      guard var item = found else { continue }
      try readPeople(into: &item)
      item.locations = try locations(of: key, classes: set)
      items[key] = item
    }
    return items
  }

  /// The passages of an item, by ordinal; `key` comes from a row set or an item that was shown.
  package func passages(item key: Int64) throws(Problem) -> [StoredPassage] {
    try connection.passages(of: key)
  }

  private static func array(_ classes: [Int64]) -> String {
    "[" + classes.map { String($0) }.joined(separator: ",") + "]"
  }

  private static func storedItem(_ row: Statement) throws(Problem) -> StoredItem {
    let damage = Problem(.damaged, "An item in the store cannot be read.")
    guard let id = ItemID(row.text(1)), let kind = ItemKind(rawValue: row.text(5)) else {
      throw damage
    }
    var content = ParsedItem(kind: kind)
    content.externalID = row.optionalText(6)
    content.title = row.optionalText(7)
    content.times = try FieldList.decodeTimes(row.text(8))
    content.conversation = row.optionalText(9)
    content.language = row.optionalText(10)
    content.label = row.optionalText(11)
    content.text = row.text(12)
    return StoredItem(
      key: row.int64(0), id: id, parent: row.optionalText(2).flatMap { ItemID($0) },
      contentHash: row.octets(3), version: row.int(4), content: content, locations: [])
  }

  private func readPeople(into item: inout StoredItem) throws(Problem) {
    item.content.people = try connection.all(
      "SELECT role, name, address FROM person WHERE item = ?1 ORDER BY ordinal", item.key
    ) { row throws(Problem) in
      guard let role = Person.Role(rawValue: row.text(0)) else {
        throw Problem(.damaged, "A person in the store cannot be read.")
      }
      return Person(role: role, name: row.optionalText(1), address: row.optionalText(2))
    }
  }

  private func readDetails(into item: inout StoredItem) throws(Problem) {
    item.content.facts = try connection.all(
      "SELECT name, value FROM fact WHERE item = ?1 ORDER BY ordinal", item.key
    ) { row in
      let value: Fact.Value =
        switch row.type(1) {
        case SQLITE_INTEGER: .instant(row.int64(1))
        case SQLITE_FLOAT: .number(row.double(1))
        default: .text(row.text(1))
        }
      return Fact(row.text(0), value)
    }
    item.content.defects = try connection.all(
      "SELECT code, detail FROM defect WHERE item = ?1 ORDER BY ordinal", item.key
    ) { Defect($0.text(0), $0.optionalText(1)) }
    item.content.segments = try connection.segments(of: item.key)
  }

  private func locations(
    of key: Int64, classes: Set<Int64>
  ) throws(Problem) -> [StoredLocation] {
    // A location's list is a class of its own; only those that allow are shown.
    try connection.all(
      """
      SELECT l.access, s.name, l.key, l.uri FROM location l JOIN source s ON s.id = l.source
      WHERE l.item = ?1 ORDER BY s.name, l.key
      """, key
    ) {
      classes.contains($0.int64(0))
        ? StoredLocation(source: $0.text(1), key: $0.text(2), uri: $0.optionalText(3)) : nil
    }.compactMap { $0 }
  }
}

extension Connection {
  /// The passages of an item, by ordinal.
  func passages(of item: Int64) throws(Problem) -> [StoredPassage] {
    try all(
      """
      SELECT row, ordinal, start, end, body_terms, part, heading, page FROM passage
      WHERE item = ?1 ORDER BY ordinal
      """, item
    ) { row throws(Problem) in
      StoredPassage(
        row: row.int64(0), ordinal: row.int(1), span: try row.span(2),
        locator: try row.locator(5), bodyTerms: row.int(4))
    }
  }

  /// The segments of an item, in text order.
  func segments(of item: Int64) throws(Problem) -> [Segment] {
    try all(
      """
      SELECT kind, start, end, part, heading, page FROM segment WHERE item = ?1 ORDER BY ordinal
      """, item
    ) { row throws(Problem) in
      guard let kind = Segment.Kind(rawValue: row.text(0)) else {
        throw Problem(.damaged, "A segment in the store cannot be read.", place: self.place)
      }
      return Segment(kind: kind, span: try row.span(1), locator: try row.locator(3))
    }
  }
}

extension Statement {
  /// The span whose start and end begin at `column`.
  func span(_ column: Int32) throws(Problem) -> TextSpan {
    let (start, end) = (int(column), int(column + 1))
    guard 0 <= start, start <= end else {
      throw Problem(.damaged, "A span in the store runs backwards.")
    }
    return TextSpan(start: start, end: end)
  }
}
