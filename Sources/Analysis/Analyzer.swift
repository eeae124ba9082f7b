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
  var cache: StemCache
  let stopWords = StopWords()
  var term = TermBuffer()
  /// The parts of the compound that is being read.
  var leaves: [Leaf] = []
  var stems = true
  /// The first letters of those words that are stemmed, a bit each from `a` on; others stay as they are.
  var stemmedLetters: UInt32 = .max

  /// Makes an analyser for long texts: 300 KiB.
  package init() { self.init(cacheBits: 13) }

  /// Makes an analyser that is quickly made, for a query.
  package static func forShortText() -> Analyzer { Analyzer(cacheBits: 6) }

  /// - Parameter cacheBits: with fewer it is made faster, with more it stems fewer words again
  ///   (``StemCache/init(bits:)``).
  init(cacheBits: Int) {
    cache = StemCache(bits: cacheBits)
    leaves.reserveCapacity(Leaf.mostInCompound)
  }

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
    var position = start
    while position < text.count {
      let octet = text[position]
      if octet < 0x80 {
        guard isAlphanumeric(octet) else {
          position &+= 1
          continue
        }
        switch emitPlain(text, from: position, emit) {
        case .readOn(let next):
          position = next
          continue
        case .stopped: return
        case .notPlain: break
        }
      }
      guard let next = emitAny(text, from: position, emit) else { return }
      position = next
    }
  }

  /// Emits what begins at `start` the long way, or passes over a separator.
  @inline(never)
  private mutating func emitAny(_ text: Span<UInt8>, from start: Int, _ emit: Emit) -> Int? {
    let scalar = text.scalar(at: start)
    switch ScalarClass(scalar.value) {
    case .letter, .digit: return emitCompound(text, from: start, emit)
    case .paired: return emitPairs(text, from: start, emit)
    default: return start &+ scalar.count
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
      if term.count > 2, isStemmed(term[0]) { stemTerm() }
    }
    return term.emit(token, emit)
  }

  /// Whether words that begin with `letter`, which is one of `a` to `z`, are stemmed.
  @inline(__always)
  func isStemmed(_ letter: UInt8) -> Bool { stemmedLetters &>> UInt32(letter &- 0x61) & 1 != 0 }

  /// Whether the term, all of `a` to `z`, is a stop word.
  func isStopWord() -> Bool { term.count <= 7 && stopWords.contains(term.packed.low) }

  /// Replaces the term, all of `a` to `z`, by its stem.
  private mutating func stemTerm() {
    if term.count <= 16 {
      term.set(cache.stem(of: term.packed))
      return
    }
    stemmer.removeAll()
    for index in 0..<term.count { stemmer.append(term[index]) }
    stemmer.stem()
    term.removeAll()
    for index in 0..<stemmer.count { _ = term.append(stemmer.letters[index]) }
  }
}
