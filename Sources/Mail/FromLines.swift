import Octets

/// A line of a body that begins with `From `, with marks (`>`) before it or none.
struct FromLine {
  var start: Int
  /// Marks directly before the word.
  var marks: Int
  var isAfterEmptyLine: Bool
  /// How deeply the lines around it are quoted; 0 for one that is not, or is such a line itself.
  var quotesAround: [Int]
}

/// Walks the lines of one message's body that begin with `From ` or `>From `.
struct FromLines {
  private let end: Int
  private var index: Int
  private var previous: Range<Int>

  /// The body begins after the first empty line of `message`; without one there is none.
  init(_ octets: Span<UInt8>, message: Range<Int>) {
    end = message.upperBound
    index = message.lowerBound
    previous = index..<index
    while index < end {
      let line = FromLines.line(octets, at: index, end: end)
      previous = index..<index
      index = line.next
      if line.contentEnd == previous.lowerBound { return }
    }
  }

  /// The next such line; `nil` at the end.
  ///
  /// O(octets up to it).
  mutating func next(_ octets: Span<UInt8>) -> FromLine? {
    while index < end {
      let start = index
      let line = FromLines.line(octets, at: start, end: end)
      let before = previous
      index = line.next
      previous = start..<line.contentEnd
      guard octets[start] == 0x3E || octets[start] == 0x46,
        let marks = FromLines.marks(octets, start..<line.contentEnd)
      else { continue }
      let after = FromLines.line(octets, at: index, end: end)
      return FromLine(
        start: start, marks: marks, isAfterEmptyLine: before.isEmpty,
        quotesAround: [
          FromLines.quoteDepth(octets, before),
          FromLines.quoteDepth(octets, index..<after.contentEnd),
        ])
    }
    return nil
  }

  private static func line(
    _ octets: Span<UInt8>, at start: Int, end: Int
  ) -> (contentEnd: Int, next: Int) {
    guard start < end else { return (end, end) }
    return Lines(hasBareReturns: false).line(octets, at: start, end: end)
  }

  /// The marks before `From ` at a line's beginning; `nil` for any other line.
  private static func marks(_ octets: Span<UInt8>, _ line: Range<Int>) -> Int? {
    var index = line.lowerBound
    while index < line.upperBound, octets[index] == 0x3E { index += 1 }
    guard index + 5 <= line.upperBound, octets[index] == 0x46, octets[index + 1] == 0x72,
      octets[index + 2] == 0x6F, octets[index + 3] == 0x6D, octets[index + 4] == 0x20
    else { return nil }
    return index - line.lowerBound
  }

  /// Marks at a line's beginning, spaces between them or not.
  private static func quoteDepth(_ octets: Span<UInt8>, _ line: Range<Int>) -> Int {
    guard marks(octets, line) == nil else { return 0 }
    var depth = 0
    for index in line {
      if octets[index] == 0x3E { depth += 1 } else if octets[index] != 0x20 { break }
    }
    return depth
  }
}
