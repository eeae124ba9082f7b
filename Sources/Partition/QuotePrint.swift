import Grounding
import Octets

/// A quoted passage by what it says, so that the same quote in another message is known again.
enum QuotePrint {
  /// The first 64 bits of the SHA-256 of the words in `range`, one space between them.
  ///
  /// Marks of quotes at a line's beginning do not count, nor where lines break.
  static func print(of text: [UInt8], in range: Range<Int>) -> Int64 {
    var words: [UInt8] = []
    words.reserveCapacity(range.count)
    var isAtLineStart = true
    var isBehindBlank = true
    for octet in text[range] {
      switch octet {
      case 0x0A, 0x0D: (isAtLineStart, isBehindBlank) = (true, true)
      case 0x09, 0x0C, 0x20: isBehindBlank = true
      case 0x3E where isAtLineStart, 0x7C where isAtLineStart: isBehindBlank = true
      default:
        if isBehindBlank, !words.isEmpty { words.append(0x20) }
        words.append(octet)
        (isAtLineStart, isBehindBlank) = (false, false)
      }
    }
    return SHA256.digest(words).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
  }

  /// The order of ids as a number, of 60 of their bits.
  static func rank(of id: String) -> Int64 {
    id.utf8.prefix(12).reduce(0) { $0 << 5 | Int64($1 >= 0x61 ? $1 - 0x5B : $1 - 0x32) & 31 }
  }
}
