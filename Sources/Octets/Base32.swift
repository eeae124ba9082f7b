/// RFC 4648's base32 in lower case, without padding.
package enum Base32 {
  /// The letters of `octets`: eight for each five octets, the last group as many as it needs.
  package static func encode(_ octets: [UInt8]) -> String {
    var letters: [UInt8] = []
    letters.reserveCapacity((octets.count * 8 + 4) / 5)
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for octet in octets {
      bits = bits << 8 | UInt32(octet)
      count += 8
      while count >= 5 {
        count -= 5
        letters.append(letter(bits >> count & 31))
      }
      bits &= 31
    }
    if count > 0 { letters.append(letter(bits << (5 - count) & 31)) }
    return String(decoding: letters, as: UTF8.self)
  }

  private static func letter(_ value: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: value < 26 ? 0x61 + value : 0x32 + value - 26)
  }
}
