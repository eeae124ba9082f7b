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
        let place = part.group.places(of: end - 1).upperBound
        board.open(part.firstItem + first..<part.firstItem + end)
        for index in cursors.indices {
          score(
            cursors[index].term, &cursors[index].cursor, before: place, part,
            noting: board.least(leading), hasExtra: false)
        }
        board.close(&leading)
        first = end
        window = min(2 * window, Self.window)
      }
    }
  }

  /// Adds what the postings before `place` are worth; an item's are not parted by it.
  private func score(
    _ term: Int, _ cursor: inout TermPostings.Cursor, before place: Int, _ part: RowSet.Part,
    noting least: Double, hasExtra: Bool
  ) {
    // Safe: the kernel follows places and codes of the term's list in the part's group and the items of
    // that group, and reads norms and writes sums and `extra` of the part's own items, all of which are
    // there (`TermPostings` describes the very group that the part has) and open, as postings before
    // `place` that were not taken before are of open items. An item comes to `least` once, so that there
    // is room to note it.
    unsafe part.group.items.withUnsafeBufferPointer { items in
      unsafe lengths.itemNorms.withUnsafeBufferPointer { norms in
        unsafe board.withArrays(from: part.firstItem) { sums, extra, noted in
          guard let items = items.baseAddress, let norms = norms.baseAddress else { return 0 }
          var state = unsafe loam_term(
            weight: weights[term], least: least, norms: norms + part.firstItem,
            extra: hasExtra ? extra : nil, scores: sums, noted: noted, noted_count: 0)
          var item = UInt32.max
          var frequency = 0.0
          unsafe postings[term].take(&cursor, before: place) { first, places, codes, exceptions in
            unsafe loam_score_postings(
              &state, places.baseAddress, codes.baseAddress, places.count, TermPostings.weights,
              exceptions.baseAddress, items + first, &item, &frequency)
          }
          if item != .max { unsafe loam_score_item(&state, item, frequency) }
          return unsafe state.noted_count
        }
      }
    }
  }
}
