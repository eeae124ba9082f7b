import Grounding

/// The names that copies of messages bear and refer to, each with its location.
extension PartitionWriter {
  func insert(
    _ names: ConversationNames, location: Int64, item: Int64, access: Int64
  ) throws(Problem) {
    noteCopy(of: item, name: names.own)
    if let own = names.own {
      try insert(name: own, isOwn: true, location: location, item: item, access: access)
    }
    for name in names.references {
      try insert(name: name, isOwn: false, location: location, item: item, access: access)
    }
  }

  private func insert(
    name: Int64, isOwn: Bool, location: Int64, item: Int64, access: Int64
  ) throws(Problem) {
    try connection.run(
      """
      INSERT INTO message_name (name, location, item, access, is_own) VALUES (?1, ?2, ?3, ?4, ?5)
      """, name, location, item, access, isOwn ? 1 : 0)
  }

  /// Called before the location's row changes: it says which names there are.
  func removeNames(of location: Int64) throws(Problem) {
    let copy = try connection.first(
      "SELECT name, reference_names, item FROM location WHERE id = ?1", location
    ) { row throws(Problem) in
      (
        own: row.isNull(0) ? nil : row.int64(0),
        references: try ConversationNames.references(row.octets(1)), item: row.int64(2)
      )
    }
    guard let copy else { return }
    noteCopy(of: copy.item, name: copy.own)
    for name in (copy.own.map { [$0] } ?? []) + copy.references {
      try connection.run(
        "DELETE FROM message_name WHERE name = ?1 AND location = ?2", name, location)
    }
  }

  /// The table of names has what the locations say, row by row.
  func checkNames() throws(Problem) -> [String] {
    var expected: Set<[Int64]> = []
    var count = 0
    try connection.forEach("SELECT id, item, access, name, reference_names FROM location") {
      row throws(Problem) in
      let place = [row.int64(0), row.int64(1), row.int64(2)]
      if !row.isNull(3) { expected.insert(place + [row.int64(3), 1]) }
      for name in try ConversationNames.references(row.octets(4)) {
        expected.insert(place + [name, 0])
      }
    }
    var surplus = 0
    try connection.forEach("SELECT location, item, access, name, is_own FROM message_name") { row in
      count += 1
      if !expected.contains((0..<5).map { row.int64($0) }) { surplus += 1 }
    }
    let wrong = max(surplus, expected.count - (count - surplus))
    var findings =
      wrong == 0 ? [] : ["\(wrong) names of messages that are not those of their locations"]
    let unnamed = try connection.all(
      """
      SELECT DISTINCT i.external_id, l.name FROM location l JOIN item i ON i.key = l.item
      WHERE l.name IS NOT NULL
      """
    ) { ($0.optionalText(0).map { ConversationNames.name(of: $0) }, $0.int64(1)) }
    .filter { $0.0 != $0.1 }.count
    if unnamed > 0 { findings.append("\(unnamed) messages with the name of another id") }
    return findings
  }
}
