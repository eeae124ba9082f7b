import Octets

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
