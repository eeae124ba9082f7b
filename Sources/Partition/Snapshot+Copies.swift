import CSQLite
import Grounding

/// One location of an item that the caller may see.
private struct Copy {
  var id: Int64
  var hash: [UInt8]
  var times: String
  var label: String?
  var location: StoredLocation
}

/// What the copies say of themselves: an item shows the words of one that the caller may see.
extension Snapshot {
  /// Fills in the locations that lie in `classes`, and the people, times and label of the
  /// one among them with the least content hash; the result is that location.
  ///
  /// A location's access list is a class of its own. Nothing of the others is read.
  func readCopies(into item: inout StoredItem, classes: Set<Int64>) throws(Problem) -> Int64 {
    let copies = try copies(of: item.key, classes: classes)
    let least = copies.min { $0.hash.lexicographicallyPrecedes($1.hash) }
    guard let shown = least else {
      throw Problem(.damaged, "An item in the store has no location of its class.")
    }
    item.locations = copies.map(\.location)
    item.contentHash = shown.hash
    item.content.times = try FieldList.decodeTimes(shown.times)
    item.content.label = shown.label
    item.content.people = try people(at: shown.id)
    return shown.id
  }

  /// By source name, then key, so that of equal hashes the first is shown.
  private func copies(of key: Int64, classes: Set<Int64>) throws(Problem) -> [Copy] {
    var copies: [Copy] = []
    try connection.forEach(
      """
      SELECT l.access, l.id, l.content_hash, l.times, l.label, s.name, l.key, l.uri
      FROM location l JOIN source s ON s.id = l.source WHERE l.item = ?1
      """, key
    ) { row in
      guard classes.contains(row.int64(0)) else { return }
      let location = StoredLocation(
        source: row.text(5), key: row.text(6), uri: row.optionalText(7))
      copies.append(
        Copy(
          id: row.int64(1), hash: row.octets(2), times: row.text(3), label: row.optionalText(4),
          location: location))
    }
    // Most have one copy, for which SQLite would set up a sorter all the same.
    copies.sort { a, b in
      let (a, b) = (a.location, b.location)
      return a.source == b.source
        ? a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
        : a.source.utf8.lexicographicallyPrecedes(b.source.utf8)
    }
    return copies
  }

  private func people(at location: Int64) throws(Problem) -> [Person] {
    try connection.all(
      "SELECT role, name, address, state FROM person WHERE location = ?1 ORDER BY ordinal",
      location
    ) { row throws(Problem) in
      let state = row.optionalText(3).map { Person.State(rawValue: $0) }
      guard let role = Person.Role(rawValue: row.text(0)), state != .some(nil) else {
        throw Problem(.damaged, "A person in the store cannot be read.")
      }
      return Person(
        role: role, name: row.optionalText(1), address: row.optionalText(2), state: state ?? nil)
    }
  }

  /// Fills in the facts and defects of one location's copy.
  func readDetails(of location: Int64, into item: inout StoredItem) throws(Problem) {
    item.content.facts = try facts(of: location)
    item.content.defects = try connection.all(
      "SELECT code, detail FROM defect WHERE location = ?1 ORDER BY ordinal", location
    ) { Defect($0.text(0), $0.optionalText(1)) }
  }

  /// The facts of one location's copy, all or those with one name.
  func facts(of location: Int64, named name: String? = nil) throws(Problem) -> [Fact] {
    try connection.all(
      """
      SELECT name, value FROM fact WHERE location = ?1 AND name = coalesce(?2, name)
      ORDER BY ordinal
      """, location, name
    ) { row in
      let value: Fact.Value =
        switch row.type(1) {
        case SQLITE_INTEGER: .instant(row.int64(1))
        case SQLITE_FLOAT: .number(row.double(1))
        default: .text(row.text(1))
        }
      return Fact(row.text(0), value)
    }
  }
}
