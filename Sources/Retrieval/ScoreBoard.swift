import Partition

/// Room for the lexical scores of one row set, used by one question after another.
///
/// All zeros between questions: memory that is asked for anew each time would cost more than the scores.
final class ScoreBoard {
  /// L by dense item.
  var scores: [Double]
  /// What quoted text adds to a term's frequency, by dense item; empty until it is needed.
  var extra: [Double] = []
  /// The items with a score, where they are few: the rest need not be looked at.
  var touched: [UInt32]
  private(set) var touchedCount = 0
  private(set) var isSparse = false

  init(_ rows: RowSet) {
    scores = Array(repeating: 0, count: rows.denseItemCount)
    touched = []
  }

  /// Gets ready for `postings` postings, in own and quoted text.
  func begin(postings: Int) {
    // A walk over all, which the processor foresees, costs what few visits here and there do: with a
    // quarter instead, queries of 20,000 postings among 100,000 items took longer than those of 98,000.
    isSparse = postings < scores.count / 32
    touchedCount = 0
    // The kernel writes a place ahead of what it has noted.
    if isSparse, touched.isEmpty { touched = Array(repeating: 0, count: scores.count + 1) }
  }

  /// Adds to one item's score.
  func add(_ score: Double, to item: Int) {
    if isSparse, scores[item] == 0 {
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
            isSparse ? touched.baseAddress.map { unsafe $0 + touchedCount } : nil)
        }
      }
    }
    for index in touchedCount..<touchedCount + noted { touched[index] += UInt32(first) }
    touchedCount += noted
  }

  /// The items with at least the `limit`th best score, more where some share it.
  func leading(_ limit: Int) -> [ScoredItem] {
    isSparse
      ? leadingItems(limit, of: scores, among: touched[..<touchedCount], above: 0)
      : leadingItems(limit, of: scores, above: 0)
  }

  /// Back to zeros.
  func clear() {
    if isSparse {
      for item in touched[..<touchedCount] { scores[Int(item)] = 0 }
    } else {
      for index in scores.indices { scores[index] = 0 }
    }
    touchedCount = 0
  }
}
