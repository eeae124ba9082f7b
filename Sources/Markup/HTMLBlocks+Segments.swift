import Grounding
import Octets

/// Where links begin and end in the written octets, in order.
struct LinkMark: Sendable {
  var offset: Int
  var link: Int
  var isEnd: Bool
}

/// Writes lines as segments of a canonical text.
struct SegmentWriter {
  let part: String?
  let limits: HTMLLimits
  private(set) var hasTooManySegments = false
  /// The spans of links by their numbers.
  private(set) var spans: [TextSpan]
  /// The segments with a mark of the caller's.
  private(set) var marked: [HTMLMarked] = []
  private var headings: [(level: UInt8, text: String)] = []
  private var starts: [Int]
  private var marks: ArraySlice<LinkMark>

  init(part: String?, limits: HTMLLimits, marks: [LinkMark], links: Int) {
    self.part = part
    self.limits = limits
    self.marks = marks[...]
    spans = Array(repeating: TextSpan(start: 0, end: 0), count: links)
    starts = Array(repeating: 0, count: links)
  }

  /// O(octets and lines).
  mutating func write(_ blocks: HTMLBlocks, to canonical: inout CanonicalText) {
    let lines = blocks.lines
    let octets = blocks.octets
    var index = 0
    let before = canonical.segments.count
    while index < lines.count {
      var end = index + 1
      let isLast = canonical.segments.count - before >= max(1, limits.segments) - 1
      while end < lines.count, isLast || continues(lines[end], lines[end - 1]) { end += 1 }
      if isLast {
        for place in (index + 1)..<max(end, index + 1)
        where !continues(lines[place], lines[place - 1]) { hasTooManySegments = true }
      }
      canonical.separate()
      let start = canonical.count
      for line in lines[index..<end] {
        if line.start != lines[index].start { write(line.glue, to: &canonical) }
        write(octets, line, to: &canonical)
      }
      addSegment(lines[index], TextSpan(start: start, end: canonical.count), octets, &canonical)
      index = end
    }
    while let mark = marks.popFirst() { settle(mark, canonical.count) }
  }

  private func continues(_ line: HTMLBlocks.Line, _ before: HTMLBlocks.Line) -> Bool {
    switch line.glue {
    case .space, .cell: true
    case .line: line.place == before.place
    case .paragraph:
      line.place == before.place && (line.place.kind == .list || line.place.kind == .table)
    }
  }

  private func write(_ glue: HTMLBlocks.Glue, to canonical: inout CanonicalText) {
    switch glue {
    case .line, .paragraph: canonical.append("\n")
    case .space: canonical.append(" ")
    case .cell(let distance):
      canonical.append(" |")
      for _ in 1..<max(1, min(distance, 64)) { canonical.append(" |") }
      canonical.append(" ")
    }
  }

  /// Writes a line, and notes where links begin and end in it.
  private mutating func write(
    _ octets: [UInt8], _ line: HTMLBlocks.Line, to canonical: inout CanonicalText
  ) {
    var start = line.start
    while let mark = marks.first, mark.offset <= line.end {
      let offset = max(start, mark.offset)
      if mark.offset == line.end, !mark.isEnd { break }
      canonical.append(utf8: octets.span.extracting(start..<offset))
      start = offset
      marks.removeFirst()
      settle(mark, canonical.count)
    }
    canonical.append(utf8: octets.span.extracting(start..<line.end))
    while let mark = marks.first, mark.offset <= line.end, mark.isEnd {
      marks.removeFirst()
      settle(mark, canonical.count)
    }
  }

  private mutating func settle(_ mark: LinkMark, _ offset: Int) {
    if mark.isEnd {
      spans[mark.link] = TextSpan(start: min(starts[mark.link], offset), end: offset)
    } else {
      starts[mark.link] = offset
    }
  }

  private mutating func addSegment(
    _ line: HTMLBlocks.Line, _ span: TextSpan, _ octets: [UInt8],
    _ canonical: inout CanonicalText
  ) {
    let level = line.place.kind == .heading ? line.place.level : 0
    if level > 0 { headings.removeAll { $0.level >= level } }
    let path = headings.map(\.text)
    canonical.addSegment(
      hasTooManySegments ? .body : line.place.kind, span,
      Locator(part: part, heading: path.isEmpty ? nil : path))
    if line.place.mark != 0 { marked.append(HTMLMarked(mark: line.place.mark, span: span)) }
    guard level > 0, !span.isEmpty else { return }
    let text = canonical.line(span, octets: limits.headingOctets)
    if !text.isEmpty { headings.append((level, text)) }
  }
}
