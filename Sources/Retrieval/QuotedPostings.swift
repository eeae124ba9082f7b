import Partition

/// Where a query's terms occur in quoted text, a list a term.
struct QuotedPostings {
  let rows: QuotedRows
  let lists: [QuotedList]

  /// Postings of all terms.
  var count: Int { lists.reduce(0) { $0 + $1.positions.count } }

  /// Whether quotes of items before `item` have a term, from a posting on.
  func has(_ term: Int, from next: Int, before item: Int) -> Bool {
    let positions = lists[term].positions
    return next < positions.count && rows.item[Int(positions[next])] < item
  }

  /// What the quotes of an item add to a term's frequency.
  struct Addition {
    var item: Int32
    var frequency: Double
  }

  /// Puts what quotes of the items before `item` say of a term into `additions`, in the order of the items;
  /// `next` is the posting from which on they are looked at, and then the one behind them.
  func take(_ term: Int, from next: inout Int, before item: Int, into additions: inout [Addition]) {
    additions.removeAll(keepingCapacity: true)
    let (positions, counts) = (lists[term].positions, lists[term].counts)
    let items = rows.item
    var index = next
    while index < positions.count {
      let quoting = items[Int(positions[index])]
      guard quoting < item else { break }
      var sum = 0
      repeat {
        sum += Int(counts[index])
        index += 1
      } while index < positions.count && items[Int(positions[index])] == quoting
      additions.append(
        Addition(item: quoting, frequency: Double(sum) * BM25F.quotedWeight))
    }
    next = index
  }

  /// How often each term occurs in the quoted passage `row`; `nil` where none does, or it does not count.
  func counts(ofRow row: Int64) -> (counts: [Int64], length: Int)? {
    guard let position = rows.position(ofRow: row) else { return nil }
    let counts = lists.map { Int64($0.count(at: position)) }
    return counts.contains { $0 > 0 } ? (counts, Int(rows.terms[position])) : nil
  }
}
