import Glibc

/// The ranking written down as DESIGN's table has it, word by word: the reference.
///
/// Texts are lists of words that the analysis keeps apart; `stopWords` leave query and lengths.
struct PlainRanking {
  struct Item {
    var id: String
    var title: [String]
    var passages: [[String]]
    /// Quoted passages that count.
    var quoted: [[String]] = []
    /// By passage; `nil` where it is pending.
    var cosines: [Double?]
  }

  var items: [Item]
  var stopWords: Set<String>

  private func frequency(_ word: String, _ item: Item) -> Double {
    Double(
      item.passages.joined().filter { $0 == word }.count + 3
        * item.title.filter { $0 == word }.count)
  }

  private func length(_ item: Item) -> Double {
    Double(
      item.passages.joined().filter { !stopWords.contains($0) }.count
        + 3 * item.title.filter { !stopWords.contains($0) }.count)
  }

  /// The share L / B by item id, and whether the query has terms at all.
  func shares(_ query: [String]) -> [String: Double]? {
    var words = query.filter { !stopWords.contains($0) }
    if words.isEmpty { words = query }
    guard !words.isEmpty else { return nil }
    let count = Double(items.count)
    let average = items.isEmpty ? 0 : items.map(length).reduce(0, +) / count
    func idf(_ word: String) -> Double {
      let having = Double(items.filter { frequency(word, $0) > 0 }.count)
      return log(1 + (count - having + 0.5) / (having + 0.5))
    }
    let weights = words.map(idf)
    let bound = weights.reduce(0, +)
    var result: [String: Double] = [:]
    for item in items {
      let score = zip(words, weights).map { word, weight in
        let quotes = item.quoted.joined().count { $0 == word }
        let tf = frequency(word, item) + 0.4 * Double(quotes)
        let share = average > 0 ? length(item) / average : 0
        return tf == 0 ? 0 : weight * tf / (tf + 1.5 * (1 - 0.75 + 0.75 * share))
      }.reduce(0, +)
      result[item.id] = score / bound
    }
    return result
  }

  /// The fused score by item id, of every item that either leg puts forward.
  func hybrid(_ query: [String]) -> [String: Double] {
    let shares = shares(query)
    var result: [String: Double] = [:]
    for item in items {
      let cosine = item.cosines.compactMap(\.self).max()
      guard cosine != nil || shares?[item.id] ?? 0 > 0 else { continue }
      result[item.id] =
        shares.map { 0.4 * (cosine ?? 0) + 0.6 * ($0[item.id] ?? 0) } ?? cosine ?? 0
    }
    return result
  }
}
