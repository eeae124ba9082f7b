import Octets

/// Where a message ends by its Content-Length.
extension Mailbox {
  /// Where the message that begins at `start` ends by its Content-Length, and where the next separator
  /// or the end of the file is; `nil` where neither is there, or the header has no one length.
  ///
  /// Mailboxes differ in whether the empty line at the end is counted.
  static func endByLength(
    _ octets: Span<UInt8>, message start: Int
  ) -> (end: Int, next: Int)? {
    guard let body = bodyByLength(octets, message: start) else { return nil }
    let end = body.upperBound
    guard end < octets.count else { return (withoutEmptyLine(octets, start, end), end) }
    if separator(octets, at: end, afterEmptyLine: true) != nil {
      return (withoutEmptyLine(octets, start, end), end)
    }
    let line = Lines(hasBareReturns: false).line(octets, at: end, end: octets.count)
    guard line.contentEnd == end, line.next > end,
      line.next == octets.count || separator(octets, at: line.next, afterEmptyLine: true) != nil
    else { return nil }
    return (end, line.next)
  }

  /// The body as the header's Content-Length has it, if that lies within `octets`.
  private static func bodyByLength(_ octets: Span<UInt8>, message start: Int) -> Range<Int>? {
    let lines = Lines(hasBareReturns: false)
    let headerEnd = min(octets.count, start + longestHeader)
    var length: Int?
    var index = start
    while index < headerEnd {
      let line = lines.line(octets, at: index, end: headerEnd)
      if line.contentEnd == index {
        guard let length, length <= octets.count - line.next else { return nil }
        return line.next..<line.next + length
      }
      // The header ends without an empty line, and the next message's length is not this one's.
      if separator(octets, at: index, afterEmptyLine: false) != nil { return nil }
      if octets[index] | 0x20 == 0x63,
        let colon = HeaderBlock.colon(octets, index..<line.contentEnd),
        matches(octets, index..<colon.nameEnd, "content-length")
      {
        guard length == nil, let number = number(octets, colon.at + 1..<line.contentEnd) else {
          return nil
        }
        length = number
      }
      index = line.next
    }
    return nil
  }

  private static let longestHeader = 1 << 20

  /// A number of at most 15 digits, with white space around it.
  private static func number(_ octets: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let digits = range.drop { octets[$0] == 0x20 || octets[$0] == 0x09 }
    var number = 0
    var count = 0
    for index in digits {
      guard (0x30...0x39).contains(octets[index]) else {
        let isBlank = (index..<range.upperBound).allSatisfy {
          octets[$0] == 0x20 || octets[$0] == 0x09
        }
        return isBlank && count > 0 ? number : nil
      }
      number = number * 10 + Int(octets[index] - 0x30)
      count += 1
      guard count <= 15 else { return nil }
    }
    return count > 0 ? number : nil
  }
}
