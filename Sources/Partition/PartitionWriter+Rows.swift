import Grounding

/// What the rows of one extent have in common.
struct ExtentKind: Hashable {
  var `class`: Int64
  /// Whether they are of quoted passages, which have no vectors.
  var isQuoted = false

  var role: String? { isQuoted ? Segment.Role.quoted.rawValue : nil }
}

/// The part of an extent that is still free.
struct OpenExtent {
  let first: Int64
  let count: Int64
  var used: Int64
  /// Whether ``used`` is ahead of the table.
  var isAhead = false
}

/// One value of FTS5 that is to be stored or deleted, with its passage.
///
/// Operations wait until the batch is committed (or 8 MiB of text wait) and are then done in the
/// order of their rows: FTS5 writes out a segment whenever a row number is not above the last.
struct IndexOperation {
  /// For which models' vectors a passage begins to wait.
  struct Waits {
    var serving: Bool
    var next: Bool
  }

  enum Action {
    /// Binds what was stored.
    case remove
    /// Of a passage that is not in its table yet.
    case insert(item: Int64, passage: Passage, waits: Waits)
    /// Of a quoted passage that is in its table; the class of the lists under which it counts.
    case insertQuoted(class: Int64)
    case removeQuoted
  }

  let row: Int64
  let action: Action
  /// The values of the columns `title` and `people`; empty but for an item's first passage.
  let title: String
  let people: String
  /// The item's text, shared by its passages.
  let text: [UInt8]
  let span: Range<Int>

  /// Whether the text is the column `quoted`'s instead of the column `body`'s.
  var isQuoted: Bool {
    switch action {
    case .remove, .insert: false
    case .removeQuoted, .insertQuoted: true
    }
  }
}

extension PartitionWriter {
  private static let smallestExtent: Int64 = 16
  private static let greatestExtent: Int64 = 1_024
  private static let queueLimit = 8 << 20

  // MARK: Row numbers

  /// Gives out `count` row numbers of one kind, ascending; none of them was ever given out.
  func allocateRows(_ count: Int, _ kind: ExtentKind) throws(Problem) -> [Int64] {
    var rows: [Int64] = []
    rows.reserveCapacity(count)
    while rows.count < count {
      var extent = try lastExtent(of: kind)
      if extent == nil || extent?.used == extent?.count {
        extent = try addExtent(kind, after: extent)
      }
      guard var extent else { break }
      let taken = min(Int64(count - rows.count), extent.count - extent.used)
      rows.append(contentsOf: extent.first + extent.used..<extent.first + extent.used + taken)
      extent.used += taken
      extent.isAhead = true
      openExtents[kind] = extent
    }
    return rows
  }

  private func lastExtent(of kind: ExtentKind) throws(Problem) -> OpenExtent? {
    if let known = openExtents[kind] { return known }
    return try connection.first(
      """
      SELECT first, count, used FROM extent WHERE class = ?1 AND role IS ?2
      ORDER BY first DESC LIMIT 1
      """, kind.class, kind.role
    ) { row throws(Problem) in
      let range = try row.extent(0, place: connection.place)
      guard 0...range.count ~= row.int(2) else {
        throw Problem(.damaged, "An extent is overfull.", place: connection.place)
      }
      return OpenExtent(
        first: range.lowerBound, count: Int64(range.count), used: row.int64(2))
    }
  }

  private func addExtent(_ kind: ExtentKind, after last: OpenExtent?) throws(Problem) -> OpenExtent
  {
    if let last, last.isAhead { try writeUse(of: last) }
    let count = min(Self.greatestExtent, last.map { $0.count * 2 } ?? Self.smallestExtent)
    // The last extent of the store is never dropped, so its end is the end of all numbers given out.
    let first = try connection.first(
      "SELECT first + count FROM extent ORDER BY first DESC LIMIT 1"
    ) { $0.int64(0) }
    let extent = OpenExtent(first: first ?? 1, count: count, used: 0)
    try connection.run(
      "INSERT INTO extent (first, class, role, count, used) VALUES (?1, ?2, ?3, ?4, 0)",
      extent.first, kind.class, kind.role, count)
    return extent
  }

  private func writeUse(of extent: OpenExtent) throws(Problem) {
    try connection.run(
      "UPDATE OR FAIL extent SET used = ?2 WHERE first = ?1", extent.first, extent.used)
  }

  /// The extent in which `row` lies.
  func extent(of row: Int64) throws(Problem) -> (first: Int64, count: Int64)? {
    try connection.extent(of: row).map { ($0.lowerBound, Int64($0.count)) }
  }

