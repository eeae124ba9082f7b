import CSQLite
import Grounding

extension PartitionWriter {
  /// Stores a new item; the result is its key.
  func insertItem(_ draft: ItemDraft, text: [UInt8], class id: Int64) throws(Problem) -> Int64 {
    let people = Self.indexed(draft.item.people)
    let statement = try connection.statement(
      """
      INSERT INTO item (id, class, kind, title_terms, parent, external_id, title, people, times,
        conversation, language, label, content_hash, text, version)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 1)
      """)
    try bind(draft, people: people, text: text, class: id, to: statement)
    try statement.run()
    let key = connection.lastRow
    try insertDetails(draft.item, item: key)
    try addPassages(
      Self.passages(of: draft), item: key, class: id, title: draft.item.title, people: people,
      text: text)
    return key
  }

  /// Gives an item the content of `draft`.
  ///
  /// Where the index would hold the same, the rows stay; where title and text are the same, the
  /// vectors go along into the new rows.
  func replaceContent(
    of item: KnownItem, _ draft: ItemDraft, text: [UInt8], class id: Int64
  ) throws(Problem) {
    let stored = try storedIndex(of: item.key)
    let people = Self.indexed(draft.item.people)
    let passages = Self.passages(of: draft)
    let keepsVectors =
      stored.title == draft.item.title && stored.text == text
      && stored.passages.map(\.passage) == passages
    let keepsRows = keepsVectors && stored.people == people && id == item.class
    var vectors: [QuantizedVector?]?
    if !keepsRows {
      if keepsVectors { vectors = try storedVectors(of: stored.passages.map(\.row)) }
      try removePassages(of: stored)
    }
    let statement = try connection.statement(
      """
      UPDATE OR FAIL item SET class = ?2, kind = ?3, title_terms = ?4, parent = ?5,
        external_id = ?6, title = ?7, people = ?8, times = ?9, conversation = ?10, language = ?11,
        label = ?12, content_hash = ?13, text = ?14, version = version + 1
      WHERE id = ?1
      """)
    try bind(draft, people: people, text: text, class: id, to: statement)
    try statement.run()
    try removeDetails(of: item.key)
    try insertDetails(draft.item, item: item.key)
    guard !keepsRows else { return }
    try addPassages(
      passages, item: item.key, class: id, title: draft.item.title, people: people, text: text,
      vectors: vectors)
  }

  /// Moves an item into another access class: new rows, the same content.
  func changeClass(of key: Int64, to id: Int64) throws(Problem) {
    let stored = try storedIndex(of: key)
    let vectors = try storedVectors(of: stored.passages.map(\.row))
    try removePassages(of: stored)
    try connection.run("UPDATE OR FAIL item SET class = ?2 WHERE key = ?1", key, id)
    try addPassages(
      stored.passages.map(\.passage), item: key, class: id, title: stored.title,
      people: stored.people, text: stored.text, vectors: vectors)
  }

  private func bind(
    _ draft: ItemDraft, people: String, text: [UInt8], class id: Int64, to statement: Statement
  ) throws(Problem) {
    let item = draft.item
    try statement.bind([
      draft.id.text, id, item.kind.rawValue,
      item.title.map { connection.tokenizer.countTerms($0) } ?? 0, draft.parent?.text,
      item.externalID, item.title, people, FieldList.encode(item.times), item.conversation,
      item.language, item.label, draft.contentHash,
    ])
    try statement.bind(text: text, 0..<text.count, at: 14)
  }

  /// The value of the index's column `people`: the octet that asks for names, then names and
  /// addresses; empty where there is nobody.
  static func indexed(_ people: [Person]) -> String {
    let names = people.flatMap { [$0.name, $0.address].compactMap { $0 } }
    return names.isEmpty ? "" : "\u{1}" + names.joined(separator: "\n")
  }

  private static func passages(of draft: ItemDraft) -> [Passage] {
    draft.passages.isEmpty
      ? [Passage(ordinal: 0, span: TextSpan(start: 0, end: 0))] : draft.passages
  }

  // MARK: People, facts, segments, defects

  private func insertDetails(_ item: ParsedItem, item key: Int64) throws(Problem) {
    for (ordinal, person) in item.people.enumerated() {
      try connection.run(
        "INSERT INTO person (item, ordinal, role, name, address) VALUES (?1, ?2, ?3, ?4, ?5)",
        key, ordinal, person.role.rawValue, person.name, person.address)
    }
    for (ordinal, fact) in item.facts.enumerated() {
      guard let value = Self.column(fact.value) else { continue }
      try connection.run(
        "INSERT INTO fact (item, ordinal, name, value) VALUES (?1, ?2, ?3, ?4)", key, ordinal,
        fact.name, value)
    }
    for (ordinal, segment) in item.segments.enumerated() {
      try connection.run(
        """
        INSERT INTO segment (item, ordinal, kind, start, end, part, heading, page)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """, key, ordinal, segment.kind.rawValue, segment.span.start, segment.span.end,
        segment.locator.part, segment.locator.headingColumn, segment.locator.page)
    }
    for (ordinal, defect) in item.defects.enumerated() {
      try connection.run(
        "INSERT INTO defect (item, ordinal, code, detail) VALUES (?1, ?2, ?3, ?4)", key, ordinal,
        defect.code, defect.detail)
    }
  }

  /// A fact's value with its type; `nil` for a number that is none, which SQLite cannot hold.
  private static func column(_ value: Fact.Value) -> (any Bindable)? {
    switch value {
    case .text(let text): text
    case .number(let number): number.isNaN ? nil : number
    case .instant(let instant): instant
    }
  }

  func removeDetails(of key: Int64) throws(Problem) {
    try connection.run("DELETE FROM person WHERE item = ?1", key)
    try connection.run("DELETE FROM fact WHERE item = ?1", key)
    try connection.run("DELETE FROM segment WHERE item = ?1", key)
    try connection.run("DELETE FROM defect WHERE item = ?1", key)
  }
}

extension StoredPassage {
  /// As its reader gave it.
  var passage: Passage { Passage(ordinal: ordinal, span: span, locator: locator) }
}
