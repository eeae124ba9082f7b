import Grounding
import Octets

/// The text of a document's octets, and what was odd about it.
struct DocumentText {
  private(set) var text: String
  private(set) var defects: [Defect] = []

  /// By byte order mark, else UTF-8 where it is well formed, else windows-1252 with a defect.
  init(_ octets: [UInt8], limits: DocumentLimits) {
    var octets = octets
    if octets.count > limits.octets {
      octets.removeSubrange(max(0, limits.octets)...)
      defects.append(Self.defect(.documentTooLarge))
      octets.removeLast(Self.openSequence(octets))
    }
    let (charset, markLength) = Self.charset(octets)
    let body = Array(octets.dropFirst(markLength))
    if let charset {
      let (decoded, replaced) = charset.decode(body)
      text = decoded
      if replaced > 0 { defects.append(Self.defect(.undecodableOctets, String(replaced))) }
    } else if let decoded = String(validating: body, as: UTF8.self) {
      text = decoded
    } else {
      defects.append(Self.defect(.undeclaredOctets))
      let (decoded, replaced) = Charset.windows1252.decode(body)
      text = decoded
      if replaced > 0 { defects.append(Self.defect(.undecodableOctets, String(replaced))) }
    }
    if text.utf8.count > limits.textOctets {
      text = prefix(text, octets: limits.textOctets)
      defects.append(Self.defect(.textTooLong))
    }
  }

  static func defect(_ code: DocumentDefect, _ detail: String? = nil) -> Defect {
    Defect(code.rawValue, detail)
  }

  /// What the byte order mark says, and its length.
  private static func charset(_ octets: [UInt8]) -> (Charset?, Int) {
    if octets.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if octets.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if octets.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    return (nil, 0)
  }

  /// How many octets at the end begin a UTF-8 sequence that was cut off.
  private static func openSequence(_ octets: [UInt8]) -> Int {
    for back in 1...3 where octets.count >= back {
      let octet = octets[octets.count - back]
      if octet >= 0xC0 { return octet >= 0xF0 || back < 3 && octet >= 0xE0 || back < 2 ? back : 0 }
      if octet < 0x80 { return 0 }
    }
    return 0
  }
}

/// The longest beginning of `text` that has at most `count` octets and ends with a whole scalar.
func prefix(_ text: String, octets count: Int) -> String {
  guard text.utf8.count > count else { return text }
  var end = text.utf8.index(text.startIndex, offsetBy: max(0, count))
  while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
    end = text.utf8.index(before: end)
  }
  return String(text[..<end])
}
