import Analysis
import Grounding
import Octets

/// The quoted passages of one fingerprint under one access list: the first of them counts.
struct QuoteGroup: Hashable, Comparable {
  var print: Int64
  var list: Int64

  static func < (a: QuoteGroup, b: QuoteGroup) -> Bool { (a.print, a.list) < (b.print, b.list) }
}

/// What a batch has changed that other messages depend on.
struct MessageChanges {
  /// Names of messages that came, went or changed; who refers to them is looked at again.
  var names: Set<Int64> = []
  /// Items whose quoted passages and parent are looked at again.
  var items: Set<Int64> = []
  /// Items whose passages got or lost vectors.
  var embedded: Set<Int64> = []
  /// The first passage of each group of quotes that changed, as it was before the batch.
  var holders: [QuoteGroup: Int64?] = [:]
}

/// Where quoted text counts.
///
/// Everything is decided list by list, so that nobody's answers depend on what lies under lists that
/// are closed to them. Under one access list a quoted passage *repeats* when more than half of its
/// lines stand among the own words of messages under the same list that its item refers to. Else it
/// is *open*; and of the open passages that say the same, the one of the item with the least id
/// counts: it alone is in the index, in the column `quoted`. All this follows from what is in the
/// store when the batch ends, in whatever order it came.
extension PartitionWriter {
  /// The references, from the last, whose messages are looked at.
  static let referenceLimit = 8
  /// Messages with one Message-ID under one list that are looked at.
  static let bearerLimit = 4
  /// Octets of a message's text in which a quote is looked for.
  static let originOctetLimit = 1 << 20

  /// Notes that a copy of `item`, which bears `name`, came, went or changed.
  func noteCopy(of item: Int64, name: Int64?) {
    if let name { batch.messages.names.insert(name) }
    batch.messages.items.insert(item)
    ownLines[item] = nil
  }

  /// Notes who refers to messages that came, went or changed.
  func noteReferring() throws(Problem) {
    for name in batch.messages.names.sorted() {
      try connection.forEach(
        "SELECT item FROM message_name WHERE name = ?1 AND is_own = 0", name
      ) { batch.messages.items.insert($0.int64(0)) }
    }
    batch.messages.names = []
  }

  /// Finds out for all that the batch has changed where quoted text counts, and queues what that
  /// changes in the index.
  ///
  /// - Complexity: O(octets of the quoted passages of the items that changed and of those that refer
  ///   to them, and of the messages these refer to); each pair of a message and one of its last eight
  ///   references is looked at when either comes, goes or changes.
  func settleQuotes() throws(Problem) {
    for item in batch.messages.items.sorted() { try settleQuotes(of: item) }
    try settleHolders()
  }

  private func settleQuotes(of item: Int64) throws(Problem) {
    let passages = try connection.passages(of: item).filter { $0.role == .quoted }
    guard !passages.isEmpty else { return }
    let found = try connection.first("SELECT id, text FROM item WHERE key = ?1", item) {
      (id: $0.text(0), text: $0.octets(1))
    }
    guard let found else { return }
    let state = try quoteState(of: item, passages, text: found.text)
    let rank = QuotePrint.rank(of: found.id)
    for (passage, (open, origin)) in zip(passages, state) {
      if origin != passage.origin {
        try connection.run(
          "UPDATE OR FAIL passage SET origin = ?2 WHERE row = ?1", passage.row, origin)
      }
      let known = try openGroups(of: passage.row)
      let print =
        known.first?.print ?? QuotePrint.print(of: found.text, in: passage.span.range)
      for group in known where !open.contains(group.list) {
        try noteHolder(of: group)
        try connection.run(
          "DELETE FROM open_quote WHERE print = ?1 AND list = ?2 AND rank = ?3 AND row = ?4",
          print, group.list, rank, passage.row)
      }
      for list in open where !known.contains(where: { $0.list == list }) {
        try noteHolder(of: QuoteGroup(print: print, list: list))
        try connection.run(
          "INSERT INTO open_quote (print, list, rank, row) VALUES (?1, ?2, ?3, ?4)", print, list,
          rank, passage.row)
      }
    }
  }

  // MARK: Origins

  /// For each quoted passage of `item` the lists under which it is open, ascending, and the message
  /// that it repeats under the first of the others.
  func quoteState(
    of item: Int64, _ passages: [StoredPassage], text: [UInt8]
  ) throws(Problem) -> [(open: [Int64], origin: Int64?)] {
    let lists = try lists(of: item)
    let lines = passages.map {
      LineFingerprint.lines(of: text.span, in: $0.span.range).map(\.hash)
    }
    var state = [(open: [Int64], origin: Int64?)](repeating: ([], nil), count: passages.count)
    for list in lists {
      let origins = try origins(of: lines, item: item, list: list)
      for (index, origin) in origins.enumerated() {
        if let origin {
          state[index].origin = state[index].origin ?? origin
        } else {
          state[index].open.append(list)
        }
      }
    }
    return state
  }

  /// The access lists of an item's copies, each a class of its own, ascending.
  func lists(of item: Int64) throws(Problem) -> [Int64] {
    try connection.all(
      "SELECT DISTINCT access FROM location WHERE item = ?1 ORDER BY access", item
    ) { $0.int64(0) }
  }

