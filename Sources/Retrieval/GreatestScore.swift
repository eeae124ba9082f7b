/// The `rank`th greatest of `scores`, from 1; none of them is NaN.
///
/// O(count).
func greatest(_ rank: Int, of scores: some Sequence<Double>) -> Double {
  let keys = scores.map { key(ofBits: $0.bitPattern) }
  return Double(bitPattern: bits(ofKey: greatestKey(rank, of: keys)))
}

/// The `rank`th greatest of `estimates`, from 1; none of them is NaN.
///
/// O(count).
func greatest(_ rank: Int, of estimates: some Sequence<Float>) -> Float {
  let keys = estimates.map { key(ofBits: $0.bitPattern) }
  return Float(bitPattern: bits(ofKey: greatestKey(rank, of: keys)))
}

/// A number that ascends as the floating-point numbers of these bits do.
private func key<Bits: FixedWidthInteger>(ofBits bits: Bits) -> Bits {
  let sign: Bits = 1 << (Bits.bitWidth - 1)
  return bits & sign == 0 ? bits | sign : ~bits
}

private func bits<Bits: FixedWidthInteger>(ofKey key: Bits) -> Bits {
  let sign: Bits = 1 << (Bits.bitWidth - 1)
  return key & sign == 0 ? ~key : key & ~sign
}

/// Goes by 11 bits at a time, from the greatest on, instead of by comparisons, whose results no processor
/// foresees: a third of the time.
private func greatestKey<Key: FixedWidthInteger & UnsignedInteger>(
  _ rank: Int, of keys: [Key]
) -> Key {
  let digit = 11
  var (keys, rank, shift) = (keys, rank, Key.bitWidth)
  while shift > 0, keys.count > 1 {
    // The last digit may share bits with the one before: they are the same in all that are left.
    shift = max(0, shift - digit)
    let mask: Key = 1 << digit - 1
    var counts = [Int](repeating: 0, count: 1 << digit)
    for key in keys { counts[Int(key >> shift & mask)] += 1 }
    var bucket = counts.count - 1
    while counts[bucket] < rank {
      rank -= counts[bucket]
      bucket -= 1
    }
    keys.removeAll { $0 >> shift & mask != bucket }
  }
  return keys[0]
}
