import UnicodeTables

/// How much text there is, in the measures that bound a passage.
struct TextMeasure: Equatable {
  /// Runs of what is not blank.
  var words = 0
  /// Estimated pieces of the encoder's vocabulary, in tenths.
  var pieceTenths = 0
  var octets = 0

  static func + (a: TextMeasure, b: TextMeasure) -> TextMeasure {
    TextMeasure(
      words: a.words &+ b.words, pieceTenths: a.pieceTenths &+ b.pieceTenths,
      octets: a.octets &+ b.octets)
  }

  func fits(_ limit: TextMeasure) -> Bool {
    words <= limit.words && pieceTenths <= limit.pieceTenths && octets <= limit.octets
  }

  /// What share of `limit` this fills, in 1/1024, by the measure that fills it most.
  func share(of limit: TextMeasure) -> Int {
    func share(_ value: Int, _ limit: Int) -> Int {
      value &* 1024 / max(limit, 1)
    }
    return max(
      share(words, limit.words), share(pieceTenths, limit.pieceTenths),
      share(octets, limit.octets))
  }
}

/// Estimates how many pieces WordPiece makes of a text, without its vocabulary.
///
/// A vocabulary of English words has whole words for English, and fragments for all else. The
/// figures are means over SciFact's abstracts and the vocabulary of `bert-base-uncased`, which the
/// default model has.
struct PieceEstimate {
  /// Whether words are likely to be in the vocabulary.
  ///
  /// Where few of a text's words are English stop words, it is another language, or no prose.
  let isEnglish: Bool

  /// Looks at the first 64 KiB of `text`.
  init(_ text: Span<UInt8>, _ stopWords: StopWords) {
    var words = 0
    var stops = 0
    var position = 0
    let end = min(text.count, 65_536)
    while position < end {
      var packed: UInt64 = 0
      var length: UInt64 = 0
      while position < end, text[position] >= 0x80 || isAlphanumeric(text[position]) {
        if length < 8 { packed |= UInt64(text[position] | 0x20) &<< (8 &* length) }
        length &+= 1
        position &+= 1
      }
      if length > 0 {
        words &+= 1
        if length < 8, stopWords.contains(packed) { stops &+= 1 }
      } else {
        position &+= 1
      }
    }
    // English prose has about 40 in 100, German 5.
    isEnglish = stops &* 6 >= words
  }

  /// The measure of `text` in the octets of `range`.
  func measure(_ text: Span<UInt8>, _ range: Range<Int>) -> TextMeasure {
    var measure = TextMeasure(octets: range.count)
    var run = Run()
    var wasBlank = true
    var position = range.lowerBound
    while position < range.upperBound {
      let scalar = text.scalar(at: position)
      position &+= scalar.count
      let isBlank = isBlank(scalar.value)
      if wasBlank, !isBlank { measure.words &+= 1 }
      wasBlank = isBlank
      switch Kind(scalar.value) {
      case .letter: run.letters &+= 1
      case .digit: run.digits &+= 1
      case .none: measure.pieceTenths &+= run.end(isEnglish)
      case .alone(let tenths): measure.pieceTenths &+= run.end(isEnglish) &+ tenths
      }
    }
    measure.pieceTenths &+= run.end(isEnglish)
    return measure
  }

  private enum Kind {
    /// Of a Latin word.
    case letter
    case digit
    /// Blank.
    case none
    /// Counts by itself, in tenths of a piece.
    case alone(Int)

    init(_ scalar: UInt32) {
      switch scalar {
      case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF, 0x300...0x36F: self = .letter
      case 0x30...0x39: self = .digit
      case 0...0x20: self = .none
      case 0x21...0x7E: self = .alone(10)
      // A syllable becomes its two or three letters.
      case 0xAC00...0xD7A3: self = .alone(25)
      default: self = isBlank(scalar) ? .none : .alone(10)
      }
    }
  }

  /// Letters and digits in a row.
  private struct Run {
    var letters = 0
    var digits = 0

    /// The pieces of the run, in tenths; begins another.
    mutating func end(_ isEnglish: Bool) -> Int {
      defer { self = Run() }
      let count = letters &+ digits
      if count == 0 { return 0 }
      if letters == 0 { return count <= 2 ? 10 : count <= 4 ? 13 : count &* 6 }
      if digits > 0 { return count &* 6 &+ 5 }
      if !isEnglish { return count <= 3 ? 10 : count &* 3 &+ 3 }
      switch count {
      case 1...2: return 10
      case 3...7: return 12
      case 8...10: return 4 &+ count &+ (count &- 8)
      case 11...13: return count &* 2 &- 3
      default: return count &* 3 &- 10
      }
    }
  }
}

/// Whether a scalar has the property White_Space.
func isBlank(_ scalar: UInt32) -> Bool {
  if scalar < 0x80 { return scalar == 0x20 || scalar &- 9 < 5 }
  if scalar == 0x85 { return true }
  switch generalCategory(scalar) {
  case .spaceSeparator, .lineSeparator, .paragraphSeparator: return true
  default: return false
  }
}
