/// A character encoding by the labels that mail and documents give it.
///
/// Labels are those of the WHATWG Encoding Standard and IANA, as far as `CharsetLabels` lists them;
/// nothing else reaches iconv. As browsers do, ISO-8859-1 is read as windows-1252 and GB2312 as
/// GB18030: senders mix them up, and the octets that differ have no meaning in the declared one.
/// US-ASCII stays strict, so that a caller can see that a declaration was wrong.
package struct Charset: Hashable, Sendable {
  /// The encoding's usual name in lower case.
  package let name: String
  private let method: Method

  private enum Method: Hashable, Sendable {
    case ascii, utf8, windows1252
    case iconv(String)
  }

  package static let ascii = Charset(name: "us-ascii", method: .ascii)
  package static let utf8 = Charset(name: "utf-8", method: .utf8)
  package static let windows1252 = Charset(name: "windows-1252", method: .windows1252)
  package static let utf16LittleEndian = Charset(name: "utf-16le", method: .iconv("UTF-16LE"))
  package static let utf16BigEndian = Charset(name: "utf-16be", method: .iconv("UTF-16BE"))

  private init(name: String, method: Method) {
    self.name = name
    self.method = method
  }

  /// The encoding that `label` names, whatever its case; `nil` for one that is not on the list.
  package init?(label: String) {
    guard let name = CharsetLabels.canonicalName(label) else { return nil }
    switch name {
    case "us-ascii": self = .ascii
    case "utf-8": self = .utf8
    case "windows-1252": self = .windows1252
    default: self.init(name: name, method: .iconv(CharsetLabels.iconvName(name)))
    }
  }

  /// Whether octets below 0x80 always mean ASCII, so that a text of them needs no decoding.
  package var keepsASCII: Bool {
    guard case .iconv(let name) = method else { return true }
    return !["HZ", "UTF-7"].contains(name) && !name.hasPrefix("ISO-2022")
      && !name.hasPrefix("UTF-16") && !name.hasPrefix("UTF-32")
  }

  /// The text of `octets`, and how many places could not be read and became U+FFFD.
  ///
  /// A byte order mark is left in. Where the machine lacks iconv's converter, ASCII is read and all
  /// else is replaced. O(octets).
  package func decode(_ octets: [UInt8]) -> (text: String, replaced: Int) {
    switch method {
    case .ascii:
      return isASCII(octets.span)
        ? (String(decoding: octets, as: UTF8.self), 0)
        : Self.decodeSingle(octets) { $0 < 0x80 ? UInt16($0) : 0xFFFD }
    case .utf8: return decodeUTF8(octets)
    case .windows1252:
      return isASCII(octets.span)
        ? (String(decoding: octets, as: UTF8.self), 0)
        : Self.decodeSingle(octets) {
          (0x80..<0xA0).contains($0) ? windows1252High[Int($0) - 0x80] : UInt16($0)
        }
    case .iconv(let name): return decodeByIconv(octets, from: name)
    }
  }

  private static func decodeSingle(
    _ octets: [UInt8], _ scalar: (UInt8) -> UInt16
  ) -> (text: String, replaced: Int) {
    var utf8: [UInt8] = []
    utf8.reserveCapacity(octets.count + octets.count / 8)
    var replaced = 0
    for octet in octets {
      let value = scalar(octet)
      if value < 0x80 {
        utf8.append(UInt8(truncatingIfNeeded: value))
      } else if value < 0x800 {
        utf8.append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | value & 63))
      } else {
        if value == 0xFFFD { replaced += 1 }
        utf8.append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 63))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | value & 63))
      }
    }
    return (String(decoding: utf8, as: UTF8.self), replaced)
  }
}

/// The octets 0x80 to 0x9F of windows-1252; five of them stand for nothing.
private let windows1252High: [UInt16] = [
  0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
  0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
]

/// Whether every octet is below 0x80.
///
/// - Complexity: O(octets), eight at a time.
package func isASCII(_ octets: Span<UInt8>) -> Bool {
  let bytes = unsafe octets.bytes
  var offset = 0
  var high: UInt64 = 0
  while offset &+ 32 <= octets.count {
    for word in 0..<4 {
      // Safe: any octets are a UInt64, and the loop's condition keeps the offset inside.
      high |= unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: offset &+ word &* 8, as: UInt64.self)
    }
    if high & 0x8080_8080_8080_8080 != 0 { return false }
    offset &+= 32
  }
  while offset < octets.count {
    if octets[offset] >= 0x80 { return false }
    offset &+= 1
  }
  return true
}

/// The text of `octets` as UTF-8; each maximal broken part becomes one U+FFFD and is counted.
///
/// - SeeAlso: The Unicode Standard, section 3.9, "U+FFFD Substitution of Maximal Subparts".
package func decodeUTF8(_ octets: [UInt8]) -> (text: String, replaced: Int) {
  if isASCII(octets.span) { return (String(decoding: octets, as: UTF8.self), 0) }
  if let text = String(validating: octets, as: UTF8.self) { return (text, 0) }
  var text = String.UnicodeScalarView()
  var replaced = 0
  var iterator = octets.makeIterator()
  var decoder = UTF8()
  reading: while true {
    switch decoder.decode(&iterator) {
    case .scalarValue(let scalar): text.append(scalar)
    case .emptyInput: break reading
    case .error:
      text.append("\u{FFFD}")
      replaced += 1
    }
  }
  return (String(text), replaced)
}
