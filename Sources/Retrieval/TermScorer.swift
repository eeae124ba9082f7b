import CKernels
import Partition

/// Adds what terms are worth to the scores of the items that have them.
struct TermScorer {
  /// A list a term; where it is in the row set; what the term weighs.
  let postings: [TermPostings]
  let parts: [[(part: RowSet.Part, entries: Range<Int>)]]
  let weights: [Double]
  let rows: RowSet
  let norm: LengthNorm
  let board: ScoreBoard

  /// Items of a window: their scores take 128 KiB, a part of the second cache.
  private static let window = 16_384

  /// Adds one term's worth to all items that have it or quote it.
  func scoreAll(_ term: Int) {
    for (part, entries) in parts[term] {
      var cursor = postings[term].cursor(entries)
      score(term, &cursor, before: .max, part, hasExtra: true)
    }
  }

  /// Scores all items by own text alone, window by window: near to the processor a score costs three
  /// quarters of what it does among all, and the best are found on the way.
  ///
  /// An item's sum runs over the terms in their order, as without windows.
  func scoreWindows(_ leading: inout LeadingItems) {
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
      guard !cursors.isEmpty else {
        if board.way == .all { board.zero(part.items) }
        continue
      }
      for first in stride(from: 0, to: part.items.count, by: Self.window) {
        let end = min(first + Self.window, part.items.count)
        let place = part.group.places(of: end - 1).upperBound
        let items = part.firstItem + first..<part.firstItem + end
        let noted = board.touchedCount
        if board.way == .all { board.zero(items) }
        for index in cursors.indices {
          score(
            cursors[index].term, &cursors[index].cursor, before: place, part, hasExtra: false)
        }
        board.look(at: items, noted: noted, &leading)
      }
    }
  }

  /// Adds what the postings before `place` are worth; an item's are not parted by it.
  private func score(
    _ term: Int, _ cursor: inout TermPostings.Cursor, before place: Int, _ part: RowSet.Part,
    hasExtra: Bool
  ) {
    // Safe: the kernel follows places and codes of the term's list in the part's group, items and
    // lengths of that group, and writes scores and `extra` of the part's own items, all of which are
    // there (`TermPostings` describes the very group that the part has). An item is touched once a
    // question, so that `touched` has room.
    unsafe part.group.withArrays { items, lengths in
      unsafe board.withArrays(from: part.firstItem) { scores, extra, touched in
        guard let firstItem = items.baseAddress else { return 0 }
        var sums = unsafe loam_term(
          weight: weights[term], constant: norm.constant, slope: norm.slope,
          lengths: lengths.baseAddress, extra: hasExtra ? extra : nil, scores: scores,
          touched: touched, touched_count: 0)
        var item = UInt32.max
        var frequency = 0.0
        unsafe postings[term].take(&cursor, before: place) { first, places, codes, exceptions in
          unsafe loam_score_postings(
            &sums, places.baseAddress, codes.baseAddress, places.count, TermPostings.weights,
            exceptions.baseAddress, firstItem + first, &item, &frequency)
        }
        if item != .max { unsafe loam_score_item(&sums, item, frequency) }
        return unsafe sums.touched_count
      }
    }
  }
}
