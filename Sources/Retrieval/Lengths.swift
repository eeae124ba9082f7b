import Partition

/// How long items and passages are, over one row set; both averages are over eligible ones only.
struct Lengths {
  /// By dense item: body + 3 title, without stop words.
  let items: [Int64]
  let averageItem: Double
  /// The mean passage, in words of the body: what a passage's own words are held against.
  let averagePassage: Double

  /// O(rows).
  init(_ rows: RowSet) {
    var items = rows.titleTerms.map { Int64($0) * BM25F.titleWeight }
    var bodyTotal: Int64 = 0
    for (item, terms) in zip(rows.item, rows.bodyTerms) {
      items[Int(item)] += Int64(terms)
      bodyTotal += Int64(terms)
    }
    // Whole numbers below 2^53, so that the averages do not depend on the order of the rows.
    let total = items.reduce(0, +)
    self.items = items
    averageItem = items.isEmpty ? 0 : Double(total) / Double(items.count)
    averagePassage = rows.rows.isEmpty ? 0 : Double(bodyTotal) / Double(rows.rows.count)
  }
}