  /// Removes extents that are full and whose rows are all gone, with their vector pages.
  func dropDeadExtents() throws(Problem) {
    var touched: Set<Int64> = []
    for run in runs(batch.removedRows) {
      var row = run.lowerBound
      while row <= run.upperBound, let extent = try extent(of: row) {
        touched.insert(extent.first)
        row = extent.first + extent.count
      }
    }
    for first in touched.sorted() {
      let isDead = try connection.first(
        """
        SELECT 1 FROM extent e WHERE first = ?1 AND used = count
          AND first <> (SELECT max(first) FROM extent)
          AND NOT EXISTS (SELECT 1 FROM passage WHERE row >= e.first AND row < e.first + e.count)
        """, first
      ) { _ in true }
      guard isDead == true else { continue }
      try connection.run("DELETE FROM vector_page WHERE extent = ?1", first)
      try connection.run("DELETE FROM mixed_page WHERE extent = ?1", first)
      try connection.run("DELETE FROM extent WHERE first = ?1", first)
      // The next one is as large as if the writer had just been opened.
      openExtents = openExtents.filter { $0.value.first != first }
    }
  }

  // MARK: Passages

  /// Gives an item's passages rows of `class` and queues those of its own words for the index.
  ///
  /// Quoted ones stand in their table at once; whether the index takes them is found out when the
  /// batch is committed. `vectors` are those that the passages had in their former rows; `nil` where
  /// they have none.
  func addPassages(
    _ passages: [Passage], item: Int64, class id: Int64, title: String?, people: String,
    text: [UInt8], vectors: [QuantizedVector?]? = nil
  ) throws(Problem) {
    let own = passages.prefix { $0.role == .new }
    let rows = try allocateRows(own.count, ExtentKind(class: id))
    let model = try model()
    let isChangingModel = try self.model(.next) != nil
    for (index, passage) in own.enumerated() {
      let vector = vectors?[index]
      if let vector, let model {
        try storeVector(vector, row: rows[index], model: model)
        batch.messages.embedded.insert(item)
      }
      try enqueue(
        IndexOperation(
          row: rows[index],
          action: .insert(
            item: item, passage: passage,
            waits: IndexOperation.Waits(serving: vector == nil, next: isChangingModel)),
          title: index == 0 ? title ?? "" : "", people: index == 0 ? people : "",
          text: text, span: passage.span.range))
    }
    batch.addedRows.append(contentsOf: rows)
    try addQuoted(passages[own.count...], item: item, class: id)
  }

  private func addQuoted(
    _ passages: ArraySlice<Passage>, item: Int64, class id: Int64
  ) throws(Problem) {
    guard !passages.isEmpty else { return }
    let rows = try allocateRows(passages.count, ExtentKind(class: id, isQuoted: true))
    for (row, passage) in zip(rows, passages) {
      try writePassage(passage, row: row, item: item, terms: 0)
    }
    batch.addedRows.append(contentsOf: rows)
    batch.messages.items.insert(item)
  }

  /// Takes an item's passages out of the tables and queues their removal from the index.
  ///
  /// Called before the item's row changes: the values that are bound have to be the old ones.
  func removePassages(of stored: StoredIndex) throws(Problem) {
    for passage in stored.passages {
      batch.removedRows.append(passage.row)
      if passage.role == .new {
        try enqueue(
          IndexOperation(
            row: passage.row, action: .remove,
            title: passage.ordinal == 0 ? stored.title ?? "" : "",
            people: passage.ordinal == 0 ? stored.people : "", text: stored.text,
            span: passage.span.range))
        try forgetPending(passage.row, of: stored.key)
      } else {
        try closeQuotes(of: passage.row)
        if passage.quotedClass != nil { try enqueue(stored.operation(.removeQuoted, passage)) }
      }
    }
    try connection.run("DELETE FROM passage WHERE item = ?1", stored.key)
  }

  /// A row that is about to go waits for no vectors; where it had one, its item is noted.
  func forgetPending(_ row: Int64, of item: Int64) throws(Problem) {
    try connection.run("DELETE FROM pending_next WHERE row = ?1", row)
    try connection.run("DELETE FROM pending_vector WHERE row = ?1", row)
    if connection.changedRows == 0 { batch.messages.embedded.insert(item) }
  }

  func enqueue(_ operation: IndexOperation) throws(Problem) {
    if batch.queuedOctets > Self.queueLimit { try settle() }
    batch.queue.append(operation)
    batch.queuedOctets += operation.span.count + 64
    batch.hasChanges = true
    if case .insert(let item, _, _) = operation.action { batch.queuedItems.insert(item) }
  }

