/// RCDATA, RAWTEXT, script data, PLAINTEXT and CDATA sections (13.2.5.2 to 5, 9 to 31, 69 to 71).
extension HTMLTokenizer {
  /// Where a script stands among its comment-like texts.
  enum ScriptState: Equatable, Sendable {
    case plain
    /// Behind `<!--`, with this many hyphens before the position (two stand for more).
    case escaped(hyphens: Int)
    /// Behind a `<script` inside of that.
    case doubleEscaped(hyphens: Int)
  }

  mutating func readPlaintext(_ input: Span<UInt8>) -> Token? {
    let start = position
    if let token = readNullOrReturn(input) { return token }
    guard position == start else { return nil }
    var index = start
    while index < input.count, input[index] != 0, input[index] != 0x0D { index &+= 1 }
    position = index
    return .characters(start..<index)
  }

  /// RCDATA, where `&` begins references, and RAWTEXT, where it does not.
  mutating func readRawText(_ input: Span<UInt8>) -> Token? {
    let start = position
    if let token = readNullOrReturn(input) { return token }
    guard position == start else { return nil }
    let hasReferences = model == .rcdata
    if hasReferences, input[start] == 0x26 { return readReference(input) }
    var index = start
    while index < input.count {
      let octet = input[index]
      if octet == 0 || octet == 0x0D || hasReferences && octet == 0x26 { break }
      if octet == 0x3C, isAppropriateEndTag(input, index) {
        if index == start { return readClosing(input) }
        break
      }
      index &+= 1
    }
    position = index
    return .characters(start..<index)
  }

  /// The end tag at the position; the text behind it is data again.
  private mutating func readClosing(_ input: Span<UInt8>) -> Token? {
    model = .data
    scriptState = .plain
    return readTag(input, from: position &+ 2, isEnd: true)
  }

  /// U+FFFD for a null, a line feed for a lone carriage return.
  private mutating func readNullOrReturn(_ input: Span<UInt8>) -> Token? {
    if input[position] == 0x0D { return readReturn(input) }
    guard input[position] == 0 else { return nil }
    fail(.unexpectedNull)
    position &+= 1
    return text(replacementOctets)
  }

  /// Whether `</`, the name of the last start tag and its end stand at `index`.
  private func isAppropriateEndTag(_ input: Span<UInt8>, _ index: Int) -> Bool {
    let count = lastStartTag.count
    guard count > 0, index &+ 2 &+ count < input.count, input[index &+ 1] == 0x2F else {
      return false
    }
    for offset in 0..<count where lowercased(input[index &+ 2 &+ offset]) != lastStartTag[offset] {
      return false
    }
    return endsName(input[index &+ 2 &+ count])
  }

  private func endsName(_ octet: UInt8) -> Bool {
    isSpace(octet) || octet == 0x2F || octet == 0x3E
  }

  mutating func readScript(_ input: Span<UInt8>) -> Token? {
    let start = position
    if input[start] == 0 || input[start] == 0x0D { loseHyphens() }
    if let token = readNullOrReturn(input) { return token }
    guard position == start else { return nil }
    var index = start
    while index < input.count {
      let octet = input[index]
      if octet == 0 || octet == 0x0D { break }
      if octet == 0x3C {
        if !isDoubleEscaped, isAppropriateEndTag(input, index) {
          if index == start { return readClosing(input) }
          break
        }
        index = readScriptLessThan(input, index)
      } else {
        if scriptState != .plain { advanceScript(octet) }
        index &+= 1
      }
    }
    position = index
    return .characters(start..<index)
  }

  private var isDoubleEscaped: Bool {
    if case .doubleEscaped = scriptState { return true }
    return false
  }

  private mutating func loseHyphens() {
    switch scriptState {
    case .plain: break
    case .escaped: scriptState = .escaped(hyphens: 0)
    case .doubleEscaped: scriptState = .doubleEscaped(hyphens: 0)
    }
  }

  /// Any octet but `<` in a comment-like text: hyphens count, and `-->` ends it.
  private mutating func advanceScript(_ octet: UInt8) {
    switch (scriptState, octet) {
    case (.escaped(let hyphens), 0x2D): scriptState = .escaped(hyphens: min(2, hyphens + 1))
    case (.doubleEscaped(let hyphens), 0x2D):
      scriptState = .doubleEscaped(hyphens: min(2, hyphens + 1))
    case (.escaped(2), 0x3E), (.doubleEscaped(2), 0x3E): scriptState = .plain
    default: loseHyphens()
    }
  }

  /// `<` in a script, at `index`; returns where reading goes on.
  private mutating func readScriptLessThan(_ input: Span<UInt8>, _ index: Int) -> Int {
    func at(_ offset: Int) -> UInt8 {
      index &+ offset < input.count ? input[index &+ offset] : 0
    }
    switch scriptState {
    case .plain:
      guard at(1) == 0x21 else { return index &+ 1 }
      guard at(2) == 0x2D, at(3) == 0x2D else { return index &+ 2 }
      scriptState = .escaped(hyphens: 2)
      return index &+ 4
    case .escaped:
      loseHyphens()
      guard isLetter(at(1)) else { return index &+ 1 }
      let end = nameEnd(input, index &+ 1)
      if isScript(input, index &+ 1, end) { scriptState = .doubleEscaped(hyphens: 0) }
      return end
    case .doubleEscaped:
      loseHyphens()
      guard at(1) == 0x2F else { return index &+ 1 }
      let end = nameEnd(input, index &+ 2)
      if isScript(input, index &+ 2, end) { scriptState = .escaped(hyphens: 0) }
      return end
    }
  }

  private func nameEnd(_ input: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < input.count, isLetter(input[index]) { index &+= 1 }
    return index
  }

  private func isScript(_ input: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard end &- start == 6, end < input.count, endsName(input[end]) else { return false }
    for (offset, octet) in "script".utf8.enumerated()
    where lowercased(input[start &+ offset]) != octet { return false }
    return true
  }

  mutating func readCDATA(_ input: Span<UInt8>) -> Token? {
    let start = position
    if input[start] == 0x0D { return readReturn(input) }
    var index = start
    while index < input.count, input[index] != 0x0D {
      if input[index] == 0x5D, index &+ 2 < input.count, input[index &+ 1] == 0x5D,
        input[index &+ 2] == 0x3E
      {
        if index == start {
          model = .data
          position = index &+ 3
          return nil
        }
        break
      }
      index &+= 1
    }
    position = index
    return .characters(start..<index)
  }
}
