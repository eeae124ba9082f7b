/// Uuencoded files: lines of letters, each line's first letter its length, between `begin` and `end`.
///
/// - SeeAlso: POSIX.1-2024, uuencode, "STDOUT".
package enum Uuencode {
  /// What the lines in `octets` encode, and how many of them are broken.
  ///
  /// Everything up to a line that starts with `begin ` is passed over, where there is one; `end` ends
  /// the file. A line that is too short is filled up with zeros, as programs that strip spaces from
  /// line ends want it. O(octets).
  package static func decode(_ octets: [UInt8]) -> (octets: [UInt8], defects: Int) {
    var result: [UInt8] = []
    result.reserveCapacity(octets.count / 4 * 3)
    var defects = 0
    let lines = octets.split(separator: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }
    let begin = lines.firstIndex { $0.starts(with: "begin ".utf8) }
    for line in lines[(begin.map { $0 + 1 } ?? 0)...] {
      if line.elementsEqual("end".utf8) { break }
      guard let first = line.first, (0x20...0x60).contains(first) else {
        if !line.isEmpty { defects += 1 }
        continue
      }
      let count = Int(first - 0x20) & 63
      if !append(line.dropFirst(), count, to: &result) { defects += 1 }
    }
    return (result, defects)
  }

  private static func append(
    _ letters: ArraySlice<UInt8>, _ count: Int, to result: inout [UInt8]
  ) -> Bool {
    var isSound = true
    func value(_ offset: Int) -> UInt32 {
      guard offset < letters.count else { return 0 }
      let letter = letters[letters.startIndex + offset]
      if !(0x20...0x60).contains(letter) { isSound = false }
      return UInt32(letter &- 0x20) & 63
    }
    var left = count
    var offset = 0
    while left > 0 {
      let bits =
        value(offset) << 18 | value(offset + 1) << 12 | value(offset + 2) << 6 | value(offset + 3)
      for shift in [UInt32(16), 8, 0].prefix(left) {
        result.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
      left -= 3
      offset += 4
    }
    return isSound
  }
}
