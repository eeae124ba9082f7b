package import Grounding

extension PartitionWriter {
  /// Octets of an item's text; SQLite and FTS5 could hold more, but nobody quotes from that.
  package static let textLimit = 256 << 20

  /// Brings one location of one item into the store.
  ///
  /// Locations of one item agree on kind, title, text, segments and the people of ``sharedRoles``,
  /// since its id settles them: a draft that differs is a newer reading, and replaces what is stored.
  /// What else a copy says stands with its location. The item's access class is the set of its
  /// locations' lists. When the content or the class changes, its passages get new rows; vectors go
  /// along where title and text stay.
  /// - Throws: `malformed` where the draft contradicts itself, `too_large` above ``textLimit``; both
  ///   before anything is written.
  /// - Complexity: O(octets of the text), plus the item's locations.
  package func apply(_ draft: ItemDraft) throws(Problem) -> Applied {
    let text = Array(draft.item.text.utf8)
    try check(draft, text: text)
    return try inBatch { () throws(Problem) in
      if try isErased(draft.id) { return try passOver(draft) }
      return try place(draft, text: text)
    }
  }

  /// Leaves out what was erased; what stood at its place goes.
  private func passOver(_ draft: ItemDraft) throws(Problem) -> Applied {
    if let former = try storedLocation(source: draft.source, key: draft.key) {
      _ = try removeWithChildren(former, source: draft.source, key: draft.key)
    }
    return .erased
  }

  private func place(_ draft: ItemDraft, text: [UInt8]) throws(Problem) -> Applied {
    let access = try classes.id(of: draft.access)
    let item = try storedItem(draft.id)
    var location = try storedLocation(source: draft.source, key: draft.key)
    if let former = location, former.item != item?.key {
      // Another item stands at this place now.
      _ = try removeWithChildren(former, source: draft.source, key: draft.key)
      location = nil
    }
    guard let item else {
      let key = try insertItem(draft, text: text, class: access)
      try insertLocation(draft, item: key, access: access)
      return .added
    }
    let others = try otherLists(of: item.key, than: location?.id)
    let target = try classes.union(Set(others + [access]))
    if let location, location.matches(draft, access: access), target == item.class {
      return .unchanged
    }
    batch.hasChanges = true
    if let location {
      try updateLocation(location.id, draft, item: item.key, access: access)
    } else {
      try insertLocation(draft, item: item.key, access: access)
    }
    if try !holds(draft, text: text, item: item.key) {
      try replaceContent(of: item, draft, text: text, class: target)
    } else if target != item.class {
      try changeClass(of: item.key, to: target)
    }
    return location == nil ? .locationAdded : .updated
  }

  private func check(_ draft: ItemDraft, text: [UInt8]) throws(Problem) {
    guard text.count <= Self.textLimit else {
      throw Problem(.tooLarge, "The item's text is too long to store.", place: draft.id.text)
    }
    var isSound = !draft.key.isEmpty && draft.passages.first?.role ?? .new == .new
    var role = Segment.Role.new
    for (index, passage) in draft.passages.enumerated() {
      let span = passage.span
      isSound = isSound && passage.ordinal == index && span.end <= text.count
      // Those of the item's own words come first.
      isSound = isSound && (passage.role == role || passage.role == .quoted)
      role = passage.role
      for edge in [span.start, span.end] where edge < text.count {
        isSound = isSound && text[edge] & 0xC0 != 0x80
      }
    }
    guard isSound else {
      throw Problem(.malformed, "The item's passages do not fit its text.", place: draft.id.text)
    }
  }

  // MARK: What is stored

  struct KnownItem {
    var key: Int64
    var `class`: Int64
  }

  struct KnownLocation {
    var id: Int64
    var item: Int64
    var file: Int64?
    var uri: String?
    var access: Int64
    var hash: [UInt8]

    func matches(_ draft: ItemDraft, access: Int64) -> Bool {
      self.access == access && hash == draft.contentHash && file == draft.file && uri == draft.uri
    }
  }

  private func storedItem(_ id: ItemID) throws(Problem) -> KnownItem? {
    try connection.first(
      "SELECT key, class FROM item WHERE id = ?1", id.text
    ) { KnownItem(key: $0.int64(0), class: $0.int64(1)) }
  }

  func storedLocation(source: Int64, key: String) throws(Problem) -> KnownLocation? {
    try connection.first(
      """
      SELECT id, item, file, uri, access, content_hash FROM location
      WHERE source = ?1 AND key = ?2
      """, source, key
    ) { Self.location($0) }
  }

