import Grounding
import Markup
import Octets

/// The octets of one part as text; what is odd about them is noted.
extension PartContents.Leaf {
  /// The part's octets with their transfer encoding undone.
  ///
  /// O(octets).
  func content(_ octets: Span<UInt8>, _ defects: inout DefectLog) -> [UInt8] {
    let plain = octets.extracting(body)
    // Safe: the buffer lives while it is copied.
    let copy = unsafe plain.withUnsafeBufferPointer { unsafe Array($0) }
    switch encoding {
    case .identity: return copy
    case .base64:
      let decoded = Base64.decode(copy)
      note(.badBase64, decoded.defects, &defects)
      return decoded.octets
    case .quotedPrintable:
      let decoded = QuotedPrintable.decode(copy)
      note(.badQuotedPrintable, decoded.defects, &defects)
      return decoded.octets
    }
  }

  /// The part's text as well-formed UTF-8, without a byte order mark.
  ///
  /// HTML that no label speaks for is read as it says itself; a label that says ASCII does not speak
  /// for octets above 127. O(octets).
  func utf8(_ octets: Span<UInt8>, _ defects: inout DefectLog) -> [UInt8] {
    var content = content(octets, &defects)
    let label = charsetLabel ?? ""
    var charset = label.isEmpty ? Charset.ascii : Charset(label: label)
    if charset == nil { defects.add(.unknownCharset, place) }
    if isHTML, charset == nil || charset == .ascii { charset = declaredCharset(content) ?? charset }
    guard let charset, charset != .ascii else {
      if isASCII(content.span) { return content }
      if charset != nil { defects.add(.undeclaredOctets, place) }
      return withoutMark(
        String(validating: content, as: UTF8.self) ?? Charset.windows1252.decode(content).text)
    }
    if charset.keepsASCII, isASCII(content.span) { return content }
    if charset == .utf8, content.starts(with: [0xEF, 0xBB, 0xBF]) { content.removeFirst(3) }
    let (text, replaced) = charset.decode(content)
    note(.undecodableOctets, replaced, &defects)
    return withoutMark(text)
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
