package import Grounding
import Markup

/// Reads tables of delimited text: CSV, TSV and their like.
///
/// Each row is a line, `Column: value; Column: value`, so that a passage of some rows says what its
/// values are; empty cells are left out. How the table is written is found by ``DelimitedSniffer``.
/// Without a header, and beyond its columns, values stand alone. Line ends within a cell become
/// blanks. Columns of equal name are told apart by their order only.
package enum DelimitedText {
  /// The item in `octets`: one segment of kind table, the file's name without its extension as title.
  ///
  /// - Complexity: O(octets) read; the text, where column names come again and again, is at most
  ///   `limits.textOctets`.
  package static func parse(
    _ octets: [UInt8], hints: DocumentHints = DocumentHints(),
    limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    let source = DocumentText(octets, label: hints.charsetLabel, limits: limits)
    let isTabbed =
      ["tsv", "tab"].contains(hints.suffix) || hints.mediaType == "text/tab-separated-values"
    var table = TableText(Array(source.text.utf8), prefersTab: isTabbed, limits: limits)
    table.read()
    var item = ParsedItem(kind: .document)
    item.text = table.canonical.text
    item.segments = table.canonical.segments
    item.defects = source.defects + table.canonical.defects + table.defects
    item.title = hasWord(item.text) ? title(hints.stem, limits) : nil
    return item
  }
}

private struct TableText {
  private(set) var canonical: CanonicalText
  private var reader: DelimitedReader
  private let limits: DocumentLimits
  private let hasHeader: Bool
  private var names: [[UInt8]] = []
  private var width: Int?
  private var ragged = 0
  private var wide = 0
  private var isCut = false
  private var line: [UInt8] = []

  init(_ octets: [UInt8], prefersTab: Bool, limits: DocumentLimits) {
    let sniffer = DelimitedSniffer(octets, prefersTab: prefersTab)
    self.limits = limits
    hasHeader = sniffer.hasHeader
    reader = DelimitedReader(octets, sniffer.dialect, from: sniffer.start)
    canonical = CanonicalText(capacity: octets.count)
  }

  var defects: [Defect] {
    var defects: [Defect] = []
    func note(_ code: DocumentDefect, _ count: Int) {
      if count > 0 { defects.append(DocumentText.defect(code, String(count))) }
    }
    note(.unclosedQuote, reader.unclosed)
    note(.strayText, reader.strays)
    note(.raggedRows, ragged)
    note(.tooManyColumns, wide)
    if isCut { defects.append(DocumentText.defect(.textTooLong)) }
    return defects
  }

  mutating func read() {
    var row = DelimitedReader.Row()
    var needsHeader = hasHeader
    while !isCut, reader.next(&row) {
      guard !row.isBlank else { continue }
      if let width, width != row.count { ragged += 1 }
      width = width ?? row.count
      if needsHeader {
        needsHeader = false
        names = (0..<min(row.count, limits.columns)).map { name(row.trimmed($0)) }
        if row.count > limits.columns { wide += 1 }
      } else {
        append(row)
      }
    }
    // A header alone is all that there is to read.
    if canonical.count == 0, !names.isEmpty {
      line = Array(names.filter { !$0.isEmpty }.joined(separator: Array("; ".utf8)))
      appendLine()
    }
    let end = canonical.count
    canonical.addSegment(.table, TextSpan(start: 0, end: end))
  }

  /// A column's name, cut to the limit, without a colon of its own.
  private func name(_ cell: ArraySlice<UInt8>) -> [UInt8] {
    let text = prefix(String(decoding: cell, as: UTF8.self), octets: limits.nameOctets)
    let name = text.utf8.map { $0 <= 0x20 ? 0x20 : $0 }
    return name.last == 0x3A ? name.dropLast() : name
  }

  private mutating func append(_ row: DelimitedReader.Row) {
    line.removeAll(keepingCapacity: true)
    if row.count > limits.columns { wide += 1 }
    for index in 0..<min(row.count, limits.columns) {
      let cell = row.trimmed(index)
      guard !cell.isEmpty else { continue }
      if !line.isEmpty { line += [0x3B, 0x20] }
      if index < names.count, !names[index].isEmpty {
        line += names[index]
        line += [0x3A, 0x20]
      }
      for octet in cell { line.append(isSpace(octet) ? 0x20 : octet) }
    }
    appendLine()
  }

  private mutating func appendLine() {
    guard !line.isEmpty else { return }
    guard canonical.count + line.count < limits.textOctets else {
      isCut = true
      return
    }
    if canonical.count > 0 { canonical.append("\n") }
    let text = line
    canonical.append(utf8: text.span)
  }
}
