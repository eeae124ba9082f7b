package import Grounding
import Markup

/// Reads JSON as text: one value a line (JSON lines), or one document.
///
/// Where the first line that is not blank is a whole object or array and another line follows, each
/// line is a record and becomes the line `key: value; nested.key: value`. Else the file is one value:
/// an array's elements are such lines, and anything else has one `key: value` a line. Lines that are
/// no JSON are kept as they stand and counted. Records with `_id` and `text` that are called so are
/// ``CorpusRecord``'s business.
package enum JSONLines {
  /// The item in `octets`: a table of which each line is a record, the file's name without its
  /// extension as title.
  ///
  /// - Complexity: O(octets).
  package static func parse(
    _ octets: [UInt8], hints: DocumentHints = DocumentHints(),
    limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    let source = DocumentText(octets, label: hints.charsetLabel, limits: limits)
    var reading = Reading(Array(source.text.utf8), limits: limits)
    reading.read()
    var item = ParsedItem(kind: .document)
    item.text = reading.canonical.text
    item.segments = reading.canonical.segments
    item.defects = source.defects + reading.canonical.defects + reading.defects
    item.title = hasWord(item.text) ? title(hints.stem, limits) : nil
    return item
  }

  /// Whether the first line of `octets` that is not blank is a whole object with a member.
  static func beginsRecord(_ octets: [UInt8]) -> Bool {
    let start = octets.firstIndex { $0 > 0x20 } ?? octets.count
    let line = octets[start...].prefix { $0 != 0x0A }
    guard line.first == 0x7B, line.count > 2, line.count <= 1 << 20 else { return false }
    guard String(validating: line, as: UTF8.self) != nil else { return false }
    var reader = JSONReader(Array(line), depthLimit: DocumentLimits().recordDepth)
    var flat = FlatText(separator: "; ", nameOctets: 0, octetLimit: 0)
    return (try? reader.readAll(into: &flat, rows: false)) != nil && line.contains(0x3A)
  }
}

private struct Reading {
  private let octets: [UInt8]
  private let limits: DocumentLimits
  private(set) var canonical: CanonicalText
  private var flat: FlatText
  private var broken = 0
  private var overLimit = 0
  private var isCut = false

  init(_ octets: [UInt8], limits: DocumentLimits) {
    self.octets = octets
    self.limits = limits
    canonical = CanonicalText(capacity: octets.count)
    flat = FlatText(
      separator: "; ", nameOctets: limits.nameOctets, octetLimit: limits.textOctets)
  }

  var defects: [Defect] {
    var defects: [Defect] = []
    if broken > 0 { defects.append(DocumentText.defect(.brokenRecords, String(broken))) }
    if overLimit > 0 { defects.append(DocumentText.defect(.recordsOverLimit, String(overLimit))) }
    if isCut || flat.isCut { defects.append(DocumentText.defect(.textTooLong)) }
    return defects
  }

  mutating func read() {
    let (first, others) = firstLine()
    let isContainer = first.first == 0x7B || first.first == 0x5B
    if others, isContainer, outcome(of: first, rows: false) == .read { return readLines() }
    if isContainer || !others {
      flat.separator = [0x0A]
      if outcome(of: octets[...], rows: true) == .read {
        append(flat.octets, as: .table)
        return
      }
      flat.separator = Array("; ".utf8)
    }
    readLines()
  }

  /// The first line that is not blank, and whether another one follows.
  private func firstLine() -> (ArraySlice<UInt8>, Bool) {
    let start = octets.firstIndex { $0 > 0x20 } ?? octets.count
    let line = octets[start...].prefix { $0 != 0x0A }
    return (line, octets[line.endIndex...].contains { $0 > 0x20 })
  }

  private enum Outcome { case read, broken, overLimit }

  /// Reads one JSON text into `flat`.
  private mutating func outcome(of text: ArraySlice<UInt8>, rows: Bool) -> Outcome {
    flat.removeAll()
    guard rows || text.count <= limits.recordOctets else { return .overLimit }
    var reader = JSONReader(Array(text), depthLimit: limits.recordDepth)
    do throws(Problem) {
      try reader.readAll(into: &flat, rows: rows)
      return .read
    } catch {
      return error.code == .tooDeep ? .overLimit : .broken
    }
  }

  private mutating func readLines() {
    let start = canonical.count
    var records = 0
    var index = 0
    while index < octets.count, !isCut {
      let end = octets[index...].firstIndex(of: 0x0A) ?? octets.count
      let line = octets[index..<end]
      index = end + 1
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      switch outcome(of: line, rows: false) {
      case .read:
        records += 1
        appendLine(flat.octets)
      case .broken:
        broken += 1
        appendLine(Array(line))
      case .overLimit:
        overLimit += 1
        appendLine(Array(line))
      }
    }
    // A text of which no line is JSON is a text.
    let kind: Segment.Kind = records > 0 ? .table : .body
    let end = canonical.count
    canonical.addSegment(kind, TextSpan(start: start, end: end))
  }

  private mutating func appendLine(_ line: [UInt8]) {
    guard !line.isEmpty else { return }
    guard canonical.count + line.count < limits.textOctets else {
      isCut = true
      return
    }
    if canonical.count > 0 { canonical.append("\n") }
    canonical.append(utf8: line.span)
  }

  private mutating func append(_ text: [UInt8], as kind: Segment.Kind) {
    let span = canonical.append(utf8: text.span)
    canonical.addSegment(kind, span)
  }
}
