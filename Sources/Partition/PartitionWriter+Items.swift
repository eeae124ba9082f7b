import Grounding

extension PartitionWriter {
  /// Stores a new item; the result is its key.
  func insertItem(_ draft: ItemDraft, text: [UInt8], class id: Int64) throws(Problem) -> Int64 {
    let people = Self.indexed(draft.item.people)
    let statement = try connection.statement(
      """
      INSERT INTO item (id, class, kind, title_terms, parent, external_id, title, people, language,
        text, version)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)
      """)
    try bind(draft, people: people, text: text, class: id, to: statement)
    try statement.run()
    let key = connection.lastRow
    try insertSegments(draft.item.segments, item: key)
    try addPassages(
      Self.passages(of: draft), item: key, class: id, title: draft.item.title, people: people,
      text: text)
    return key
  }

  /// Whether an item has the content of `draft` already.
  func holds(_ draft: ItemDraft, text: [UInt8], item key: Int64) throws(Problem) -> Bool {
    let isNamed = try connection.first(
      """
      SELECT 1 FROM item WHERE key = ?1 AND kind = ?2 AND external_id IS ?3 AND language IS ?4
        AND parent IS ?5
      """, key, draft.item.kind.rawValue, draft.item.externalID, draft.item.language,
      draft.parent?.text
    ) { _ in true }
    guard isNamed == true else { return false }
    let stored = try storedIndex(of: key)
    let segments = try connection.segments(of: key)
    return stored.title == draft.item.title && stored.text == text
      && stored.people == Self.indexed(draft.item.people)
      && stored.passages.map(\.passage) == Self.passages(of: draft)
      && segments == draft.item.segments
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
        external_id = ?6, title = ?7, people = ?8, language = ?9, text = ?10,
        version = version + 1
      WHERE id = ?1
      """)
    try bind(draft, people: people, text: text, class: id, to: statement)
    try statement.run()
    try removeSegments(of: item.key)
    try insertSegments(draft.item.segments, item: item.key)
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
      item.externalID, item.title, people, item.language,
    ])
    try statement.bind(text: text, 0..<text.count, at: 10)
  }

  /// The people that copies of one item agree on: only they are indexed.
  ///
  /// A Bcc stands in the sender's copy alone, and must not be found through the others.
  static let sharedRoles: Set<Person.Role> = [.from, .to, .cc, .organizer, .attendee, .author]

  /// The value of the index's column `people`: the octet that asks for names, then the names and
  /// addresses of ``sharedRoles``; empty where there is nobody.
  static func indexed(_ people: [Person]) -> String {
    let names = people.filter { sharedRoles.contains($0.role) }
      .flatMap { [$0.name, $0.address].compactMap { $0 } }
    return names.isEmpty ? "" : "\u{1}" + names.joined(separator: "\n")
  }

  private static func passages(of draft: ItemDraft) -> [Passage] {
    draft.passages.isEmpty
      ? [Passage(ordinal: 0, span: TextSpan(start: 0, end: 0))] : draft.passages
  }

  // MARK: Segments

  private func insertSegments(_ segments: [Segment], item key: Int64) throws(Problem) {
    for (ordinal, segment) in segments.enumerated() {
      try connection.run(
        """
        INSERT INTO segment (item, ordinal, kind, start, end, part, heading, page)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """, key, ordinal, segment.kind.rawValue, segment.span.start, segment.span.end,
        segment.locator.part, segment.locator.headingColumn, segment.locator.page)
    }
  }

  func removeSegments(of key: Int64) throws(Problem) {
    try connection.run("DELETE FROM segment WHERE item = ?1", key)
  }
}

extension StoredPassage {
  /// As its reader gave it.
  var passage: Passage { Passage(ordinal: ordinal, span: span, locator: locator) }
}
