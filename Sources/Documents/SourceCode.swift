package import Grounding
import Markup

/// Reads source code, and configuration, as text by lines.
///
/// A segment is what lies between two lines without indentation that follow an empty line: a function,
/// a type, a section. One of five lines and more has its first line (behind comments and attributes)
/// as heading, so that a passage is about one of them and says which; smaller ones are taken together.
package enum SourceCode {
  /// The item in `octets`: its file's name as title, and the fact `code_language` where its name or
  /// first line tells.
  ///
  /// The charset may be declared in one of the first two lines (`coding: latin-1`), as Python, Emacs
  /// and Vim read it. O(octets).
  package static func parse(
    _ octets: [UInt8], hints: DocumentHints = DocumentHints(),
    limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    let source = DocumentText(
      octets, label: hints.charsetLabel ?? declaredCharset(octets), limits: limits)
    var canonical = CanonicalText(capacity: source.text.utf8.count)
    canonical.append(source.text)
    let text = canonical.text
    var blocks = CodeBlocks(Array(text.utf8), limits: limits)
    blocks.read()
    var item = ParsedItem(kind: .document)
    item.text = text
    item.segments = blocks.segments
    item.defects = source.defects + canonical.defects + blocks.defects
    item.title = hasWord(text) ? title(hints.name, limits) : nil
    let language =
      hints.name.flatMap(CodeLanguage.named)
      ?? CodeLanguage.interpreted(Array(text.utf8.prefix(256)))
    if let language {
      let name = CanonicalText.cleaned(language).text
      item.facts.append(Fact("code_language", .text(name)))
    }
    return item
  }

  /// The label behind `coding:` or `coding=` in one of the first two lines.
  ///
  /// - SeeAlso: Python's PEP 263.
  private static func declaredCharset(_ octets: [UInt8]) -> String? {
    let head = octets.prefix(400)
    let lines = head.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
    for line in lines.prefix(2) {
      guard let mark = firstPlace(of: "coding", in: line),
        let sign = line[mark...].dropFirst(6).first, sign == 0x3A || sign == 0x3D
      else { continue }
      let label = line[mark...].dropFirst(7).drop { $0 == 0x20 || $0 == 0x09 }.prefix {
        $0 == 0x2D || $0 == 0x2E || $0 == 0x5F || (0x30...0x39).contains($0)
          || (0x61...0x7A).contains($0 | 0x20)
      }
      guard !label.isEmpty else { continue }
      var name = String(decoding: label, as: UTF8.self)
      // Emacs says the line end with it.
      for end in ["-unix", "-dos", "-mac"] where name.hasSuffix(end) {
        name.removeLast(end.utf8.count)
      }
      return name
    }
    return nil
  }

  private static func firstPlace(of word: String, in line: ArraySlice<UInt8>) -> Int? {
    line.indices.first { line[$0...].starts(with: word.utf8) }
  }
}

/// Cuts source into what its top level consists of.
private struct CodeBlocks {
  private(set) var segments: [Segment] = []
  private(set) var defects: [Defect] = []
  private let octets: [UInt8]
  private let limits: DocumentLimits
  /// Lines that make a block worth a passage of its own.
  private static let ownLines = 5

  init(_ octets: [UInt8], limits: DocumentLimits) {
    self.octets = octets
    self.limits = limits
  }

  private struct Block {
    var range: Range<Int>
    var lines = 0
    var heading: Range<Int>?
  }

  mutating func read() {
    var block = Block(range: 0..<0)
    var isBehindBlank = true
    var index = 0
    while index < octets.count {
      let end = octets[index...].firstIndex(of: 0x0A) ?? octets.count
      let line = index..<end
      index = min(end + 1, octets.count)
      let isBlank = !octets[line].contains { $0 > 0x20 }
      if isBehindBlank, !isBlank, beginsBlock(line), block.lines > 0 {
        add(block)
        block = Block(range: line.lowerBound..<line.lowerBound)
      }
      if !isBlank {
        if block.lines == 0 { block.range = line.lowerBound..<line.lowerBound }
        block.lines += 1
        block.range = block.range.lowerBound..<end
        if block.heading == nil, isHeading(line) { block.heading = line }
      }
      isBehindBlank = isBlank
    }
    if block.lines > 0 { add(block) }
  }

  /// A line without indentation that closes nothing.
  private func beginsBlock(_ line: Range<Int>) -> Bool {
    let first = octets[line.lowerBound]
    return first > 0x20 && ![0x7D, 0x29, 0x5D].contains(first)
  }

  /// A line that names what follows: no comment, no attribute, no bracket alone.
  private func isHeading(_ line: Range<Int>) -> Bool {
    let text = octets[line]
    guard let first = text.first, first > 0x20, ![0x23, 0x40, 0x2A, 0x7B, 0x7D].contains(first)
    else { return false }
    return !["//", "/*", "--", ";;", "\"\"\"", "%"].contains { text.starts(with: $0.utf8) }
      && text.contains { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x80 }
  }

  private mutating func add(_ block: Block) {
    let own = block.lines >= Self.ownLines ? block.heading.map { heading($0) } : nil
    let path = own.flatMap { $0 }.map { [$0] }
    let span = TextSpan(block.range)
    if let last = segments.indices.last {
      let isJoined = path == nil && segments[last].locator.heading == nil
      if isJoined || segments.count >= max(1, limits.segments) {
        if !isJoined, defects.isEmpty { defects = [DocumentText.defect(.tooManySegments)] }
        segments[last].span = TextSpan(start: segments[last].span.start, end: span.end)
        return
      }
    }
    segments.append(Segment(kind: .code, span: span, locator: Locator(heading: path)))
  }

  /// The line without what opens a block at its end.
  private func heading(_ line: Range<Int>) -> String? {
    var text = octets[line]
    while let last = text.last, last <= 0x20 || last == 0x7B || last == 0x3A { text.removeLast() }
    return title(String(decoding: text, as: UTF8.self), limits).map {
      prefix($0, octets: min(120, limits.headingOctets))
    }
  }
}
