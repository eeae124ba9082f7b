package import Grounding

extension PartitionWriter {
  // MARK: Sources

  /// The row of the source `name`, made where it is new.
  package func source(named name: String) throws(Problem) -> Int64 {
    if let known = try sourceRow(name) { return known }
    return try inBatch { () throws(Problem) in
      batch.hasChanges = true
      try connection.run("INSERT INTO source (name) VALUES (?1)", name)
      return connection.lastRow
    }
  }

  private func sourceRow(_ name: String) throws(Problem) -> Int64? {
    try connection.first("SELECT id FROM source WHERE name = ?1", name) { $0.int64(0) }
  }

  /// The sources in the order of their names.
  package func sources() throws(Problem) -> [SourceSummary] {
    try connection.all(
      """
      SELECT s.id, s.name, (SELECT count(*) FROM file f WHERE f.source = s.id),
        (SELECT count(*) FROM location l WHERE l.source = s.id),
        (SELECT count(DISTINCT l.item) FROM location l WHERE l.source = s.id)
      FROM source s ORDER BY s.name
      """
    ) {
      SourceSummary(
        id: $0.int64(0), name: $0.text(1), files: $0.int(2), locations: $0.int(3), items: $0.int(4))
    }
  }

  /// Removes a source with its files and locations; the result counts the items that go with it.
  ///
  /// - Throws: `not_found` where there is no such source.
  package func removeSource(named name: String) throws(Problem) -> Int {
    guard let source = try sourceRow(name) else {
      throw Problem(
        .notFound, "There is no such source.", place: connection.place,
        remedy: "loam source list shows the sources.")
    }
    return try inBatch { () throws(Problem) in
      batch.hasChanges = true
      let locations = try connection.all(
        """
        SELECT id, item, file, uri, access, content_hash FROM location WHERE source = ?1 ORDER BY id
        """, source
      ) { Self.location($0) }
      var removed = 0
      for location in locations where try remove(location) != nil { removed += 1 }
      try connection.run("DELETE FROM file WHERE source = ?1", source)
      try connection.run("DELETE FROM source WHERE id = ?1", source)
      return removed
    }
  }

  // MARK: Files

  /// The record of a file, `nil` where it was never read.
  package func file(source: Int64, path: String) throws(Problem) -> FileRecord? {
    try connection.first(
      """
      SELECT id, source, path, size, mtime, inode, hash, read_to, access, note FROM file
      WHERE source = ?1 AND path = ?2
      """, source, path, read: Self.fileRecord)
  }

  /// The records of a source, in the order of their paths' octets.
  ///
  /// `below` is a path without a slash at its end: the record of that path and those below it.
  package func files(source: Int64, below: String? = nil) throws(Problem) -> [FileRecord] {
    guard let below, !below.isEmpty else {
      return try connection.all(
        """
        SELECT id, source, path, size, mtime, inode, hash, read_to, access, note FROM file
        WHERE source = ?1 ORDER BY path
        """, source, read: Self.fileRecord)
    }
    // "0" is the octet after "/".
    return try connection.all(
      """
      SELECT id, source, path, size, mtime, inode, hash, read_to, access, note FROM file
      WHERE source = ?1 AND (path = ?2 OR path >= ?2 || '/' AND path < ?2 || '0') ORDER BY path
      """, source, below, read: Self.fileRecord)
  }

  private static func fileRecord(_ row: Statement) throws(Problem) -> FileRecord {
    var access: AccessList?
    if let text = row.optionalText(8) { access = try AccessList(canonical: text) }
    return FileRecord(
      id: row.int64(0), source: row.int64(1), path: row.text(2), size: row.int64(3),
      modified: row.int64(4), inode: row.int64(5), hash: row.isNull(6) ? nil : row.octets(6),
      readTo: row.int64(7), access: access, note: row.optionalText(9))
  }

