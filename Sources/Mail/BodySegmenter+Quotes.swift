/// Quotes: marked lines with what introduces them, and whole messages behind a separator or header
/// block.
extension BodySegmenter {
  mutating func findQuotes(_ text: Span<UInt8>) {
    var index = 0
    while index < table.count {
      let line = table.lines[index]
      if line.shape == .blank || line.shape == .undecided {
        index += 1
      } else if line.shape == .marked || line.role.isQuote {
        index = readMarked(text, index)
      } else if line.role != .new || !mayOpen(text, line) {
        index += 1
      } else {
        index = readOpen(text, index)
      }
    }
    joinWrappedLines(text)
  }

  /// A quick look: a rule, a colon at the end, or the beginning of a field's name.
  private func mayOpen(_ text: Span<UInt8>, _ line: BodyLine) -> Bool {
    if line.shape == .ruled || line.endsWithColon { return true }
    let first = text[Int(line.start)]
    guard first > 0x20 else { return true }
    return (first >= 0x80 || (0x41...0x5A).contains(first) || first == 0x2A)
      && HeaderWords.mayBeginField(text, Int(line.start), table.end)
  }

  /// A run of marked lines; where it is no transcript, it is a quote with its attribution.
  private mutating func readMarked(_ text: Span<UInt8>, _ first: Int) -> Int {
    var end = first
    while end < table.count, table.lines[end].shape != .blank,
      table.lines[end].shape == .marked || table.lines[end].shape == .undecided
        || table.lines[end].role.isQuote
    {
      end += 1
    }
    let isGiven = table.lines[first].role.isQuote
    // At most two empty lines between an attribution and its quote.
    let before = first > 0 ? table.lastFilled(first - 1, notBefore: first - 3) : nil
    var isIntroduced = isGiven || before.map { table.lines[$0].role.isQuote } ?? false
    if let before, table.lines[before].role == .new,
      let start = attributionStart(text, endingAt: before)
    {
      set(.quoted, start..<before + 1)
      isIntroduced = true
    }
    if !isGiven, !isIntroduced,
      isTranscript(text, first..<end, goesOn: first > 0 && first == transcriptEnd)
    {
      for index in first..<end { table.lines[index].shape = .plain }
      // What it printed, up to an empty line.
      while end < table.count, table.lines[end].shape == .plain { end += 1 }
      transcriptEnd = end
      return end
    }
    for index in first..<end where table.lines[index].role == .new {
      table.lines[index].role = .quoted
    }
    return end
  }

  /// An unmarked line: an introduction, an attribution without marks behind it, or text.
  private mutating func readOpen(_ text: Span<UInt8>, _ index: Int) -> Int {
    if isRuleBeforeBlock(text, index), let next = table.nextFilled(index + 1) {
      let end = readOpen(text, next)
      if table.lines[next].role.isQuote { table.lines[index].role = table.lines[next].role }
      return end
    }
    if let introduction = introduction(text, at: index) {
      return readIntroduced(text, index, introduction)
    }
    if context.isReply, table.lines[index].endsWithColon, mayEndAttribution(text, index),
      let start = attributionStart(text, endingAt: index), isUnmistakable(text, start, index),
      let next = table.nextFilled(index + 1)
    {
      // "[...]" may stand before the marks.
      let end = hasMarks(from: next) ? index + 1 : table.count
      set(.quoted, start..<end)
      return end
    }
    return index + 1
  }

  /// A quick look at the lines that an attribution ending here may have: without "wrote" it is not
  /// unmistakable.
  private func mayEndAttribution(_ text: Span<UInt8>, _ index: Int) -> Bool {
    let first = max(0, index - Self.attributionLines + 1)
    return AttributionWords.verbs.found(
      in: text, table.range(first).lowerBound..<table.range(index).upperBound) != 0
  }

  /// What follows an introduction is quoted to its end; but where marks follow, they say what is.
  private mutating func readIntroduced(
    _ text: Span<UInt8>, _ index: Int, _ introduction: Introduction
  ) -> Int {
    let isForwarded = introduction.isForwarded || context.isForward && !context.isReply
    let role = isForwarded ? BodyLine.Role.forwarded : .quoted
    set(role, index..<introduction.end)
    if let next = table.nextFilled(introduction.end),
      table.lines[next].shape == .marked || table.lines[next].role.isQuote
    {
      return introduction.end
    }
    var end = introduction.end
    while end < table.count {
      let isEnd = isEndOfForwarded(text, end)
      end += 1
      if isEnd { break }
    }
    set(role, introduction.end..<end)
    return end
  }

  /// Whether marks begin at `index` or shortly behind it; the marks further on are of quotes in the
  /// quote.
  private func hasMarks(from index: Int) -> Bool {
    table.lines[index...].prefix(6).contains { $0.shape == .marked || $0.role.isQuote }
  }

  /// What a program broke off from a marked line and left without a mark belongs to it.
  ///
  /// It stands alone between two lines with marks, is short, and its first word had no room on the
  /// line above.
  private mutating func joinWrappedLines(_ text: Span<UInt8>) {
    guard table.count > 2 else { return }
    for index in 1..<table.count - 1
    where table.lines[index].shape == .plain && table.lines[index].role == .new
      && table.lines[index - 1].shape == .marked && table.lines[index + 1].shape == .marked
      && table.lines[index - 1].role.isQuote && table.lines[index + 1].role.isQuote
    {
      let above = table.range(index - 1)
      let content = table.content(index, text)
      var word = content.lowerBound
      while word < content.upperBound, !isBlank(text[word]) { word += 1 }
      let isBroken = above.count + 1 + (word - content.lowerBound) > 66
      if isBroken, content.count <= 40, above.count > content.count {
        table.lines[index].role = .quoted
      }
    }
  }
}
