import Grounding

/// Finds the blocks of a Markdown text, line by line.
struct MarkdownBlocks {
  private(set) var segments: [Segment] = []
  private(set) var defects: [Defect] = []
  private(set) var frontMatterTitle: String?
  private(set) var firstHeading: String?

  private let octets: [UInt8]
  private let limits: DocumentLimits
  /// The headings above: level and text.
  private var headings: [(level: Int, text: String)] = []
  private var open: (kind: Segment.Kind, start: Int, end: Int)?
  /// A list goes on over an empty line where an item or an indented line follows.
  private var isListPaused = false

  /// A reader of canonical text.
  init(_ octets: [UInt8], limits: DocumentLimits) {
    self.octets = octets
    self.limits = limits
  }

  /// O(octets).
  mutating func read() {
    var index = readFrontMatter()
    while index < octets.count {
      let next = lineEnd(index)
      index = readLine(index..<next)
    }
    close()
  }

  /// Where the line at `start` ends, its line feed included.
  private func lineEnd(_ start: Int) -> Int {
    octets[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? octets.count
  }

  /// Takes one line, or a whole fenced block, and returns where the next line begins.
  private mutating func readLine(_ line: Range<Int>) -> Int {
    let kind = LineKind(octets[line], continues: open?.kind, isPaused: isListPaused)
    switch kind {
    case .blank:
      if open?.kind == .list, !isListPaused { isListPaused = true } else { close() }
    case .fence(let fence): return readFence(line, fence)
    case .heading(let level): addHeading(line, level: level, marks: level)
    case .underline(let level):
      if let paragraph = open, paragraph.kind == .paragraph {
        open = nil
        addHeading(paragraph.start..<line.upperBound, level: level, marks: 0)
      } else if level == 2 {
        close()
      } else {
        extend(.paragraph, line)
      }
    case .rule: close()
    case .block(let kind): extend(kind, line)
    }
    return line.upperBound
  }

  private mutating func extend(_ kind: Segment.Kind, _ line: Range<Int>) {
    if let current = open, current.kind == kind {
      open = (kind, current.start, line.upperBound)
    } else {
      close()
      open = (kind, line.lowerBound, line.upperBound)
    }
    isListPaused = false
  }

  private mutating func close() {
    if let open { add(open.kind, open.start..<open.end) }
    open = nil
    isListPaused = false
  }

  private mutating func readFence(
    _ line: Range<Int>, _ fence: (mark: UInt8, count: Int)
  ) -> Int {
    close()
    var index = line.upperBound
    while index < octets.count {
      let next = lineEnd(index)
      defer { index = next }
      if closesFence(octets[index..<next], fence) {
        add(.code, line.lowerBound..<next)
        return next
      }
    }
    defects.append(DocumentText.defect(.unclosedBlock))
    add(.code, line.lowerBound..<octets.count)
    return octets.count
  }

  private mutating func addHeading(_ span: Range<Int>, level: Int, marks: Int) {
    close()
    headings.removeAll { $0.level >= level }
    add(.heading, span)
    let text = prefix(headingText(span, marks: marks), octets: limits.headingOctets)
    guard !text.isEmpty else { return }
    if firstHeading == nil { firstHeading = text }
    headings.append((level, text))
  }

  /// The heading without its marks: `## Costs ##` and an underlined one alike.
  private func headingText(_ span: Range<Int>, marks: Int) -> String {
    var text = octets[span]
    if marks == 0 {
      // Without the underline; several lines become one.
      let lines = text.split(separator: 0x0A).dropLast()
      return lines.map { String(decoding: trimmed($0), as: UTF8.self) }.joined(separator: " ")
    }
    text = trimmed(trimmed(text).dropFirst(marks))
    let withoutMarks = text.reversed().drop { $0 == 0x23 }.count
    let cut = text.prefix(withoutMarks)
    if cut.count < text.count, cut.isEmpty || cut.last == 0x20 || cut.last == 0x09 {
      text = trimmed(cut)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = text.drop { $0 <= 0x20 }
    while let last = rest.last, last <= 0x20 { rest = rest.dropLast() }
    return rest
  }

  /// Adds a segment without its last line end; beyond the limit, the last one takes all that follows.
  private mutating func add(_ kind: Segment.Kind, _ range: Range<Int>) {
    var end = range.upperBound
    while end > range.lowerBound, octets[end - 1] == 0x0A { end -= 1 }
    guard end > range.lowerBound else { return }
    if segments.count >= max(1, limits.segments), let last = segments.indices.last {
      let span = TextSpan(start: segments[last].span.start, end: end)
      segments[last] = Segment(kind: .body, span: span)
      let defect = DocumentText.defect(.tooManySegments)
      if !defects.contains(defect) { defects.append(defect) }
      return
    }
    let path = headings.map(\.text)
    segments.append(
      Segment(
        kind: kind, span: TextSpan(start: range.lowerBound, end: end),
        locator: Locator(heading: path.isEmpty ? nil : path)))
  }
}

extension MarkdownBlocks {
  /// Takes YAML between `---` lines at the beginning; returns where the text behind it begins.
  private mutating func readFrontMatter() -> Int {
    guard !octets.isEmpty, isMark(0..<lineEnd(0), "---") else { return 0 }
    var index = lineEnd(0)
    var title: String?
    // What is not closed soon is a rule, not front matter.
    while index < min(octets.count, 64 << 10) {
      let next = lineEnd(index)
      if isMark(index..<next, "---") || isMark(index..<next, "...") {
        frontMatterTitle = title
        add(.code, 0..<next)
        return next
      }
      if title == nil { title = frontMatterValue(octets[index..<next], "title") }
      index = next
    }
    return 0
  }

  private func isMark(_ line: Range<Int>, _ mark: String) -> Bool {
    let text = octets[line]
    return text.starts(with: mark.utf8) && text.dropFirst(3).allSatisfy { $0 <= 0x20 }
  }

  /// The value of `key: value`, quotation marks around it dropped.
  private func frontMatterValue(_ line: ArraySlice<UInt8>, _ key: String) -> String? {
    let name = line.prefix { $0 != 0x3A }
    guard name.elementsEqual(key.utf8), line.count > name.count else { return nil }
    var value = trimmed(line.dropFirst(name.count + 1))
    if value.count >= 2, let mark = value.first, mark == 0x22 || mark == 0x27, value.last == mark {
      value = value.dropFirst().dropLast()
    }
    return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
  }
}

/// What one line is, given the block that is open before it.
private enum LineKind {
  case blank
  case fence((mark: UInt8, count: Int))
  case heading(Int)
  /// Of a paragraph above it: `===` is level 1, `---` level 2.
  case underline(Int)
  case rule
  case block(Segment.Kind)

  init(_ line: ArraySlice<UInt8>, continues open: Segment.Kind?, isPaused: Bool) {
    let rest = line.drop { $0 == 0x20 }
    let indent = line.count - rest.count + (rest.first == 0x09 ? 4 : 0)
    guard rest.contains(where: { $0 > 0x20 }) else {
      self = .blank
      return
    }
    // After an empty line a list goes on with what stands below its item's text.
    if indent > (isPaused ? 1 : 3) {
      // An indented line goes on with what is open; after an empty line it is code.
      self = .block(open ?? .code)
      return
    }
    if let fence = opensFence(line) {
      self = .fence(fence)
    } else if let level = Self.headingLevel(rest) {
      self = .heading(level)
    } else if let level = Self.underlineLevel(rest), open == .paragraph || level == 2 {
      self = .underline(level)
    } else if Self.isRule(rest) {
      self = .rule
    } else if rest.first == 0x3E {
      self = .block(.quote)
    } else if Self.isItem(rest) {
      self = .block(.list)
    } else if rest.first == 0x7C {
      self = .block(.table)
    } else if let open, !isPaused, [.list, .quote, .paragraph].contains(open) {
      // A lazy line goes on with the paragraph that is open, inside of a list or a quote as well.
      self = .block(open)
    } else {
      self = .block(.paragraph)
    }
  }

  private static func headingLevel(_ rest: ArraySlice<UInt8>) -> Int? {
    let level = rest.prefix { $0 == 0x23 }.count
    guard (1...6).contains(level), (rest.dropFirst(level).first ?? 0x0A) <= 0x20 else { return nil }
    return level
  }

  private static func underlineLevel(_ rest: ArraySlice<UInt8>) -> Int? {
    guard let mark = rest.first, mark == 0x3D || mark == 0x2D else { return nil }
    guard rest.drop(while: { $0 == mark }).allSatisfy({ $0 <= 0x20 }) else { return nil }
    if mark == 0x2D, rest.prefix(while: { $0 == mark }).count < 2 { return nil }
    return mark == 0x3D ? 1 : 2
  }

  private static func isRule(_ rest: ArraySlice<UInt8>) -> Bool {
    guard let mark = rest.first, [0x2D, 0x2A, 0x5F].contains(mark) else { return false }
    let marks = rest.filter { $0 > 0x20 }
    return marks.count >= 3 && marks.allSatisfy { $0 == mark }
  }

  private static func isItem(_ rest: ArraySlice<UInt8>) -> Bool {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    let marker = rest.dropFirst(digits.count)
    guard digits.count <= 9, let mark = marker.first else { return false }
    let marks: [UInt8] = digits.isEmpty ? [0x2D, 0x2A, 0x2B] : [0x2E, 0x29]
    return marks.contains(mark) && (marker.dropFirst().first ?? 0x0A) <= 0x20
  }
}
