/// The cosines of the items that were compared for the question under way, by dense item of one row set.
///
/// Kept between questions: a number says of which question an entry is, so that nothing is cleared.
final class CosineBoard {
  private var questions: [UInt32] = []
  /// NaN where no passage of the item has a vector.
  private var cosines: [Float] = []
  private var current: UInt32 = 0
  private let count: Int

  /// For a row set of `count` dense items.
  init(count: Int) { self.count = count }

  /// Resident octets.
  var octets: Int { questions.count * 8 }

  /// Forgets what was compared.
  func begin() {
    if questions.isEmpty || current == .max {
      questions = Array(repeating: 0, count: count)
      cosines = Array(repeating: .nan, count: count)
      current = 0
    }
    current += 1
  }

  /// Whether it is to be compared: not asked for in this question before.
  func claim(_ item: Int32) -> Bool {
    guard questions[Int(item)] != current else { return false }
    questions[Int(item)] = current
    cosines[Int(item)] = .nan
    return true
  }

  /// Notes the cosine of an item that was claimed.
  func note(_ cosine: Float?, of item: Int32) { cosines[Int(item)] = cosine ?? .nan }

  /// The cosine that was noted, `nil` where there is none.
  func cosine(of item: Int32) -> Double? {
    let cosine = cosines[Int(item)]
    return questions[Int(item)] != current || cosine.isNaN ? nil : Double(cosine)
  }
}
