import Partition

/// Room for the lexical scores of one row set, used by one question after another.
///
/// Kept between questions: memory that is asked for anew each time would cost more than the scores.
final class ScoreBoard {
  /// How a question goes over the items.
  enum Way {
    /// Few of them get a score; these are noted, so that the rest, which stay 0, need not be looked at.
    case few
    /// All of them.
    case all
  }

  /// L by dense item.
  private(set) var scores: [Double]
  /// What quoted text adds to a term's frequency, by dense item; empty until it is needed, and all zeros
  /// between questions.
  var extra: [Double] = []
  private var touched: [UInt32] = []
  private(set) var touchedCount = 0
  private(set) var way = Way.all
  /// Whether a question has left scores behind.
  private var isUsed = false

  init(_ rows: RowSet) {
    scores = Array(repeating: 0, count: rows.denseItemCount)
  }

  var octets: Int { scores.count * 8 + extra.count * 8 + touched.count * 4 }

  /// Gets ready for `postings` postings, in own and quoted text.
  ///
  /// The scores are 0 then where few are noted, or where `quoted` text counts.
  func begin(postings: Int, hasQuoted: Bool) {
    // A walk over a window, which the processor foresees, costs what visits to one in sixteen do.
    way = postings < scores.count / 16 ? .few : .all
    if isUsed, way == .few || hasQuoted { zero(0..<scores.count) }
    isUsed = way == .all
    touchedCount = 0
    // The kernel writes a place ahead of what it has noted.
    if way == .few, touched.isEmpty { touched = Array(repeating: 0, count: scores.count + 1) }
    if hasQuoted, extra.isEmpty { extra = Array(repeating: 0, count: scores.count) }
  }

  /// Sets the scores of some items to 0.
  func zero(_ items: Range<Int>) {
    unsafe scores.withUnsafeMutableBufferPointer { scores in
      // A loop of checked places takes four times as long.
      unsafe UnsafeMutableBufferPointer(rebasing: scores[items]).update(repeating: 0)
    }
  }

  /// Adds to one item's score.
  func add(_ score: Double, to item: Int) {
    if way == .few, scores[item] == 0 {
      touched[touchedCount] = UInt32(item)
      touchedCount += 1
    }
    scores[item] += score
  }

  /// Calls `body` with scores, ``extra`` and the free room of ``touched`` of the items from `first` on.
  ///
  /// What is not in use is `nil`; the pointers are good within the call. The result of `body` is how many
  /// items it has noted as touched, by numbers from `first`.
  @unsafe func withArrays(
    from first: Int,
    _ body: (
      UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<UInt32>?
    ) -> Int
  ) {
    let noted = unsafe scores.withUnsafeMutableBufferPointer { scores in
      unsafe extra.withUnsafeMutableBufferPointer { extra in
        unsafe touched.withUnsafeMutableBufferPointer { touched in
          guard let scores = scores.baseAddress else { return 0 }
          return unsafe body(
            scores + first, extra.isEmpty ? nil : extra.baseAddress.map { unsafe $0 + first },
            way == .few ? touched.baseAddress.map { unsafe $0 + touchedCount } : nil)
        }
      }
    }
    for index in touchedCount..<touchedCount + noted { touched[index] += UInt32(first) }
    touchedCount += noted
  }

  /// Looks at what `items` score; where few are noted, at those noted from the `noted`th on.
  func look(at items: Range<Int>, noted: Int, _ leading: inout LeadingItems) {
    guard way == .few else { return leading.look(at: items, of: scores) }
    for item in touched[noted..<touchedCount] {
      leading.look(at: ScoredItem(item: Int32(item), score: scores[Int(item)]))
    }
  }

  /// Ends the use of the scores.
  func clear() {
    // All of them are zeroed when another question needs that.
    if way == .few { for item in touched[..<touchedCount] { scores[Int(item)] = 0 } }
    touchedCount = 0
  }
}
