/// How far octets are UTF-8.
package struct UTF8Shape {
  /// Well-formed sequences of several octets.
  package private(set) var sequences = 0
  /// Octets that belong to none.
  package private(set) var broken = 0
  package private(set) var hasNull = false

  /// A text that is hardly broken was cut or patched; a legacy one has no eight sequences by chance.
  package var isLikely: Bool { broken == 0 || sequences >= 8 * broken }

  /// O(octets).
  package init(_ octets: [UInt8]) {
    hasNull = octets.contains(0)
    guard !isASCII(octets.span) else { return }
    var index = 0
    while index < octets.count {
      let octet = octets[index]
      if octet < 0x80 {
        index += 1
      } else if let length = Self.length(octets, index) {
        sequences += 1
        index += length
      } else {
        broken += 1
        index += 1
      }
    }
  }

  private static func length(_ octets: [UInt8], _ index: Int) -> Int? {
    let lead = octets[index]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard (0xC2...0xF4).contains(lead), index + length <= octets.count else { return nil }
    for offset in 1..<length where octets[index + offset] & 0xC0 != 0x80 { return nil }
    let next = octets[index + 1]
    switch lead {
    case 0xE0 where next < 0xA0, 0xED where next > 0x9F, 0xF0 where next < 0x90,
      0xF4 where next > 0x8F:
      return nil
    default: return length
    }
  }
}
