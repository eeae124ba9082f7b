import Partition

/// Room for the lexical scores of one row set, used by one question after another.
///
/// A question opens some items, adds to their sums, and closes them; sums stay near to the processor so.
/// Of all items only those keep their scores that lead or were asked for. Kept between questions: memory
/// that is asked for anew each time would cost more than the scores.
final class ScoreBoard {
  /// How a question goes over the open items.
  private enum Way {
    /// Every item that gets a score is noted, so that the rest need not be looked at or cleared.
    case sparse
    /// Those items are noted that come to what the best so far have.
    case dense
  }

  /// L by dense item, of those that lead or were asked for; 0 of others.
  private(set) var scores: [Double]
  /// The items whose ``scores`` are to be cleared.
  private var kept: [Int32] = []
  /// By open item; all zeros while none is open.
  private var sums: [Double] = []
  /// What quoted text adds to a term's frequency, by open item; empty until it is needed, and all zeros
  /// between terms.
  private var extra: [Double] = []
  private var open = 0..<0
  private var noted: [UInt32] = []
  private var notedCount = 0
  private var way = Way.dense
  /// The items that were asked for, and a bit a dense item that says so.
  private var asked: [Int32] = []
  private var isAsked: [UInt64]

  init(_ rows: RowSet) {
    scores = Array(repeating: 0, count: rows.denseItemCount)
    isAsked = Array(repeating: 0, count: (rows.denseItemCount + 63) / 64)
  }

  var octets: Int {
    scores.count * 8 + sums.count * 8 + extra.count * 8 + noted.count * 4 + isAsked.count * 8
  }

  /// Gets ready for `postings` postings, in own and quoted text, of which at most `window` items are open
  /// at a time; the scores of `items` will be asked for, whether they lead or not.
  func begin(postings: Int, hasQuoted: Bool, window: Int, items: [Int32]) {
    // To set a sum to 0, which the processor foresees, costs what a visit to one in sixteen does.
    way = postings < scores.count / 16 ? .sparse : .dense
    let window = min(window, scores.count)
    if sums.count < window {
      sums.append(contentsOf: repeatElement(0, count: window - sums.count))
    }
    let room = min(postings, window)
    if noted.count < room {
      noted.append(contentsOf: repeatElement(0, count: room - noted.count))
    }
    if hasQuoted, extra.count < window {
      extra.append(contentsOf: repeatElement(0, count: window - extra.count))
    }
    asked = items
    for item in items { isAsked[Int(item) / 64] |= 1 << UInt64(item % 64) }
  }

  /// Opens items that nothing was added to yet.
  func open(_ items: Range<Int>) {
    open = items
    notedCount = 0
  }

  /// The sum from which on an item is noted, where those that lead have `leading` or more.
  func least(_ leading: LeadingItems) -> Double {
    way == .sparse ? .leastNonzeroMagnitude : leading.least
  }

  /// Sets what quoted text adds to the frequency that open items have of a term.
  func setExtra(_ additions: [QuotedPostings.Addition]) {
    var extra = taken(&self.extra)
    for addition in additions {
      extra[Int(addition.item) - open.lowerBound] = addition.frequency
    }
    self.extra = extra
  }

  /// Adds to the sums of those items whose ``extra`` was not used what `worth` says of item and
  /// frequency, notes which come to `least`, and clears it.
  func addExtra(
    _ additions: [QuotedPostings.Addition], noting least: Double, _ worth: (Int, Double) -> Double
  ) {
    var (extra, sums, noted) = (taken(&self.extra), taken(&self.sums), taken(&self.noted))
    for addition in additions {
      let item = Int(addition.item)
      let index = item - open.lowerBound
      guard extra[index] > 0 else { continue }
      extra[index] = 0
      let before = sums[index]
      sums[index] += worth(item, addition.frequency)
      guard before < least, sums[index] >= least else { continue }
      noted[notedCount] = UInt32(addition.item)
      notedCount += 1
    }
    (self.extra, self.sums, self.noted) = (extra, sums, noted)
  }

  /// Calls `body` with sums and ``extra`` (`nil` where it was never in use), both by dense item, and the free
  /// room for notes.
  ///
  /// The pointers are good within the call, and for open items only. The result of `body` is how many
  /// items it has noted.
  @unsafe func withArrays(
    _ body: (
      UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<UInt32>
    ) -> Int
  ) {
    let count = unsafe sums.withUnsafeMutableBufferPointer { sums in
      unsafe extra.withUnsafeMutableBufferPointer { extra in
        unsafe noted.withUnsafeMutableBufferPointer { noted in
          guard let sums = sums.baseAddress, let noted = noted.baseAddress else { return 0 }
          return unsafe body(
            sums - open.lowerBound, extra.baseAddress.map { unsafe $0 - open.lowerBound },
            noted + notedCount)
        }
      }
    }
    notedCount += count
  }

  /// Looks at the items that were noted, keeps the scores that were asked for, and clears the sums.
  func close(_ leading: inout LeadingItems) {
    var sums = taken(&self.sums)
    let first = open.lowerBound
    for item in noted[..<notedCount] {
      leading.look(at: ScoredItem(item: Int32(item), score: sums[Int(item) - first]))
    }
    keepAsked(sums)
    switch way {
    case .sparse:
      for item in noted[..<notedCount] { sums[Int(item) - first] = 0 }
    case .dense:
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        // A loop of checked places takes four times as long.
        unsafe UnsafeMutableBufferPointer(rebasing: sums[..<open.count]).update(repeating: 0)
      }
    }
    self.sums = sums
    open = 0..<0
    notedCount = 0
  }

  private func keepAsked(_ sums: [Double]) {
    let open = open
    guard !asked.isEmpty, !open.isEmpty else { return }
    var (scores, kept) = (taken(&self.scores), taken(&self.kept))
    for word in open.lowerBound / 64...(open.upperBound - 1) / 64 {
      var bits = isAsked[word]
      while bits != 0 {
        let item = word * 64 + bits.trailingZeroBitCount
        bits &= bits - 1
        guard open.contains(item) else { continue }
        scores[item] = sums[item - open.lowerBound]
        kept.append(Int32(item))
      }
    }
    (self.scores, self.kept) = (scores, kept)
  }

  /// Keeps the scores of items until the question ends.
  func keep(_ items: [ScoredItem]) {
    var (scores, kept) = (taken(&self.scores), taken(&self.kept))
    for item in items {
      scores[Int(item.item)] = item.score
      kept.append(item.item)
    }
    (self.scores, self.kept) = (scores, kept)
  }

  /// Ends the use of the scores.
  func clear() {
    var (scores, isAsked) = (taken(&self.scores), taken(&self.isAsked))
    for item in kept { scores[Int(item)] = 0 }
    for item in asked { isAsked[Int(item) / 64] = 0 }
    (self.scores, self.isAsked) = (scores, isAsked)
    kept.removeAll(keepingCapacity: true)
    asked = []
  }
}
