import Grounding
import Markup
import Octets

/// Reads the text parts of a message into its canonical text.
struct BodyText {
  private(set) var canonical: CanonicalText
  var defects: DefectLog
  private let limit: Int

  init(capacity: Int, limit: Int, defects: DefectLog) {
    canonical = CanonicalText(capacity: min(capacity, limit))
    self.defects = defects
    self.limit = limit
  }

  /// Appends one part, an empty line after the one before.
  mutating func append(_ part: PartContents.Leaf, of octets: Span<UInt8>) {
    let plain = octets.extracting(part.body)
    if canonical.count > 0 { canonical.separate() }
    // Most mail: no decoding at all.
    if part.encoding == .identity, !part.isHTML, part.flow == nil, isASCII(plain),
      part.isASCIICompatible, canonical.count + plain.count <= limit
    {
      appendLines(plain, part)
      return
    }
    let text = part.utf8(octets, &defects)
    if part.isHTML {
      append(html: text.span, part)
    } else if let format = part.flow {
      append(FlowedText.unflowed(text.span, format), part)
    } else {
      appendLines(text.span.extracting(first: cut(text.span, part)), part)
    }
  }

  private mutating func append(html: Span<UInt8>, _ part: PartContents.Leaf) {
    let room = max(0, limit - canonical.count)
    let reading: HTMLReading
    // A list's marks can make a text longer than its HTML, hardly four times.
    if html.count <= room / 4 {
      reading = HTMLText.append(html, to: &canonical, part: part.number)
    } else {
      var page = CanonicalText()
      reading = HTMLText.append(html, to: &page, part: part.number)
      append(page, part)
    }
    for defect in reading.defects {
      let detail = defect.detail.map { "\(part.place): \($0)" } ?? part.place
      defects.add([Defect(defect.code, detail)])
    }
  }

  /// Appends a text that was made by itself, as far as there is room.
  private mutating func append(_ page: CanonicalText, _ part: PartContents.Leaf) {
    let text = page.text
    let end = cut(text.utf8Span.span, part)
    let start = canonical.count
    canonical.append(utf8: text.utf8Span.span.extracting(first: end))
    for segment in page.segments where segment.span.start < end {
      let span = TextSpan(
        start: start + segment.span.start, end: start + min(segment.span.end, end))
      canonical.addSegment(segment.kind, span, segment.locator)
    }
    defects.add(page.defects)
  }

  private mutating func appendLines(_ text: Span<UInt8>, _ part: PartContents.Leaf) {
    var lines = QuotedLines(text)
    while let (range, isQuote) = lines.next(text) {
      append(text.extracting(range), isQuote, part)
    }
    if hasUuencode(text) { defects.add(.uuencodeNotRead, part.place) }
  }

  private mutating func append(_ text: QuotedText, _ part: PartContents.Leaf) {
    let end = cut(text.octets.span, part)
    var start = 0
    for stretch in text.stretches where start < end {
      append(
        text.octets.span.extracting(start..<min(stretch.end, end)), stretch.isQuote, part)
      start = stretch.end
    }
  }

  private mutating func append(
    _ text: Span<UInt8>, _ isQuote: Bool, _ part: PartContents.Leaf
  ) {
    let span = canonical.append(utf8: text)
    canonical.addSegment(isQuote ? .quote : .body, span, Locator(part: part.number))
  }

  /// How many octets of `text` there is room for; they end with a whole scalar.
  private mutating func cut(_ text: Span<UInt8>, _ part: PartContents.Leaf) -> Int {
    var end = max(0, limit - canonical.count)
    guard end < text.count else { return text.count }
    defects.add(.textTooLong, part.place)
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }
}
