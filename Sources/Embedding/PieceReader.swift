import UnicodeTables

/// Reads a text's WordPiece numbers in one pass over its octets.
///
/// BERT's basic tokenizer without case (drop controls, spaces around ideographs, NFD, drop marks,
/// lower case scalar by scalar, punctuation apart), then the longest piece first. What looks like a
/// special token in a text is text.
///
/// - Complexity: O(*n*) in the octets read; reading stops at the limit. Memory is a word of at most
///   100 scalars, whatever the text, and the numbers found.
struct PieceReader {
  /// Words of more scalars are unknown as a whole.
  static let scalarLimit = 100

  private let vocabulary: Vocabulary
  private let limit: Int
  private let isCounting: Bool
  /// The numbers of `[CLS]`, of the pieces kept and, when reading is over, of `[SEP]`.
  private(set) var numbers: [Int32] = []
  /// Pieces read so far; at most the limit when reading is over.
  private(set) var count = 0
  private var word = PieceWord()
  private var scalarCount = 0

  /// Reads at most `limit` pieces; with `isCounting` they are counted, not kept.
  init(_ vocabulary: Vocabulary, limit: Int, isCounting: Bool = false) {
    self.vocabulary = vocabulary
    self.limit = limit
    self.isCounting = isCounting
  }

  /// Reads `octets`, well-formed UTF-8, until the limit is reached; once.
  mutating func read(_ octets: Span<UInt8>) {
    if !isCounting {
      // Ordinary text has a piece in four octets.
      numbers.reserveCapacity(min(limit, octets.count / 3) + 8)
      numbers.append(vocabulary.start)
    }
    var position = 0
    while position < octets.count, count < limit {
      if position <= octets.count &- 8 {
        let run = PieceRun(octets, at: position)
        if run.count > 0 {
          append(run.octets, run.count, scalars: run.count)
          position &+= run.count
          if run.count == 8 { continue }
        }
      }
      let octet = octets[position]
      if octet < 0x80 {
        readASCII(octet)
        position += 1
      } else {
        let (scalar, size) = decode(octets, at: position)
        readScalar(scalar)
        position += size
      }
    }
    endWord()
    if count > limit { takeBack(to: limit) }
    if !isCounting { numbers.append(vocabulary.end) }
  }

  @inline(__always)
  private mutating func readASCII(_ octet: UInt8) {
    switch octet {
    case 0x61...0x7A, 0x30...0x39: append(UInt64(octet), 1, scalars: 1)
    case 0x20, 0x09, 0x0A, 0x0D: endWord()
    case 0x41...0x5A: append(UInt64(octet | 0x20), 1, scalars: 1)
    case 0x21...0x7E:
      endWord()
      keep(vocabulary.piece(octet))
    default: break
    }
  }

  private mutating func readScalar(_ scalar: UInt32) {
    guard scalar != 0xFFFD else { return }
    switch generalCategory(scalar) {
    case .control, .format, .privateUse, .surrogate: return
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: endWord()
    default:
      let apart = isSpacedIdeograph(scalar)
      if apart { endWord() }
      for part in canonicalDecomposition(scalar) { readDecomposed(part) }
      if apart { endWord() }
    }
  }