  static func location(_ row: Statement) -> KnownLocation {
    KnownLocation(
      id: row.int64(0), item: row.int64(1), file: row.isNull(2) ? nil : row.int64(2),
      uri: row.optionalText(3), access: row.int64(4), hash: row.octets(5))
  }

  /// The lists of an item's other locations.
  private func otherLists(of item: Int64, than id: Int64?) throws(Problem) -> [Int64] {
    try connection.all(
      "SELECT access FROM location WHERE item = ?1 AND id IS NOT ?2", item, id
    ) { $0.int64(0) }
  }

  // MARK: Locations

  /// What stands at a location now, `nil` for a free place.
  package func itemID(source: Int64, key: String) throws(Problem) -> ItemID? {
    let id = try connection.first(
      """
      SELECT i.id FROM location l JOIN item i ON i.key = l.item WHERE l.source = ?1 AND l.key = ?2
      """, source, key
    ) { $0.text(0) }
    return id.flatMap { ItemID($0) }
  }

  /// Whether an item is in the store.
  package func contains(_ id: ItemID) throws(Problem) -> Bool {
    try connection.first("SELECT 1 FROM item WHERE id = ?1", id.text) { _ in true } ?? false
  }

  /// What lies in a file, in the order of the keys.
  package func places(file: Int64) throws(Problem) -> [FilePlace] {
    try connection.all(
      """
      SELECT l.key, i.id, i.kind FROM location l JOIN item i ON i.key = l.item
      WHERE l.file = ?1 ORDER BY l.key
      """, file
    ) { row throws(Problem) in
      guard let id = ItemID(row.text(1)), let kind = ItemKind(rawValue: row.text(2)) else {
        throw Problem(.damaged, "An item in the store cannot be read.", place: connection.place)
      }
      return FilePlace(key: row.text(0), item: id, kind: kind)
    }
  }

  /// The keys of what lies in a file, in order.
  package func locations(file: Int64) throws(Problem) -> [String] {
    try connection.all("SELECT key FROM location WHERE file = ?1 ORDER BY key", file) { $0.text(0) }
  }

  /// Removes one location with those of what came in it, such as a message's attachments; the result
  /// names the items of which it was the last.
  ///
  /// Nothing happens where there is no such location.
  package func removeLocation(source: Int64, key: String) throws(Problem) -> [ItemID] {
    try inBatch { () throws(Problem) in
      guard let location = try storedLocation(source: source, key: key) else { return [] }
      return try removeWithChildren(location, source: source, key: key)
    }
  }

  /// Children stand at keys that begin with their parent's and a slash.
  private func removeWithChildren(
    _ location: KnownLocation, source: Int64, key: String
  ) throws(Problem) -> [ItemID] {
    // "0" is the octet after "/".
    let children = try connection.all(
      """
      SELECT l.id, l.item, l.file, l.uri, l.access, l.content_hash, l.key
      FROM item p JOIN item c ON c.parent = p.id JOIN location l ON l.item = c.key
      WHERE p.key = ?1 AND l.source = ?2 AND l.key >= ?3 || '/' AND l.key < ?3 || '0'
      ORDER BY l.key
      """, location.item, source, key
    ) { (known: Self.location($0), key: $0.text(6)) }
    var gone: [ItemID] = []
    for child in children {
      gone += try removeWithChildren(child.known, source: source, key: child.key)
    }
    if let item = try remove(location) { gone.insert(item, at: 0) }
    return gone
  }

  /// Removes one location alone, and its item where it was the last; the result is that item.
  func remove(_ location: KnownLocation) throws(Problem) -> ItemID? {
    batch.hasChanges = true
    try removeCopy(location.id)
    let rest = try otherLists(of: location.item, than: nil)
    guard !rest.isEmpty else { return try removeItem(location.item) }
    let target = try classes.union(Set(rest))
    let former = try connection.first("SELECT class FROM item WHERE key = ?1", location.item) {
      $0.int64(0)
    }
    if former != target { try changeClass(of: location.item, to: target) }
    return nil
  }

  private func removeItem(_ key: Int64) throws(Problem) -> ItemID? {
    let id = try connection.first("SELECT id FROM item WHERE key = ?1", key) { $0.text(0) }
    try removePassages(of: try storedIndex(of: key))
    try removeSegments(of: key)
    try connection.run("DELETE FROM mix WHERE item = ?1", key)
    try connection.run("DELETE FROM item WHERE key = ?1", key)
    return id.flatMap { ItemID($0) }
  }
}
