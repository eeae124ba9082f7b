package import Grounding
import Octets

/// Which items are to be erased.
package enum ErasureSelection: Hashable, Sendable {
  /// These, by id.
  case items([ItemID])
  /// Those that came from an address: its mail, events that it organises, documents of its author.
  case from(address: String)
  /// Those that name an address in whatever role of the fields for people, in whatever copy.
  case naming(address: String)
}

/// What an erasure did.
package struct Erasure: Hashable, Sendable {
  /// The items that went, with what came in them.
  package var items: [ItemID] = []
  /// What was looked for in the files afterwards, and where it was found.
  package var proof = ErasureProof()
}

extension PartitionWriter {
  /// Removes items for good, with what came in them, and proves that no octet of them is left.
  ///
  /// After the items the full-text index is merged into one segment (deletions only mark there), the
  /// file is written anew without free pages, and the log is emptied. Then the files are read: see
  /// ``ErasureProof``. That the items are erased is kept as digests of their ids, so that another
  /// ingest of the same source passes them over (`erased`). What stays: what other items say
  /// themselves, quotes of what was erased among them, and the records of the files that were read.
  /// - Parameter progress: called with what is being done.
  /// - Throws: `not_found` where an item is neither there nor was erased, before anything is done;
  ///   `locked` where somebody reads an older state for more than five seconds: then the items are
  ///   gone for every question, and the same call goes on with the rest.
  /// - Complexity: O(octets of the store).
  package func erase(
    _ selection: ErasureSelection, progress: (_ what: String) -> Void = { _ in }
  ) throws(Problem) -> Erasure {
    let keys = try itemKeys(selection)
    var traces = ErasureTraces()
    try note(selection, in: &traces)
    var erasure = Erasure()
    for key in keys { try noteItem(key, in: &traces) }
    progress("removing")
    erasure.items = try removeItems(keys)
    progress("writing the store anew")
    try inBatch { () throws(Problem) in
      try connection.run("INSERT INTO passage_text (passage_text) VALUES ('optimize')")
    }
    try connection.writeAnew()
    progress("looking for what is left")
    let remaining = try remainingOctets(of: &traces)
    erasure.proof = try traces.search(in: connection.path, excluding: remaining)
    return erasure
  }

  // MARK: Which

  private func itemKeys(_ selection: ErasureSelection) throws(Problem) -> [Int64] {
    var keys: [Int64] = []
    switch selection {
    case .items(let ids):
      for id in ids {
        let key = try connection.first("SELECT key FROM item WHERE id = ?1", id.text) {
          $0.int64(0)
        }
        if let key {
          keys.append(key)
        } else if try !isErased(id) {
          throw Problem(
            .notFound, "There is no such item.", place: id.text,
            remedy: "loam search --json names the ids; nothing was erased.")
        }
      }
    case .from(let address):
      keys = try connection.all(
        """
        SELECT DISTINCT l.item FROM person p JOIN location l ON l.id = p.location
        WHERE lower(p.address) = lower(?1) AND p.role IN ('from', 'sender', 'organizer', 'author')
        ORDER BY l.item
        """, address
      ) { $0.int64(0) }
    case .naming(let address):
      keys = try connection.all(
        """
        SELECT DISTINCT l.item FROM person p JOIN location l ON l.id = p.location
        WHERE lower(p.address) = lower(?1) ORDER BY l.item
        """, address
      ) { $0.int64(0) }
    }
    return try withChildren(keys)
  }

  /// The items with what came in them, to any depth.
  private func withChildren(_ keys: [Int64]) throws(Problem) -> [Int64] {
    var all = Set(keys)
    var next = keys
    while !next.isEmpty {
      var found: [Int64] = []
      for key in next {
        found += try connection.all(
          "SELECT c.key FROM item p JOIN item c ON c.parent = p.id WHERE p.key = ?1", key
        ) { $0.int64(0) }
      }
      next = found.filter { all.insert($0).inserted }
    }
    return all.sorted()
  }

