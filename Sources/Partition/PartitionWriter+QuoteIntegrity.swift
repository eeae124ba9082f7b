import Grounding

extension PartitionWriter {
  /// Each quoted passage is open under the lists, repeats the message and counts where the messages
  /// say so; reads every quoted passage and what it may repeat.
  func checkQuotes() throws(Problem) -> [String] {
    var findings: [String] = []
    let open = try connection.all(
      "SELECT row, list, print, rank FROM open_quote ORDER BY print, list, rank, row"
    ) {
      (
        row: $0.int64(0), group: QuoteGroup(print: $0.int64(2), list: $0.int64(1)),
        rank: $0.int64(3)
      )
    }
    var groups: [Int64: [(group: QuoteGroup, rank: Int64)]] = [:]
    var held: [Int64: Set<Int64>] = [:]
    var last: QuoteGroup?
    for quote in open {
      groups[quote.row, default: []].append((quote.group, quote.rank))
      if quote.group != last { held[quote.row, default: []].insert(quote.group.list) }
      last = quote.group
    }
    var (misplaced, misnamed, miscounted) = (0, 0, 0)
    ownLines = [:]
    var links = MessageLinks(connection)
    let items = try connection.all(
      "SELECT DISTINCT item FROM passage WHERE role IS NOT NULL ORDER BY item"
    ) { $0.int64(0) }
    for item in items {
      let found = try connection.first("SELECT id, text FROM item WHERE key = ?1", item) {
        (rank: QuotePrint.rank(of: $0.text(0)), text: $0.octets(1))
      }
      guard let found else { continue }
      let passages = try connection.passages(of: item).filter {
        $0.role == .quoted && $0.span.end <= found.text.count
      }
      let state = try quoteState(of: item, passages, text: found.text, &links)
      for (passage, (lists, origin)) in zip(passages, state) {
        let known = groups.removeValue(forKey: passage.row) ?? []
        let print = QuotePrint.print(of: found.text, in: passage.span.range)
        if known.map(\.group.list).sorted() != lists
          || known.contains(where: { $0.group.print != print || $0.rank != found.rank })
        {
          misplaced += 1
        }
        if passage.origin != origin { misnamed += 1 }
        if passage.quotedClass == nil, held[passage.row] == nil { continue }
        let counts = try passage.quotedClass.map { (id) throws(Problem) in
          try classes.lists(of: [id])
        }
        if try counts ?? [] != classes.lists(of: held[passage.row] ?? []) { miscounted += 1 }
      }
    }
    misplaced += groups.count
    if misplaced > 0 { findings.append("\(misplaced) quoted passages that are not where they say") }
    if misnamed > 0 { findings.append("\(misnamed) quoted passages that repeat another message") }
    if miscounted > 0 {
      findings.append("\(miscounted) quoted passages that count where they do not")
    }
    let own = try connection.first(
      """
      SELECT count(*) FROM passage
      WHERE role IS NULL AND (origin IS NOT NULL OR quoted_class IS NOT NULL)
      """
    ) { $0.int(0) }
    if let own, own > 0 { findings.append("\(own) passages of own words that are held for quoted") }
    return findings
  }
}
