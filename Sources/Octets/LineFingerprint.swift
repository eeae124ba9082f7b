/// A line of text by what it says, so that the same line is known again where it is quoted.
///
/// Normalised: marks of quotes (`>` and `|`, blanks between them) at the line's beginning go, blanks
/// at its end go, runs of blanks (space, tab, no-break space, form feed) are one space; case stays. A
/// line counts where at least ``leastWords`` words are left: runs of what is not blank, and in scripts
/// that write without spaces (from U+3000 on) characters.
package struct LineFingerprint: Hashable, Sendable {
  /// The line's octets without its end, marks included.
  package var range: Range<Int>
  /// The first 64 bits of SHA-256 over the normalised line, big-endian: nobody makes another line
  /// that has it.
  package var hash: UInt64

  /// Shorter lines ("Thanks", "Best regards, Jo") stand in too many messages to say anything.
  package static let leastWords = 5

  /// The lines of `range` in `text` (UTF-8, lines ended by LF) that say enough, in order.
  ///
  /// A range that begins or ends within a line has that part of it as a line; bounds outside of the
  /// text are cut.
  ///
  /// - Complexity: O(octets).
  package static func lines(
    of text: Span<UInt8>, in range: Range<Int>
  ) -> [LineFingerprint] {
    var found: [LineFingerprint] = []
    var normalised: [UInt8] = []
    var start = max(0, range.lowerBound)
    let end = min(range.upperBound, text.count)
    while start < end {
      let lineEnd = firstIndex(of: 0x0A, in: text, from: start, to: end)
      let words = normalise(text, start..<lineEnd, into: &normalised)
      if words >= leastWords {
        let digest = SHA256.digest(normalised.span)
        found.append(
          LineFingerprint(
            range: start..<lineEnd, hash: digest[..<8].reduce(0) { $0 << 8 | UInt64($1) }))
      }
      start = lineEnd + 1
    }
    return found
  }

  /// Replaces `line` by the normalised octets of `range`, and counts its words.
  private static func normalise(
    _ text: Span<UInt8>, _ range: Range<Int>, into line: inout [UInt8]
  ) -> Int {
    line.removeAll(keepingCapacity: true)
    var index = range.lowerBound
    while index < range.upperBound {
      let blank = blankLength(text, index, range.upperBound)
      if blank > 0 {
        index += blank
      } else if text[index] == 0x3E || text[index] == 0x7C {
        index += 1
      } else {
        break
      }
    }
    var words = 0
    var isBehindBlank = true
    while index < range.upperBound {
      let blank = blankLength(text, index, range.upperBound)
      if blank > 0 {
        isBehindBlank = true
        index += blank
        continue
      }
      let octet = text[index]
      if isBehindBlank {
        if !line.isEmpty { line.append(0x20) }
        words += 1
      } else if octet >= 0xE3, octet < 0xF8 {
        // Leads a character from U+3000 on.
        words += 1
      }
      isBehindBlank = false
      line.append(octet)
      index += 1
    }
    return words
  }

  /// How many octets the blank at `index` has; 0 where none is.
  @inline(__always)
  private static func blankLength(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> Int {
    switch text[index] {
    case 0x20, 0x09, 0x0C, 0x0D: 1
    case 0xC2 where index + 1 < end && text[index + 1] == 0xA0: 2
    default: 0
    }
  }
}