  private func removeItems(_ keys: [Int64]) throws(Problem) -> [ItemID] {
    var gone: [ItemID] = []
    try inBatch { () throws(Problem) in
      for key in keys {
        let id = try connection.first("SELECT id FROM item WHERE key = ?1", key) { $0.text(0) }
        guard let id = id.flatMap({ ItemID($0) }) else { continue }
        try rememberErasure(of: id)
        let locations = try connection.all(
          "SELECT id, item, file, uri, access, content_hash FROM location WHERE item = ?1", key
        ) { Self.location($0) }
        for location in locations { _ = try remove(location) }
        gone.append(id)
      }
      if !gone.isEmpty { try connection.storeErasedDigest() }
    }
    return gone
  }

  // MARK: What was erased

  /// Digests, so that the store keeps no id of what was erased.
  private func erasurePrint(of id: ItemID) throws(Problem) -> [UInt8] {
    Array(
      SHA256.digest(Array((try connection.meta(.partitionID) ?? "").utf8) + [0] + id.text.utf8)
        .prefix(16))
  }

  private func rememberErasure(of id: ItemID) throws(Problem) {
    try connection.run("INSERT OR IGNORE INTO erased (print) VALUES (?1)", erasurePrint(of: id))
    hasErasures = nil
  }

  /// Whether the item was erased.
  func isErased(_ id: ItemID) throws(Problem) -> Bool {
    let has =
      if let hasErasures { hasErasures } else {
        try connection.first("SELECT 1 FROM erased LIMIT 1") { _ in true } ?? false
      }
    hasErasures = has
    guard has else { return false }
    return try connection.first(
      "SELECT 1 FROM erased WHERE print = ?1", erasurePrint(of: id)
    ) { _ in true } ?? false
  }

  // MARK: Traces

  private func note(
    _ selection: ErasureSelection, in traces: inout ErasureTraces
  ) throws(Problem) {
    switch selection {
    case .items(let ids): for id in ids { traces.add(Array(id.text.utf8)) }
    case .from(let address), .naming(let address): traces.add(Array(address.utf8))
    }
  }

  /// Notes every text and blob of an item's rows, and its vectors.
  private func noteItem(_ key: Int64, in traces: inout ErasureTraces) throws(Problem) {
    for sql: StaticString in [
      "SELECT id, external_id, title, people, text FROM item WHERE key = ?1",
      "SELECT heading FROM segment WHERE item = ?1",
      "SELECT key, uri, content_hash FROM location WHERE item = ?1",
      """
      SELECT p.name, p.address FROM person p JOIN location l ON l.id = p.location
      WHERE l.item = ?1
      """,
      "SELECT f.value FROM fact f JOIN location l ON l.id = f.location WHERE l.item = ?1",
      "SELECT d.detail FROM defect d JOIN location l ON l.id = d.location WHERE l.item = ?1",
    ] {
      try connection.forEach(sql, key) { row in row.forEachString { traces.add($0) } }
    }
    let rows = try connection.passages(of: key).filter { $0.role == .new }.map(\.row)
    // Codes alone: scale and steps are too few octets to tell whose they are.
    for vector in try storedVectors(of: rows) {
      if let vector { traces.add(vector.codes.map { UInt8(bitPattern: $0) }) }
    }
  }

  /// What the remaining rows and the index's words hold of the traces.
  private func remainingOctets(
    of traces: inout ErasureTraces
  ) throws(Problem) -> ErasureTraces.Found {
    traces.prepare()
    var found = ErasureTraces.Found()
    for table in DigestedTable.allCases {
      for sql in table.contents {
        try connection.forEach(sql, Int64.min, Int64.max) { row in
          row.forEachString { traces.look(in: $0, &found) }
        }
      }
    }
    try connection.execute(
      "CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, passage_text, row)")
    try connection.forEach("SELECT term FROM temp.word") { row in
      row.forEachString { traces.look(in: $0, &found) }
    }
    try connection.dropWords()
    return found
  }
}
