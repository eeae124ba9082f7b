import CKernels
import Partition

/// How long items and passages are, over one row set; both averages are over eligible ones only.
struct Lengths {
  /// Of items: body + 3 title, without stop words.
  let item: LengthNorm
  /// Of passages, in words of the body: what a passage's own words are held against.
  let passage: LengthNorm
  /// What ``item`` makes of lengths, by length, as every posting of a question asks for one.
  ///
  /// They go as far as there are items so long, and as the kernel looks them up.
  let itemNorms: [Double]

  /// Resident octets.
  var octets: Int { itemNorms.count * 8 }

  /// O(groups), and the greatest length.
  init(_ rows: RowSet) {
    // Whole numbers below 2^53, so that the averages do not depend on the order of the rows.
    let total = rows.parts.reduce(0) { $0 + $1.group.totalLength }
    let bodies = rows.parts.reduce(0) { $0 + $1.group.totalBodyTerms }
    item = LengthNorm(
      averageLength: rows.itemCount == 0 ? 0 : Double(total) / Double(rows.itemCount))
    passage = LengthNorm(
      averageLength: rows.passageCount == 0 ? 0 : Double(bodies) / Double(rows.passageCount))
    let greatest = rows.parts.map(\.group.greatestLength).max() ?? 0
    itemNorms = (0...min(greatest, Int(LOAM_NORMS) - 1)).map(item.value(length:))
  }
}
