/// The properties that decide whether a text is seen.
enum CSSProperty: Int, CaseIterable, Sendable {
  case display, visibility, opacity, fontSize, color, backgroundColor, backgroundImage
  case width, height, maxWidth, maxHeight, overflow, clip, clipPath, position
  case left, top, right, bottom, textIndent, marginLeft, marginTop, transform, whiteSpace
  case lineHeight, textFillColor, textShadow, backgroundClip, contentVisibility, float, filter

  /// By ``HTMLName/key`` of the name; shorthands stand for what they set here.
  static let byKey: [UInt64: CSSProperty] = {
    let names: [(String, CSSProperty)] = [
      ("display", .display), ("visibility", .visibility), ("opacity", .opacity),
      ("font-size", .fontSize), ("font", .fontSize), ("color", .color),
      ("background-color", .backgroundColor), ("background", .backgroundImage),
      ("background-image", .backgroundImage), ("width", .width), ("height", .height),
      ("max-width", .maxWidth), ("max-height", .maxHeight), ("overflow", .overflow),
      ("overflow-x", .overflow), ("overflow-y", .overflow), ("clip", .clip),
      ("clip-path", .clipPath), ("-webkit-clip-path", .clipPath), ("position", .position),
      ("left", .left), ("top", .top), ("right", .right), ("bottom", .bottom),
      ("text-indent", .textIndent), ("margin-left", .marginLeft), ("margin-top", .marginTop),
      ("margin", .marginTop), ("transform", .transform), ("-webkit-transform", .transform),
      ("white-space", .whiteSpace), ("line-height", .lineHeight),
      ("-webkit-text-fill-color", .textFillColor), ("text-shadow", .textShadow),
      ("background-clip", .backgroundClip), ("-webkit-background-clip", .backgroundClip),
      ("content-visibility", .contentVisibility), ("float", .float), ("filter", .filter),
    ]
    return Dictionary(uniqueKeysWithValues: names.map { (HTMLName($0.0.utf8).key, $0.1) })
  }()
}

/// A value as far as it matters here.
enum CSSValue: Equatable, Sendable {
  case keyword(CSSKeyword)
  case number(CSSNumber)
  case color(CSSColor)
}

/// The keywords that are told apart; what is only valid is `other`.
enum CSSKeyword: Equatable, Sendable {
  /// `display: none`.
  case gone
  /// Where nothing of a box is left.
  case nothing
  case block, inlineBlock, inline, tablePart, hidden, visible, inherit, initial, absolute
  case relative, pre, preLine, text, image, currentColor, off, other
}

struct CSSDeclaration: Sendable {
  var property: CSSProperty
  var value: CSSValue
  var isImportant: Bool
}

/// Reads declarations, of a style attribute or of a rule's block (CSS Syntax 3, section 5.4.5).
///
/// Comments part tokens, so that `dis/**/play` is no property; escapes are undone; what is no valid
/// declaration is passed over, as a browser does.
struct CSSDeclarations: Sendable {
  /// The text in lower case without comments, strings and escapes, used again.
  private var plain: [UInt8] = []

  /// Gives each declaration that matters to `body`, in order; O(octets).
  mutating func read(_ text: ArraySlice<UInt8>, _ body: (CSSDeclaration) -> Void) {
    CSSText.simplify(text, into: &plain)
    var start = 0
    var colon: Int?
    var depth = 0
    var index = 0
    while index <= plain.count {
      let octet = index < plain.count ? plain[index] : 0x3B
      switch octet {
      case 0x28, 0x5B, 0x7B: depth += 1
      case 0x29, 0x5D, 0x7D: depth = max(0, depth - 1)
      case 0x3A where colon == nil && depth == 0: colon = index
      case 0x3B where depth == 0 || index == plain.count:
        if let colon { declare(start..<colon, (colon + 1)..<index, body) }
        colon = nil
        start = index + 1
      default: break
      }
      index += 1
    }
  }

  private func trimmed(_ range: Range<Int>) -> ArraySlice<UInt8> {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high, isSpace(plain[low]) { low += 1 }
    while high > low, isSpace(plain[high - 1]) { high -= 1 }
    return plain[low..<high]
  }