  /// For each passage, given by its lines, the message under `list` that has most of them, the nearest
  /// where several do; `nil` for one that is open.
  private func origins(
    of lines: [[UInt64]], item: Int64, list: Int64
  ) throws(Problem) -> [Int64?] {
    var isFound = lines.map { Array(repeating: false, count: $0.count) }
    var best = [(item: Int64, count: Int)?](repeating: nil, count: lines.count)
    var left = lines.indices.filter { !lines[$0].isEmpty }
    for name in try lastReferences(of: item, list: list) where !left.isEmpty {
      for other in try bearers(of: name, list: list) where other != item {
        let own = try lineSet(of: other)
        for index in left {
          var count = 0
          for (place, line) in lines[index].enumerated() where own.contains(line) {
            isFound[index][place] = true
            count += 1
          }
          if count > best[index]?.count ?? 0 { best[index] = (other, count) }
        }
      }
      left.removeAll { index in isFound[index].count { $0 } * 2 > lines[index].count }
    }
    for index in left { best[index] = nil }
    return best.map { $0?.item }
  }

  /// The names of the last references of an item's copies under `list`, the nearest first.
  func lastReferences(of item: Int64, list: Int64) throws(Problem) -> [Int64] {
    var names: [Int64] = []
    let copies = try connection.all(
      """
      SELECT reference_names FROM location WHERE item = ?1 AND access = ?2
      ORDER BY content_hash, source, key
      """, item, list
    ) { row throws(Problem) in try ConversationNames.references(row.octets(0)) }
    for copy in copies {
      for name in copy.suffix(Self.referenceLimit).reversed() where !names.contains(name) {
        names.append(name)
      }
      // Copies under one list that differ here are few: all their names are as many as one has.
      if names.count >= Self.referenceLimit { break }
    }
    return names
  }

  /// The items that bear a name under `list`, the least id first.
  func bearers(of name: Int64, list: Int64) throws(Problem) -> [Int64] {
    try connection.all(
      """
      SELECT DISTINCT n.item, i.id FROM message_name n JOIN item i ON i.key = n.item
      WHERE n.name = ?1 AND n.is_own = 1 AND n.access = ?2 ORDER BY i.id LIMIT ?3
      """, name, list, Self.bearerLimit
    ) { $0.int64(0) }
  }

  /// The lines of an item's own words; remembered for the last few thousand items.
  private func lineSet(of item: Int64) throws(Problem) -> Set<UInt64> {
    if let known = ownLines[item] { return known }
    let text = try connection.first("SELECT text FROM item WHERE key = ?1", item) { $0.octets(0) }
    guard let text else { return [] }
    let segments = try connection.segments(of: item)
    var ranges = segments.filter { $0.passageRole == .new }.map(\.span.range)
    if segments.isEmpty { ranges = [0..<text.count] }
    var lines: Set<UInt64> = []
    for range in ranges where range.lowerBound < Self.originOctetLimit {
      let range = range.lowerBound..<min(range.upperBound, Self.originOctetLimit)
      for line in LineFingerprint.lines(of: text.span, in: range) { lines.insert(line.hash) }
    }
    if ownLines.count >= 4_096 { ownLines.removeAll(keepingCapacity: true) }
    ownLines[item] = lines
    return lines
  }

  // MARK: Once a list

  /// Takes an item's quoted passages, which are about to go, out of their groups.
  func closeQuotes(of row: Int64) throws(Problem) {
    let groups = try openGroups(of: row)
    guard !groups.isEmpty else { return }
    for group in groups { try noteHolder(of: group) }
    try connection.run("DELETE FROM open_quote WHERE row = ?1", row)
  }

  private func openGroups(of row: Int64) throws(Problem) -> [QuoteGroup] {
    try connection.all("SELECT print, list FROM open_quote WHERE row = ?1", row) {
      QuoteGroup(print: $0.int64(0), list: $0.int64(1))
    }
  }

  /// Remembers who counts in a group that is about to change.
  private func noteHolder(of group: QuoteGroup) throws(Problem) {
    guard batch.messages.holders[group] == nil else { return }
    batch.messages.holders.updateValue(try holder(of: group), forKey: group)
  }

  private func holder(of group: QuoteGroup) throws(Problem) -> Int64? {
    try connection.first(
      "SELECT row FROM open_quote WHERE print = ?1 AND list = ?2 ORDER BY rank, row LIMIT 1",
      group.print, group.list
    ) { $0.int64(0) }
  }

  /// Gives every passage of a group that changed the class of the lists under which it counts.
  private func settleHolders() throws(Problem) {
    var rows: Set<Int64> = []
    for (group, former) in batch.messages.holders {
      let now = try holder(of: group)
      if now != former { rows.formUnion([former, now].compactMap { $0 }) }
    }
    for row in rows.sorted() { try settleHolder(row) }
  }

  private func settleHolder(_ row: Int64) throws(Problem) {
    let found = try connection.first(
      """
      SELECT p.quoted_class, p.start, p.end, i.text FROM passage p JOIN item i ON i.key = p.item
      WHERE p.row = ?1
      """, row
    ) { found throws(Problem) in
      (
        class: found.isNull(0) ? nil : found.int64(0), span: try found.span(1),
        text: found.octets(3)
      )
    }
    // It went in this batch, and its words with it.
    guard let found else { return }
    guard found.span.end <= found.text.count else {
      throw Problem(.damaged, "A passage reaches beyond its item's text.", place: connection.place)
    }
    var lists: Set<Int64> = []
    for group in try openGroups(of: row) where try holder(of: group) == row {
      lists.insert(group.list)
    }
    let id = lists.isEmpty ? nil : try classes.union(lists)
    guard id != found.class else { return }
    try connection.run(
      """
      UPDATE OR FAIL passage SET quoted_class = ?2,
        body_terms = CASE WHEN ?2 IS NULL THEN 0 ELSE body_terms END
      WHERE row = ?1
      """, row, id)
    guard (id == nil) != (found.class == nil) else { return }
    try enqueue(
      IndexOperation(
        row: row, action: id == nil ? .removeQuoted : .insertQuoted, title: "", people: "",
        text: found.text, span: found.span.range))
  }
}
