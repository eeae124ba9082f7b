import Grounding
import Markup
import Octets

/// The octets of one part as text; what is odd about them is noted.
extension PartContents.Leaf {
  /// The part's octets with their transfer encoding undone.
  ///
  /// O(octets).
  func content(_ octets: Span<UInt8>, _ defects: inout DefectLog) -> [UInt8] {
    let encoded = octets.extracting(body)
    switch encoding {
    case .identity: return copy(encoded)
    case .base64:
      let decoded = Base64.decode(encoded)
      note(.badBase64, decoded.defects, &defects)
      return decoded.octets
    case .quotedPrintable:
      let decoded = QuotedPrintable.decode(encoded)
      note(.badQuotedPrintable, decoded.defects, &defects)
      return decoded.octets
    case .uuencode:
      let decoded = Uuencode.decode(encoded)
      note(.badUuencode, decoded.defects, &defects)
      // What is none of it stays as it is written.
      return decoded.octets.isEmpty ? copy(encoded) : decoded.octets
    }
  }

  private func copy(_ octets: Span<UInt8>) -> [UInt8] {
    // Safe: the buffer lives while it is copied.
    unsafe octets.withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// The part's text as well-formed UTF-8, without a byte order mark.
  ///
  /// HTML that no label speaks for is read as it says itself; a label that says ASCII does not speak
  /// for octets above 127, and one that lies is not believed. O(octets).
  func utf8(_ octets: Span<UInt8>, _ defects: inout DefectLog) -> [UInt8] {
    let content = content(octets, &defects)
    let label = charsetLabel ?? ""
    var charset = label.isEmpty ? Charset.ascii : Charset(label: label)
    if charset == nil { defects.add(.unknownCharset, place) }
    if isHTML, charset == nil || charset == .ascii { charset = declaredCharset(content) ?? charset }
    if charset?.keepsASCII ?? true, isASCII(content.span) { return content }
    if let charset, charset != .ascii, !isContradicted(charset, content) {
      let (text, replaced) = charset.decode(content)
      note(.undecodableOctets, replaced, &defects)
      return withoutMark(text)
    }
    if let charset { defects.add(charset == .ascii ? .undeclaredOctets : .wrongCharset, place) }
    return withoutMark(likelyCharset(content).decode(content).text)
  }

  var place: String { "part \(number)" }

  /// The charset that HTML names itself: by a mark before it, else by a `meta` element.
  private func declaredCharset(_ content: [UInt8]) -> Charset? {
    if content.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
    if content.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    if content.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    return HTMLText.declaredCharset(content.span).flatMap { Charset(label: $0) }
  }

  private func withoutMark(_ text: String) -> [UInt8] {
    let octets = Array(text.utf8)
    return octets.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(octets[3...]) : octets
  }

  private func note(_ defect: MailDefect, _ count: Int, _ defects: inout DefectLog) {
    if count > 0 { defects.add(defect, "\(place): \(count)") }
  }

  /// Whether ASCII octets mean the same in the charset, so that they need no decoding.
  var isASCIICompatible: Bool {
    guard let charsetLabel, !charsetLabel.isEmpty else { return true }
    return Charset(label: charsetLabel)?.keepsASCII ?? false
  }
}

/// Whether octets, not all ASCII, are certainly not in the charset that their label says.
///
/// Programs write a label of their own whatever the text is in; a text of another charset is not
/// well-formed UTF-8 by chance, where it has a few characters beyond ASCII.
func isContradicted(_ charset: Charset, _ octets: [UInt8]) -> Bool {
  guard charset == .utf8 || charset == .windows1252 else { return false }
  let shape = UTF8Shape(octets)
  return charset == .utf8 ? !shape.isLikely : shape.broken == 0 && shape.sequences >= 3
}

/// The charset that octets, not all ASCII, look like.
func likelyCharset(_ octets: [UInt8]) -> Charset {
  UTF8Shape(octets).isLikely ? .utf8 : CharsetDetector.detect(octets)
}
