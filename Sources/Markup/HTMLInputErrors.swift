extension HTMLTokenizer {
  /// The errors of the input stream's characters (13.2.3.5), which no token shows.
  ///
  /// - Complexity: O(octets).
  package static func inputErrors(_ input: Span<UInt8>) -> [HTMLParseError: Int] {
    var counts: [HTMLParseError: Int] = [:]
    var index = 0
    while index < input.count {
      let octet = input[index]
      func at(_ offset: Int) -> UInt8 {
        index &+ offset < input.count ? input[index &+ offset] & 0x3F : 0
      }
      var value = UInt32(octet)
      var length = 1
      if octet >= 0xF0 {
        value = UInt32(octet & 7) << 18 | UInt32(at(1)) << 12 | UInt32(at(2)) << 6 | UInt32(at(3))
        length = 4
      } else if octet >= 0xE0 {
        value = UInt32(octet & 15) << 12 | UInt32(at(1)) << 6 | UInt32(at(2))
        length = 3
      } else if octet >= 0xC0 {
        value = UInt32(octet & 31) << 6 | UInt32(at(1))
        length = 2
      }
      if let error = error(value) { counts[error, default: 0] += 1 }
      index &+= length
    }
    return counts
  }

  private static func error(_ value: UInt32) -> HTMLParseError? {
    switch value {
    case 0xD800...0xDFFF: .surrogateInInput
    case 0xFDD0...0xFDEF: .noncharacterInInput
    case _ where value & 0xFFFE == 0xFFFE: .noncharacterInInput
    case 0, 0x09, 0x0A, 0x0C, 0x0D, 0x20...0x7E: nil
    case 0...0x1F, 0x7F...0x9F: .controlInInput
    default: nil
    }
  }
}
