import UnicodeTables

/// The word boundaries of UAX 29, untailored.
///
/// - Complexity: O(*n*) over a whole text: each scalar is looked at a bounded number of times.
/// - SeeAlso: <https://www.unicode.org/reports/tr29/#Word_Boundaries>
package enum WordBoundaries {
  /// The first boundary after `start`, which is a boundary below the text's count.
  ///
  /// Rules apply from a boundary onwards without a look behind it: pairs of regional indicators are
  /// counted from a boundary (WB15, WB16), and no rule but these reaches across one.
  package static func end(in text: Span<UInt8>, from start: Int) -> Int {
    var cursor = start
    let first = Scalar(text, at: &cursor)
    if first.property == .cr {
      return cursor < text.count && text[cursor] == 0x0A ? cursor &+ 1 : cursor  // WB3
    }
    if isNewline(first.property) { return cursor }  // WB3a, WB3b

    // `previous` is the last property that WB4 does not skip; `isRegionalPair` its WB15 parity.
    var previous = first.property
    var last = first.property
    var isOpenPair = first.property == .regionalIndicator
    while cursor < text.count {
      var after = cursor
      let next = Scalar(text, at: &after)
      if isNewline(next.property) { return cursor }  // WB3a, WB3b
      if last == .zwj, next.isPictographic {  // WB3c
      } else if last == .wSegSpace, next.property == .wSegSpace {  // WB3d
      } else if isIgnored(next.property) {  // WB4
        last = next.property
        cursor = after
        continue
      } else if next.property == .regionalIndicator, previous == .regionalIndicator {
        guard isOpenPair else { return cursor }  // WB15, WB16
        isOpenPair = false
        (previous, last, cursor) = (next.property, next.property, after)
        continue
      } else if !joins(previous, next.property) {
        if let far = bridgeEnd(text, from: previous, over: next.property, after) {
          // WB6 and WB7, WB7b and WB7c, WB12 and WB11: letters or digits on both sides.
          (previous, last, cursor) = (far.property, far.property, far.end)
          continue
        }
        // WB7a
        guard previous == .hebrewLetter, next.property == .singleQuote else { return cursor }
      }
      isOpenPair = next.property == .regionalIndicator
      (previous, last, cursor) = (next.property, next.property, after)
    }
    return cursor
  }

  private struct Scalar {
    var property: WordBreak
    var isPictographic: Bool

    init(_ text: Span<UInt8>, at offset: inout Int) {
      let scalar = text.scalar(at: offset)
      let properties = ScalarProperties(scalar.value)
      property = properties.wordBreak
      isPictographic = properties.isExtendedPictographic
      offset &+= scalar.count
    }
  }

  private static func isNewline(_ property: WordBreak) -> Bool {
    property == .newline || property == .cr || property == .lf
  }

  private static func isIgnored(_ property: WordBreak) -> Bool {
    property == .extend || property == .format || property == .zwj
  }

  private static func isLetter(_ property: WordBreak) -> Bool {
    property == .aLetter || property == .hebrewLetter
  }

  /// The rules that need but two properties: WB5, WB8 to WB10, WB13 to WB13b.
  private static func joins(_ a: WordBreak, _ b: WordBreak) -> Bool {
    switch (a, b) {
    case (.aLetter, .aLetter), (.aLetter, .hebrewLetter), (.hebrewLetter, .aLetter),
      (.hebrewLetter, .hebrewLetter):
      true  // WB5
    case (.numeric, .numeric), (.aLetter, .numeric), (.hebrewLetter, .numeric),
      (.numeric, .aLetter), (.numeric, .hebrewLetter):
      true  // WB8, WB9, WB10
    case (.katakana, .katakana): true  // WB13
    case (.aLetter, .extendNumLet), (.hebrewLetter, .extendNumLet), (.numeric, .extendNumLet),
      (.katakana, .extendNumLet), (.extendNumLet, .extendNumLet):
      true  // WB13a
    case (.extendNumLet, .aLetter), (.extendNumLet, .hebrewLetter), (.extendNumLet, .numeric),
      (.extendNumLet, .katakana):
      true  // WB13b
    default: false
    }
  }

  /// Where `middle`, whose octets end at `offset`, is bridged by a letter or digit like `previous`:
  /// the end and property of that one.
  private static func bridgeEnd(
    _ text: Span<UInt8>, from previous: WordBreak, over middle: WordBreak, _ offset: Int
  ) -> (end: Int, property: WordBreak)? {
    let bridgesLetters =
      isLetter(previous)
      && (middle == .midLetter || middle == .midNumLet || middle == .singleQuote)
    let bridgesHebrew = previous == .hebrewLetter && middle == .doubleQuote
    let bridgesDigits =
      previous == .numeric
      && (middle == .midNum || middle == .midNumLet || middle == .singleQuote)
    guard bridgesLetters || bridgesHebrew || bridgesDigits else { return nil }
    var cursor = offset
    while cursor < text.count {
      let next = Scalar(text, at: &cursor).property
      if isIgnored(next) { continue }
      let bridges =
        bridgesLetters && isLetter(next) || bridgesHebrew && next == .hebrewLetter
        || bridgesDigits && next == .numeric
      return bridges ? (cursor, next) : nil
    }
    return nil
  }
}
