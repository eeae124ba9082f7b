package import Grounding

extension ParsedItem {
  /// Spans in order, without overlap, inside of the text, not empty, at bounds of scalars.
  package var hasSoundSegments: Bool {
    let octets = Array(text.utf8)
    var end = 0
    for segment in segments {
      let span = segment.span
      guard span.start >= end, !span.isEmpty, span.end <= octets.count,
        String(validating: octets[span.range], as: UTF8.self) != nil
      else { return false }
      end = span.end
    }
    return true
  }
}

extension String {
  /// Whether nothing is in it that must not reach a prompt.
  package var isFitForPrompts: Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x09, 0x0A, 0x0C: true
      case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xE0000...0xE007F: false
      case 0xAD, 0x200B, 0x2060...0x2064, 0xFEFF: false
      default: true
      }
    }
  }
}
