/// The fast way for what most text is: words of ASCII letters with nothing to think about.
extension Analyzer {
  /// What became of the word at a position.
  enum PlainOutcome {
    case readOn(Int)
    case stopped
    /// Not that simple: the word must go the long way.
    case notPlain
  }

  /// Emits the word that begins at `start` if it is up to fifteen ASCII letters, without humps, and
  /// if what follows neither continues it nor joins it to another.
  @inline(__always)
  mutating func emitPlain(_ text: Span<UInt8>, from start: Int, _ emit: Emit) -> PlainOutcome {
    let first = Eight(text, at: start)
    var letters = first.letterCount
    var word = PackedWord(low: first.lowered(letters), high: 0)
    var hasLateCapital = first.hasLateCapital(letters)
    if letters == 8 {
      let second = Eight(text, at: start &+ 8)
      let more = second.letterCount
      guard more < 8 else { return .notPlain }
      word.high = second.lowered(more)
      hasLateCapital = hasLateCapital || second.hasCapital(more)
      letters &+= more
    }
    let end = start &+ letters
    guard letters > 0, isPlainEnd(text, end) else { return .notPlain }
    if hasLateCapital {
      // Capitals only are a word, too.
      for index in start..<end where text[index] & 0x20 != 0 { return .notPlain }
    }
    var token = Token(start: start, end: end)
    if stems {
      token.isStopWord = letters <= 7 && stopWords.contains(word.low)
      if letters > 2, isStemmed(word[0]) { word = cache.stem(of: word) }
    }
    term.set(word)
    return term.emit(token, emit) ? .readOn(end) : .stopped
  }

  /// Whether a word of ASCII letters ends at `end`, seen without looking far.
  @inline(__always)
  private func isPlainEnd(_ text: Span<UInt8>, _ end: Int) -> Bool {
    guard end < text.count else { return true }
    switch text[end] {
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "_"),
      UInt8(ascii: "&"), UInt8(ascii: "+"):
      // These join where a letter or digit follows.
      guard end &+ 1 < text.count else { return true }
      let next = text[end &+ 1]
      return next < 0x80 && !isAlphanumeric(next) && next != UInt8(ascii: "_")
    case 0x30...0x39: return false
    case 0xE2:
      // Dashes and quotation marks, U+2013 to U+201F: none continues a Latin word.
      return end &+ 2 < text.count && text[end &+ 1] == 0x80
        && text[end &+ 2] >= 0x93 && text[end &+ 2] <= 0x9F
    case 0x80...: return false
    default: return true
    }
  }
}

/// Whether an octet is an ASCII letter or digit.
@inline(__always)
func isAlphanumeric(_ octet: UInt8) -> Bool {
  octet &- 0x30 < 10 || (octet | 0x20) &- 0x61 < 26
}

/// Eight octets of text, looked at together.
private struct Eight {
  private let octets: UInt64
  /// The highest bit of each octet that is an ASCII letter.
  private let letterBits: UInt64

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080
  /// What makes a letter lower case.
  private static let caseBits: UInt64 = 0x2020_2020_2020_2020

  /// The octets from `offset` on, zeroes behind the end of `text`.
  @inline(__always)
  init(_ text: Span<UInt8>, at offset: Int) {
    var octets: UInt64 = 0
    if offset &+ 8 <= text.count {
      // Safe: any bits are a number, and the offsets are checked.
      octets = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    } else {
      var shift: UInt64 = 0
      for index in offset..<Swift.max(text.count, offset) {
        octets |= UInt64(text[index]) &<< shift
        shift &+= 8
      }
    }
    self.octets = octets
    // Without its highest bit and in lower case, a letter is at least "a" and at most "z": adding
    // what is missing to 0x80 carries into the highest bit, and into no other octet.
    let folded = (octets | Self.caseBits) & ~Self.highBits
    let atLeastA = folded &+ (0x80 &- 0x61) &* Self.ones
    let beyondZ = folded &+ (0x80 &- 0x7B) &* Self.ones
    letterBits = atLeastA & ~beyondZ & ~octets & Self.highBits
  }

  /// How many letters come first, 0...8.
  @inline(__always)
  var letterCount: Int { (~letterBits & Self.highBits).trailingZeroBitCount &>> 3 }

  /// The first `count` octets, which are letters, in lower case.
  @inline(__always)
  func lowered(_ count: Int) -> UInt64 { (octets | Self.caseBits) & mask(count) }

  /// Whether the first `count` octets have a capital.
  @inline(__always)
  func hasCapital(_ count: Int) -> Bool { capitals & mask(count) != 0 }

  /// Whether the first `count` octets have a capital behind the first.
  @inline(__always)
  func hasLateCapital(_ count: Int) -> Bool { capitals & mask(count) & ~0xFF != 0 }

  private var capitals: UInt64 { letterBits & ~((octets & Self.caseBits) &<< 2) }

  @inline(__always)
  private func mask(_ count: Int) -> UInt64 {
    count == 8 ? ~0 : (1 &<< UInt64(8 &* count)) &- 1
  }
}
