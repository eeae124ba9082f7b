import Testing
import UnicodeTables

/// The standard library of Swift 6.3 carries Unicode 17.0, so it is an independent reading of the
/// same data.
@Suite struct UnicodeTablesTests {
  static let scalars = (0...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)

  @Test("general category and combining class agree with the standard library for every scalar")
  func categories() {
    var differing: [UInt32] = []
    for scalar in Self.scalars {
      let properties = ScalarProperties(scalar)
      if name(properties.generalCategory) != name(scalar.properties.generalCategory)
        || properties.combiningClass != scalar.properties.canonicalCombiningClass.rawValue
      {
        differing.append(scalar.value)
      }
    }
    #expect(differing.isEmpty, "\(differing.prefix(9).map { String($0, radix: 16) })")
  }

  @Test("ideographs are those of the standard library")
  func ideographs() {
    let differing = Self.scalars.filter {
      isIdeograph($0.value) != $0.properties.isIdeographic
    }
    #expect(differing.isEmpty, "\(differing.prefix(9))")
  }

  @Test("the simple lower case is the standard library's where that is one scalar")
  func lowerCase() {
    var checked = 0
    let differing = Self.scalars.filter {
      let full = $0.properties.lowercaseMapping.unicodeScalars
      guard full.count == 1, let only = full.first else { return false }
      checked += 1
      return simpleLowercase($0.value) != only.value
    }
    #expect(differing.isEmpty, "\(differing.prefix(9))")
    #expect(checked == Self.scalars.count - 1, "only U+0130 lower-cases to two scalars")
    #expect(simpleLowercase(0x130) == 0x69)
  }

  @Test("a decomposition is canonically equal, ordered, and cannot be taken apart further")
  func decompositions() {
    var differing: [Unicode.Scalar] = []
    var decomposed = 0
    for scalar in Self.scalars {
      let mapping = canonicalDecomposition(scalar.value)
      if mapping.isIdentity { continue }
      decomposed += 1
      let parts = mapping.compactMap(Unicode.Scalar.init)
      var text = ""
      text.unicodeScalars.append(contentsOf: parts)
      let classes = parts.map { combiningClass($0.value) }
      let isOrdered = zip(classes, classes.dropFirst()).allSatisfy { $0 <= $1 || $1 == 0 }
      let isFull = parts.allSatisfy { canonicalDecomposition($0.value).isIdentity }
      if text != String(scalar) || !isOrdered || !isFull { differing.append(scalar) }
    }
    #expect(differing.isEmpty, "\(differing.prefix(9))")
    #expect(decomposed == 2081 + 11172)
  }

  @Test("decompositions as the standard's examples have them")
  func knownDecompositions() {
    #expect(Array(canonicalDecomposition(0x1F82)) == [0x3B1, 0x313, 0x300, 0x345])
    #expect(Array(canonicalDecomposition(0xD55C)) == [0x1112, 0x1161, 0x11AB])
    #expect(Array(canonicalDecomposition(0xAC00)) == [0x1100, 0x1161])
    #expect(Array(canonicalDecomposition(0x212B)) == [0x41, 0x30A])
    #expect(Array(canonicalDecomposition(0x41)) == [0x41])
    #expect(Array(canonicalDecomposition(0xFB01)) == [0xFB01], "a ligature is only compatible")
  }

  @Test("case folding agrees with the library's lower case where both are simple")
  func folding() {
    var differing: [Unicode.Scalar] = []
    for scalar in Self.scalars {
      let folded = Array(caseFolding(scalar.value))
      // Folding is idempotent and does not depend on case.
      let again = folded.flatMap { Array(caseFolding($0)) }
      let upper = scalar.properties.uppercaseMapping.unicodeScalars
      let upperFolded = upper.flatMap { Array(caseFolding($0.value)) }
      let isExempt = scalar.value == 0x131 || (0x13A0...0x13FD).contains(scalar.value)
      if folded != again || (folded != upperFolded && !isExempt) { differing.append(scalar) }
    }
    #expect(differing.isEmpty, "\(differing.prefix(9))")
    #expect(Array(caseFolding(0xDF)) == [0x73, 0x73])
    #expect(Array(caseFolding(0x1E9E)) == [0x73, 0x73])
    #expect(Array(caseFolding(0x3C2)) == [0x3C3])
  }

