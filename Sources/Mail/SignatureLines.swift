/// Signatures: behind their mark, behind a rule, or a closing with a name.
extension BodySegmenter {
  /// Lines that are not empty behind `-- ` and behind marks that are less clear.
  private static let signatureLines = 60
  private static let looseSignatureLines = 10

  /// What stands at the end of the first stretch of new text and of the last: between quotes nobody
  /// signs, but for a mark.
  mutating func findEndings(_ text: Span<UInt8>) {
    setSenderNames()
    guard let first = table.lines.firstIndex(where: { $0.role == .new }) else { return }
    var end = table.count
    var isLast = true
    while end > 0 {
      let role = table.lines[end - 1].role
      var start = end - 1
      while start > 0, table.lines[start - 1].role == role { start -= 1 }
      if role == .new {
        readEnding(text, start..<end, isOuter: isLast || start <= first)
        isLast = false
      }
      end = start
    }
  }

  private mutating func readEnding(_ text: Span<UInt8>, _ stretch: Range<Int>, isOuter: Bool) {
    var end = stretch.upperBound
    for _ in 0..<3 where isOuter {
      let before = end
      end = findNotice(text, stretch.lowerBound..<end)
      end = findSentFrom(text, stretch.lowerBound..<end)
      if end == before { break }
    }
    guard end > stretch.lowerBound else { return }
    let lines = stretch.lowerBound..<end
    if let start = signatureStart(text, lines) {
      set(.signature, start..<end)
      let rest = lines.lowerBound..<start
      if isOuter, let closing = closingStart(text, rest, isSigned: true) {
        set(.signature, closing..<start)
      }
    } else if isOuter {
      let named = namedStart(text, lines)
      let rest = lines.lowerBound..<(named ?? end)
      if let start = closingStart(text, rest, isSigned: named != nil) ?? named {
        set(.signature, start..<end)
      }
    }
  }

  /// Where a signature begins that has a mark or a rule before it.
  private func signatureStart(_ text: Span<UInt8>, _ lines: Range<Int>) -> Int? {
    var filled = 0
    var best: Int?
    var index = lines.upperBound - 1
    while index >= lines.lowerBound, filled <= Self.signatureLines {
      let line = table.lines[index]
      if line.shape == .ruled {
        switch mark(text, index) {
        case .delimiter: best = index
        case .loose where filled <= Self.looseSignatureLines && filled > 0: best = index
        case .rule
        where filled > 0 && filled <= 8 && best == nil
          && isContact(text, index + 1..<lines.upperBound):
          best = index
        default: break
        }
      }
      if line.shape != .blank { filled += 1 }
      index -= 1
    }
    return best
  }

  enum Mark { case delimiter, loose, rule, none }

  func mark(_ text: Span<UInt8>, _ index: Int) -> Mark {
    let content = table.content(index, text)
    // `-- `, and as OpenPGP escapes it.
    if isEqual(text, content, "--") || isEqual(text, content, "- --") {
      let end = table.range(index).upperBound
      return end > content.upperBound ? .delimiter : .loose
    }
    return isRule(text, index) ? .rule : .none
  }

  private func isEqual(_ text: Span<UInt8>, _ range: Range<Int>, _ word: String) -> Bool {
    range.count == word.utf8.count && zip(range, word.utf8).allSatisfy { text[$0] == $1 }
  }

  /// Whether the line is nothing but a rule: at least five signs.
  func isRule(_ text: Span<UInt8>, _ index: Int) -> Bool {
    guard table.lines[index].shape == .ruled else { return false }
    let content = table.content(index, text)
    guard content.count >= 5 else { return false }
    for index in content where !isRuleSign(text[index]) && text[index] != 0x20 { return false }
    return true
  }

  /// Whether lines say who somebody is: an address, a page, a telephone, or the sender's name.
  private func isContact(_ text: Span<UInt8>, _ lines: Range<Int>) -> Bool {
    var hasContact = false
    for index in lines where table.lines[index].shape != .blank {
      let content = table.content(index, text)
      if content.count > 78 { return false }
      let line = FoldedLine(text, content)
      hasContact =
        hasContact || line.hasAddress || line.contains("http") || line.contains("www.")
        || FooterPhrases.telephone.isFound(in: line)
        || isSenderName(line)
    }
    return hasContact
  }

