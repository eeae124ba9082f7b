import UnicodeTables

/// The sentence boundaries of UAX 29, and the tailoring that passages are cut by.
///
/// - Complexity: O(*n*) over a whole text: what is looked at ahead of a boundary (SB8) is looked at
///   once more behind it.
/// - SeeAlso: <https://www.unicode.org/reports/tr29/#Sentence_Boundaries>
package enum SentenceBoundaries {
  /// How a text is read.
  package enum Style: Sendable {
    /// As UAX 29 says, untailored.
    case standard
    /// Line breaks are spaces, since mail and plain text break lines within sentences; a full stop
    /// behind an abbreviation or an initial ends nothing (``Abbreviations``); nor does any other
    /// terminator before a lower-case letter.
    case prose
  }

  /// The first boundary after `start`, which is a boundary below the text's count.
  package static func end(
    in text: Span<UInt8>, from start: Int, style: Style = .standard
  ) -> Int {
    var cursor = Cursor(text, at: start, style)
    var before = SentenceBreak.other
    while true {
      cursor.skipPlain(text)
      guard let property = cursor.ahead else { return cursor.position }
      cursor.advance(text)
      switch property {
      case .sep, .cr, .lf: return cursor.endOfLine(text, after: property)  // SB3, SB4
      case .aTerm, .sTerm:
        if let boundary = boundary(text, &cursor, after: property, before) { return boundary }
        before = cursor.last
      default: before = property
      }
    }
  }

  /// Where the sentence ends whose terminator has just been read.
  ///
  /// `nil` where it goes on; the cursor is then where to go on.
  private static func boundary(
    _ text: Span<UInt8>, _ cursor: inout Cursor, after terminator: SentenceBreak,
    _ before: SentenceBreak
  ) -> Int? {
    let stop = cursor.position
    while case .close = cursor.ahead { cursor.advance(text) }  // SB9
    let hasCloses = cursor.position > stop
    while case .sp = cursor.ahead { cursor.advance(text) }  // SB10
    guard let next = cursor.ahead else { return cursor.position }
    let isBare = cursor.position == stop
    switch next {
    case .sep, .cr, .lf:  // SB9, SB10
      cursor.advance(text)
      return cursor.endOfLine(text, after: next)
    case .sContinue, .aTerm, .sTerm: return nil  // SB8a
    case .numeric where terminator == .aTerm && isBare: return nil  // SB6
    case .upper where terminator == .aTerm && isBare && (before == .upper || before == .lower):
      return nil  // SB7
    default: break
    }
    guard terminator == .aTerm else {
      // “Really?” he asked.
      return cursor.isProse && next == .lower ? nil : cursor.position  // SB11
    }
    if continuesLower(text, cursor) { return nil }  // SB8
    let isAbbreviated =
      cursor.isProse && !hasCloses
      && Abbreviations.areAbbreviated(text, stop: stop, beforeNumber: next == .numeric)
    return isAbbreviated ? nil : cursor.position
  }

  /// Whether a lower-case letter comes before any other letter, line end or terminator (SB8).
  private static func continuesLower(_ text: Span<UInt8>, _ cursor: Cursor) -> Bool {
    var cursor = cursor
    while let property = cursor.ahead {
      switch property {
      case .lower: return true
      case .oLetter, .upper, .sep, .cr, .lf, .aTerm, .sTerm: return false
      default: cursor.advance(text)
      }
    }
    return false
  }

  /// A place in a text, with what lies ahead of it.
  ///
  /// Extend and Format go with what they follow (SB5).
  private struct Cursor {
    let isProse: Bool
    private(set) var position: Int
    /// The property that was read last.
    private(set) var last = SentenceBreak.other
    /// The property ahead; `nil` at the text's end.
    private(set) var ahead: SentenceBreak?
    private var aheadCount = 0

    init(_ text: Span<UInt8>, at position: Int, _ style: Style) {
      self.position = position
      isProse = style == .prose
      look(text)
    }

    mutating func advance(_ text: Span<UInt8>) {
      guard let read = ahead else { return }
      last = read
      position &+= aheadCount
      look(text)
      // Nothing is attached to a line's end.
      if SentenceBoundaries.isLineEnd(read) { return }
      while let next = ahead, SentenceBoundaries.isAttached(next) {
        position &+= aheadCount
        look(text)
      }
    }

    /// Passes over ASCII that neither ends a sentence nor may be part of such an end, up to its last
    /// octet: what it is and what attaches to it is read as usual.
    mutating func skipPlain(_ text: Span<UInt8>) {
      var end = position
      while end < text.count, isPlain(text[end]) { end &+= 1 }
      guard end &- position > 1 else { return }
      position = end &- 1
      look(text)
    }

    /// No terminator, no line's end (in prose a space) and no scalar of several octets.
    @inline(__always)
    private func isPlain(_ octet: UInt8) -> Bool {
      switch octet {
      case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): false
      case 0x0A, 0x0D: isProse
      default: octet < 0x80
      }
    }

    /// The end of a line whose end has just been read: a line feed after a carriage return is part.
    func endOfLine(_ text: Span<UInt8>, after property: SentenceBreak) -> Int {
      property == .cr && ahead == .lf ? position &+ aheadCount : position  // SB3
    }

    private mutating func look(_ text: Span<UInt8>) {
      guard position < text.count else {
        ahead = nil
        return
      }
      let scalar = text.scalar(at: position)
      aheadCount = scalar.count
      let property = sentenceBreak(scalar.value)
      ahead = isProse && SentenceBoundaries.isLineEnd(property) ? .sp : property
    }
  }

  // By `switch`: `==` on another module's enumeration is a call.

  private static func isLineEnd(_ property: SentenceBreak) -> Bool {
    switch property {
    case .sep, .cr, .lf: true
    default: false
    }
  }

  private static func isAttached(_ property: SentenceBreak) -> Bool {
    switch property {
    case .extend, .format: true
    default: false
    }
  }
}
