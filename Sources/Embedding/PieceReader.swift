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
  /// The numbers so far, without `[CLS]` and `[SEP]`; at most `limit` when reading is over.
  private(set) var numbers: [Int32] = []
  /// Pieces that were counted and not kept.
  private var counted = 0
  /// The word's octets, `wordSize` of them: at most 101 scalars of four octets.
  private var word = InlineArray<404, UInt8>(repeating: 0)
  private var wordSize = 0
  /// The hash of the whole word so far.
  private var wordHash = Vocabulary.Hash(.start)
  private var scalarCount = 0
  /// The hashes of the prefixes of the word's rest, by their length less one.
  private var hashes = InlineArray<404, Vocabulary.Hash>(repeating: .init(.start))

  /// Reads at most `limit` pieces; with `isCounting` they are counted, not kept.
  init(_ vocabulary: Vocabulary, limit: Int, isCounting: Bool = false) {
    self.vocabulary = vocabulary
    self.limit = limit
    self.isCounting = isCounting
  }

  /// Pieces read so far; at most the limit when reading is over.
  var count: Int { min(counted + numbers.count, limit) }

  /// Reads `octets`, well-formed UTF-8, until the limit is reached.
  mutating func read(_ octets: Span<UInt8>) {
    var position = 0
    while position < octets.count, counted + numbers.count < limit {
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
    if numbers.count > limit { numbers.removeSubrange(limit...) }
  }

  @inline(__always)
  private mutating func readASCII(_ octet: UInt8) {
    switch octet {
    case 0x61...0x7A, 0x30...0x39: append(octet)
    case 0x20, 0x09, 0x0A, 0x0D: endWord()
    case 0x41...0x5A: append(octet | 0x20)
    case 0x21...0x7E:
      endWord()
      append(octet)
      endWord()
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
      append(lower, at: wordSize)
      endWord()
    default:
      append(lower, at: placeInOrder(properties.combiningClass))
    }
  }

  /// Where a mark of this class goes: before the marks of a greater class that end the word.
  ///
  /// Only spacing marks with a class get here (U+302E and a few more), all others are gone.
  private func placeInOrder(_ markClass: UInt8) -> Int {
    var place = wordSize
    guard markClass > 0 else { return place }
    while place > 0 {
      var start = place - 1
      while start > 0, word[start] & 0xC0 == 0x80 { start -= 1 }
      guard combiningClass(decode(word.span, at: start).scalar) > markClass else { break }
      place = start
    }
    return place
  }

  @inline(__always)
  private mutating func append(_ octet: UInt8) {
    guard scalarCount <= Self.scalarLimit else { return }
    put(octet)
    scalarCount += 1
  }

  @inline(__always)
  private mutating func put(_ octet: UInt8) {
    word[wordSize] = octet
    wordHash.add(octet)
    wordSize += 1
  }

  private mutating func append(_ scalar: UInt32, at place: Int) {
    guard scalarCount <= Self.scalarLimit else { return }
    scalarCount += 1
    let before = wordSize
    let low = { (shift: UInt32) in UInt8(truncatingIfNeeded: 0x80 | (scalar >> shift & 0x3F)) }
    switch scalar {
    case 0..<0x80: put(UInt8(truncatingIfNeeded: scalar))
    case 0x80..<0x800: put(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
    case 0x800..<0x10000:
      put(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      put(low(6))
    default:
      put(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
      put(low(12))
      put(low(6))
    }
    if scalar >= 0x80 { put(low(0)) }
    guard place < before else { return }
    let octets = (before..<wordSize).map { word[$0] }
    for i in stride(from: before - 1, through: place, by: -1) { word[i + octets.count] = word[i] }
    for (i, octet) in octets.enumerated() { word[place + i] = octet }
    wordHash = Vocabulary.Hash(.start)
    for i in 0..<wordSize { wordHash.add(word[i]) }
  }

  @inline(__always)
  private mutating func endWord() {
    guard scalarCount > 0 else { return }
    if scalarCount > Self.scalarLimit { keep(vocabulary.unknown) } else { addPieces() }
    wordSize = 0
    wordHash = Vocabulary.Hash(.start)
    scalarCount = 0
  }

  @inline(__always)
  private mutating func keep(_ number: Int32) {
    if isCounting { counted += 1 } else { numbers.append(number) }
  }

  /// The word, where it is a piece itself, as most are; else piece by piece.
  private mutating func addPieces() {
    if let whole = vocabulary.find(word.span, 0..<wordSize, .start, wordHash) {
      keep(whole)
    } else {
      addParts()
    }
  }

  /// The longest piece that the word begins with, then the longest of the rest, to its end; where
  /// none fits, the whole word is unknown.
  private mutating func addParts() {
    let before = (counted: counted, kept: numbers.count)
    var from = 0
    while from < wordSize {
      let position: Vocabulary.Position = from == 0 ? .start : .continuation
      var hash = Vocabulary.Hash(position)
      let most = min(wordSize - from, vocabulary.longest)
      for i in 0..<most {
        hash.add(word[from + i])
        hashes[i] = hash
      }
      var size = most
      var found: Int32?
      while size > 0 {
        found = vocabulary.find(word.span, from..<from + size, position, hashes[size - 1])
        if found != nil { break }
        size -= 1
      }
      guard let found else {
        counted = before.counted
        numbers.removeSubrange(before.kept...)
        return keep(vocabulary.unknown)
      }
      keep(found)
      from += size
    }
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