  @Test(
    "search folding takes case, accents, width and ligatures away",
    arguments: [
      ("É", "e"), ("ß", "ss"), ("Ø", "o"), ("Æ", "ae"), ("ﬁ", "fi"), ("Ａ", "a"), ("９", "9"),
      ("й", "и"), ("Ё", "е"), ("ά", "α"), ("ς", "σ"), ("İ", "i"), ("ı", "i"), ("Ł", "l"),
      ("Đ", "d"), ("²", "2"), ("か", "か"), ("が", "か\u{3099}"), ("ｶ", "カ"), ("한", "한"),
      ("漢", "漢"), ("\u{301}", ""), ("क", "क"), ("ि", "ि"), ("'", "'"), ("½", "½"), ("©", "©"),
      ("ﷺ", "ﷺ"), ("Ⅷ", "viii"), ("ấ", "a"), ("ǆ", "dz"),
    ] as [(Unicode.Scalar, String)])
  func searchFolds(_ scalar: Unicode.Scalar, _ expected: String) {
    #expect(Array(searchFolding(scalar.value)) == expected.unicodeScalars.map(\.value))
  }

  @Test("search folding is idempotent for every scalar")
  func searchFoldingIsIdempotent() {
    let differing = Self.scalars.filter {
      let folded = Array(searchFolding($0.value))
      return folded.flatMap { Array(searchFolding($0)) } != folded
    }
    #expect(differing.isEmpty, "\(differing.prefix(9))")
  }

  @Test(
    "word and sentence break properties",
    arguments: [
      (0x0D, .cr, .cr), (0x0A, .lf, .lf), (0x85, .newline, .sep), (0x20, .wSegSpace, .sp),
      (0x27, .singleQuote, .close), (0x22, .doubleQuote, .close), (0x2E, .midNumLet, .aTerm),
      (0x3A, .midLetter, .sContinue), (0x2C, .midNum, .sContinue), (0x39, .numeric, .numeric),
      (0x5F, .extendNumLet, .other), (0x41, .aLetter, .upper), (0x61, .aLetter, .lower),
      (0x5D0, .hebrewLetter, .oLetter), (0x30AB, .katakana, .oLetter), (0x3042, .other, .oLetter),
      (0x4E00, .other, .oLetter), (0x301, .extend, .extend), (0x200D, .zwj, .extend),
      (0xAD, .format, .format), (0x1F1E6, .regionalIndicator, .other), (0x3F, .other, .sTerm),
      (0x110000, .other, .other), (UInt32.max, .other, .other),
    ] as [(UInt32, WordBreak, SentenceBreak)])
  func breaks(_ scalar: UInt32, _ word: WordBreak, _ sentence: SentenceBreak) {
    #expect(wordBreak(scalar) == word)
    #expect(sentenceBreak(scalar) == sentence)
  }

  @Test("scripts searched by pairs, and pictographs")
  func scripts() {
    #expect(ScalarProperties("漢").pairedScript == .han)
    #expect(ScalarProperties("ひ").pairedScript == .hiragana)
    #expect(ScalarProperties("カ").pairedScript == .katakana)
    #expect(ScalarProperties("ー").pairedScript == .katakana)
    #expect(ScalarProperties("한").pairedScript == .hangul)
    #expect(ScalarProperties("。").pairedScript == .none)
    #expect(ScalarProperties("a").pairedScript == .none)
    #expect(isExtendedPictographic(0x1F600) && !isExtendedPictographic(0x41))
    #expect(generalCategory(0x110000) == .unassigned && combiningClass(.max) == 0)
    #expect(Array(caseFolding(.max)) == [.max] && simpleLowercase(0x110000) == 0x110000)
  }
}

/// The name of an enumeration's case: both sides spell categories alike.
private func name(_ category: some Any) -> String { "\(category)" }
