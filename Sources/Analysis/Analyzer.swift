import UnicodeTables

/// Turns text into terms.
///
/// Holds scratch space: make one a thread and use it again.
///
/// Reads any octets: what is no well-formed UTF-8 separates words. Terms of one text depend on that
/// text alone. ``Analysis`` says what the terms are.
package struct Analyzer {
  package typealias Emit = (Span<UInt8>, Token) -> Bool

  var stemmer = EnglishStemmer()
  let stopWords = StopWords()
  var term = TermBuffer()
  /// The parts of the compound that is being read.
  var leaves: [Leaf] = []
  var stems = true

  package init() { leaves.reserveCapacity(Leaf.mostInCompound) }

  /// Calls `emit` with the octets of each term, in text order; `emit` returns false to stop.
  ///
  /// Where `mode` is `nil` the first octet chooses it (``AnalysisMode``) and is not analysed. A
  /// term's octets are valid only during the call. Offsets count from the text's first octet.
  ///
  /// - Complexity: O(*n*) in the octets; no allocation once the scratch space has grown.
  package mutating func analyze(_ text: Span<UInt8>, mode: AnalysisMode?, emit: Emit) {
    var mode = mode
    var start = 0
    if mode == nil, text.count > 0 {
      mode = text[0] == 1 ? .names : text[0] == 2 ? .terms : .text
      start = mode == .text ? 0 : 1
    }
    if mode == .terms {
      emitFinished(text, from: start, emit)
    } else {
      stems = mode != .names
      emitWords(text, from: start, emit)
    }
  }

  /// The number of terms that are not stop words, colocated ones counted: a text's length in ranking.
  package mutating func countTerms(_ text: Span<UInt8>, mode: AnalysisMode) -> Int {
    var count = 0
    analyze(text, mode: mode) { _, token in
      if !token.isStopWord { count &+= 1 }
      return true
    }
    return count
  }

  private func emitFinished(_ text: Span<UInt8>, from start: Int, _ emit: Emit) {
    var position = start
    while position < text.count {
      var end = position
      while end < text.count, text[end] != 0x20 { end &+= 1 }
      if end > position {
        guard emit(text.extracting(position..<end), Token(start: position, end: end)) else {
          return
        }
      }
      position = end &+ 1
    }
  }

  private mutating func emitWords(_ text: Span<UInt8>, from start: Int, _ emit: Emit) {
    var position: Int? = start
    while let here = position, here < text.count {
      let scalar = text.scalar(at: here)
      switch ScalarClass(scalar.value) {
      case .letter, .digit: position = emitCompound(text, from: here, emit)
      case .paired: position = emitPairs(text, from: here, emit)
      default: position = here &+ scalar.count
      }
    }
  }

  // MARK: Terms

  /// Emits what the term buffer holds, stemmed where that applies.
  ///
  /// Nothing where it is empty.
  mutating func emitTerm(
    _ start: Int, _ end: Int, isColocated: Bool = false, isPlain: Bool, _ emit: Emit
  ) -> Bool {
    guard term.count > 0 else { return true }
    var token = Token(start: start, end: end, isColocated: isColocated)
    if stems, isPlain {
      token.isStopWord = isStopWord()
      if term.count > 2 { stemTerm() }
    }
    return term.emit(token, emit)
  }

  /// Whether the term, all of `a` to `z`, is a stop word.
  func isStopWord() -> Bool {
    guard term.count <= 7 else { return false }
    var packed: UInt64 = 0
    for index in 0..<term.count { packed |= UInt64(term[index]) &<< UInt64(8 &* index) }
    return stopWords.contains(packed)
  }

  private mutating func stemTerm() {
    stemmer.removeAll()
    for index in 0..<term.count { stemmer.append(term[index]) }
    stemmer.stem()
    term.removeAll()
    for index in 0..<stemmer.count { _ = term.append(stemmer.letters[index]) }
  }
}

/// The octets of the term that is being made: at most ``Analysis/longestTerm``.
struct TermBuffer {
  private var octets = InlineArray<64, UInt8>(repeating: 0)
  private(set) var count = 0

  /// Gives the term to `emit`.
  @inline(__always)
  func emit(_ token: Token, _ emit: Analyzer.Emit) -> Bool {
    emit(octets.span.extracting(0..<count), token)
  }

  subscript(index: Int) -> UInt8 { octets[index] }

  mutating func removeAll() { count = 0 }

  /// Puts an octet behind the term; false where there is no room.
  @inline(__always)
  mutating func append(_ octet: UInt8) -> Bool {
    guard count < Analysis.longestTerm else { return false }
    octets[count] = octet
    count &+= 1
    return true
  }

  /// Puts a scalar behind the term as UTF-8; false, and nothing put, where there is no room.
  mutating func append(scalar: UInt32) -> Bool {
    if scalar < 0x80 { return append(UInt8(truncatingIfNeeded: scalar)) }
    let length = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
    guard count &+ length <= Analysis.longestTerm else { return false }
    var shift = UInt32(6 &* (length &- 1))
    let mark: UInt32 = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0
    octets[count] = UInt8(truncatingIfNeeded: mark | scalar &>> shift)
    for index in 1..<length {
      shift &-= 6
      octets[count &+ index] = UInt8(truncatingIfNeeded: 0x80 | scalar &>> shift & 0x3F)
    }
    count &+= length
    return true
  }
}
