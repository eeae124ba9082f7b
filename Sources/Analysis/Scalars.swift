/// A scalar read from UTF-8, and how many octets it took.
struct DecodedScalar {
  var value: UInt32
  var count: Int

  /// What stands for an octet that begins no well-formed scalar.
  static let replacement: UInt32 = 0xFFFD
}

extension Span<UInt8> {
  /// The scalar at `offset`, which is below the count.
  ///
  /// An octet that begins no well-formed sequence is U+FFFD of one octet, so any octets can be read.
  func scalar(at offset: Int) -> DecodedScalar {
    let first = self[offset]
    if first < 0x80 { return DecodedScalar(value: UInt32(first), count: 1) }
    let bad = DecodedScalar(value: DecodedScalar.replacement, count: 1)
    let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
    guard length > 0, length <= count &- offset else { return bad }
    var value = UInt32(first) & (0x7F &>> UInt32(length))
    var index = 1
    while index < length {
      let octet = self[offset &+ index]
      guard octet & 0xC0 == 0x80 else { return bad }
      value = value &<< 6 | UInt32(octet) & 0x3F
      index &+= 1
    }
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= least, value <= 0x10FFFF, value & 0xFFFF_F800 != 0xD800 else { return bad }
    return DecodedScalar(value: value, count: length)
  }

  /// Where the scalar before `offset` begins; `offset` is above 0.
  func scalarStart(before offset: Int) -> Int {
    var start = offset &- 1
    while start > 0, offset &- start < 4, self[start] & 0xC0 == 0x80 { start &-= 1 }
    // A lone continuation octet is a scalar of its own.
    return start &+ scalar(at: start).count == offset ? start : offset &- 1
  }
}
