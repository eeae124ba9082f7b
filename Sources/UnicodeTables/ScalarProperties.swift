/// The general category of a scalar, in the alphabetical order of the short names.
///
/// - SeeAlso: Unicode Standard, section 4.5.
package enum GeneralCategory: UInt8, Sendable {
  case unassigned, control, format, privateUse, surrogate
  case lowercaseLetter, modifierLetter, otherLetter, titlecaseLetter, uppercaseLetter
  case spacingMark, enclosingMark, nonspacingMark
  case decimalNumber, letterNumber, otherNumber
  case connectorPunctuation, dashPunctuation, closePunctuation, finalPunctuation
  case initialPunctuation, otherPunctuation, openPunctuation
  case currencySymbol, modifierSymbol, mathSymbol, otherSymbol
  case lineSeparator, paragraphSeparator, spaceSeparator
}

/// The Word_Break property of a scalar (UAX 29, table 3).
package enum WordBreak: UInt8, Sendable {
  case other, cr, lf, newline, extend, zwj, format, katakana, hebrewLetter, aLetter
  case singleQuote, doubleQuote, midNumLet, midLetter, midNum, numeric, extendNumLet
  case wSegSpace, regionalIndicator
}

/// The Sentence_Break property of a scalar (UAX 29, table 4).
package enum SentenceBreak: UInt8, Sendable {
  case other, cr, lf, extend, sep, format, sp, lower, upper, oLetter, numeric
  case aTerm, sContinue, sTerm, close
}

/// The scripts that are searched by pairs of characters, because words are not set apart by spaces
/// or because one space-delimited word holds several (Hangul).
package enum PairedScript: UInt8, Sendable {
  case none, han, hiragana, katakana, hangul
}

/// What the tables say of one scalar: one walk through the trie for all properties.
///
/// A number above U+10FFFF has those of the noncharacter U+10FFFF: `unassigned` and `other`.
package struct ScalarProperties: Sendable {
  private let record: Int

  package init(_ scalar: UInt32) {
    record = scalar < 0x110000 ? recordTrie[scalar] : recordTrie[0x10FFFF]
  }

  package init(_ scalar: Unicode.Scalar) { self.init(scalar.value) }

  package var generalCategory: GeneralCategory {
    let value = UInt8(truncatingIfNeeded: Table.digit(recordCategory, record))
    return GeneralCategory(rawValue: value) ?? .unassigned
  }

  package var wordBreak: WordBreak {
    let value = UInt8(truncatingIfNeeded: Table.digit(recordWordBreak, record))
    return WordBreak(rawValue: value) ?? .other
  }

  package var sentenceBreak: SentenceBreak {
    let value = UInt8(truncatingIfNeeded: Table.digit(recordSentenceBreak, record))
    return SentenceBreak(rawValue: value) ?? .other
  }

  /// Han, kana or Hangul letters; `none` for all else, the punctuation of these scripts included.
  package var pairedScript: PairedScript {
    let value = UInt8(truncatingIfNeeded: Table.digit(recordFlags, record) & 7)
    return PairedScript(rawValue: value) ?? .none
  }

  package var isExtendedPictographic: Bool { Table.digit(recordFlags, record) & 8 != 0 }

  /// The property Ideographic: Han, Tangut, Nushu, Khitan.
  package var isIdeograph: Bool { Table.digit(recordFlags, record) & 16 != 0 }

  /// The canonical combining class, 0...254.
  package var combiningClass: UInt8 {
    UInt8(truncatingIfNeeded: Table.pair(recordCombiningClass, record))
  }
}

private let recordTrie = Trie(top: recordTop, middle: recordMiddle, leaf: recordLeaf)

/// The general category of `scalar`; `unassigned` above U+10FFFF.
package func generalCategory(_ scalar: UInt32) -> GeneralCategory {
  ScalarProperties(scalar).generalCategory
}

/// The canonical combining class of `scalar`; 0 for a starter and above U+10FFFF.
package func combiningClass(_ scalar: UInt32) -> UInt8 { ScalarProperties(scalar).combiningClass }

/// The Word_Break property of `scalar`; `other` above U+10FFFF.
package func wordBreak(_ scalar: UInt32) -> WordBreak { ScalarProperties(scalar).wordBreak }

/// The Sentence_Break property of `scalar`; `other` above U+10FFFF.
package func sentenceBreak(_ scalar: UInt32) -> SentenceBreak {
  ScalarProperties(scalar).sentenceBreak
}

/// Whether `scalar` is Extended_Pictographic; false above U+10FFFF.
package func isExtendedPictographic(_ scalar: UInt32) -> Bool {
  ScalarProperties(scalar).isExtendedPictographic
}

/// Whether `scalar` is Ideographic; false above U+10FFFF.
package func isIdeograph(_ scalar: UInt32) -> Bool { ScalarProperties(scalar).isIdeograph }
