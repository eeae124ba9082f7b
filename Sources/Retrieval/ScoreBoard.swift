import Partition

/// Room for the lexical scores of one row set, used by one question after another.
///
/// Kept between questions: memory that is asked for anew each time would cost more than the scores.
final class ScoreBoard {
  /// How a question goes over the items.
  enum Way {
    /// The scores are 0 before; every item that gets one is noted, so that the rest need not be looked at.
    case sparse
    /// The scores of some items at a time are set to 0 and then added to; those items are noted that come
    /// to what the best so far have.
    case dense
  }

  /// L by dense item.
  private(set) var scores: [Double]
  /// What quoted text adds to a term's frequency, by dense item; empty until it is needed, and all zeros
  /// between questions.
  var extra: [Double] = []
  private var noted: [UInt32] = []
  private var notedCount = 0
  private(set) var way = Way.dense
  /// Whether a question has left scores behind.
  private var isUsed = false

  init(_ rows: RowSet) {
    scores = Array(repeating: 0, count: rows.denseItemCount)
  }

  var octets: Int { scores.count * 8 + extra.count * 8 + noted.count * 4 }

  /// Gets ready for `postings` postings, in own and quoted text, `window` items at a time where they are many.
  func begin(postings: Int, hasQuoted: Bool, window: Int) {
    // To set a score to 0, which the processor foresees, costs what a visit to one in sixteen does.
    way = hasQuoted || postings < scores.count / 16 ? .sparse : .dense
    if isUsed, way == .sparse { zero(0..<scores.count) }
    isUsed = way == .dense
    notedCount = 0
    let room = min(way == .sparse ? postings : window, scores.count)
    if noted.count < room {
      noted.append(contentsOf: repeatElement(0, count: room - noted.count))
    }
    if hasQuoted, extra.isEmpty { extra = Array(repeating: 0, count: scores.count) }
  }

  /// Gets ready for items that nothing was added to yet.
  func open(_ items: Range<Int>) {
    if way == .dense {
      zero(items)
      notedCount = 0
    }
  }

  private func zero(_ items: Range<Int>) {
    unsafe scores.withUnsafeMutableBufferPointer { scores in
      // A loop of checked places takes four times as long.
      unsafe UnsafeMutableBufferPointer(rebasing: scores[items]).update(repeating: 0)
    }
  }

  /// The score from which on an item is noted, where those that lead have `leading` or more.
  func least(_ leading: LeadingItems) -> Double {
    way == .sparse ? .leastNonzeroMagnitude : leading.least
  }

  /// Adds to one item's score.
  func add(_ score: Double, to item: Int) {
    if scores[item] == 0 {
      noted[notedCount] = UInt32(item)
      notedCount += 1
    }
    scores[item] += score
  }

  /// Calls `body` with scores, ``extra`` (`nil` where it is not in use) and the free room for notes, of the
  /// items from `first` on.
  ///
  /// The pointers are good within the call. The result of `body` is how many items it has noted, by
  /// numbers from `first`.
  @unsafe func withArrays(
    from first: Int,
    _ body: (
      UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<UInt32>
    ) -> Int
  ) {
    let count = unsafe scores.withUnsafeMutableBufferPointer { scores in
      unsafe extra.withUnsafeMutableBufferPointer { extra in
        unsafe noted.withUnsafeMutableBufferPointer { noted in
          guard let scores = scores.baseAddress, let noted = noted.baseAddress else { return 0 }
          return unsafe body(
            scores + first, extra.isEmpty ? nil : extra.baseAddress.map { unsafe $0 + first },
            noted + notedCount)
        }
      }
    }
    for index in notedCount..<notedCount + count { noted[index] += UInt32(first) }
    notedCount += count
  }

  /// How many items were noted since the question began, or since items were opened where they are many.
  var mark: Int { notedCount }

  /// Looks at the items that were noted after `mark`.
  func look(after mark: Int, _ leading: inout LeadingItems) {
    for item in noted[mark..<notedCount] {
      leading.look(at: ScoredItem(item: Int32(item), score: scores[Int(item)]))
    }
  }

  /// Ends the use of the scores.
  func clear() {
    // All of them are zeroed when another question needs that.
    if way == .sparse { for item in noted[..<notedCount] { scores[Int(item)] = 0 } }
    notedCount = 0
  }
}
