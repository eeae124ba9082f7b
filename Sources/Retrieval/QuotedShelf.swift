import Grounding
import Partition

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
