import Octets

/// The lines of a stretch of octets, each ended by LF, CRLF or, where `hasBareReturns`, CR alone.
struct Lines {
  let hasBareReturns: Bool

  /// Where the line at `start` ends without its line end, and where the next begins.
  @inline(__always)
  func line(_ octets: Span<UInt8>, at start: Int, end: Int) -> (contentEnd: Int, next: Int) {
    // One search for both: with one for each, a text without line feeds would be searched to its end
    // at every line.
    if hasBareReturns {
      var index = start
      while index < end, octets[index] != 0x0A, octets[index] != 0x0D { index &+= 1 }
      guard index < end else { return (end, end) }
      let isPair = octets[index] == 0x0D && index &+ 1 < end && octets[index &+ 1] == 0x0A
      return (index, index &+ (isPair ? 2 : 1))
    }
    let feed = firstIndex(of: 0x0A, in: octets, from: start, to: end)
    guard feed < end else { return (end, end) }
    return (feed > start && octets[feed &- 1] == 0x0D ? feed &- 1 : feed, feed &+ 1)
  }

  /// Whether a carriage return stands without a line feed behind it.
  static func hasBareReturns(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while true {
      index = firstIndex(of: 0x0D, in: octets, from: index, to: range.upperBound)
      guard index < range.upperBound else { return false }
      if index &+ 1 == range.upperBound || octets[index &+ 1] != 0x0A { return true }
      index &+= 1
    }
  }
}
