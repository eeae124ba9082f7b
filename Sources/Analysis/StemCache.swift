/// The stems of words seen lately: a place a word, and the later word takes it.
///
/// Most words of a text are a few thousand.
struct StemCache {
  private struct Entry {
    var word = PackedWord(low: 0, high: 0)
    var stem = PackedWord(low: 0, high: 0)
  }

  private var entries: [Entry]
  private let shift: UInt64
  private var stemmer = EnglishStemmer()

  /// Makes 2 to the power of `bits` places of 32 octets.
  ///
  /// SciFact's abstracts on one core of an EPYC, with 10, 11, 12 and 13 bits: 78, 86, 95 and 115 MB/s.
  init(bits: Int) {
    entries = [Entry](repeating: Entry(), count: 1 << bits)
    shift = UInt64(64 - bits)
  }

  /// The stem of a word of three to sixteen letters `a` to `z`.
  @inline(__always)
  mutating func stem(of word: PackedWord) -> PackedWord {
    let hash = (word.low ^ word.high &* 0xC2B2_AE3D_27D4_EB4F) &* 0x9E37_79B9_7F4A_7C15
    let place = Int(truncatingIfNeeded: hash &>> shift)
    if entries[place].word == word { return entries[place].stem }
    let stem = stemmed(word)
    entries[place] = Entry(word: word, stem: stem)
    return stem
  }

  @inline(never)
  private mutating func stemmed(_ word: PackedWord) -> PackedWord {
    stemmer.removeAll()
    for index in 0..<word.count { stemmer.append(word[index]) }
    stemmer.stem()
    var stem = PackedWord(low: 0, high: 0)
    // A stem is never longer than its word.
    for index in 0..<min(stemmer.count, 16) {
      let octet = UInt64(stemmer.letters[index]) &<< UInt64(8 &* (index & 7))
      if index < 8 { stem.low |= octet } else { stem.high |= octet }
    }
    return stem
  }
}
