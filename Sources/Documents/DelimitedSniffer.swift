/// Finds out how a table is written, from at most 200 rows of its first 64 KiB; from its first three
/// lines where those are longer, up to a mebibyte.
///
/// The delimiter is the one of tab, semicolon, pipe and comma with the largest share of rows of the
/// commonest width, two cells or more; on a draw the first in that order, because a comma is also what
/// stands in numbers and sentences. A first line `sep=;` settles it, and so does a name in `.tsv` where
/// any row has a tab. Quotation marks are single ones only where cells begin and end with those and
/// none with double ones. The first row names the columns unless a cell of it is a number, a date, an
/// address or yes or no, most of it is empty, or a value of it comes again in its column; years that
/// follow each other are names.
struct DelimitedSniffer {
  private(set) var dialect = DelimitedReader.Dialect()
  private(set) var hasHeader = false
  /// Where the first row begins.
  private(set) var start = 0

  private let sample: [UInt8]
  private static let rowLimit = 200

  init(_ octets: [UInt8], prefersTab: Bool) {
    sample = Array(octets[..<Self.sampleEnd(octets)])
    let declared = declaredDelimiter()
    dialect.quote = quote()
    dialect.escapes = hasBackslashes()
    dialect.delimiter = declared ?? delimiter(prefersTab: prefersTab)
    hasHeader = firstRowIsHeader()
  }

  private static func sampleEnd(_ octets: [UInt8]) -> Int {
    guard octets.count > 64 << 10 else { return octets.count }
    var (end, lines) = (0, 0)
    for (index, octet) in octets.prefix(1 << 20).enumerated() where octet == 0x0A {
      if index >= 64 << 10, lines >= 3 { return end }
      end = index + 1
      lines += 1
    }
    return octets.count > 1 << 20 && lines > 0 ? end : min(octets.count, 1 << 20)
  }

  /// `sep=;` alone on the first line, as spreadsheets write it.
  private mutating func declaredDelimiter() -> UInt8? {
    let line = sample.prefix { $0 != 0x0A && $0 != 0x0D }
    guard line.count == 5, line.dropLast().elementsEqual("sep=".utf8), let octet = line.last,
      octet != 0x22
    else { return nil }
    start = line.count
    while start < sample.count, sample[start] == 0x0D || sample[start] == 0x0A { start += 1 }
    return octet
  }

  private func quote() -> UInt8 {
    let (double, single) = (quotedEnds(0x22), quotedEnds(0x27))
    return double == 0 && single >= 2 ? 0x27 : 0x22
  }

  /// How often a cell begins with `quote`, or ends with it, whichever is less.
  private func quotedEnds(_ quote: UInt8) -> Int {
    let borders: Set<UInt8> = [0x09, 0x0A, 0x0D, 0x2C, 0x3B, 0x7C]
    var (begins, ends) = (0, 0)
    for (index, octet) in sample.enumerated() where octet == quote {
      if index == start || index > 0 && borders.contains(sample[index - 1]) { begins += 1 }
      if index + 1 == sample.count || borders.contains(sample[index + 1]) { ends += 1 }
    }
    return min(begins, ends)
  }

  /// Whether quotation marks in cells have a backslash and none is doubled.
  private func hasBackslashes() -> Bool {
    var (escaped, doubled) = (0, 0)
    for (index, octet) in sample.enumerated() where octet == dialect.quote && index > 0 {
      let isBeforeWord = index + 1 < sample.count && sample[index + 1] > 0x2C
      if sample[index - 1] == 0x5C, isBeforeWord { escaped += 1 }
      if sample[index - 1] == dialect.quote, isBeforeWord { doubled += 1 }
    }
    return escaped > 0 && doubled == 0
  }

  private func delimiter(prefersTab: Bool) -> UInt8 {
    var best: (delimiter: UInt8, rows: Int, total: Int)?
    for delimiter in [0x09, 0x3B, 0x7C, 0x2C] as [UInt8] {
      let widths = self.widths(delimiter)
      var counts: [Int: Int] = [:]
      for width in widths { counts[width, default: 0] += 1 }
      if delimiter == 0x09, prefersTab, widths.contains(where: { $0 > 1 }) { return delimiter }
      guard let rows = counts.filter({ $0.key > 1 }).values.max() else { continue }
      if let best, rows * best.total <= best.rows * widths.count { continue }
      best = (delimiter, rows, widths.count)
    }
    return best?.delimiter ?? (prefersTab ? 0x09 : 0x2C)
  }

  /// The cells of each row that is not blank.
  private func widths(_ delimiter: UInt8) -> [Int] {
    var dialect = dialect
    dialect.delimiter = delimiter
    var reader = DelimitedReader(sample, dialect, from: start)
    var row = DelimitedReader.Row()
    var widths: [Int] = []
    while widths.count < Self.rowLimit, reader.next(&row) {
      if !row.isBlank { widths.append(row.count) }
    }
    return widths
  }

  private func firstRowIsHeader() -> Bool {
    var reader = DelimitedReader(sample, dialect, from: start)
    var row = DelimitedReader.Row()
    var names: [[UInt8]] = []
    while names.isEmpty, reader.next(&row) {
      if !row.isBlank { names = (0..<row.count).map { Array(row.trimmed($0)) } }
    }
    let filled = names.filter { !$0.isEmpty }
    let isValued = names.indices.contains { isValue(names[$0][...]) && !isYear(names, $0) }
    guard filled.count * 2 > names.count, !isValued else { return false }
    var rows = 0
    while rows < Self.rowLimit, reader.next(&row) {
      guard !row.isBlank else { continue }
      rows += 1
      let again = (0..<min(row.count, names.count)).count {
        !names[$0].isEmpty && row.trimmed($0).elementsEqual(names[$0])
      }
      // A table that was joined from several repeats the whole row.
      if again > 0, again < filled.count { return false }
    }
    return rows > 0
  }
}

/// Whether the cell at `index` is a year and one beside it the year before or after: `Region;2024;2025`.
private func isYear(_ names: [[UInt8]], _ index: Int) -> Bool {
  func year(_ index: Int) -> Int? {
    guard names.indices.contains(index), names[index].count == 4 else { return nil }
    return Int(String(decoding: names[index], as: UTF8.self)).flatMap {
      (1_900...2_100).contains($0) ? $0 : nil
    }
  }
  // A row of years alone is a row of numbers.
  guard let own = year(index), year(0) == nil, names[0].contains(where: { $0 > 0x39 }) else {
    return false
  }
  return [index - 1, index + 1].contains { abs((year($0) ?? .min / 2) - own) == 1 }
}

/// Whether a cell is what columns hold rather than what they are called: a number, a date or time, an
/// amount, an address, a truth value; or a text that no name is as long as.
private func isValue(_ cell: ArraySlice<UInt8>) -> Bool {
  if cell.count > 200 { return true }
  let digits = cell.count { (0x30...0x39).contains($0) }
  let letters = cell.count { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x80 }
  if digits > 0, letters == 0 || digits >= letters * 2 && letters <= 3 { return true }
  if cell.contains(0x40), cell.contains(0x2E) { return true }
  let word = String(decoding: cell, as: UTF8.self).lowercased()
  return ["true", "false", "yes", "no", "null", "nan"].contains(word)
    || word.hasPrefix("http://") || word.hasPrefix("https://")
}
