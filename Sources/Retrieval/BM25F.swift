import Glibc

/// The lexical score's formula, over items.
///
/// L = sum over query terms of qtf idf tf / (tf + k1 (1 - b + b dl / avgdl)). The frequency tf is
/// body + 3 title (`RowGroup.titleWeight`), summed over an item's passages *before* saturation; dl is the sum of the same
/// weighted frequencies, stop words left out. In mode `lexical` what an item quotes adds to tf, and to
/// nothing else. Every number comes from what the caller may see.
///
/// - SeeAlso: Robertson, Zaragoza, Taylor: Simple BM25 Extension to Multiple Weighted Fields (CIKM
///   2004). The values were chosen on SciFact's training topics and hold on the other collections.
package enum BM25F {
  package static let k1 = 1.5
  package static let b = 0.75
  /// What a word counts that an item only quotes, where quoted text counts at all: less than its own.
  package static let quotedWeight = 0.4

  /// How much a term that `frequency` of `count` items have tells; positive for each.
  package static func idf(count: Int, frequency: Int) -> Double {
    log(1 + (Double(count - frequency) + 0.5) / (Double(frequency) + 0.5))
  }

  /// The saturated frequency, from 0 to 1, of what has `length` terms; `norm` is items' or passages'.
  static func saturation(frequency tf: Double, length: Int, norm: LengthNorm) -> Double {
    tf / (tf + norm.value(length: length))
  }
}

/// k1 (1 - b + b dl / avgdl) as constant + slope dl.
struct LengthNorm {
  let constant = BM25F.k1 * (1 - BM25F.b)
  let slope: Double

  /// Where all lengths are 0 (texts of stop words alone) each counts as having no length.
  init(averageLength: Double) {
    slope = averageLength > 0 ? BM25F.k1 * BM25F.b / averageLength : 0
  }

  /// What a saturated frequency is held against.
  func value(length: Int) -> Double { constant + slope * Double(length) }
}