  /// One scalar of the decomposed text.
  ///
  /// ASCII can come out of a decomposition (`;` of U+037E).
  private mutating func readDecomposed(_ scalar: UInt32) {
    if scalar < 0x80 { return readASCII(UInt8(truncatingIfNeeded: scalar)) }
    switch generalCategory(scalar) {
    case .nonspacingMark: return
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: return endWord()
    default: break
    }
    let lower = simpleLowercase(scalar)
    let properties = ScalarProperties(lower)
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .closePunctuation, .finalPunctuation,
      .initialPunctuation, .otherPunctuation, .openPunctuation:
      endWord()
      append(lower, at: word.count)
      endWord()
    default:
      append(lower, at: placeInOrder(properties.combiningClass))
    }
  }

  /// Where a mark of this class goes: before the marks of a greater class that end the word.
  ///
  /// Only spacing marks with a class get here (U+302E and a few more), all others are gone.
  private func placeInOrder(_ markClass: UInt8) -> Int {
    var place = word.count
    guard markClass > 0 else { return place }
    while place > 0 {
      var start = place - 1
      while start > 0, word[start] & 0xC0 == 0x80 { start -= 1 }
      guard combiningClass(scalar(at: start)) > markClass else { break }
      place = start
    }
    return place
  }

  /// Appends octets as ``PieceWord`` does, of so many scalars.
  ///
  /// What is past the limit by one or more is not needed, since the word is unknown then.
  @inline(__always)
  private mutating func append(_ octets: UInt64, _ size: Int, scalars: Int) {
    guard scalarCount <= Self.scalarLimit else { return }
    word.append(octets, size)
    scalarCount &+= scalars
  }

  private mutating func append(_ scalar: UInt32, at place: Int) {
    guard scalarCount <= Self.scalarLimit else { return }
    let (octets, size) = encode(scalar)
    if place == word.count {
      word.append(octets, size)
    } else {
      word.insert(octets, size, at: place)
    }
    scalarCount += 1
  }

  /// The scalar of the word that begins at `start`.
  private func scalar(at start: Int) -> UInt32 {
    var octets: [UInt8] = []
    for index in start..<min(start + 4, word.count) { octets.append(word[index]) }
    return decode(octets.span, at: 0).scalar
  }

  @inline(__always)
  private mutating func endWord() {
    guard scalarCount > 0 else { return }
    if scalarCount > Self.scalarLimit { keep(vocabulary.unknown) } else { addPieces() }
    word.removeAll()
    scalarCount = 0
  }

  @inline(__always)
  private mutating func keep(_ number: Int32) {
    count &+= 1
    if !isCounting { numbers.append(number) }
  }

  /// Forgets the last pieces, so that `count` are left.
  private mutating func takeBack(to count: Int) {
    self.count = count
    if !isCounting { numbers.removeSubrange((count + 1)...) }
  }

  /// The longest piece that the word begins with, mostly itself, then the longest of the rest, to
  /// its end; where none fits, the whole word is unknown.
  @inline(__always)
  private mutating func addPieces() {
    let before = count
    var from = 0
    while from < word.count {
      guard let (number, size) = vocabulary.longestPiece(word, from: from) else {
        takeBack(to: before)
        return keep(vocabulary.unknown)
      }
      keep(number)
      from &+= size
    }
  }
}

/// A scalar's octets, the first in the lowest bits, and how many.
private func encode(_ scalar: UInt32) -> (octets: UInt64, size: Int) {
  let scalar = UInt64(scalar)
  let low = { (shift: UInt64) in 0x80 | (scalar >> shift & 0x3F) }
  switch scalar {
  case 0..<0x80: return (scalar, 1)
  case 0x80..<0x800: return (0xC0 | scalar >> 6 | low(0) << 8, 2)
  case 0x800..<0x10000: return (0xE0 | scalar >> 12 | low(6) << 8 | low(0) << 16, 3)
  default: return (0xF0 | scalar >> 18 | low(12) << 8 | low(6) << 16 | low(0) << 24, 4)
  }
}

/// The scalar at `position` and its octets; U+FFFD and one octet where the text is not well-formed.
private func decode(_ octets: Span<UInt8>, at position: Int) -> (scalar: UInt32, size: Int) {
  let first = UInt32(octets[position])
  let size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  guard first < 0x80 || first >= 0xC0, position + size <= octets.count else { return (0xFFFD, 1) }
  guard size > 1 else { return (first, 1) }
  var scalar = first & (0x7F >> UInt32(size))
  for i in 1..<size { scalar = scalar << 6 | UInt32(octets[position + i] & 0x3F) }
  return (scalar, size)
}

/// Whether a scalar is one of the ideographs that are words by themselves: BERT's list, in which
/// kana and Hangul are not.
private func isSpacedIdeograph(_ scalar: UInt32) -> Bool {
  switch scalar {
  case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
    0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
    true
  default: false
  }
}
