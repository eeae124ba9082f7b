/// Base64 as mail writes it (RFC 2045, section 6.8), read tolerantly.
package enum Base64 {
  /// What `octets` encode, and how many faults were passed over.
  ///
  /// White space and line ends are not faults. A fault is an octet outside of the alphabet (left out),
  /// a group without its padding, letters after padding (read on, as where two encodings were joined),
  /// and a last letter that holds no whole octet (dropped). O(octets).
  package static func decode(_ octets: Span<UInt8>) -> (octets: [UInt8], defects: Int) {
    var result: [UInt8] = []
    result.reserveCapacity(octets.count / 4 * 3 + 3)
    var bits: UInt32 = 0
    var letters = 0
    var isPadded = false
    var paddingDue = 0
    var defects = 0
    // Taken once: each look at a static property asks whether it is there.
    let values = Self.values
    for index in octets.indices {
      let value = values[Int(octets[index])]
      if value < 64 {
        if isPadded {
          defects += 1
          (isPadded, paddingDue) = (false, 0)
        }
        bits = bits &<< 6 | UInt32(value)
        letters += 1
        guard letters == 4 else { continue }
        result.append(UInt8(truncatingIfNeeded: bits &>> 16))
        result.append(UInt8(truncatingIfNeeded: bits &>> 8))
        result.append(UInt8(truncatingIfNeeded: bits))
        (letters, bits) = (0, 0)
      } else if value == paddingValue {
        if letters > 1 {
          appendShortGroup(&result, bits: bits, letters: letters)
          paddingDue = 3 - letters
        } else if letters == 0, paddingDue > 0 {
          paddingDue -= 1
        } else {
          defects += 1
        }
        isPadded = true
        (letters, bits) = (0, 0)
      } else if value == faultValue {
        defects += 1
      }
    }
    if letters > 1 { appendShortGroup(&result, bits: bits, letters: letters) }
    if letters > 0 || paddingDue > 0 { defects += 1 }
    return (result, defects)
  }

  /// Appends the one or two octets that two or three letters hold.
  private static func appendShortGroup(_ result: inout [UInt8], bits: UInt32, letters: Int) {
    let aligned = bits &<< UInt32(24 - letters * 6)
    result.append(UInt8(truncatingIfNeeded: aligned &>> 16))
    if letters == 3 { result.append(UInt8(truncatingIfNeeded: aligned &>> 8)) }
  }

  private static let paddingValue: UInt8 = 64
  private static let spaceValue: UInt8 = 65
  private static let faultValue: UInt8 = 66

  /// The value of each octet as a letter, or one of the three above.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: faultValue, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, letter) in alphabet.utf8.enumerated() { table[Int(letter)] = UInt8(value) }
    table[0x3D] = paddingValue
    for space in [0x09, 0x0A, 0x0C, 0x0D, 0x20] { table[space] = spaceValue }
    return table
  }()
}
