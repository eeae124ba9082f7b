import CKernels
import Partition

/// Adds what terms are worth to the scores of the items that have them.
struct TermScorer {
  /// A list a term; where it is in the row set; what the term weighs.
  let postings: [TermPostings]
  let parts: [[(part: RowSet.Part, entries: Range<Int>)]]
  let weights: [Double]
  let rows: RowSet
  let lengths: Lengths
  let board: ScoreBoard

  /// Items of a window: their sums take 128 KiB, a part of the second cache.
  ///
  /// The first windows are smaller, so that it is soon known about what score leads.
  static let window = 16_384
  private static let firstWindow = 1_024

  /// Adds one term's worth to all items that have it or quote it, which are open.
  func scoreAll(_ term: Int) {
    for (part, entries) in parts[term] {
      var cursor = postings[term].cursor(entries)
      score(
        term, &cursor, before: .max, part, noting: .leastNonzeroMagnitude, hasExtra: true)
    }
  }

  /// Scores all items by own text alone, window by window; the best are found on the way.
  ///
  /// An item's sum runs over the terms in their order, as without windows.
  func scoreWindows(_ leading: inout LeadingItems) {
    var window = Self.firstWindow
    var next = [Int](repeating: 0, count: parts.count)
    var cursors: [(term: Int, cursor: TermPostings.Cursor)] = []
    for part in rows.parts {
      cursors.removeAll(keepingCapacity: true)
      for term in parts.indices {
        guard next[term] < parts[term].count, parts[term][next[term]].part.index == part.index
        else { continue }
        cursors.append((term, postings[term].cursor(parts[term][next[term]].entries)))
        next[term] += 1
      }
      guard !cursors.isEmpty else { continue }
      var first = 0
      while first < part.items.count {
        let end = min(first + window, part.items.count)
        board.open(part.firstItem + first..<part.firstItem + end)
        for index in cursors.indices {
          score(
            cursors[index].term, &cursors[index].cursor, before: end, part,
            noting: board.least(leading), hasExtra: false)
        }
        board.close(&leading)
        first = end
        window = min(2 * window, Self.window)
      }
    }
  }

  /// Adds what the postings of local items before `item` are worth.
  private func score(
    _ term: Int, _ cursor: inout TermPostings.Cursor, before item: Int, _ part: RowSet.Part,
    noting least: Double, hasExtra: Bool
  ) {
    // Safe: the kernel reads lengths and writes sums and `extra` of the items that the list names, which are
    // the part's own (`TermPostings` describes the very group that the part has) and open, as postings
    // before `item` that were not taken before are of open items. An item comes to `least` once, so that
    // there is room to note it.
    unsafe part.group.lengths.withUnsafeBufferPointer { itemLengths in
      unsafe board.withArrays { sums, extra, noted in
        guard let itemLengths = itemLengths.baseAddress else { return 0 }
        var count = 0
        unsafe postings[term].take(&cursor, before: item) { base, items, codes, exceptions in
          let first = part.firstItem + base
          var state = unsafe loam_term(
            weight: weights[term], least: least, title_weight: Double(RowGroup.titleWeight),
            constant: lengths.item.constant, slope: lengths.item.slope, lengths: itemLengths + base,
            extra: hasExtra ? extra.map { unsafe $0 + first } : nil,
            scores: sums + first, first: UInt32(first), noted: noted + count, noted_count: 0)
          let used = unsafe loam_score_postings(
            &state, items.baseAddress, codes.baseAddress, items.count, exceptions.baseAddress,
            TermPostings.Code.weights, lengths.itemNorms)
          unsafe count += state.noted_count
          return used
        }
        return count
      }
    }
  }
}