  /// What the index holds of an item.
  struct StoredIndex {
    var key: Int64
    var title: String?
    var people: String
    var text: [UInt8]
    var passages: [StoredPassage]

    /// An operation on the index for one of the quoted passages.
    func operation(_ action: IndexOperation.Action, _ passage: StoredPassage) -> IndexOperation {
      IndexOperation(
        row: passage.row, action: action, title: "", people: "", text: text,
        span: passage.span.range)
    }
  }

  func storedIndex(of item: Int64) throws(Problem) -> StoredIndex {
    if batch.queuedItems.contains(item) { try settle() }
    let stored = try connection.first(
      "SELECT title, people, text FROM item WHERE key = ?1", item
    ) {
      StoredIndex(
        key: item, title: $0.optionalText(0), people: $0.text(1), text: $0.octets(2), passages: [])
    }
    guard var stored else {
      throw Problem(
        .damaged, "A location names an item that is not there.", place: connection.place)
    }
    stored.passages = try connection.passages(of: item)
    for passage in stored.passages where passage.span.end > stored.text.count {
      throw Problem(.damaged, "A passage reaches beyond its item's text.", place: connection.place)
    }
    return stored
  }

  // MARK: The index

  /// Does what waits in the queue, in the order of the rows; of one row as it was queued.
  func settle() throws(Problem) {
    let operations = batch.queue.enumerated().sorted {
      ($0.element.row, $0.offset) < ($1.element.row, $1.offset)
    }
    batch.queue.removeAll(keepingCapacity: true)
    batch.queuedOctets = 0
    batch.queuedItems.removeAll(keepingCapacity: true)
    for (_, operation) in operations { try perform(operation) }
    for (kind, extent) in openExtents where extent.isAhead {
      try writeUse(of: extent)
      openExtents[kind]?.isAhead = false
    }
  }

  private func perform(_ operation: IndexOperation) throws(Problem) {
    switch operation.action {
    case .remove, .removeQuoted:
      try writeIndex(
        operation,
        """
        INSERT INTO passage_text (rowid, title, people, body, quoted, passage_text)
        VALUES (?1, ?2, ?3, ?4, ?5, 'delete')
        """)
    case .insert(let item, let passage, let waits):
      let terms = try insertIndex(operation)
      try writePassage(passage, row: operation.row, item: item, terms: terms)
      if waits.serving {
        try connection.run("INSERT INTO pending_vector (row) VALUES (?1)", operation.row)
      }
      if waits.next {
        try connection.run("INSERT INTO pending_next (row) VALUES (?1)", operation.row)
      }
    case .insertQuoted(let id):
      let terms = try insertIndex(operation)
      try connection.run(
        "UPDATE OR FAIL passage SET quoted_class = ?2, body_terms = ?3 WHERE row = ?1",
        operation.row, id, terms)
    }
  }

  /// Puts values into the index; the result is how many terms the text has.
  private func insertIndex(_ operation: IndexOperation) throws(Problem) -> Int {
    connection.tokenizer.forgetCounts()
    try writeIndex(
      operation,
      """
      INSERT INTO passage_text (rowid, title, people, body, quoted)
      VALUES (?1, ?2, ?3, ?4, ?5)
      """)
    // FTS5 hands over the values in the order of its columns.
    let counts = connection.tokenizer.counts
    guard counts.count == 4 else {
      throw Problem(.internal, "FTS5 did not read a value once.", place: connection.place)
    }
    return counts[operation.isQuoted ? 3 : 2]
  }

  private func writeIndex(
    _ operation: IndexOperation, _ sql: StaticString
  ) throws(Problem) {
    let statement = try connection.statement(sql)
    try statement.bind(operation.row, at: 1)
    try statement.bind(operation.title, at: 2)
    try statement.bind(operation.people, at: 3)
    // The text is one column's, the other's is empty.
    try statement.bind(text: operation.text, operation.span, at: operation.isQuoted ? 5 : 4)
    try statement.bind("", at: operation.isQuoted ? 4 : 5)
    try statement.run()
  }

  private func writePassage(
    _ passage: Passage, row: Int64, item: Int64, terms: Int
  ) throws(Problem) {
    try connection.run(
      """
      INSERT INTO passage (row, item, body_terms, ordinal, start, end, part, heading, page, role)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      """, row, item, terms, passage.ordinal, passage.span.start, passage.span.end,
      passage.locator.part, passage.locator.headingColumn, passage.locator.page,
      passage.role.column)
  }
}