  /// Where the sender's full name stands alone, and what they put below every message behind it: a
  /// few lines, or more with an address, a page or a telephone among them.
  private func namedStart(_ text: Span<UInt8>, _ lines: Range<Int>) -> Int? {
    var filled = 0
    var index = lines.upperBound - 1
    while index > lines.lowerBound, filled < 24 {
      if table.lines[index].shape != .blank {
        if table.lines[index - 1].shape == .blank {
          let content = table.content(index, text)
          if content.count <= 40,
            isOpening(FoldedLine(text, content), index + 1..<lines.upperBound, filled, text)
          {
            return index
          }
        }
        filled += 1
      }
      index -= 1
    }
    return nil
  }

  /// Whether a line with the sender's name opens a signature: all of the name, titles of a few letters
  /// with it, or a part of it where what follows says who that is.
  private func isOpening(
    _ line: FoldedLine, _ behind: Range<Int>, _ filled: Int, _ text: Span<UInt8>
  ) -> Bool {
    let (words, known, _) = names(line)
    guard known > 0, words - known <= 2, words <= 6 else { return false }
    if known >= 2 || words == 2, filled <= 3 { return true }
    return (known >= 2 || words <= 2) && filled > 0 && isContact(text, behind)
  }

  /// Where the closing begins: a phrase such as "Best regards" on a line of its own with a name behind
  /// it, or the sender's name alone.
  private func closingStart(
    _ text: Span<UInt8>, _ lines: Range<Int>, isSigned: Bool
  ) -> Int? {
    guard let last = table.lastFilled(lines.upperBound - 1, notBefore: lines.lowerBound) else {
      return nil
    }
    var filled = 0
    var index = last
    var nameLine: Int?
    var line = FoldedLine()
    while index >= lines.lowerBound, filled < 8 {
      guard table.lines[index].shape != .blank else {
        index -= 1
        continue
      }
      let content = table.content(index, text)
      guard content.count <= 72 else { break }
      line.removeAll()
      line.append(text, content)
      filled += 1
      if let closing = ClosingWords.closing(line) {
        // Thanks with nobody's name behind them are said, not signed.
        if closing == .named || filled > 1 || isSigned { return index }
      }
      if isSenderName(line), filled <= 3 { nameLine = index }
      if line.octets.last == 0x3F || line.wordCount > 9 { break }
      index -= 1
    }
    return nameLine
  }

  /// Whether a line is nothing but names or initials of the message's author.
  func isSenderName(_ line: FoldedLine) -> Bool {
    guard line.octets.count <= 40 else { return false }
    let (words, known, initials) = names(line)
    return (1...4).contains(words) && known + initials == words
      && (known > 0 || line.octets.count <= 5)
  }

  /// How many words a line has, how many of them are the sender's names and how many initials.
  private func names(_ line: FoldedLine) -> (words: Int, known: Int, initials: Int) {
    var words = 0
    var known = 0
    var initials = 0
    let octets = line.octets.span
    var start = 0
    while let word = Self.nextWord(octets, from: start) {
      start = word.upperBound
      words += 1
      if word.count == 1, octets[word.lowerBound] < 0x80 {
        initials += isInitial(octets[word.lowerBound]) ? 1 : 0
      } else if senderNames.contains(FoldedLine.key(octets, word)) {
        known += 1
      } else if word.count <= 3, word.allSatisfy({ isInitial(octets[$0]) }) {
        known += octets.count <= 8 ? 1 : 0
      }
    }
    return (words, known, initials)
  }

  private func isInitial(_ octet: UInt8) -> Bool {
    octet < 0x80 && senderInitials >> UInt32(octet & 31) & 1 == 1
  }

  private mutating func setSenderNames() {
    var names: [UInt64] = []
    names.reserveCapacity(32)
    var initials: UInt32 = 0
    let sender = context.sender
    let octets = sender.octets.span
    var start = 0
    while let word = Self.nextWord(octets, from: start) {
      start = word.upperBound
      let first = octets[word.lowerBound]
      if first < 0x80 { initials |= 1 << UInt32(first & 31) }
      guard (2...20).contains(word.count), names.count < 100 else { continue }
      // "Dan" of Daniel, and the whole.
      var key = FoldedLine.emptyKey
      for place in word {
        key = FoldedLine.key(key, octets[place])
        if place - word.lowerBound >= 2 || place == word.upperBound - 1 { names.append(key) }
      }
    }
    senderNames = names
    senderInitials = initials
  }

  /// The next run of letters and octets above ASCII.
  private static func nextWord(_ octets: Span<UInt8>, from index: Int) -> Range<Int>? {
    func isPart(_ octet: UInt8) -> Bool { isSmallLetter(octet) || octet >= 0x80 }
    var start = index
    while start < octets.count, !isPart(octets[start]) { start &+= 1 }
    guard start < octets.count else { return nil }
    var end = start
    while end < octets.count, isPart(octets[end]) { end &+= 1 }
    return start..<end
  }
}
