import CKernels
import Partition

/// Adds what terms are worth to the scores of the items that have them.
struct TermScorer {
  /// A list a term; where it is in the row set; what the term weighs.
  let postings: [TermPostings]
  let parts: [[(part: RowSet.Part, entries: Range<Int>)]]
  /// `nil` where quoted text does not count.
  let quoted: QuotedPostings?
  let weights: [Double]
  let rows: RowSet
  let lengths: Lengths
  let board: ScoreBoard

  /// Items of a window: their sums take 128 KiB, a part of the second cache.
  ///
  /// The first windows are smaller, so that it is soon known about what score leads.
  static let window = 16_384
  private static let firstWindow = 1_024

  /// What a part has of one term.
  private struct TermCursor {
    let term: Int
    /// `nil` where only quotes have it.
    var own: TermPostings.Cursor?
  }

  /// Scores all items, window by window; the best are found on the way.
  ///
  /// An item's sum runs over the terms in their order, as without windows.
  func scoreWindows(_ leading: inout LeadingItems) {
    var window = Self.firstWindow
    var next = [Int](repeating: 0, count: parts.count)
    // Quotes come in the order of their items, over all parts.
    var nextQuoted = [Int](repeating: 0, count: parts.count)
    var additions: [QuotedPostings.Addition] = []
    var cursors: [TermCursor] = []
    for part in rows.parts {
      cursors.removeAll(keepingCapacity: true)
      for term in parts.indices {
        let own = next[term] < parts[term].count ? parts[term][next[term]] : nil
        if let own, own.part.index == part.index {
          cursors.append(TermCursor(term: term, own: postings[term].cursor(own.entries)))
          next[term] += 1
        } else if quoted?.has(term, from: nextQuoted[term], before: part.items.upperBound) == true {
          cursors.append(TermCursor(term: term, own: nil))
        }
      }
      guard !cursors.isEmpty else { continue }
      var first = 0
      while first < part.items.count {
        let end = min(first + window, part.items.count)
        board.open(part.firstItem + first..<part.firstItem + end)
        for index in cursors.indices {
          let term = cursors[index].term
          quoted?.take(
            term, from: &nextQuoted[term], before: part.firstItem + end, into: &additions)
          let least = board.least(leading)
          if !additions.isEmpty { board.setExtra(additions) }
          if cursors[index].own != nil {
            score(&cursors[index], before: end, part, noting: least, hasExtra: !additions.isEmpty)
          }
          if !additions.isEmpty { scoreQuoting(term, additions, part, noting: least) }
        }
        board.close(&leading)
        first = end
        window = min(2 * window, Self.window)
      }
    }
  }

  /// Adds what a term is worth to items that only quote it.
  private func scoreQuoting(
    _ term: Int, _ additions: [QuotedPostings.Addition], _ part: RowSet.Part, noting least: Double
  ) {
    let (weight, norm, itemLengths) = (weights[term], lengths.item, part.group.lengths)
    board.addExtra(additions, noting: least) { item, frequency in
      weight
        * BM25F.saturation(
          frequency: frequency, length: Int(itemLengths[item - part.firstItem]), norm: norm)
    }
  }

  /// Adds what the postings of local items before `item` are worth.
  private func score(
    _ cursor: inout TermCursor, before item: Int, _ part: RowSet.Part, noting least: Double,
    hasExtra: Bool
  ) {
    let term = cursor.term
    guard var own = cursor.own else { return }
    defer { cursor.own = own }
    // Safe: the kernel reads lengths and writes sums and `extra` of the items that the list names, which are
    // the part's own (`TermPostings` describes the very group that the part has) and open, as postings
    // before `item` that were not taken before are of open items. An item comes to `least` once, so that
    // there is room to note it.
    unsafe part.group.lengths.withUnsafeBufferPointer { itemLengths in
      unsafe board.withArrays { sums, extra, noted in
        guard let itemLengths = itemLengths.baseAddress else { return 0 }
        var count = 0
        unsafe postings[term].take(&own, before: item) { base, items, codes, exceptions in
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
