/// Packs a name into a number as its octets come: names of tags, attributes, properties.
///
/// Two names of up to eight ASCII octets have one number only where they are equal. Longer names have
/// the highest bit set and may, made for it, collide with each other.
struct HTMLName {
  private var packed: UInt64 = 0
  private var count = 0

  init() {}

  init(_ text: some Sequence<UInt8>) {
    for octet in text { add(octet) }
  }

  @inline(__always)
  mutating func add(_ octet: UInt8) {
    packed = (packed &<< 8 | packed &>> 56) ^ UInt64(octet)
    count &+= 1
  }

  var key: UInt64 { count > 8 ? packed | 1 << 63 : packed }
}
