import Octets

/// The lines of a stretch of octets, each ended by LF, CRLF or, where `hasBareReturns`, CR alone.
struct Lines {
  let hasBareReturns: Bool

  /// Where the line at `start` ends without its line end, and where the next begins.
  @inline(__always)
  func line(_ octets: Span<UInt8>, at start: Int, end: Int) -> (contentEnd: Int, next: Int) {
    let feed = firstIndex(of: 0x0A, in: octets, from: start, to: end)
    if hasBareReturns {
      let carriage = firstIndex(of: 0x0D, in: octets, from: start, to: feed)
      if carriage < feed {
        return (carriage, carriage &+ 1 == feed && feed < end ? feed &+ 1 : carriage &+ 1)
      }
    }
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
