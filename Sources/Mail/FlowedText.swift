import Octets

/// Text of `format=flowed` with its paragraphs joined again.
///
/// A line that ends with a space goes on in the next one of the same quote depth; a space before a
/// line's content is stuffing and goes. The signature's mark `-- ` is never joined. What is quoted
/// keeps its marks, one `>` a depth and a space behind them.
///
/// - SeeAlso: RFC 3676, sections 4.2 to 4.6.
enum FlowedText {
  /// How the part's type says that it is to be read; `nil` where its lines are as they stand.
  struct Format: Equatable {
    /// Whether the space at the end of a flowed line goes (section 3.2).
    var deletesSpace = false

    init?(_ type: ParameterField) {
      guard lowercasedText(type.octets("format") ?? []) == "flowed" else { return nil }
      deletesSpace = lowercasedText(type.octets("delsp") ?? []) == "yes"
    }
  }

  /// A text in stretches of what its sender wrote and what they quoted.
  struct Unflowed {
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

  /// O(octets); at most a third longer than `octets`.
  static func unflowed(_ octets: Span<UInt8>, _ format: Format) -> Unflowed {
    var text = Unflowed()
    text.octets.reserveCapacity(octets.count + 64)
    let lines = Lines(hasBareReturns: Lines.hasBareReturns(octets, 0..<octets.count))
    var paragraphDepth: Int?
    var start = 0
    while start < octets.count {
      let line = lines.line(octets, at: start, end: octets.count)
      let (depth, content) = unmarked(octets, start..<line.contentEnd)
      let isSignature = isSignatureMark(octets, content)
      if let open = paragraphDepth, open != depth || isSignature {
        text.octets.append(0x0A)
        text.end(open > 0)
        paragraphDepth = nil
      }
      if paragraphDepth == nil { appendMarks(depth, content, to: &text.octets) }
      let isFlowed = !isSignature && content.last.map { octets[$0] == 0x20 } == true
      let kept = isFlowed && format.deletesSpace ? content.dropLast() : content
      for index in kept { text.octets.append(octets[index]) }
      paragraphDepth = isFlowed ? depth : nil
      if !isFlowed {
        // The last line may have no end.
        if line.next > line.contentEnd { text.octets.append(0x0A) }
        // An empty line goes with what stands before it.
        text.end(content.isEmpty && depth == 0 ? text.stretches.last?.isQuote ?? false : depth > 0)
      }
      start = line.next
    }
    if let open = paragraphDepth { text.end(open > 0) }
    return text
  }

  /// The quote depth of a line, and what stands behind its marks and its stuffing.
  private static func unmarked(
    _ octets: Span<UInt8>, _ line: Range<Int>
  ) -> (depth: Int, content: Range<Int>) {
    var index = line.lowerBound
    while index < line.upperBound, octets[index] == 0x3E { index += 1 }
    let depth = index - line.lowerBound
    if index < line.upperBound, octets[index] == 0x20 { index += 1 }
    return (depth, index..<line.upperBound)
  }

  private static func isSignatureMark(_ octets: Span<UInt8>, _ content: Range<Int>) -> Bool {
    content.count == 3 && octets[content.lowerBound] == 0x2D
      && octets[content.lowerBound + 1] == 0x2D && octets[content.lowerBound + 2] == 0x20
  }

  private static func appendMarks(_ depth: Int, _ content: Range<Int>, to text: inout [UInt8]) {
    guard depth > 0 else { return }
    text.append(contentsOf: repeatElement(0x3E, count: depth))
    if !content.isEmpty { text.append(0x20) }
  }
}
