/// Something that is wrong with a store.
package struct Finding: Hashable, Sendable {
  /// What looked: by how much of the store is in doubt, the most first.
  package enum Check: String, Hashable, Sendable, CaseIterable {
    /// The file cannot be opened as a store.
    case opening
    /// SQLite's own check of pages, tables and indexes.
    case pages
    /// The rows' digests.
    case rows
    /// FTS5's comparison of the full-text index with the texts.
    case index
    /// The tables compared with each other.
    case tables
  }

  package var check: Check
  /// The table that it is in, where one can be named.
  package var table: String?
  /// The rows among which it is, where they have numbers.
  package var rows: ClosedRange<Int64>?
  /// One sentence without private content.
  package var detail: String

  package init(
    _ check: Check, table: String? = nil, rows: ClosedRange<Int64>? = nil, _ detail: String
  ) {
    self.check = check
    self.table = table
    self.rows = rows
    self.detail = detail
  }

  /// What the reader can do about it.
  package var remedy: String {
    switch check {
    case .opening, .pages, .rows:
      "Restore the tenant from a backup (loam restore), or remove it (loam erase --all) and ingest "
        + "again."
    case .index, .tables:
      "Restore the tenant from a backup (loam restore), or remove it (loam erase --all) and ingest "
        + "again; the file is whole, so please report how it came to this."
    }
  }
}

/// What a check of a store looked at and found.
package struct StoreReport: Hashable, Sendable {
  package var findings: [Finding] = []
  /// The checks that were made; one that rests on what an earlier one found damaged is left out.
  package var checks: [Finding.Check] = []
  package var items = 0
  package var passages = 0
  package var vectors = 0
  /// Octets of the database file.
  package var octets = 0

  package init() {}

  package var isSound: Bool { findings.isEmpty }
}
