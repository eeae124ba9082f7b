/// Names of mail folders as IMAP and the stores of its servers write them.
///
/// - SeeAlso: RFC 9051, appendix A.1 (RFC 3501, section 5.1.3).
package enum ModifiedUTF7 {
  /// The name; `text` itself where it is not well-formed, as one that was never encoded.
  ///
  /// `&` begins base64 (with `,` for `/`) of UTF-16, `-` ends it, `&-` is an `&`.
  package static func decoded(_ text: String) -> String {
    guard text.utf8.contains(0x26) else { return text }
    var result = ""
    var rest = text.utf8[...]
    while let octet = rest.popFirst() {
      guard (0x20...0x7E).contains(octet) else { return text }
      guard octet == 0x26 else {
        result.unicodeScalars.append(Unicode.Scalar(octet))
        continue
      }
      guard let end = rest.firstIndex(of: 0x2D) else { return text }
      let encoded = rest[..<end]
      rest = rest[rest.index(after: end)...]
      if encoded.isEmpty {
        result += "&"
      } else if let stretch = utf16(encoded) {
        result += stretch
      } else {
        return text
      }
    }
    return result
  }

  private static func utf16(_ encoded: Substring.UTF8View) -> String? {
    var units: [UInt16] = []
    var (bits, count): (UInt32, Int) = (0, 0)
    for octet in encoded {
      guard let value = value(octet) else { return nil }
      bits = (bits << 6 | value) & 0x3F_FFFF
      count += 6
      if count >= 16 {
        count -= 16
        units.append(UInt16(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    // What is left over fills the last letter with zeros.
    guard count < 6, bits & (1 << UInt32(count) - 1) == 0 else { return nil }
    // What could be written as it stands is not encoded, and nothing of a name is a control.
    guard units.allSatisfy({ $0 >= 0x7F }) else { return nil }
    return String(validating: units, as: UTF16.self)
  }

  private static func value(_ octet: UInt8) -> UInt32? {
    switch octet {
    case 0x41...0x5A: UInt32(octet - 0x41)
    case 0x61...0x7A: UInt32(octet - 0x61) + 26
    case 0x30...0x39: UInt32(octet - 0x30) + 52
    case 0x2B: 62
    case 0x2C: 63
    default: nil
    }
  }
}
