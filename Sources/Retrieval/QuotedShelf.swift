import Grounding
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

/// The quoted passages that count for a view's caller, and those of their lists that questions used lately.
///
/// As ``ItemShelf`` it belongs to one view, so to one caller and one moment of the store.
final class QuotedShelf {
  /// Octets of lists that are kept for each passage, within ``limits``; all of a passage take about 350.
  private static let passageOctets = 256
  private static let limits = 1 << 20...32 << 20

  private let snapshot: Snapshot
  private let rows: QuotedRows
  private var lists: RecentValues<String, QuotedList>

  init(_ snapshot: Snapshot, _ rows: QuotedRows) {
    self.snapshot = snapshot
    self.rows = rows
    let limit = min(
      max(rows.rows.count * Self.passageOctets, Self.limits.lowerBound), Self.limits.upperBound)
    lists = RecentValues(limit: limit, largest: limit / 4)
  }

  /// Octets held, about.
  var octets: Int { rows.octets + lists.octets }

  /// The lists of `terms`, in their order.
  ///
  /// - Throws: what the store throws.
  /// - Complexity: O(terms) for lists that are kept; O(postings, hidden rows included) for others.
  func postings(_ terms: [String]) throws(Problem) -> QuotedPostings {
    var found = terms.map { lists.value(of: $0) }
    let missing = found.indices.filter { found[$0] == nil }
    if !missing.isEmpty {
      let read = try snapshot.postings(missing.map { terms[$0] }, in: rows)
      for (index, list) in zip(missing, read) {
        found[index] = list
        lists.keep(list, octets: list.octets + terms[index].utf8.count, of: terms[index])
      }
    }
    return QuotedPostings(rows: rows, lists: found.compactMap(\.self))
  }
}
