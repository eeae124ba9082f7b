import Grounding

/// Who bears a name and who refers to whom, each looked up once.
///
/// Lives while nothing changes: what is asked when a batch ends is asked of many replies to one
/// message, once for what they quote and once for their parents.
struct MessageLinks {
  private let connection: Connection
  private var copies: [Int64: Copies] = [:]
  private var bearers: [ListedName: [Int64]] = [:]

  /// The references, from the last, whose messages are looked at.
  static let referenceLimit = 8
  /// Messages with one Message-ID under one list that are looked at.
  static let bearerLimit = 4
  /// Items, and names, of which is remembered what was found; beyond it all is forgotten.
  private static let memoryLimit = 1 << 14

  /// What an item's copies say under each list.
  private struct Copies {
    /// Ascending.
    var lists: [Int64] = []
    /// The names of the last references under each of the lists, the nearest first.
    var references: [[Int64]] = []
  }

  private struct ListedName: Hashable {
    var name: Int64
    var list: Int64
  }

  init(_ connection: Connection) { self.connection = connection }

  /// The access lists of an item's copies, each a class of its own, ascending.
  mutating func lists(of item: Int64) throws(Problem) -> [Int64] { try copies(of: item).lists }

  /// The names of the last references of an item's copies under `list`, the nearest first.
  mutating func lastReferences(of item: Int64, list: Int64) throws(Problem) -> [Int64] {
    let copies = try copies(of: item)
    return copies.lists.firstIndex(of: list).map { copies.references[$0] } ?? []
  }

  private mutating func copies(of item: Int64) throws(Problem) -> Copies {
    if let known = copies[item] { return known }
    let found = try connection.all(
      """
      SELECT access, reference_names, content_hash, source, key FROM location WHERE item = ?1
      """, item
    ) { row throws(Problem) in
      Copy(
        list: row.int64(0), references: try ConversationNames.references(row.octets(1)),
        hash: row.octets(2), source: row.int64(3), key: row.octets(4))
    }
    var result = Copies()
    for copy in found.count > 1 ? found.sorted(by: <) : found {
      if result.lists.last != copy.list {
        result.lists.append(copy.list)
        result.references.append([])
      }
      let last = result.lists.count - 1
      // Copies under one list that differ here are few: all their names are as many as one has.
      guard result.references[last].count < Self.referenceLimit else { continue }
      for name in copy.references.suffix(Self.referenceLimit).reversed()
      where !result.references[last].contains(name) {
        result.references[last].append(name)
      }
    }
    if copies.count >= Self.memoryLimit { copies.removeAll(keepingCapacity: true) }
    copies[item] = result
    return result
  }

  /// A copy of an item; those under one list stand together, in an order that content alone settles.
  private struct Copy: Comparable {
    var list: Int64
    var references: [Int64]
    var hash: [UInt8]
    var source: Int64
    var key: [UInt8]

    static func < (a: Copy, b: Copy) -> Bool {
      if a.list != b.list { return a.list < b.list }
      if a.hash != b.hash { return a.hash.lexicographicallyPrecedes(b.hash) }
      if a.source != b.source { return a.source < b.source }
      return a.key.lexicographicallyPrecedes(b.key)
    }
  }

  /// The items that bear a name under `list`, the least id first.
  mutating func bearers(of name: Int64, list: Int64) throws(Problem) -> [Int64] {
    let listed = ListedName(name: name, list: list)
    if let known = bearers[listed] { return known }
    // Anyone can write messages of one name: there may be very many.
    var found = try connection.all(
      "SELECT DISTINCT item FROM message_name WHERE name = ?1 AND is_own = 1 AND access = ?2",
      name, list
    ) { $0.int64(0) }
    if found.count > 1 { found = try first(of: found) }
    if bearers.count >= Self.memoryLimit { bearers.removeAll(keepingCapacity: true) }
    bearers[listed] = found
    return found
  }

  /// The first of `items` by their ids.
  private func first(of items: [Int64]) throws(Problem) -> [Int64] {
    var named: [(id: [UInt8], item: Int64)] = []
    for item in items {
      let id = try connection.first("SELECT id FROM item WHERE key = ?1", item) { $0.octets(0) }
      if let id { named.append((id, item)) }
    }
    return named.sorted { $0.id.lexicographicallyPrecedes($1.id) }
      .prefix(Self.bearerLimit).map(\.item)
  }
}
