/// The Snowball stemmer for English (Porter2), on octets, without allocation.
///
/// Holds one word at a time. A word is folded: `a` to `z` and the apostrophe; any other octet counts
/// as a consonant. Written from the algorithm's published description; the stems are those of
/// Snowball's revision of 2025, with its exceptional words.
///
/// - Complexity: O(*n*) in the octets of the word, with each suffix compared at most once.
/// - SeeAlso: <https://snowballstem.org/algorithms/english/stemmer.html>
package struct EnglishStemmer {
  /// Longest word that is stemmed; a longer one is its own stem.
  static let longestWord = 64

  /// The word, with room for an `e` put behind it.
  ///
  /// A `Y` is a consonant `y`.
  private(set) var letters = InlineArray<72, UInt8>(repeating: 0)
  private(set) var count = 0
  /// Where the regions after the first, and after the second, vowel and consonant begin.
  private var region1 = 0
  private var region2 = 0

  /// The stem of one folded word; the word itself above 64 octets.
  package static func stem(of word: String) -> String {
    guard word.utf8.count <= longestWord else { return word }
    var stemmer = EnglishStemmer()
    for letter in word.utf8 { stemmer.append(letter) }
    stemmer.stem()
    return String(decoding: (0..<stemmer.count).map { stemmer.letters[$0] }, as: UTF8.self)
  }

  /// Puts a letter behind the word.
  ///
  /// At most ``longestWord`` are kept.
  mutating func append(_ letter: UInt8) {
    guard count < Self.longestWord else { return }
    letters[count] = letter
    count &+= 1
  }

  mutating func removeAll() { count = 0 }

  /// Replaces the word by its stem.
  mutating func stem() {
    if replaceException() || count < 3 { return }
    let hasConsonantY = markConsonantY()
    markRegions()
    step1a()
    step1b()
    step1c()
    step2()
    step3()
    step4()
    step5()
    if hasConsonantY {
      for index in 0..<count where letters[index] == Letter.consonantY { letters[index] = Letter.y }
    }
  }

  // MARK: Words and regions

  /// Whether the word is one that the rules would get wrong; it then has its stem.
  private mutating func replaceException() -> Bool {
    switch count {
    case 3: return isWord("sky")
    case 4:
      if isWord("skis") { return replace(4, by: "ski") }
      if isWord("idly") { return replace(4, by: "idl") }
      if isWord("ugly") { return replace(4, by: "ugli") }
      if isWord("only") { return replace(4, by: "onli") }
      return isWord("news") || isWord("howe") || isWord("bias")
    case 5:
      if isWord("skies") { return replace(5, by: "sky") }
      if isWord("early") { return replace(5, by: "earli") }
      return isWord("atlas") || isWord("andes")
    case 6:
      if isWord("gently") { return replace(6, by: "gentl") }
      if isWord("singly") { return replace(6, by: "singl") }
      return isWord("cosmos")
    default: return false
    }
  }

  private mutating func markConsonantY() -> Bool {
    if letters[0] == Letter.apostrophe {
      for index in 1..<count { letters[index &- 1] = letters[index] }
      count &-= 1
    }
    var isMarked = false
    for index in 0..<count where letters[index] == Letter.y {
      if index == 0 || isVowel(letters[index &- 1]) {
        letters[index] = Letter.consonantY
        isMarked = true
      }
    }
    return isMarked
  }

  private mutating func markRegions() {
    region1 = longPrefix() ?? afterVowelAndConsonant(from: 0)
    region2 = afterVowelAndConsonant(from: region1)
  }

  /// The length of a prefix after which the first region begins by exception.
  private func longPrefix() -> Int? {
    switch letters[0] {
    case UInt8(ascii: "g"): return starts("gener") ? 5 : nil
    case UInt8(ascii: "c"): return starts("commun") ? 6 : nil
    case UInt8(ascii: "a"): return starts("arsen") ? 5 : nil
    case UInt8(ascii: "p"): return starts("past") ? 4 : nil
    case UInt8(ascii: "u"): return starts("univers") ? 7 : nil
    case UInt8(ascii: "l"): return starts("later") ? 5 : nil
    case UInt8(ascii: "e"): return starts("emerg") ? 5 : nil
    case UInt8(ascii: "o"): return starts("organ") ? 5 : nil
    case UInt8(ascii: "i"): return starts("inter") ? 5 : nil
    default: return nil
    }
  }

  private func afterVowelAndConsonant(from start: Int) -> Int {
    var index = start
    while index < count, !isVowel(letters[index]) { index &+= 1 }
    while index < count, isVowel(letters[index]) { index &+= 1 }
    return index < count ? index &+ 1 : count
  }

  /// Whether a vowel stands before `end`.
  private func hasVowel(before end: Int) -> Bool {
    var index = 0
    while index < end {
      if isVowel(letters[index]) { return true }
      index &+= 1
    }
    return false
  }

  /// Whether the word up to `end` ends in a short syllable.
  private func endsShort(before end: Int) -> Bool {
    if end >= 3 {
      let last = letters[end &- 1]
      let isClosed =
        !isVowel(last) && last != UInt8(ascii: "w") && last != UInt8(ascii: "x")
        && last != Letter.consonantY
      if isClosed && isVowel(letters[end &- 2]) && !isVowel(letters[end &- 3]) { return true }
    }
    if end == 2 && !isVowel(letters[1]) && isVowel(letters[0]) { return true }
    return end >= 4 && matches("past", at: end &- 4)
  }

  // MARK: Octets

  private func matches(_ text: StaticString, at start: Int) -> Bool {
    for index in 0..<text.utf8CodeUnitCount {
      // Safe: the literal is not empty, and the index is below its count.
      let octet = unsafe text.utf8Start[index]
      if letters[start &+ index] != octet { return false }
    }
    return true
  }

  @inline(__always)
  fileprivate func starts(_ prefix: StaticString) -> Bool {
    count >= prefix.utf8CodeUnitCount && matches(prefix, at: 0)
  }

  @inline(__always)
  fileprivate func ends(_ suffix: StaticString) -> Bool {
    count >= suffix.utf8CodeUnitCount && matches(suffix, at: count &- suffix.utf8CodeUnitCount)
  }

  @inline(__always)
  private func isWord(_ word: StaticString) -> Bool {
    count == word.utf8CodeUnitCount && matches(word, at: 0)
  }

  /// Replaces the last `length` octets; true, so that rules can end in it.
  @discardableResult
  fileprivate mutating func replace(_ length: Int, by text: StaticString) -> Bool {
    let start = count &- length
    for index in 0..<text.utf8CodeUnitCount {
      letters[start &+ index] = unsafe text.utf8Start[index]
    }
    count = start &+ text.utf8CodeUnitCount
    return true
  }
}