  /// Stores a file's record by source and path (its `id` is not looked at); the result is its row.
  package func put(_ file: FileRecord) throws(Problem) -> Int64 {
    try inBatch { () throws(Problem) in
      let known = try connection.first(
        "SELECT id FROM file WHERE source = ?1 AND path = ?2", file.source, file.path
      ) { $0.int64(0) }
      batch.hasChanges = true
      if let known {
        try connection.run(
          """
          UPDATE OR FAIL file SET size = ?2, mtime = ?3, inode = ?4, hash = ?5, read_to = ?6,
            access = ?7, note = ?8 WHERE id = ?1
          """, known, file.size, file.modified, file.inode, file.hash, file.readTo,
          file.access?.canonical, file.note)
        return known
      }
      try connection.run(
        """
        INSERT INTO file (source, path, size, mtime, inode, hash, read_to, access, note)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """, file.source, file.path, file.size, file.modified, file.inode, file.hash, file.readTo,
        file.access?.canonical, file.note)
      return connection.lastRow
    }
  }

  /// Asks for every file to be read again where another version of the readers read those of the
  /// store.
  ///
  /// Until then items stay as they are; those that turn out the same keep their rows and vectors.
  /// - Complexity: O(files and locations) where the version is another.
  package func requireReading(_ version: Int) throws(Problem) {
    guard try connection.meta(.reading) != String(version) else { return }
    try inBatch { () throws(Problem) in
      batch.hasChanges = true
      try connection.run("UPDATE OR FAIL file SET read_to = -1")
      try connection.run("UPDATE OR FAIL location SET content_hash = zeroblob(0)")
      try connection.setMeta(.reading, String(version))
    }
  }

  /// Removes a file with its locations; the result names the items that lost their last location.
  package func removeFile(_ id: Int64) throws(Problem) -> [ItemID] {
    try inBatch { () throws(Problem) in
      batch.hasChanges = true
      var gone: [ItemID] = []
      for location in try fileLocations(id) {
        if let item = try remove(location.known) { gone.append(item) }
      }
      try connection.run("DELETE FROM file WHERE id = ?1", id)
      return gone
    }
  }

  /// Gives a file another path: its items stay what they are, at new locations.
  ///
  /// `relocating` is given the key and uri of each of the file's locations and returns the new ones.
  /// The record keeps its other marks; ``put(_:)`` stores those of the file found.
  /// - Throws: `bad_request` where there is no such file, or where a file or a location is at one of
  ///   the new places.
  package func moveFile(
    _ id: Int64, to path: String,
    relocating: (_ key: String, _ uri: String?) -> (key: String, uri: String?)
  ) throws(Problem) {
    try inBatch { () throws(Problem) in
      let source = try connection.first("SELECT source FROM file WHERE id = ?1", id) { $0.int64(0) }
      let isTaken = Problem(
        .badRequest, "A file cannot be moved: its place is taken, or it is not there.", place: path)
      guard let source, try file(source: source, path: path) == nil else { throw isTaken }
      batch.hasChanges = true
      try connection.run("UPDATE OR FAIL file SET path = ?2 WHERE id = ?1", id, path)
      let moves = try fileLocations(id).map { location in
        (location: location, target: relocating(location.key, location.known.uri))
      }
      // Two steps, so that keys can trade places.
      for move in moves {
        try connection.run(
          "UPDATE OR FAIL location SET key = char(0) || id WHERE id = ?1", move.location.known.id)
      }
      for move in moves {
        guard try storedLocation(source: source, key: move.target.key) == nil else { throw isTaken }
        try connection.run(
          "UPDATE OR FAIL location SET key = ?2, uri = ?3 WHERE id = ?1", move.location.known.id,
          move.target.key, move.target.uri)
      }
    }
  }

  private func fileLocations(
    _ file: Int64
  ) throws(Problem) -> [(known: KnownLocation, key: String)] {
    try connection.all(
      """
      SELECT id, item, file, uri, access, content_hash, key FROM location WHERE file = ?1 ORDER BY id
      """, file
    ) { (known: Self.location($0), key: $0.text(6)) }
  }
}
