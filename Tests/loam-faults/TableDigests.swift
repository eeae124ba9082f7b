import Octets

/// A digest of every table's rows, read past Loam's own code.
///
/// FTS5's own tables are left out: how postings lie in segments is no part of what a store says.
struct TableDigests: Equatable {
  private var tables: [String: [UInt8]] = [:]

  /// Those of a store that is at rest.
  init(path: String) throws {
    guard let connection = RawConnection(path: path) else {
      throw Finding("the store cannot be opened")
    }
    var names: [String] = []
    try connection.forEachRow(
      """
      SELECT name FROM sqlite_schema
      WHERE type = 'table' AND name NOT GLOB 'passage_text*' ORDER BY name
      """
    ) { names.append(String(decoding: $0.octets(0), as: UTF8.self)) }
    for name in names {
      var hasher = SHA256.Hasher()
      try connection.forEachRow("SELECT * FROM \"\(name)\"") { row in
        for column in 0..<row.count {
          let octets = row.octets(column)
          hasher.update(Array("\(row.type(column)):\(octets.count):".utf8))
          hasher.update(octets)
        }
      }
      tables[name] = hasher.finish()
    }
  }

  /// The tables that differ.
  func differences(from other: Self) -> [String] {
    Set(tables.keys).union(other.tables.keys).filter { tables[$0] != other.tables[$0] }.sorted()
  }
}
