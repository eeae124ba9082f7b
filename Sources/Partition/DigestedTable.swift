import Grounding

/// A table whose rows have digests, a digest for each group of rows of neighbouring numbers.
///
/// What hangs on a row and has no number of its own (an item's segments, a location's people) is in the
/// digest of its owner's group. Left out are tables of which every column follows from others and is
/// compared with them: `message_name`, `open_quote`, and those of the full-text index.
/// A digest covers all columns as they are, so a migration that adds one to a table here ends with
/// ``PartitionWriter/renewDigests()``.
enum DigestedTable: Int64, CaseIterable {
  // The numbers are stored.
  case source = 1
  case accessClass, file, item, location, extent, passage, vectorPage, mixedPage, pendingVector
  case change, mix, pendingNext

  init?(named name: String) {
    guard let table = Self.byName[name] else { return nil }
    self = table
  }

  private static let byName = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.name, $0) })

  var name: String {
    switch self {
    case .source: "source"
    case .accessClass: "access_class"
    case .file: "file"
    case .item: "item"
    case .location: "location"
    case .extent: "extent"
    case .passage: "passage"
    case .vectorPage: "vector_page"
    case .mixedPage: "mixed_page"
    case .pendingVector: "pending_vector"
    case .change: "change"
    case .mix: "mix"
    case .pendingNext: "pending_next"
    }
  }

  /// Row numbers to a group, as a power of two.
  ///
  /// Large rows have digests of their own, so that a change of one costs no reading of others.
  private var shift: Int64 {
    switch self {
    case .item, .vectorPage, .mixedPage: 0
    case .source, .accessClass, .file, .location, .extent, .mix: 4
    case .passage: 5
    case .pendingVector, .pendingNext, .change: 6
    }
  }

  func group(of row: Int64) -> Int64 { row >> shift }

  func rows(of group: Int64) -> ClosedRange<Int64> {
    // A group that is read from a damaged store may be any number.
    let first = group << shift
    return first...(first | (1 << shift - 1))
  }

  /// The numbers of the table's rows, ascending.
  var rowNumbers: StaticString {
    switch self {
    case .source: "SELECT id FROM source ORDER BY id"
    case .accessClass: "SELECT id FROM access_class ORDER BY id"
    case .file: "SELECT id FROM file ORDER BY id"
    case .item: "SELECT key FROM item ORDER BY key"
    case .location: "SELECT id FROM location ORDER BY id"
    case .extent: "SELECT first FROM extent ORDER BY first"
    case .passage: "SELECT row FROM passage ORDER BY row"
    case .vectorPage: "SELECT id FROM vector_page ORDER BY id"
    case .mixedPage: "SELECT extent FROM mixed_page ORDER BY extent"
    case .pendingVector: "SELECT row FROM pending_vector ORDER BY row"
    case .change: "SELECT sequence FROM change ORDER BY sequence"
    case .mix: "SELECT item FROM mix ORDER BY item"
    case .pendingNext: "SELECT row FROM pending_next ORDER BY row"
    }
  }

  /// What is read of a group, whose first and last row are the parameters.
  var contents: [StaticString] {
    switch self {
    case .source: ["SELECT * FROM source WHERE id BETWEEN ?1 AND ?2 ORDER BY id"]
    case .accessClass: ["SELECT * FROM access_class WHERE id BETWEEN ?1 AND ?2 ORDER BY id"]
    case .file: ["SELECT * FROM file WHERE id BETWEEN ?1 AND ?2 ORDER BY id"]
    case .item:
      [
        "SELECT * FROM item WHERE key BETWEEN ?1 AND ?2 ORDER BY key",
        "SELECT * FROM segment WHERE item BETWEEN ?1 AND ?2 ORDER BY item, ordinal",
      ]
    case .location:
      [
        "SELECT * FROM location WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        "SELECT * FROM person WHERE location BETWEEN ?1 AND ?2 ORDER BY location, ordinal",
        "SELECT * FROM fact WHERE location BETWEEN ?1 AND ?2 ORDER BY location, ordinal",
        "SELECT * FROM defect WHERE location BETWEEN ?1 AND ?2 ORDER BY location, ordinal",
      ]
    case .extent: ["SELECT * FROM extent WHERE first BETWEEN ?1 AND ?2 ORDER BY first"]
    case .passage: ["SELECT * FROM passage WHERE row BETWEEN ?1 AND ?2 ORDER BY row"]
    case .vectorPage: ["SELECT * FROM vector_page WHERE id BETWEEN ?1 AND ?2 ORDER BY id"]
    case .mixedPage: ["SELECT * FROM mixed_page WHERE extent BETWEEN ?1 AND ?2 ORDER BY extent"]
    case .pendingVector:
      ["SELECT * FROM pending_vector WHERE row BETWEEN ?1 AND ?2 ORDER BY row"]
    case .change:
      ["SELECT * FROM change WHERE sequence BETWEEN ?1 AND ?2 ORDER BY sequence"]
    case .mix: ["SELECT * FROM mix WHERE item BETWEEN ?1 AND ?2 ORDER BY item"]
    case .pendingNext: ["SELECT * FROM pending_next WHERE row BETWEEN ?1 AND ?2 ORDER BY row"]
    }
  }
}

/// The groups of rows that a connection has written since it was last asked.
///
/// SQLite reports every row of a table with row numbers that a statement inserts, changes or removes;
/// it is silent about `REPLACE`, about a `DELETE` without `WHERE`, and about octets written in place,
/// which ``Connection/page(_:of:isWritable:)`` notes.
final class WrittenRows {
  private var groups: [DigestedTable: Set<Int64>] = [:]
  /// Pages in the log after the last commit.
  var logPages = 0

  func note(_ table: DigestedTable, row: Int64) {
    groups[table, default: []].insert(table.group(of: row))
  }

  func forget() { groups.removeAll(keepingCapacity: true) }

  /// What was written, in order.
  func take() -> [(table: DigestedTable, groups: [Int64])] {
    defer { forget() }
    return groups.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value.sorted()) }
  }
}
