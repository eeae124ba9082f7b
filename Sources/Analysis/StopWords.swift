/// The English words that say little: they stay in the index, but leave queries and lengths.
///
/// 127 words, compared with the folded word before it is stemmed. None is longer than seven octets,
/// so a word is one number: its octets, the first one lowest.
struct StopWords {
  static let words: StaticString = """
    a about above after again against all also am an and any are as at be because been before being \
    below between both but by can could d did do does doing don done down during each for from \
    further had has have having he her here him his how i if in into is it its just ll m may me \
    might more most must my no nor not of off on once only or other our out over own re s same \
    shall she should so some such t than that the their them then there these they this through to \
    too under until up us ve very was we were what when where which while who whom whose why will \
    with would you your
    """

  /// Open addressing; 0 is an empty place.
  private var places = [UInt64](repeating: 0, count: 512)

  init() {
    var word: UInt64 = 0
    var length: UInt64 = 0
    for index in 0...Self.words.utf8CodeUnitCount {
      // Safe: the index is checked, and the text is a literal.
      let octet =
        index < Self.words.utf8CodeUnitCount ? unsafe Self.words.utf8Start[index] : 0x20
      if octet == 0x20 {
        insert(word)
        word = 0
        length = 0
      } else {
        word |= UInt64(octet) &<< (8 &* length)
        length &+= 1
      }
    }
  }

  @inline(__always)
  private static func place(of word: UInt64) -> Int {
    Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) &>> 55)
  }

  private mutating func insert(_ word: UInt64) {
    var place = Self.place(of: word)
    while places[place] != 0 { place = (place &+ 1) & 511 }
    places[place] = word
  }

  /// Whether the word of up to eight octets that `word` packs is in the list.
  @inline(__always)
  func contains(_ word: UInt64) -> Bool {
    var place = Self.place(of: word)
    while places[place] != 0 {
      if places[place] == word { return true }
      place = (place &+ 1) & 511
    }
    return false
  }
}
