import Octets

/// Where the parts of a multipart body stand.
///
/// - SeeAlso: RFC 2046, section 5.1.1: a delimiter is a whole line, and the line end before it is its
///   own.
struct Multipart {
  private(set) var parts: [Range<Int>] = []
  private(set) var hasEnd = false
  private(set) var isCut = false
  /// What stands before the first delimiter, the line end that belongs to it left out.
  private(set) var preamble: Range<Int>
  /// What stands behind the last delimiter, where there is one.
  private(set) var epilogue: Range<Int>?

  /// Finds the parts between lines of `--boundary`.
  ///
  /// At most `limit` parts are found. O(octets).
  init(_ octets: Span<UInt8>, _ body: Range<Int>, boundary: [UInt8], lines: Lines, limit: Int) {
    preamble = body
    var partStart: Int?
    var lineStart = body.lowerBound
    // Where the line before ends without its line end.
    var previousEnd = body.lowerBound
    while lineStart < body.upperBound {
      let (contentEnd, next) = lines.line(octets, at: lineStart, end: body.upperBound)
      if contentEnd - lineStart >= boundary.count + 2, octets[lineStart] == 0x2D,
        let isEnd = Self.delimiter(octets, lineStart..<contentEnd, boundary)
      {
        if parts.isEmpty, partStart == nil { preamble = body.lowerBound..<previousEnd }
        if let start = partStart { parts.append(start..<max(start, previousEnd)) }
        partStart = nil
        if isEnd {
          hasEnd = true
          epilogue = next..<body.upperBound
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
  ///
  /// What follows the boundary after white space is passed over: it suffices that the line begins
  /// with the boundary (RFC 2046, section 5.1.1, note to implementors). Without white space it could
  /// be another boundary that begins alike.
  private static func delimiter(
    _ octets: Span<UInt8>, _ line: Range<Int>, _ boundary: [UInt8]
  ) -> Bool? {
    let start = line.lowerBound
    guard octets[start &+ 1] == 0x2D else { return nil }
    for offset in boundary.indices where octets[start &+ 2 &+ offset] != boundary[offset] {
      return nil
    }
    let rest = start + 2 + boundary.count..<line.upperBound
    if isBoundaryEnd(octets, rest) { return false }
    guard rest.count >= 2, octets[rest.lowerBound] == 0x2D, octets[rest.lowerBound + 1] == 0x2D,
      isBoundaryEnd(octets, rest.dropFirst(2))
    else { return nil }
    return true
  }

  private static func isBoundaryEnd(_ octets: Span<UInt8>, _ rest: Range<Int>) -> Bool {
    guard let next = rest.first else { return true }
    return octets[next] == 0x20 || octets[next] == 0x09
  }
}
