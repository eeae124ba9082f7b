/// Reads the rows of a text whose cells are separated by one octet.
///
/// RFC 4180, and what is written in its place: any delimiter and quotation mark, quoted line ends, CR,
/// LF or CRLF, blanks before a quotation mark, backslashes for doubling. A quotation mark counts at the
/// beginning of a cell only; one that is never closed is text, and from there on quoted cells end
/// with their line, so that reading stays O(octets).
struct DelimitedReader {
  struct Dialect: Equatable {
    var delimiter: UInt8 = 0x2C
    var quote: UInt8 = 0x22
    /// Whether a backslash makes what follows literal inside of quotation marks.
    var escapes = false
  }

  /// The cells of one row, in one buffer.
  struct Row {
    private var octets: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    subscript(_ index: Int) -> ArraySlice<UInt8> {
      octets[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// The cell without white space around it.
    func trimmed(_ index: Int) -> ArraySlice<UInt8> {
      var cell = self[index].drop(while: isSpace)
      while let last = cell.last, isSpace(last) { cell.removeLast() }
      return cell
    }

    var isBlank: Bool { octets.allSatisfy(isSpace) }

    fileprivate mutating func removeAll() {
      octets.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
    }
    fileprivate mutating func append(_ octet: UInt8) { octets.append(octet) }
    fileprivate mutating func append(_ part: ArraySlice<UInt8>) { octets += part }
    fileprivate mutating func endCell() { ends.append(octets.count) }
  }

  /// Quotation marks that are not closed.
  private(set) var unclosed = 0
  /// Cells with text behind their closing quotation mark.
  private(set) var strays = 0

  private let octets: [UInt8]
  private let dialect: Dialect
  private var index: Int
  private var spansLines = true
  /// Up to here quotation marks are text.
  private var literalEnd = 0

  init(_ octets: [UInt8], _ dialect: Dialect, from start: Int = 0) {
    self.octets = octets
    self.dialect = dialect
    index = start
  }

  /// Reads the next row into `row`; `false` at the end.
  mutating func next(_ row: inout Row) -> Bool {
    row.removeAll()
    guard index < octets.count else { return false }
    while true {
      readCell(&row)
      row.endCell()
      guard index < octets.count else { return true }
      let octet = octets[index]
      index += 1
      if octet != dialect.delimiter {
        if octet == 0x0D, index < octets.count, octets[index] == 0x0A { index += 1 }
        return true
      }
      if index == octets.count {
        row.endCell()
        return true
      }
    }
  }

  private mutating func readCell(_ row: inout Row) {
    var start = index
    while start < octets.count, octets[start] == 0x20 { start += 1 }
    if start < octets.count, octets[start] == dialect.quote, start >= literalEnd,
      let end = closing(start + 1)
    {
      appendQuoted(start + 1..<end, &row)
      index = end + 1
      let rest = unquotedEnd()
      if octets[index..<rest].contains(where: { $0 > 0x20 }) {
        strays += 1
        row.append(octets[index..<rest])
      }
      index = rest
    } else {
      let end = unquotedEnd()
      row.append(octets[index..<end])
      index = end
    }
  }

  private func unquotedEnd() -> Int {
    var end = index
    while end < octets.count, octets[end] != dialect.delimiter, octets[end] != 0x0A,
      octets[end] != 0x0D
    { end &+= 1 }
    return end
  }

  /// Where the quotation mark stands that closes the one before `start`.
  private mutating func closing(_ start: Int) -> Int? {
    var end = start
    while end < octets.count {
      let octet = octets[end]
      if octet == dialect.quote {
        guard end + 1 < octets.count, octets[end + 1] == dialect.quote else { return end }
        end &+= 1
      } else if octet == 0x5C, dialect.escapes {
        end &+= 1
      } else if !spansLines, octet == 0x0A || octet == 0x0D {
        break
      }
      end &+= 1
    }
    unclosed += 1
    // What was looked through once is not looked through for each quotation mark in it.
    if !spansLines { literalEnd = end }
    spansLines = false
    return nil
  }

  private func appendQuoted(_ range: Range<Int>, _ row: inout Row) {
    var index = range.lowerBound
    while index < range.upperBound {
      let octet = octets[index]
      if octet == dialect.quote || octet == 0x5C && dialect.escapes,
        index + 1 < range.upperBound
      {
        index += 1
      }
      row.append(octets[index])
      index += 1
    }
  }
}

/// ASCII's white space.
func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || (0x09...0x0D).contains(octet) }
