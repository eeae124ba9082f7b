/// Quoted-printable as mail writes it (RFC 2045, section 6.7), read tolerantly.
package enum QuotedPrintable {
  /// What `octets` encode, and how many faults were passed over.
  ///
  /// Lower-case digits and octets that should have been encoded are read without complaint; white
  /// space before a line end is transport padding and dropped. An `=` that neither starts two digits
  /// nor ends a line is kept as it stands and counted. O(octets).
  package static func decode(_ octets: Span<UInt8>) -> (octets: [UInt8], defects: Int) {
    var result: [UInt8] = []
    result.reserveCapacity(octets.count)
    var defects = 0
    // Where the octets that stand for themselves last ended: encoded white space is not padding.
    var keepUpTo = 0
    var index = 0
    while index < octets.count {
      let octet = octets[index]
      index += 1
      switch octet {
      case 0x3D:
        if let (value, next) = encodedOctet(octets, index) {
          result.append(value)
          keepUpTo = result.count
          index = next
        } else if let next = softBreakEnd(octets, index) {
          // Spaces before the `=` are text.
          keepUpTo = result.count
          index = next
        } else {
          result.append(octet)
          defects += 1
        }
      case 0x0A, 0x0D:
        dropPadding(&result, downTo: keepUpTo)
        result.append(octet)
      default:
        result.append(octet)
      }
    }
    dropPadding(&result, downTo: keepUpTo)
    return (result, defects)
  }

  /// The octets of an encoded word's text (RFC 2047, section 4.2): `_` is a space.
  ///
  /// An `=` without two digits is kept and counted.
  package static func decodeWord(_ octets: Span<UInt8>) -> (
    octets: [UInt8], defects: Int
  ) {
    var result: [UInt8] = []
    var defects = 0
    var index = 0
    while index < octets.count {
      let octet = octets[index]
      index += 1
      if octet == 0x5F {
        result.append(0x20)
      } else if octet == 0x3D, let (value, next) = encodedOctet(octets, index) {
        result.append(value)
        index = next
      } else {
        result.append(octet)
        if octet == 0x3D { defects += 1 }
      }
    }
    return (result, defects)
  }

  private static func dropPadding(_ result: inout [UInt8], downTo limit: Int) {
    while result.count > limit, result.last == 0x20 || result.last == 0x09 { result.removeLast() }
  }

  /// The octet that two hexadecimal digits at `start` stand for, and where they end.
  private static func encodedOctet(_ octets: Span<UInt8>, _ start: Int) -> (UInt8, Int)? {
    guard start + 1 < octets.count, let high = hexadecimalValue(octets[start]),
      let low = hexadecimalValue(octets[start + 1])
    else { return nil }
    return (high << 4 | low, start + 2)
  }

  /// Where the line end after `=` ends, white space before it included; the end of the text is one.
  private static func softBreakEnd(_ octets: Span<UInt8>, _ start: Int) -> Int? {
    var index = start
    while index < octets.count, octets[index] == 0x20 || octets[index] == 0x09 { index += 1 }
    guard index < octets.count else { return index }
    if octets[index] == 0x0A { return index + 1 }
    guard octets[index] == 0x0D else { return nil }
    index += 1
    if index < octets.count, octets[index] == 0x0A { index += 1 }
    return index
  }
}

/// The value of a hexadecimal digit of either case.
@inline(__always)
package func hexadecimalValue(_ octet: UInt8) -> UInt8? {
  switch octet {
  case 0x30...0x39: octet - 0x30
  case 0x41...0x46: octet - 0x37
  case 0x61...0x66: octet - 0x57
  default: nil
  }
}
