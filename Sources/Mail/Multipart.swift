import Octets

/// Where the parts of a multipart body stand.
///
/// - SeeAlso: RFC 2046, section 5.1.1: a delimiter is a whole line, and the line end before it is its
///   own.
struct Multipart {
  private(set) var parts: [Range<Int>] = []
  private(set) var hasEnd = false
  private(set) var isCut = false

  /// Finds the parts between lines of `--boundary`; preamble and epilogue are dropped.
  ///
  /// At most `limit` parts are found. O(octets).
  init(_ octets: Span<UInt8>, _ body: Range<Int>, boundary: [UInt8], lines: Lines, limit: Int) {
    var partStart: Int?
    var lineStart = body.lowerBound
    // Where the line before ends without its line end.
    var previousEnd = body.lowerBound
    while lineStart < body.upperBound {
      let (contentEnd, next) = lines.line(octets, at: lineStart, end: body.upperBound)
      if contentEnd - lineStart >= boundary.count + 2, octets[lineStart] == 0x2D,
        let isEnd = Self.delimiter(octets, lineStart..<contentEnd, boundary)
      {
        if let start = partStart { parts.append(start..<max(start, previousEnd)) }
        partStart = nil
        if isEnd {
          hasEnd = true
          return
        }
        if parts.count >= limit {
          isCut = true
          return
        }
        partStart = next
        previousEnd = next
      } else {
        previousEnd = contentEnd
      }
      lineStart = next
    }
    if let start = partStart { parts.append(start..<body.upperBound) }
  }

  /// `nil` for a line that is no delimiter, else whether it is the last one.
  private static func delimiter(
    _ octets: Span<UInt8>, _ line: Range<Int>, _ boundary: [UInt8]
  ) -> Bool? {
    let start = line.lowerBound
    guard octets[start &+ 1] == 0x2D else { return nil }
    for offset in boundary.indices where octets[start &+ 2 &+ offset] != boundary[offset] {
      return nil
    }
    let rest = start + 2 + boundary.count..<line.upperBound
    if isBlank(octets, rest) { return false }
    guard rest.count >= 2, octets[rest.lowerBound] == 0x2D, octets[rest.lowerBound + 1] == 0x2D,
      isBlank(octets, rest.dropFirst(2))
    else { return nil }
    return true
  }
}
