#if _endian(big)
  #error("a term's octets are packed into words with the first octet lowest")
#endif

/// The octets of the term that is being made: at most ``Analysis/longestTerm``.
///
/// They lie in words of eight octets, the first octet lowest, and those behind the last are zero: so a
/// word of up to sixteen octets is compared, looked up and stored as two numbers.
struct TermBuffer {
  private var words = InlineArray<8, UInt64>(repeating: 0)
  private(set) var count = 0

  /// The first eight octets, and the next eight; zero behind the term's end.
  var packed: PackedWord { PackedWord(low: words[0], high: words[1]) }

  subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words[index &>> 3] &>> UInt64(8 &* (index & 7)))
  }

  /// Gives the term to `emit`.
  @inline(__always)
  func emit(_ token: Token, _ emit: Analyzer.Emit) -> Bool {
    // Safe: every pattern of bits is an octet, and `extracting` checks the count.
    let octets = unsafe Span<UInt8>(_bytes: words.span.bytes)
    return emit(octets.extracting(0..<count), token)
  }

  mutating func removeAll() {
    if count > 16 {
      for index in 2..<8 { words[index] = 0 }
    }
    words[0] = 0
    words[1] = 0
    count = 0
  }

  /// Replaces the term by a word of up to sixteen octets.
  @inline(__always)
  mutating func set(_ word: PackedWord) {
    if count > 16 { removeAll() }
    words[0] = word.low
    words[1] = word.high
    count = word.count
  }

  /// Puts an octet behind the term; false where there is no room.
  @inline(__always)
  mutating func append(_ octet: UInt8) -> Bool {
    guard count < Analysis.longestTerm else { return false }
    words[count &>> 3] |= UInt64(octet) &<< UInt64(8 &* (count & 7))
    count &+= 1
    return true
  }

  /// Puts a scalar behind the term as UTF-8; false, and nothing put, where there is no room.
  mutating func append(scalar: UInt32) -> Bool {
    if scalar < 0x80 { return append(UInt8(truncatingIfNeeded: scalar)) }
    let length = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
    guard count &+ length <= Analysis.longestTerm else { return false }
    var shift = UInt32(6 &* (length &- 1))
    let mark: UInt32 = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0
    _ = append(UInt8(truncatingIfNeeded: mark | scalar &>> shift))
    for _ in 1..<length {
      shift &-= 6
      _ = append(UInt8(truncatingIfNeeded: 0x80 | scalar &>> shift & 0x3F))
    }
    return true
  }
}

/// A word of up to sixteen octets, none of them zero, as two numbers; the first octet lowest.
struct PackedWord: Hashable {
  var low: UInt64
  var high: UInt64

  /// The number of octets.
  @inline(__always)
  var count: Int {
    high == 0
      ? 8 &- low.leadingZeroBitCount &>> 3 : 16 &- high.leadingZeroBitCount &>> 3
  }

  @inline(__always)
  subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (index < 8 ? low : high) &>> UInt64(8 &* (index & 7)))
  }
}
