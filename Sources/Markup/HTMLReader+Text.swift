import Grounding

/// Writing text, or counting it where it is not seen.
extension HTMLReader {
  mutating func read(text input: Span<UInt8>, _ range: Range<Int>) {
    if let top = stack.last {
      if top.element == .title || top.element == .style {
        collect(input, range, top)
        return
      }
      if top.look.isSkipped { return }
    }
    guard !isBlank(input, range) || look.space != .normal else {
      if !skipsLineFeed { blocks.writeSpace() }
      return
    }
    if !pending.isEmpty { resumeFormatting() }
    var look = self.look
    if let outer = fosterParent(nil) { look = outer }
    if let hiddenOverflow, hiddenOverflow.reason == nil { return }
    if let reason = hiddenOverflow?.reason ?? look.reason {
      count(reason, visibleCharacters(input, range))
      return
    }
    switch look.space {
    case .normal: writeCollapsed(input, range)
    case .preLine: writeLines(input, range, keepsSpaces: false)
    case .pre:
      if blocks.place.kind == .code || blocks.isLineOpen && blocks.place.kind == .code {
        writeCode(input, range)
      } else {
        writeLines(input, range, keepsSpaces: true)
      }
    }
  }

  private mutating func collect(_ input: Span<UInt8>, _ range: Range<Int>, _ top: Entry) {
    if top.element == .style {
      if foreign == 0 { styleText.append(input, range) }
    } else if top.isActive, (titleText?.count ?? 0) < limits.headingOctets * 4 {
      titleText?.append(input, range)
    }
  }

  private func isBlank(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range where !isSpace(input[index]) { return false }
    return true
  }

  /// Scalars that are no white space.
  private func visibleCharacters(_ input: Span<UInt8>, _ range: Range<Int>) -> Int {
    var count = 0
    var index = range.lowerBound
    while index < range.upperBound {
      let octet = input[index]
      if octet > 0x20, octet & 0xC0 != 0x80, octet != 0x7F {
        if octet < 0xC2 || special(input, index, range.upperBound) == nil { count += 1 }
      }
      index += 1
    }
    return count
  }

  mutating func count(_ reason: HiddenReason, _ characters: Int) {
    guard characters > 0 else { return }
    var entry = hidden[reason] ?? (0, 0)
    entry.characters += characters
    if let root = stack.last?.hiddenRoot, stack.indices.contains(root) {
      if !stack[root].isCounted {
        stack[root].isCounted = true
        entry.elements += 1
      }
    } else if entry.elements == 0 {
      entry.elements = 1
    }
    hidden[reason] = entry
  }

  /// Counts a comment, `range` of the input with its marks.
  mutating func count(comment input: Span<UInt8>, _ range: Range<Int>) {
    let start = range.lowerBound
    guard range.count > 4, tokenizer.matches(input, start, "<!--") else { return }
    var text = start + 4..<range.upperBound
    for end in ["-->", "--!>"] as [StaticString] {
      let place = text.upperBound - end.utf8CodeUnitCount
      if place >= text.lowerBound, tokenizer.matches(input, place, end) {
        text = text.lowerBound..<place
      }
    }
    while let first = text.first, isSpace(input[first]) {
      text = first + 1..<text.upperBound
    }
    let isConditional = (["[if", "<![", ">"] as [StaticString]).contains {
      text.count >= $0.utf8CodeUnitCount && tokenizer.matches(input, text.lowerBound, $0)
    }
    guard !isConditional,
      text.contains(where: { input[$0] >= 0x80 || (0x61...0x7A).contains(input[$0] | 0x20) })
    else { return }
    comments.count += 1
    comments.characters += visibleCharacters(input, text)
  }

  /// Text of an attribute that is shown.
  mutating func write(_ text: ArraySlice<UInt8>) {
    let octets = Array(text)
    read(text: octets.span, 0..<octets.count)
  }

  private mutating func writeCollapsed(_ input: Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let start = index
      while index < range.upperBound, isPlain(input[index]) { index &+= 1 }
      blocks.write(input, start..<index)
      guard index < range.upperBound else { break }
      if isSpace(input[index]) {
        blocks.writeSpace()
        index &+= 1
      } else {
        index = writeSpecial(input, index, range.upperBound)
      }
    }
    skipsLineFeed = false
  }

  /// No white space, and no octet that begins a character that is treated in its own way.
  @inline(__always)
  private func isPlain(_ octet: UInt8) -> Bool {
    octet > 0x20 && octet != 0xC2 && octet != 0xE2 && octet != 0xCD && octet != 0xEF
      || octet <= 0x20 && !isSpace(octet)
  }

  private enum Special { case space, invisible }

  /// What the character at `index` is, and its length, where it is treated in its own way.
  private func special(
    _ input: Span<UInt8>, _ index: Int, _ end: Int
  ) -> (kind: Special, length: Int)? {
    let second = index &+ 1 < end ? input[index &+ 1] : 0
    let third = index &+ 2 < end ? input[index &+ 2] : 0
    switch (input[index], second, third) {
    // U+00A0, U+00AD, U+034F
    case (0xC2, 0xA0, _): return (.space, 2)
    case (0xC2, 0xAD, _), (0xCD, 0x8F, _): return (.invisible, 2)
    // U+2007 pads where others do; U+200B to U+200F, U+2060 to U+2064, U+FEFF
    case (0xE2, 0x80, 0x87), (0xE2, 0x80, 0x8B...0x8F), (0xE2, 0x81, 0xA0...0xA4),
      (0xEF, 0xBB, 0xBF):
      return (.invisible, 3)
    default: return nil
    }
  }

  private mutating func writeSpecial(_ input: Span<UInt8>, _ index: Int, _ end: Int) -> Int {
    guard let (kind, length) = special(input, index, end) else {
      blocks.write(input[index])
      return index &+ 1
    }
    switch kind {
    case .space: blocks.writeSpace()
    case .invisible:
      var octets: [UInt8] = []
      octets.append(input, index..<index &+ length)
      blocks.writeInvisible(octets)
    }
    return index &+ length
  }

  /// Text whose line ends count, in a page's running text.
  private mutating func writeLines(
    _ input: Span<UInt8>, _ range: Range<Int>, keepsSpaces: Bool
  ) {
    for index in range {
      let octet = input[index]
      if octet == 0x0A {
        if !skipsLineFeed { blocks.writeBreak() }
      } else if isSpace(octet) {
        if keepsSpaces, blocks.isLineOpen {
          blocks.writeExactly(octet)
        } else {
          blocks.writeSpace()
        }
      } else {
        blocks.write(octet)
      }
      skipsLineFeed = false
    }
  }

  /// Text of `pre`, as it is; only empty lines before the first are left out.
  private mutating func writeCode(_ input: Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let octet = input[index]
      if octet == 0x0A, !blocks.isLineOpen {
        index &+= 1
      } else if octet == 0xC2, index &+ 1 < range.upperBound, input[index &+ 1] == 0xA0 {
        blocks.writeExactly(0x20)
        index &+= 2
      } else {
        blocks.writeExactly(octet)
        index &+= 1
      }
      skipsLineFeed = false
    }
  }

  mutating func closeLink() {
    guard let link = openLink else { return }
    openLink = nil
    let end = blocks.settledCount()
    marks.append(LinkMark(offset: min(blocks.takeMark() ?? end, end), link: link, isEnd: false))
    marks.append(LinkMark(offset: end, link: link, isEnd: true))
  }
}
