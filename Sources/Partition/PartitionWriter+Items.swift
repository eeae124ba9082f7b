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
  /// Where the index would hold the same, the rows stay; else the vectors of passages that read as
  /// before go along into the new rows.
  func replaceContent(
    of item: KnownItem, _ draft: ItemDraft, text: [UInt8], class id: Int64
  ) throws(Problem) {
    let stored = try storedIndex(of: item.key)
    let people = Self.indexed(draft.item.people)
    let passages = Self.passages(of: draft)
    let keepsRows =
      stored.title == draft.item.title && stored.text == text
      && stored.passages.map(\.passage) == passages && stored.people == people && id == item.class
    var vectors: [QuantizedVector?]?
    if !keepsRows {
      vectors = try keptVectors(of: stored, passages, title: draft.item.title, text: text)
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

  /// The vectors of those `passages` that the encoder would read as it read one that is stored: the
  /// same title, headings and body; `nil` for the others.
  func keptVectors(
    of stored: StoredIndex, _ passages: [Passage], title: String?, text: [UInt8]
  ) throws(Problem) -> [QuantizedVector?] {
    guard stored.title == title else { return Array(repeating: nil, count: passages.count) }
    let vectors = try storedVectors(of: stored.passages.map(\.row))
    var known: [EncoderInput: QuantizedVector] = [:]
    for (passage, vector) in zip(stored.passages, vectors) {
      known[EncoderInput(passage.passage, stored.text)] = vector
    }
    return passages.map { known[EncoderInput($0, text)] }
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
        INSERT INTO segment (item, ordinal, kind, start, end, part, heading, page, role)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """, key, ordinal, segment.kind.rawValue, segment.span.start, segment.span.end,
        segment.locator.part, segment.locator.headingColumn, segment.locator.page,
        segment.role.column)
    }
  }

  func removeSegments(of key: Int64) throws(Problem) {
    try connection.run("DELETE FROM segment WHERE item = ?1", key)
  }
}

/// What the encoder reads of a passage, besides its item's title.
private struct EncoderInput: Hashable {
  let heading: [String]
  let body: ArraySlice<UInt8>

  init(_ passage: Passage, _ text: [UInt8]) {
    heading = passage.locator.heading ?? []
    body = text[passage.span.range]
  }
}

extension StoredPassage {
  /// As its reader gave it.
  var passage: Passage { Passage(ordinal: ordinal, role: role, span: span, locator: locator) }
}
