import Grounding
import Octets

/// A text in stretches of what its sender wrote and what they quoted.
struct QuotedText {
  /// Well-formed UTF-8.
  var octets: [UInt8] = []
  /// Where each stretch ends and whether it is a quote, in order.
  var stretches: [(end: Int, isQuote: Bool)] = []

  mutating func end(_ isQuote: Bool) {
    if let last = stretches.indices.last, stretches[last].isQuote == isQuote {
      stretches[last].end = octets.count
    } else {
      stretches.append((octets.count, isQuote))
    }
  }
}

/// Finds the lines that are quotes: those that begin with `>`, spaces before it or not.
///
/// An empty line belongs to what stands before it. So does a line that begins with `>From ` and no
/// other mark: most often a mailbox put the mark there, not a person.
struct QuotedLines {
  private let lines: Lines
  private let end: Int
  private var start = 0

  init(_ octets: Span<UInt8>) {
    lines = Lines(hasBareReturns: Lines.hasBareReturns(octets, 0..<octets.count))
    end = octets.count
  }

  /// The next stretch of lines of one kind; `nil` at the end.
  ///
  /// O(octets), most of them by the C library's search for a mark.
  mutating func next(_ octets: Span<UInt8>) -> (range: Range<Int>, isQuote: Bool)? {
    guard start < end else { return nil }
    let first = start
    let quote = nextQuote(octets, from: start)
    if !isBlankUp(octets, first..<quote) {
      start = quote
      return (first..<quote, false)
    }
    var index = quote
    while index < end {
      let line = lines.line(octets, at: index, end: end)
      if isQuote(octets, index..<line.contentEnd) == false { break }
      index = line.next
    }
    start = index
    return (first..<index, quote < end)
  }

  /// Where the next line begins that is a quote.
  private func nextQuote(_ octets: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while true {
      index = firstIndex(of: 0x3E, in: octets, from: index, to: end)
      guard index < end else { return end }
      var lineStart = index
      while lineStart > start, octets[lineStart - 1] == 0x20 || octets[lineStart - 1] == 0x09 {
        lineStart -= 1
      }
      if lineStart == start || isLineEnd(octets[lineStart - 1]),
        isQuote(octets, lineStart..<end) == true
      {
        return lineStart
      }
      index += 1
    }
  }

  private func isLineEnd(_ octet: UInt8) -> Bool {
    octet == 0x0A || octet == 0x0D && lines.hasBareReturns
  }

  private func isBlankUp(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.allSatisfy { octets[$0] <= 0x20 && octets[$0] != 0x0C }
  }

  /// Whether a line is a quote; `nil` for one that goes with the one before.
  private func isQuote(_ octets: Span<UInt8>, _ line: Range<Int>) -> Bool? {
    guard line.lowerBound < line.upperBound else { return nil }
    if octets[line.lowerBound] == 0x3E {
      guard line.count > 1, octets[line.lowerBound + 1] | 0x20 == 0x66 else { return true }
      return matches(octets, line.prefix(6), ">from ") ? nil : true
    }
    for index in line where octets[index] != 0x20 && octets[index] != 0x09 {
      return octets[index] == 0x3E
    }
    return nil
  }
}

/// Whether a file stands uuencoded in a text: `begin 644 name`, and behind it a line whose first
/// octet says how long it is.
///
/// Looked for only where a backtick is, which such files write for 0. O(octets).
func hasUuencode(_ octets: Span<UInt8>) -> Bool {
  guard firstIndex(of: 0x60, in: octets, from: 0, to: octets.count) < octets.count else {
    return false
  }
  let lines = Lines(hasBareReturns: Lines.hasBareReturns(octets, 0..<octets.count))
  var isBehindBegin = false
  var start = 0
  while start < octets.count {
    let line = lines.line(octets, at: start, end: octets.count)
    let content = start..<line.contentEnd
    if isBehindBegin, isUuencoded(octets, content) { return true }
    isBehindBegin = beginsUuencode(octets, content)
    start = line.next
  }
  return false
}

private func beginsUuencode(_ octets: Span<UInt8>, _ line: Range<Int>) -> Bool {
  guard line.count >= 11, matches(octets, line.prefix(6), "begin "),
    octets[line.lowerBound + 9] == 0x20
  else { return false }
  return (6..<9).allSatisfy { (0x30...0x37).contains(octets[line.lowerBound + $0]) }
}

/// Three octets are four letters; some programs add one as a check.
private func isUuencoded(_ octets: Span<UInt8>, _ line: Range<Int>) -> Bool {
  guard let first = line.first, (0x21...0x4D).contains(octets[first]) else { return false }
  let letters = (Int(octets[first]) - 0x20 + 2) / 3 * 4
  return (letters...letters + 1).contains(line.count - 1)
}
