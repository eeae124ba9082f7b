/// Reads a style element's text into rules (CSS Syntax 3, section 5.4).
struct StyleSheetReader {
  /// Comments are blanks here, strings and all else as written.
  private let text: [UInt8]

  init(_ text: ArraySlice<UInt8>) {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      let octet = text[index]
      var end = index + 1
      if octet == 0x2F, end < text.endIndex, text[end] == 0x2A {
        index = CSSText.commentEnd(text, index + 2)
        result.append(0x20)
        continue
      }
      if octet == 0x22 || octet == 0x27 {
        end = min(text.endIndex, CSSText.stringEnd(text, end, octet))
      } else if octet == 0x5C {
        end = min(text.endIndex, end + 1)
      } else if octet == 0x28, result.suffix(3).map(lowercased).elementsEqual("url".utf8),
        end < text.endIndex, text[end] != 0x22, text[end] != 0x27
      {
        while end < text.endIndex, text[end] != 0x29 { end += text[end] == 0x5C ? 2 : 1 }
        end = min(end, text.endIndex)
      }
      result += text[index..<end]
      index = end
    }
    self.text = result
  }

  /// Adds the rules to `sheet`; O(octets).
  func read(into sheet: inout StyleSheet) {
    var index = 0
    // Blocks of @media that are open and whose rules count.
    var open = 0
    while index < text.count {
      let octet = text[index]
      if isSpace(octet) || octet == 0x3B {
        index += 1
      } else if octet == 0x7D {
        open = max(0, open - 1)
        index += 1
      } else if matches(index, "<!--") || matches(index, "-->") {
        index += octet == 0x3C ? 4 : 3
      } else if octet == 0x40 {
        index = readAt(index, &open)
      } else {
        index = readRule(index, &sheet)
      }
    }
  }

  private func matches(_ start: Int, _ word: String) -> Bool {
    text[start...].starts(with: word.utf8)
  }

  private func readRule(_ start: Int, _ sheet: inout StyleSheet) -> Int {
    let open = find(start) { $0 == 0x7B || $0 == 0x7D }
    guard open < text.count, text[open] == 0x7B else { return open }
    let close = blockEnd(open)
    sheet.add(selectors: text[start..<open], block: text[(open + 1)..<close])
    return min(close + 1, text.count)
  }

  /// `@media` whose query matches is entered; every other at-rule is passed over.
  private func readAt(_ start: Int, _ open: inout Int) -> Int {
    let end = find(start) { $0 == 0x7B || $0 == 0x3B || $0 == 0x7D }
    guard end < text.count, text[end] == 0x7B else { return min(end + 1, text.count) }
    let prelude = text[start..<end].map(lowercased)
    let name = prelude.prefix { !isSpace($0) && $0 != 0x28 }
    let rest = prelude[name.count...]
    let isEntered =
      switch String(decoding: name, as: UTF8.self) {
      case "@media": MediaQuery.matches(rest)
      case "@supports", "@layer": true
      default: false
      }
    if isEntered {
      open += 1
      return end + 1
    }
    return min(blockEnd(end) + 1, text.count)
  }

  /// The first octet from `start` on, outside of strings, that is one of `stops`.
  private func find(_ start: Int, _ stops: (UInt8) -> Bool) -> Int {
    var index = start
    while index < text.count, !stops(text[index]) { index = next(index) }
    return min(index, text.count)
  }

  /// Where the block that opens at `open` closes.
  private func blockEnd(_ open: Int) -> Int {
    var index = open + 1
    var depth = 1
    while index < text.count {
      if text[index] == 0x7B { depth += 1 }
      if text[index] == 0x7D {
        depth -= 1
        if depth == 0 { return index }
      }
      index = next(index)
    }
    return text.count
  }

  private func next(_ index: Int) -> Int {
    switch text[index] {
    case 0x22, 0x27: CSSText.stringEnd(text[...], index + 1, text[index])
    case 0x5C: index + 2
    default: index + 1
    }
  }
}

/// Whether a wide light screen matches a media query.
enum MediaQuery {
  /// Width of the screen in pixels.
  static let width: Float = 1_280

  /// One query of the list is enough; a query that is not understood does not match.
  static func matches(_ text: ArraySlice<UInt8>) -> Bool {
    text.split(separator: 0x2C, omittingEmptySubsequences: false).contains(where: matchesOne)
  }

  private static func matchesOne(_ text: ArraySlice<UInt8>) -> Bool {
    var isNegated = false
    var rest = text
    while true {
      rest = rest.drop(while: isSpace)
      guard let first = rest.first else { return !isNegated }
      if first == 0x28 {
        guard let close = rest.firstIndex(of: 0x29) else { return false }
        if !holds(rest[(rest.startIndex + 1)..<close]) { return isNegated }
        rest = rest[(close + 1)...]
        continue
      }
      let word = rest.prefix { !isSpace($0) && $0 != 0x28 }
      rest = rest[word.endIndex...]
      switch String(decoding: word, as: UTF8.self) {
      case "only", "and", "all", "screen": break
      case "not": isNegated = true
      default: return isNegated
      }
    }
  }

  private static func holds(_ feature: ArraySlice<UInt8>) -> Bool {
    let parts = feature.split(separator: 0x3A, maxSplits: 1).map { part in
      part.filter { !isSpace($0) }
    }
    guard parts.count == 2 else { return false }
    let value = CSSNumber(parts[1][...])?.pixels(em: 16, whole: width)
    switch String(decoding: parts[0], as: UTF8.self) {
    case "min-width", "min-device-width": return value.map { width >= $0 } ?? false
    case "max-width", "max-device-width": return value.map { width <= $0 } ?? false
    case "prefers-color-scheme": return parts[1].elementsEqual("light".utf8)
    case "orientation": return parts[1].elementsEqual("landscape".utf8)
    default: return false
    }
  }
}
