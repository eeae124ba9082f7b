import Grounding

/// A location with what its copy of the item says of itself: people, times, conversation, names,
/// label, facts, defects.
extension PartitionWriter {
  func insertLocation(_ draft: ItemDraft, item: Int64, access: Int64) throws(Problem) {
    let names = ConversationNames(draft.item)
    try connection.run(
      """
      INSERT INTO location (source, key, item, file, uri, access, content_hash, times, conversation,
        label, name, reference_names, sent, subject, is_reply)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
      """, draft.source, draft.key, item, draft.file, draft.uri, access, draft.contentHash,
      FieldList.encode(draft.item.times), draft.item.conversation, draft.item.label,
      names?.own, names?.referencesColumn, names?.sent, names?.subject, names?.isReplyColumn)
    let location = connection.lastRow
    try insertDetails(draft.item, location: location)
    if let names { try insert(names, location: location, item: item, access: access) }
  }

  func updateLocation(
    _ id: Int64, _ draft: ItemDraft, item: Int64, access: Int64
  ) throws(Problem) {
    try removeDetails(of: id)
    let names = ConversationNames(draft.item)
    try connection.run(
      """
      UPDATE OR FAIL location SET file = ?2, uri = ?3, access = ?4, content_hash = ?5, times = ?6,
        conversation = ?7, label = ?8, name = ?9, reference_names = ?10, sent = ?11, subject = ?12,
        is_reply = ?13
      WHERE id = ?1
      """, id, draft.file, draft.uri, access, draft.contentHash,
      FieldList.encode(draft.item.times), draft.item.conversation, draft.item.label,
      names?.own, names?.referencesColumn, names?.sent, names?.subject, names?.isReplyColumn)
    try insertDetails(draft.item, location: id)
    if let names { try insert(names, location: id, item: item, access: access) }
  }

  /// Removes a location; its item stays, to be judged by the caller.
  func removeCopy(_ id: Int64) throws(Problem) {
    try removeDetails(of: id)
    try connection.run("DELETE FROM location WHERE id = ?1", id)
  }

  private func insertDetails(_ item: ParsedItem, location: Int64) throws(Problem) {
    for (ordinal, person) in item.people.enumerated() {
      try connection.run(
        """
        INSERT INTO person (location, ordinal, role, name, address, state)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """, location, ordinal, person.role.rawValue, person.name, person.address,
        person.state?.rawValue)
    }
    for (ordinal, fact) in item.facts.enumerated() {
      guard let value = Self.column(fact.value) else { continue }
      try connection.run(
        "INSERT INTO fact (location, ordinal, name, value) VALUES (?1, ?2, ?3, ?4)", location,
        ordinal, fact.name, value)
    }
    for (ordinal, defect) in item.defects.enumerated() {
      try connection.run(
        "INSERT INTO defect (location, ordinal, code, detail) VALUES (?1, ?2, ?3, ?4)", location,
        ordinal, defect.code, defect.detail)
    }
  }

  private func removeDetails(of location: Int64) throws(Problem) {
    try removeNames(of: location)
    try connection.run("DELETE FROM person WHERE location = ?1", location)
    try connection.run("DELETE FROM fact WHERE location = ?1", location)
    try connection.run("DELETE FROM defect WHERE location = ?1", location)
  }

  /// A fact's value with its type; `nil` for a number that is none, which SQLite cannot hold.
  private static func column(_ value: Fact.Value) -> (any Bindable)? {
    switch value {
    case .text(let text): text
    case .number(let number): number.isNaN ? nil : number
    case .instant(let instant): instant
    }
  }
}
