import Grounding
import Octets

/// The text of a document's octets, and what was odd about it.
struct DocumentText {
  private(set) var text: String
  private(set) var defects: [Defect] = []

  /// The text in the charset that ``TextEncoding`` finds.
  ///
  /// - Parameter label: The charset that is declared, beside the octets or in them.
  init(_ octets: [UInt8], label: String? = nil, limits: DocumentLimits) {
    var octets = octets
    if octets.count > limits.octets {
      octets.removeSubrange(max(0, limits.octets)...)
      defects.append(Self.defect(.documentTooLarge))
      octets.removeLast(Self.openSequence(octets))
    }
    let encoding = TextEncoding.find(octets, label: label)
    defects += encoding.defects
    let (decoded, replaced) = encoding.charset.decode(Array(octets[encoding.markLength...]))
    text = decoded
    if replaced > 0 { defects.append(Self.defect(.undecodableOctets, String(replaced))) }
    if text.utf8.count > limits.textOctets {
      text = prefix(text, octets: limits.textOctets)
      defects.append(Self.defect(.textTooLong))
    }
  }

  static func defect(_ code: DocumentDefect, _ detail: String? = nil) -> Defect {
    Defect(code.rawValue, detail)
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

/// Whether `text` has anything but blanks and controls.
func hasWord(_ text: String) -> Bool { text.utf8.contains { $0 > 0x20 } }