private enum Letter {
  static let apostrophe = UInt8(ascii: "'")
  static let y = UInt8(ascii: "y")
  static let consonantY = UInt8(ascii: "Y")
}

@inline(__always)
private func isVowel(_ letter: UInt8) -> Bool {
  // a, e, i, o, u, y as bits of a word.
  let bit = letter &- 0x61
  return bit < 26 && (0x0110_4111 as UInt32) &>> UInt32(bit) & 1 == 1
}

// MARK: Steps

extension EnglishStemmer {
  private mutating func step1a() {
    if ends("'s'") {
      count &-= 3
    } else if ends("'s") {
      count &-= 2
    } else if ends("'") {
      count &-= 1
    }
    if ends("sses") {
      count &-= 2
    } else if ends("ied") || ends("ies") {
      count &-= count >= 5 ? 2 : 1
    } else if ends("us") || ends("ss") {
      return
    } else if ends("s"), hasVowel(before: count &- 2) {
      count &-= 1
    }
  }

  private mutating func step1b() {
    if ends("eed") {
      shortenDoubleE(3)
    } else if ends("eedly") {
      shortenDoubleE(5)
    } else if ends("ingly") {
      removeVerbEnding(5)
    } else if ends("edly") {
      removeVerbEnding(4)
    } else if ends("ed") {
      removeVerbEnding(2)
    } else if ends("ing") {
      if count == 5, letters[1] == Letter.y, !isVowel(letters[0]) {
        replace(4, by: "ie")  // dying, lying, tying, vying
      } else if !isNounInIng {
        removeVerbEnding(3)
      }
    }
  }

  private mutating func shortenDoubleE(_ length: Int) {
    let start = count &- length
    let isExempt =
      start == 4 && (starts("proc") || starts("succ")) || start == 3 && starts("exc")
    if start >= region1, !isExempt { replace(length, by: "ee") }
  }

  /// Inning, outing, evening and others, which are no forms of a verb.
  private var isNounInIng: Bool {
    switch count {
    case 6: starts("inn") || starts("out")
    case 7: starts("cann") || starts("herr") || starts("earr") || starts("even")
    default: false
    }
  }

  private mutating func removeVerbEnding(_ length: Int) {
    let end = count &- length
    guard hasVowel(before: end) else { return }
    count = end
    if ends("at") || ends("bl") || ends("iz") {
      replace(0, by: "e")
    } else if endsDouble {
      let isWhole =
        count == 3
        && (letters[0] == UInt8(ascii: "a") || letters[0] == UInt8(ascii: "e")
          || letters[0] == UInt8(ascii: "o"))
      if !isWhole { count &-= 1 }
    } else if count == region1, endsShort(before: count) {
      replace(0, by: "e")
    }
  }

  private var endsDouble: Bool {
    guard count >= 2, letters[count &- 1] == letters[count &- 2] else { return false }
    switch letters[count &- 1] {
    case UInt8(ascii: "b"), UInt8(ascii: "d"), UInt8(ascii: "f"), UInt8(ascii: "g"),
      UInt8(ascii: "m"), UInt8(ascii: "n"), UInt8(ascii: "p"), UInt8(ascii: "r"),
      UInt8(ascii: "t"):
      return true
    default: return false
    }
  }

