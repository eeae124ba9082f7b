/// Finds the line, or the few lines, that say whose words follow.
///
/// An attribution belongs to the quote that it introduces. It is looked for where a quote begins, so
/// that a weak sign is enough; and by itself where it is unmistakable, since some programs leave a quote
/// unmarked behind it.
extension BodySegmenter {
  /// An attribution is wrapped over no more lines than this.
  static let attributionLines = 4

  /// Where the attribution begins whose last line is `last`; `nil` where it is none.
  func attributionStart(_ text: Span<UInt8>, endingAt last: Int) -> Int? {
    guard isOpen(last) else { return nil }
    let content = table.content(last, text)
    guard
      table.lines[last].endsWithColon || AttributionWords.verbs.mayEnd(text, content)
        || matches(text, content.prefix(5), "news:")
    else { return nil }
    let ending = FoldedLine(text, content)
    if ending.hasPrefix("news:"), last > 0, isOpen(last - 1) {
      // Outlook Express on news: `"Jo" <address> wrote in message` and an id on the next line.
      let above = FoldedLine(text, table.content(last - 1, text))
      return above.hasSuffix("wrote in message") ? last - 1 : nil
    }
    guard endsAttribution(last, ending) else { return nil }
    var first = last
    var window = ending
    var opening = ending
    while true {
      if begins(opening, window), isAttribution(window) { return first }
      guard first > 0, last - first + 1 < Self.attributionLines, isOpen(first - 1),
        table.lines[first - 1].shape == .plain || table.lines[first - 1].shape == .ruled,
        !table.lines[first - 1].endsWithColon
      else { break }
      first -= 1
      window = joined(text, first...last)
      opening = FoldedLine(text, table.content(first, text))
    }
    return unopenedStart(text, first, last, ending)
  }

  /// The start of an attribution that does not begin with a date: a paragraph of its own, or one line.
  private func unopenedStart(
    _ text: Span<UInt8>, _ first: Int, _ last: Int, _ ending: FoldedLine
  ) -> Int? {
    let isWhole = first == 0 || table.lines[first - 1].shape == .blank || !isOpen(first - 1)
    if isWhole, first < last {
      let window = joined(text, first...last)
      let opening = FoldedLine(text, table.content(first, text))
      if window.wordCount <= 30, isAttribution(window), opening.hasAddress || opening.hasTimeOrYear,
        !window.contains(". ")
      {
        return first
      }
    }
    if isAttribution(ending), ending.wordCount <= 16 { return last }
    return isBareName(text, last) ? last : nil
  }

  /// Whether a line is a name and a colon, alone before a quote without an empty line between.
  private func isBareName(_ text: Span<UInt8>, _ index: Int) -> Bool {
    guard context.isReply, table.lines[index].endsWithColon, index + 1 < table.count,
      table.lines[index + 1].shape == .marked, index == 0 || !isOpen(index - 1)
    else { return false }
    let content = table.content(index, text)
    guard content.count <= 40 else { return false }
    var isAtStart = true
    var words = 0
    for place in content {
      if isAtStart {
        words += 1
        guard text[place] >= 0x80 || (0x41...0x5A).contains(text[place]) else { return false }
      }
      isAtStart = text[place] == 0x20
    }
    return words <= 4
  }

  /// Whether an attribution at `last` is so clear that a quote may follow without marks.
  func isUnmistakable(_ text: Span<UInt8>, _ first: Int, _ last: Int) -> Bool {
    guard table.lines[last].endsWithColon else { return false }
    let window = joined(text, first...last)
    return AttributionWords.verbs.isFound(in: window) && window.hasTimeOrYear
      && begins(FoldedLine(text, table.content(first, text)), window) && window.wordCount <= 40
  }

  /// Whether the line is new text, as far as is known, and not blank.
  func isOpen(_ index: Int) -> Bool {
    table.lines[index].role == .new && table.lines[index].shape != .blank
      && table.lines[index].shape != .marked
  }

  private func joined(_ text: Span<UInt8>, _ lines: ClosedRange<Int>) -> FoldedLine {
    var window = FoldedLine()
    for index in lines { window.append(text, table.content(index, text)) }
    return window
  }

  private func endsAttribution(_ last: Int, _ ending: FoldedLine) -> Bool {
    if table.lines[last].endsWithColon { return true }
    // "wrote" at the line's end, with dots or nothing behind it.
    return AttributionWords.verbs.isSuffix(of: ending.core)
  }

  /// Whether a line, the first of `window`, begins as attributions do that say when: a preposition or
  /// a day, and a date.
  private func begins(_ whole: FoldedLine, _ window: FoldedLine) -> Bool {
    let line = whole.unmarked
    let isDated = window.hasTimeOrYear || AttributionWords.weekdays.isFound(in: window)
    guard isDated else { return whole.hasPrefix(">>>>>") }
    if AttributionWords.starters.isPrefix(of: line) {
      return line.hasDigit || hasDay(line)
    }
    if hasDayFirst(line) { return true }
    // `2015-04-03 12:33 GMT+02:00 Name <address>:`
    guard let first = line.octets.first, (0x30...0x39).contains(first) else { return false }
    return line.hasTimeOrYear
  }

  private func hasDay(_ line: FoldedLine) -> Bool { AttributionWords.weekdays.isFound(in: line) }

  private func hasDayFirst(_ line: FoldedLine) -> Bool {
    AttributionWords.weekdays.isPrefix(of: line)
  }

  private func isAttribution(_ window: FoldedLine) -> Bool {
    if AttributionWords.verbs.isFound(in: window) {
      return window.hasAddress || window.hasTimeOrYear || endsWithVerb(window)
    }
    if AttributionWords.quoting.isPrefix(of: window) { return window.wordCount <= 16 }
    let isDated = window.hasTimeOrYear || AttributionWords.weekdays.isFound(in: window)
    if window.hasAddress, isDated { return true }
    return AttributionWords.weakVerbs.isFound(in: window)
      && (window.hasAddress || isDated || window.wordCount <= 5)
  }

  /// "Jo Example wrote:", with nobody else's sentence before it.
  private func endsWithVerb(_ window: FoldedLine) -> Bool {
    let ends = AttributionWords.verbs.isSuffix(of: window.core)
    return ends && window.wordCount <= 10 || window.wordCount <= 6
  }
}
