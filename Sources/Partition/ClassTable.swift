import Grounding

/// The access classes of a store: numbered sets of access lists.
///
/// Two sets that say the same have one number. Classes are never removed or changed.
struct ClassTable {
  private let connection: Connection
  private var ids: [String: Int64] = [:]
  private var lists: [Int64: [String]] = [:]

  init(connection: Connection) { self.connection = connection }

  /// Forgets what a rollback may have taken back.
  mutating func forget() { (ids, lists) = ([:], [:]) }

  /// The class of one list, made where it is new.
  mutating func id(of list: AccessList) throws(Problem) -> Int64 {
    try id(ofSorted: [list.canonical])
  }

  /// The class whose lists are those of all of `classes`.
  mutating func union(_ classes: Set<Int64>) throws(Problem) -> Int64 {
    if classes.count == 1, let only = classes.first { return only }
    return try id(ofSorted: lists(of: classes))
  }

  /// The written forms of the lists of all of `classes`, once each, in their order.
  mutating func lists(of classes: Set<Int64>) throws(Problem) -> [String] {
    var all: Set<String> = []
    for id in classes { all.formUnion(try canonicalLists(of: id)) }
    return all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private mutating func id(ofSorted canonical: [String]) throws(Problem) -> Int64 {
    let text = FieldList.encode(canonical)
    if let known = ids[text] { return known }
    var id = try connection.first("SELECT id FROM access_class WHERE lists = ?1", text) {
      $0.int64(0)
    }
    if id == nil {
      try connection.run("INSERT INTO access_class (lists) VALUES (?1)", text)
      id = connection.lastRow
    }
    ids[text] = id
    return id ?? 0
  }

  private mutating func canonicalLists(of id: Int64) throws(Problem) -> [String] {
    if let known = lists[id] { return known }
    let text = try connection.first("SELECT lists FROM access_class WHERE id = ?1", id) {
      $0.text(0)
    }
    let found = try FieldList.decode(text ?? "").compactMap { $0 }
    lists[id] = found
    return found
  }
}

extension Connection {
  /// The classes that `caller` may see: those of which one list allows.
  ///
  /// - Throws: `damaged` where a list cannot be read; such a list never opens anything.
  func visibleClasses(_ caller: Caller) throws(Problem) -> [Int64] {
    var visible: [Int64] = []
    try forEach("SELECT id, lists FROM access_class ORDER BY id") { row throws(Problem) in
      var allows = false
      for canonical in try FieldList.decode(row.text(1)) {
        guard let canonical else { throw Problem(.damaged, "An access class cannot be read.") }
        // Every list is read, so that a damaged one is found whoever asks.
        if try AccessList(canonical: canonical).allows(caller) { allows = true }
      }
      if allows { visible.append(row.int64(0)) }
    }
    return visible
  }
}