  private mutating func step1c() {
    guard count > 2 else { return }
    let last = letters[count &- 1]
    if last == Letter.y || last == Letter.consonantY, !isVowel(letters[count &- 2]) {
      letters[count &- 1] = UInt8(ascii: "i")
    }
  }

  /// Replaces a suffix that lies in the region from `region`.
  ///
  /// True where the suffix is there, since the longest suffix decides, whether or not its condition
  /// holds.
  @inline(__always)
  private mutating func rule(
    _ suffix: StaticString, _ replacement: StaticString, _ region: Int, if condition: Bool = true
  ) -> Bool {
    guard ends(suffix) else { return false }
    if condition, count &- suffix.utf8CodeUnitCount >= region {
      replace(suffix.utf8CodeUnitCount, by: replacement)
    }
    return true
  }

  private mutating func step2() {
    guard count >= 2 else { return }
    switch letters[count &- 1] {
    case UInt8(ascii: "l"):
      _ = rule("ational", "ate", region1) || rule("tional", "tion", region1)
    case UInt8(ascii: "i"): step2i()
    case UInt8(ascii: "r"):
      _ = rule("izer", "ize", region1) || rule("ator", "ate", region1)
    case UInt8(ascii: "n"):
      _ = rule("ization", "ize", region1) || rule("ation", "ate", region1)
    case UInt8(ascii: "m"): _ = rule("alism", "al", region1)
    case UInt8(ascii: "s"):
      _ =
        rule("fulness", "ful", region1) || rule("ousness", "ous", region1)
        || rule("iveness", "ive", region1)
    case UInt8(ascii: "t"): _ = rule("ogist", "og", region1)
    default: return
    }
  }

  private mutating func step2i() {
    if rule("enci", "ence", region1) || rule("anci", "ance", region1) { return }
    if rule("aliti", "al", region1) || rule("iviti", "ive", region1) { return }
    if rule("biliti", "ble", region1) { return }
    let beforeOgi = count >= 4 ? letters[count &- 4] : 0
    if rule("ogi", "og", region1, if: beforeOgi == UInt8(ascii: "l")) { return }
    if rule("abli", "able", region1) || rule("bli", "ble", region1) { return }
    if rule("entli", "ent", region1) || rule("alli", "al", region1) { return }
    if rule("ousli", "ous", region1) || rule("fulli", "ful", region1) { return }
    if rule("lessli", "less", region1) { return }
    let beforeLi = count >= 3 ? letters[count &- 3] : 0
    _ = rule("li", "", region1, if: isBeforeLi(beforeLi))
  }

  private func isBeforeLi(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "g"),
      UInt8(ascii: "h"), UInt8(ascii: "k"), UInt8(ascii: "m"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    default: return false
    }
  }

  private mutating func step3() {
    guard count >= 3 else { return }
    switch letters[count &- 1] {
    case UInt8(ascii: "l"):
      _ =
        rule("ational", "ate", region1) || rule("tional", "tion", region1)
        || rule("ical", "ic", region1) || rule("ful", "", region1)
    case UInt8(ascii: "e"):
      _ =
        rule("alize", "al", region1) || rule("icate", "ic", region1)
        || rule("ative", "", max(region1, region2))
    case UInt8(ascii: "i"): _ = rule("iciti", "ic", region1)
    case UInt8(ascii: "s"): _ = rule("ness", "", region1)
    default: return
    }
  }

  private mutating func step4() {
    guard count > region2 else { return }
    switch letters[count &- 1] {
    case UInt8(ascii: "l"): _ = rule("al", "", region2)
    case UInt8(ascii: "e"):
      _ =
        rule("ance", "", region2) || rule("ence", "", region2) || rule("able", "", region2)
        || rule("ible", "", region2) || rule("ate", "", region2) || rule("ive", "", region2)
        || rule("ize", "", region2)
    case UInt8(ascii: "r"): _ = rule("er", "", region2)
    case UInt8(ascii: "c"): _ = rule("ic", "", region2)
    case UInt8(ascii: "t"):
      _ =
        rule("ant", "", region2) || rule("ement", "", region2) || rule("ment", "", region2)
        || rule("ent", "", region2)
    case UInt8(ascii: "m"): _ = rule("ism", "", region2)
    case UInt8(ascii: "i"): _ = rule("iti", "", region2)
    case UInt8(ascii: "s"): _ = rule("ous", "", region2)
    case UInt8(ascii: "n"):
      let before = count >= 4 ? letters[count &- 4] : 0
      _ = rule("ion", "", region2, if: before == UInt8(ascii: "s") || before == UInt8(ascii: "t"))
    default: return
    }
  }

  private mutating func step5() {
    guard count > 0 else { return }
    let start = count &- 1
    if letters[start] == UInt8(ascii: "e") {
      if start >= region2 || start >= region1 && !endsShort(before: start) { count = start }
    } else if letters[start] == UInt8(ascii: "l") {
      if start >= region2, start > 0, letters[start &- 1] == UInt8(ascii: "l") { count = start }
    }
  }
}
