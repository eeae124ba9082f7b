import CSQLite
import Grounding
import Partition

/// All that a tenant's store says, without its row numbers: two stores with equal contents answer
/// every question alike.
struct StoreContent: Equatable {
  var items: [String]
  var locations: [String]
  var passages: [String]
  var files: [String]
  /// By term: item, ordinal and frequencies of each place.
  var postings: [String: [String]]

  /// - Parameters:
  ///   - terms: finished terms whose postings are read.
  ///   - caller: one who may see everything.
  init(home: String, tenant: Tenant = .default, terms: [String], caller: Caller) throws {
    let home = LoamHome(path: home)
    let table = try Table(path: home.partition(of: tenant))
    items = try table.lines(
      """
      SELECT id, kind, title, text, external_id, people, title_terms, (SELECT group_concat(lists) FROM access_class c WHERE c.id = class),
        (SELECT count(*) FROM segment s WHERE s.item = key)
      FROM item ORDER BY id
      """)
    locations = try table.lines(
      """
      SELECT s.name, l.key, l.uri, i.id, c.lists, hex(l.content_hash), f.path, l.times,
        l.conversation, l.label, (SELECT count(*) FROM defect d WHERE d.location = l.id),
        (SELECT count(*) FROM fact x WHERE x.location = l.id),
        (SELECT count(*) FROM person p WHERE p.location = l.id)
      FROM location l JOIN source s ON s.id = l.source JOIN item i ON i.key = l.item
        JOIN access_class c ON c.id = l.access JOIN file f ON f.id = l.file
      ORDER BY s.name, l.key
      """)
    passages = try table.lines(
      """
      SELECT i.id, p.ordinal, p.start, p.end, p.part, p.heading, p.page, p.body_terms,
        (SELECT count(*) FROM pending_vector v WHERE v.row = p.row)
      FROM passage p JOIN item i ON i.key = p.item ORDER BY i.id, p.ordinal
      """)
    files = try table.lines(
      "SELECT path, size, hex(hash), read_to, access FROM file ORDER BY source, path")
    let snapshot = try Snapshot(home: home, tenant: tenant)
    let rows = try snapshot.eligible(caller, kinds: Set(ItemKind.allCases))
    let names = try snapshot.storedItems(rows.itemKeys, caller: caller)
    var ordinals: [Int64: Int] = [:]
    for key in rows.itemKeys {
      for passage in try snapshot.passages(item: key) { ordinals[passage.row] = passage.ordinal }
    }
    postings = [:]
    for (term, list) in zip(terms, try snapshot.postings(terms, in: rows)) {
      var places: [String] = []
      for (index, position) in list.positions.enumerated() {
        let row = rows.row(at: Int(position))
        let item = names[rows.key(ofItem: rows.item(at: Int(position)))]?.id.text ?? "?"
        places.append(
          "\(item) \(ordinals[row] ?? -1) \(list.bodyFrequency[index])"
            + " \(list.titleFrequency[index])")
      }
      postings[term] = places.sorted()
    }
  }

  /// The first difference, for a message; empty where there is none.
  func difference(from other: StoreContent) -> String {
    for (name, mine, theirs) in [
      ("items", items, other.items), ("locations", locations, other.locations),
      ("passages", passages, other.passages), ("files", files, other.files),
    ] where mine != theirs {
      let odd = Set(mine).symmetricDifference(theirs).min() ?? ""
      return "\(name): \(mine.count) and \(theirs.count), such as \(odd.prefix(300))"
    }
    for (term, places) in postings where other.postings[term] != places {
      return "postings of \(term): \(places.count) and \(other.postings[term]?.count ?? 0)"
    }
    return postings.count == other.postings.count ? "" : "terms"
  }
}

/// A database as text, read with nothing of the store's own code.
///
/// Safe as the connection lives and dies with the object, and nobody else has it.
@safe private final class Table {
  private var database: OpaquePointer?

  struct Unreadable: Error { var message: String }

  init(path: String) throws {
    guard unsafe sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else {
      throw Unreadable(message: path)
    }
  }

  deinit { unsafe sqlite3_close(database) }

  func lines(_ query: String) throws -> [String] {
    var statement: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(database, query, -1, &statement, nil) == SQLITE_OK else {
      throw Unreadable(message: unsafe String(cString: sqlite3_errmsg(database)))
    }
    defer { unsafe sqlite3_finalize(statement) }
    var lines: [String] = []
    while unsafe sqlite3_step(statement) == SQLITE_ROW {
      var columns: [String] = []
      let count = unsafe sqlite3_column_count(statement)
      for column in 0..<count {
        let text = unsafe sqlite3_column_text(statement, column)
        columns.append(unsafe text.map { unsafe String(cString: $0) } ?? "-")
      }
      lines.append(columns.joined(separator: "\u{1F}"))
    }
    return lines
  }
}
