/// A word's octets, eight to a number, the first in its lowest bits; zeros behind the end.
///
/// That way eight octets are one look at the text, and a prefix is a mask.
struct PieceWord {
  /// Room for at least 102 scalars of four octets.
  static let octetLimit = 408

  /// One number is never written to, so that what lies behind the last octet can be read.
  ///
  /// An array, since a value of so many octets would be copied at each look-up.
  private var eights = [UInt64](repeating: 0, count: octetLimit / 8 + 1)
  /// Octets, ``octetLimit`` at most.
  private(set) var count = 0

  /// The octet at `index`.
  subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: eights[index &>> 3] &>> Self.shift(index))
  }

  /// The eight octets from `offset` on, which is not behind the end; zeros for what is.
  @inline(__always)
  func eight(at offset: Int) -> UInt64 {
    let place = offset &>> 3, shift = Self.shift(offset)
    guard shift > 0 else { return eights[place] }
    return eights[place] &>> shift | eights[place + 1] &<< (64 &- shift)
  }

  /// Appends the lowest `size` octets of `octets`, 1...8; those above are zero.
  @inline(__always)
  mutating func append(_ octets: UInt64, _ size: Int) {
    let place = count &>> 3, shift = Self.shift(count)
    precondition(count &+ size <= Self.octetLimit)
    eights[place] |= octets &<< shift
    if shift > 0 { eights[place + 1] = octets &>> (64 &- shift) }
    count &+= size
  }

  /// Inserts octets as ``append(_:_:)`` does, before the one at `place`.
  mutating func insert(_ octets: UInt64, _ size: Int, at place: Int) {
    let before = self
    removeAll()
    for index in 0..<place { append(UInt64(before[index]), 1) }
    append(octets, size)
    for index in place..<before.count { append(UInt64(before[index]), 1) }
  }

  @inline(__always)
  mutating func removeAll() {
    for place in 0...count &>> 3 { eights[place] = 0 }
    count = 0
  }

  @inline(__always)
  private static func shift(_ offset: Int) -> UInt64 { UInt64(offset & 7) &* 8 }
}

/// Eight octets of text of which the first are ASCII letters or digits.
struct PieceRun {
  /// How many, 0...8.
  let count: Int
  /// They, in lower case, and zeros.
  let octets: UInt64

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Looks at the eight octets from `offset` on, which `text` must have.
  @inline(__always)
  init(_ text: Span<UInt8>, at offset: Int) {
    // Safe: any bits are a number, and the offset is checked.
    let octets = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    let low = octets & ~Self.highBits
    let letters = Self.within(low | 0x20 &* Self.ones, 0x61, 0x7A)
    let digits = Self.within(low, 0x30, 0x39)
    let others = ~((letters | digits) & ~octets) & Self.highBits
    count = others.trailingZeroBitCount &>> 3
    // A letter's highest bit, moved to where lower case is.
    let lowered = octets | letters &>> 2
    self.octets = others == 0 ? lowered : lowered & ((others & (0 &- others)) &>> 7 &- 1)
  }

  /// The highest bit of each octet that is between `least` and `most`; all are below 0x80, so that
  /// no sum carries into the next.
  @inline(__always)
  private static func within(_ octets: UInt64, _ least: UInt64, _ most: UInt64) -> UInt64 {
    (octets &+ (0x80 &- least) &* ones) & ~(octets &+ (0x7F &- most) &* ones) & highBits
  }
}
