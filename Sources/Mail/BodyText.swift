import Grounding
import Markup
import Octets

/// Decodes the text parts of a message into its canonical text.
struct BodyText {
  private(set) var canonical: CanonicalText
  var defects: DefectLog
  private let limit: Int

  init(capacity: Int, limit: Int, defects: DefectLog) {
    canonical = CanonicalText(capacity: min(capacity, limit))
    self.defects = defects
    self.limit = limit
  }

  /// Appends one part as a segment of its own, an empty line after the one before.
  mutating func append(_ part: PartContents.Leaf, of octets: Span<UInt8>) {
    let plain = octets.extracting(part.body)
    let locator = Locator(part: part.number)
    if canonical.count > 0 { canonical.separate() }
    // Most mail: no decoding at all.
    if part.encoding == .identity, isASCII(plain), isASCIICompatible(part.charsetLabel),
      canonical.count + plain.count <= limit
    {
      let span = canonical.append(utf8: plain)
      canonical.addSegment(.body, span, locator)
      return
    }
    append(part.content(octets, &defects), part, locator)
  }

  private mutating func append(_ octets: [UInt8], _ part: PartContents.Leaf, _ locator: Locator) {
    var text = decoded(octets, part)
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    let room = max(0, limit - canonical.count)
    if text.utf8.count > room {
      defects.add(.textTooLong, "part \(part.number)")
      text = prefix(text, octets: room)
    }
    canonical.append(text, as: .body, locator: locator)
  }

  /// The longest beginning of `text` that has at most `count` octets and ends with a whole scalar.
  private func prefix(_ text: String, octets count: Int) -> String {
    var end = text.utf8.index(text.startIndex, offsetBy: count)
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
      end = text.utf8.index(before: end)
    }
    return String(text[..<end])
  }

  private mutating func decoded(_ octets: [UInt8], _ part: PartContents.Leaf) -> String {
    let label = part.charsetLabel ?? ""
    let charset = label.isEmpty ? Charset.ascii : Charset(label: label)
    guard let charset, charset != .ascii else {
      if charset == nil { defects.add(.unknownCharset, "part \(part.number)") }
      if isASCII(octets.span) { return String(decoding: octets, as: UTF8.self) }
      if charset != nil { defects.add(.undeclaredOctets, "part \(part.number)") }
      return String(validating: octets, as: UTF8.self) ?? Charset.windows1252.decode(octets).text
    }
    let (text, replaced) = charset.decode(octets)
    note(.undecodableOctets, replaced, part)
    return text
  }

  private mutating func note(_ defect: MailDefect, _ count: Int, _ part: PartContents.Leaf) {
    if count > 0 { defects.add(defect, "part \(part.number): \(count)") }
  }

  /// Whether ASCII octets mean the same in the charset, so that they need no decoding.
  private func isASCIICompatible(_ label: String?) -> Bool {
    guard let label, !label.isEmpty else { return true }
    return Charset(label: label)?.keepsASCII ?? false
  }
}
