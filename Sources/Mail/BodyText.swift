import Grounding
import Markup
import Octets

/// Reads the text parts of a message into its canonical text.
struct BodyText {
  private(set) var canonical: CanonicalText
  var defects: DefectLog
  private let limit: Int
  private let context: BodySegmenter.Context

  init(
    capacity: Int, limit: Int, context: BodySegmenter.Context = BodySegmenter.Context(),
    defects: DefectLog
  ) {
    canonical = CanonicalText(capacity: min(capacity, limit))
    self.defects = defects
    self.limit = limit
    self.context = context
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
    if part.encoding != .identity, !part.isHTML, UuencodedFile.isIn(text.span) {
      defects.add(.uuencodeNotRead, part.place)
    }
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
    let first = canonical.segments.count
    let reading: HTMLReading
    // A list's marks can make a text longer than its HTML, hardly four times.
    if html.count <= room / 4 {
      reading = HTMLText.append(
        html, to: &canonical, part: part.number, marks: QuoteMarks.table)
      cutSegments(from: first, reading.marks)
    } else {
      var page = CanonicalText()
      reading = HTMLText.append(html, to: &page, part: part.number, marks: QuoteMarks.table)
      let shift = append(page, part)
      cutSegments(
        from: first,
        reading.marks.map {
          HTMLMarked(
            mark: $0.mark,
            span: TextSpan(
              start: min($0.span.start + shift, canonical.count),
              end: min($0.span.end + shift, canonical.count)))
        })
    }
    for defect in reading.defects {
      let detail = defect.detail.map { "\(part.place): \($0)" } ?? part.place
      defects.add([Defect(defect.code, detail)])
    }
  }

  /// Appends a text that was made by itself, as far as there is room, and returns where it begins.
  private mutating func append(_ page: CanonicalText, _ part: PartContents.Leaf) -> Int {
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
    return start
  }

  private mutating func appendLines(_ text: Span<UInt8>, _ part: PartContents.Leaf) {
    let span = canonical.append(utf8: text)
    addStretches(span, part)
  }

  private mutating func append(_ text: FlowedText.Unflowed, _ part: PartContents.Leaf) {
    let end = cut(text.octets.span, part)
    var given: [BodySegmenter.Given] = []
    var start = 0
    let first = canonical.count
    for stretch in text.stretches where start < end {
      let span = canonical.append(
        utf8: text.octets.span.extracting(start..<min(stretch.end, end)))
      if stretch.isQuote { given.append(BodySegmenter.Given(range: span.range, role: .quoted)) }
      start = stretch.end
    }
    addStretches(
      TextSpan(start: first, end: canonical.count), part, given: given, findsMarks: false)
  }

  /// Makes segments of plain text, one a stretch.
  private mutating func addStretches(
    _ span: TextSpan, _ part: PartContents.Leaf, given: [BodySegmenter.Given] = [],
    findsMarks: Bool = true
  ) {
    let stretches = canonical.withOctets {
      BodySegmenter.stretches($0, span.range, context, given: given, findsMarks: findsMarks)
    }
    var start = span.start
    for stretch in stretches {
      canonical.addSegment(
        stretch.role.kind(.body), TextSpan(start: start, end: stretch.end),
        Locator(part: part.number), role: stretch.role.segmentRole)
      start = stretch.end
    }
  }

  /// Cuts the segments of a page where roles change.
  private mutating func cutSegments(from first: Int, _ marks: [HTMLMarked]) {
    let segments = canonical.takeSegments(from: first)
    guard let start = segments.first?.span.start, let end = segments.last?.span.end else { return }
    let given = QuoteMarks.given(marks, end: end, isReply: context.isReply)
    let stretches = canonical.withOctets {
      BodySegmenter.stretches($0, start..<end, context, given: given)
    }
    var place = 0
    for segment in segments {
      var start = segment.span.start
      while start < segment.span.end {
        while stretches[place].end <= start { place += 1 }
        let role = stretches[place].role
        var end = min(segment.span.end, stretches[place].end)
        // What parts two segments is in neither.
        let next = end
        if end < segment.span.end {
          canonical.withOctets { while end > start, $0[end - 1] == 0x0A { end -= 1 } }
        }
        canonical.addSegment(
          role.kind(segment.kind), TextSpan(start: start, end: end), segment.locator,
          role: role.segmentRole)
        start = next
      }
    }
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
