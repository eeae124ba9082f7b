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
/// store when the batch ends, in whatever order it came; only which original `origin` names, where
/// there is one under each of several lists, goes by the list that came first.
extension PartitionWriter {
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
  func settleQuotes(_ links: inout MessageLinks) throws(Problem) {
    for item in batch.messages.items.sorted() { try settleQuotes(of: item, &links) }
    try settleHolders()
  }

  private func settleQuotes(of item: Int64, _ links: inout MessageLinks) throws(Problem) {
    let passages = try connection.quotedPassages(of: item)
    guard !passages.isEmpty else { return }
    let found = try connection.first("SELECT id, text FROM item WHERE key = ?1", item) {
      (id: $0.text(0), text: $0.octets(1))
    }
    guard let found else { return }
    let state = try quoteState(of: item, passages, text: found.text, &links)
    let rank = QuotePrint.rank(of: found.id)
    let known = try openGroups(ofItem: item)
    for (passage, (open, origin)) in zip(passages, state) {
      if origin != passage.origin {
        try connection.run(
          "UPDATE OR FAIL passage SET origin = ?2 WHERE row = ?1", passage.row, origin)
      }
      let known = known[passage.row] ?? []
      if known.isEmpty, open.isEmpty { continue }
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
    of item: Int64, _ passages: [StoredPassage], text: [UInt8], _ links: inout MessageLinks
  ) throws(Problem) -> [(open: [Int64], origin: Int64?)] {
    let lists = try links.lists(of: item)
    let lines = passages.map {
      LineFingerprint.lines(of: text.span, in: $0.span.range).map(\.hash)
    }
    var state = [(open: [Int64], origin: Int64?)](repeating: ([], nil), count: passages.count)
    for list in lists {
      let origins = try origins(of: lines, item: item, list: list, &links)
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

  /// For each passage, given by its lines, the message under `list` that has most of them, the nearest
  /// where several do; `nil` for one that is open.
  private func origins(
    of lines: [[UInt64]], item: Int64, list: Int64, _ links: inout MessageLinks
  ) throws(Problem) -> [Int64?] {
    var isFound = lines.map { Array(repeating: false, count: $0.count) }
    var best = [(item: Int64, count: Int)?](repeating: nil, count: lines.count)
    var left = lines.indices.filter { !lines[$0].isEmpty }
    for name in try links.lastReferences(of: item, list: list) where !left.isEmpty {
      for other in try links.bearers(of: name, list: list) where other != item {
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

  /// The groups of each of an item's quoted passages that is open, by row.
  private func openGroups(ofItem item: Int64) throws(Problem) -> [Int64: [QuoteGroup]] {
    var groups: [Int64: [QuoteGroup]] = [:]
    try connection.forEach(
      """
      SELECT q.row, q.print, q.list FROM passage p JOIN open_quote q ON q.row = p.row
      WHERE p.item = ?1
      """, item
    ) {
      groups[$0.int64(0), default: []].append(
        QuoteGroup(print: $0.int64(1), list: $0.int64(2)))
    }
    return groups
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
    var holders: [QuoteGroup: Int64?] = [:]
    var rows: Set<Int64> = []
    for (group, former) in batch.messages.holders {
      let now = try holder(of: group)
      holders.updateValue(now, forKey: group)
      if now != former { rows.formUnion([former, now].compactMap { $0 }) }
    }
    // An item's rows follow each other: its text is read once for them.
    var last: (item: Int64, text: [UInt8])?
    for row in rows.sorted() { try settleHolder(row, holders, &last) }
  }

  private func settleHolder(
    _ row: Int64, _ holders: [QuoteGroup: Int64?], _ last: inout (item: Int64, text: [UInt8])?
  ) throws(Problem) {
    let found = try connection.first(
      "SELECT quoted_class, start, end, item FROM passage WHERE row = ?1", row
    ) { found throws(Problem) in
      (
        class: found.isNull(0) ? nil : found.int64(0), span: try found.span(1),
        item: found.int64(3)
      )
    }
    // It went in this batch, and its words with it.
    guard let found else { return }
    var lists: Set<Int64> = []
    for group in try openGroups(of: row) {
      let holder = if let known = holders[group] { known } else { try holder(of: group) }
      if holder == row { lists.insert(group.list) }
    }
    let id = lists.isEmpty ? nil : try classes.union(lists)
    guard id != found.class else { return }
    if let id, found.class != nil {
      return try connection.run(
        "UPDATE OR FAIL passage SET quoted_class = ?2 WHERE row = ?1", row, id)
    }
    if id == nil {
      try connection.run(
        "UPDATE OR FAIL passage SET quoted_class = NULL, body_terms = 0 WHERE row = ?1", row)
    }
    if last?.item != found.item {
      let text = try connection.first("SELECT text FROM item WHERE key = ?1", found.item) {
        $0.octets(0)
      }
      last = (found.item, text ?? [])
    }
    guard let text = last?.text, found.span.end <= text.count else {
      throw Problem(.damaged, "A passage reaches beyond its item's text.", place: connection.place)
    }
    try enqueue(
      IndexOperation(
        row: row, action: id.map { .insertQuoted(class: $0) } ?? .removeQuoted, title: "",
        people: "", text: text, span: found.span.range))
  }
}