  private func declare(
    _ name: Range<Int>, _ value: Range<Int>, _ body: (CSSDeclaration) -> Void
  ) {
    let key = HTMLName(trimmed(name)).key
    guard let property = CSSProperty.byKey[key] else { return }
    var value = trimmed(value)
    var isImportant = false
    if value.last == 0x74, let mark = value.lastIndex(of: 0x21) {
      let word = value[(mark + 1)...].drop(while: isSpace)
      if word.elementsEqual("important".utf8) {
        isImportant = true
        value = trimmed(value.startIndex..<mark)
      }
    }
    guard !value.isEmpty else { return }
    for (property, value) in CSSValues.parse(property, shorthand: key, value) {
      body(CSSDeclaration(property: property, value: value, isImportant: isImportant))
    }
  }
}

/// The lowest level of CSS: comments, strings, escapes.
enum CSSText {
  /// `text` in lower case; a comment becomes a space, a string `"`, an escape what it means.
  ///
  /// What an escape writes that is no letter, digit, hyphen or underscore becomes 0x80, which is no
  /// part of the grammar.
  static func simplify(_ text: ArraySlice<UInt8>, into plain: inout [UInt8]) {
    plain.removeAll(keepingCapacity: true)
    var index = text.startIndex
    while index < text.endIndex {
      let octet = text[index]
      switch octet {
      case 0x2F where index + 1 < text.endIndex && text[index + 1] == 0x2A:
        index = commentEnd(text, index + 2)
        plain.append(0x20)
      case 0x5C: index = appendEscape(text, index + 1, &plain)
      case 0x22, 0x27:
        index = stringEnd(text, index + 1, octet)
        plain.append(0x22)
      case 0x28 where plain.last == 0x6C && plain.suffix(3).elementsEqual("url".utf8):
        plain.append(0x28)
        index = skipURL(text, index + 1)
      default:
        plain.append(lowercased(octet))
        index += 1
      }
    }
  }

  /// Behind `*/`, or the end.
  static func commentEnd(_ text: ArraySlice<UInt8>, _ start: Int) -> Int {
    var index = start
    while index + 1 < text.endIndex {
      if text[index] == 0x2A, text[index + 1] == 0x2F { return index + 2 }
      index += 1
    }
    return text.endIndex
  }

  /// Behind the closing quotation mark; a line end closes a bad string.
  static func stringEnd(_ text: ArraySlice<UInt8>, _ start: Int, _ quote: UInt8) -> Int {
    var index = start
    while index < text.endIndex {
      if text[index] == 0x5C {
        index += 2
        continue
      }
      if text[index] == quote { return index + 1 }
      if text[index] == 0x0A { return index }
      index += 1
    }
    return text.endIndex
  }

  /// Where an address without quotation marks ends: at `)`.
  private static func skipURL(_ text: ArraySlice<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < text.endIndex, isSpace(text[index]) { index += 1 }
    if index < text.endIndex, text[index] == 0x22 || text[index] == 0x27 { return index }
    while index < text.endIndex, text[index] != 0x29 {
      index += text[index] == 0x5C ? 2 : 1
    }
    return min(index, text.endIndex)
  }

  /// What the escape behind a backslash means; returns where it ends.
  static func escape(_ text: ArraySlice<UInt8>, _ start: Int) -> (value: UInt32, end: Int) {
    var index = start
    var value: UInt32 = 0
    while index < text.endIndex, index < start + 6, let digit = hexDigit(text[index]) {
      value = value * 16 + digit
      index += 1
    }
    if index > start {
      if index < text.endIndex, isSpace(text[index]) { index += 1 }
      return (value, index)
    }
    return index < text.endIndex ? (UInt32(text[index]), index + 1) : (0xFFFD, index)
  }

  private static func appendEscape(
    _ text: ArraySlice<UInt8>, _ start: Int, _ plain: inout [UInt8]
  ) -> Int {
    let (value, end) = escape(text, start)
    let octet = value < 0x80 ? lowercased(UInt8(value)) : 0x80
    plain.append(isNamePart(octet) ? octet : 0x80)
    return end
  }

  static func hexDigit(_ octet: UInt8) -> UInt32? {
    if isDigit(octet) { return UInt32(octet - 0x30) }
    let lower = octet | 0x20
    return lower &- 0x61 < 6 ? UInt32(lower - 0x61 + 10) : nil
  }

  /// Letters, digits, hyphen, underscore, and all that is not ASCII.
  static func isNamePart(_ octet: UInt8) -> Bool {
    isLetter(octet) || isDigit(octet) || octet == 0x2D || octet == 0x5F || octet >= 0x80
  }
}
