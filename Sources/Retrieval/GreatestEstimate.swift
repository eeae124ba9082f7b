/// The `rank`th greatest of `estimates`, from 1; none of them is NaN.
///
/// Goes by 11 bits at a time instead of by comparisons, whose results no processor foresees: of some thousand
/// a third of the time. Of a few hundred scores, as ``LeadingItems`` has them, comparisons are faster. O(count).
func greatestEstimate(_ rank: Int, of estimates: ArraySlice<Float>) -> Float {
  // Ascending as the numbers do.
  var keys = estimates.map { estimate in
    let bits = estimate.bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }
  var rank = rank
  for shift in [21, 10, 0] as [UInt32] {
    var counts = [Int](repeating: 0, count: 1 << 11)
    for key in keys { counts[Int(key >> shift & 0x7FF)] += 1 }
    var bucket = counts.count - 1
    while counts[bucket] < rank {
      rank -= counts[bucket]
      bucket -= 1
    }
    keys.removeAll { $0 >> shift & 0x7FF != bucket }
  }
  let key = keys[0]
  return Float(bitPattern: key >> 31 == 1 ? key & ~(1 << 31) : ~key)
}
