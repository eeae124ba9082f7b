/// Uuencoded files: lines of letters, each line's first letter its length, between `begin` and `end`.
///
/// - SeeAlso: POSIX.1-2024, uuencode, "STDOUT".
package enum Uuencode {
  /// What the lines in `octets` encode, and how many of them are broken.
  ///
  /// Everything up to a line that starts with `begin ` is passed over, where there is one; `end` ends
  /// the file. A line that is too short is filled up with zeros, as programs that strip spaces from
  /// line ends want it; where the result could then become longer than `octets`, the line is broken and
  /// only its letters count. So the result is never longer than `octets`. Lines end with LF, CR or both.
  /// O(octets).
  package static func decode(_ octets: Span<UInt8>) -> (octets: [UInt8], defects: Int) {
    var result: [UInt8] = []
    result.reserveCapacity(octets.count / 4 * 3)
    var defects = 0
    var start = dataStart(octets)
    while start < octets.count {
      var end = start
      while end < octets.count, octets[end] != 0x0A, octets[end] != 0x0D { end &+= 1 }
      let line = start..<end
      start = end + 1
      guard !line.isEmpty else { continue }
      if isEnd(octets, line) { break }
      if !append(octets, line, to: &result) { defects += 1 }
    }
    return (result, defects)
  }

  /// Whether `line` of `octets` has the form of a file's lines of data: its first letter says how many
  /// octets it holds, and letters for these follow; some programs add one as a check, some strip spaces
  /// at the end.
  package static func isData(_ octets: Span<UInt8>, _ line: Range<Int>) -> Bool {
    guard let first = line.first, (0x21...0x5F).contains(octets[first]) else { return false }
    let letters = letterCount(Int(octets[first]) - 0x20)
    guard (letters - 3...letters + 1).contains(line.count - 1) else { return false }
    for index in line where !(0x20...0x60).contains(octets[index]) { return false }
    return true
  }

  /// Three octets are four letters.
  private static func letterCount(_ octetCount: Int) -> Int { (octetCount + 2) / 3 * 4 }

  /// Behind the line that begins the file, or 0.
  private static func dataStart(_ source: Span<UInt8>) -> Int {
    var index = 0
    while true {
      index = firstIndex(of: "begin ", in: source, from: index, to: source.count)
      guard index < source.count else { return 0 }
      if index == 0 || source[index - 1] == 0x0A || source[index - 1] == 0x0D { break }
      index += 1
    }
    while index < source.count, source[index] != 0x0A, source[index] != 0x0D { index &+= 1 }
    return index
  }

  private static func isEnd(_ source: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let start = line.lowerBound
    return line.count == 3 && source[start] == 0x65 && source[start + 1] == 0x6E
      && source[start + 2] == 0x64
  }

  /// Appends what a line holds; whether it is sound.
  private static func append(
    _ source: Span<UInt8>, _ line: Range<Int>, to result: inout [UInt8]
  ) -> Bool {
    let first = source[line.lowerBound]
    guard (0x20...0x60).contains(first) else { return false }
    var count = Int(first - 0x20) & 63
    var isSound = true
    // What follows holds at most three octets in four: room for that much is kept.
    let rest = (source.count - line.upperBound) / 4 * 3 + 3
    if line.count <= letterCount(count), result.count + count + rest > source.count {
      count = min(count, (line.count - 1) / 4 * 3)
      isSound = false
    }
    var index = line.lowerBound + 1
    while count > 0 {
      var bits: UInt32 = 0
      for _ in 0..<4 {
        var value: UInt8 = 0
        if index < line.upperBound {
          if !(0x20...0x60).contains(source[index]) { isSound = false }
          value = (source[index] &- 0x20) & 63
        }
        bits = bits << 6 | UInt32(value)
        index += 1
      }
      result.append(UInt8(truncatingIfNeeded: bits >> 16))
      if count > 1 { result.append(UInt8(truncatingIfNeeded: bits >> 8)) }
      if count > 2 { result.append(UInt8(truncatingIfNeeded: bits)) }
      count -= 3
    }
    return isSound
  }
}
