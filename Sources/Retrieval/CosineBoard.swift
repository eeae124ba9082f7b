/// The cosines of the items that were compared for the question under way, by dense item of one row set.
///
/// Kept between questions: a number says of which question an entry is, so that nothing is cleared.
final class CosineBoard {
  private struct Entry {
    var question: UInt32 = 0
    /// NaN where no passage of the item has a vector.
    var cosine = Float.nan
  }

  private var entries: [Entry] = []
  private var current: UInt32 = 0
  private let count: Int

  /// For a row set of `count` dense items.
  init(count: Int) { self.count = count }

  /// Resident octets.
  var octets: Int { entries.count * MemoryLayout<Entry>.stride }

  /// Forgets what was compared.
  func begin() {
    if entries.isEmpty || current == .max {
      entries = Array(repeating: Entry(), count: count)
      current = 0
    }
    current += 1
  }

  /// Those of the items that were not compared in this question.
  func unknown(of items: [Int32]) -> [Int32] {
    let (entries, current) = (entries, current)
    return items.filter { entries[Int($0)].question != current }
  }

  /// Notes the cosines of items, in their order; NaN where there is none.
  func note(_ cosines: [Float], of items: [Int32]) {
    let current = current
    var entries = taken(&self.entries)
    for (item, cosine) in zip(items, cosines) {
      entries[Int(item)] = Entry(question: current, cosine: cosine)
    }
    self.entries = entries
  }

  /// The cosines that were noted, `nil` where there is none.
  func cosines(of items: [Int32]) -> [Double?] {
    let (entries, current) = (entries, current)
    return items.map { item in
      let entry = entries[Int(item)]
      return entry.question != current || entry.cosine.isNaN ? nil : Double(entry.cosine)
    }
  }
}
