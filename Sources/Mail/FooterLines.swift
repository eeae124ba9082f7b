/// Footers, legal notices, and what systems put into messages.
extension BodySegmenter {
  /// A footer's block, and how many blocks are looked for.
  private static let footerLines = 16
  private static let footerBlocks = 6
  /// Lines of a footer before the one that tells it.
  private static let introductionLines = 4
  /// No notice is shorter.
  private static let noticeOctets = 80
  /// So many results of looking for phrases are remembered.
  private static let recentLimit = 4
  /// So much of a line is looked at for a notice's title.
  private static let titleOctets = 120

  /// Footers of lists, notices below a rule, and advertisements at the end of the text, block by block,
  /// upwards.
  mutating func findFooters(_ text: Span<UInt8>) {
    var end = table.count
    for _ in 0..<Self.footerBlocks {
      guard var last = table.lastFilled(end - 1), table.lines[last].shape != .marked else { return }
      end = last + 1
      // A rule may close the footer.
      if isRule(text, last) {
        guard let above = table.lastFilled(last - 1), table.lines[above].shape != .marked else {
          return
        }
        last = above
      }
      guard let (start, role) = footer(text, endingAt: last) else { return }
      set(role, start..<end)
      end = start
    }
  }

  /// The footer whose last line is `last`: from its rule on, or from the line that tells it.
  private mutating func footer(
    _ text: Span<UInt8>, endingAt last: Int
  ) -> (start: Int, role: BodyLine.Role)? {
    if let rule = footerRule(text, above: last) {
      let found = phrases(text, rule..<last + 1)
      let advertisement = FooterPhrases.advertisementBit | FooterPhrases.ruledAdvertisementBit
      if found & FooterPhrases.listBit != 0 {
        let start = blockStart(text, rule..<last + 1, FooterPhrases.listBit)
        let isSponsored = phrases(text, start..<last + 1) & FooterPhrases.advertisementBit != 0
        return (start, isSponsored ? .banner : .disclaimer)
      }
      if isNotice(text, rule..<last + 1) { return (rule, .disclaimer) }
      if found & advertisement != 0 {
        return (blockStart(text, rule..<last + 1, advertisement), .banner)
      }
    }
    let first = paragraphStart(text, last, notBefore: 0)
    guard last - first < 12 else { return nil }
    let found = phrases(text, first..<last + 1)
    for (bit, role) in [
      (FooterPhrases.listAloneBit, BodyLine.Role.disclaimer),
      (FooterPhrases.advertisementBit, .banner),
    ] where found & bit != 0 {
      return (blockStart(text, first..<last + 1, bit), role)
    }
    return nil
  }

  /// The rule not far above `last` with nothing but a footer's lines between.
  private func footerRule(_ text: Span<UInt8>, above last: Int) -> Int? {
    var filled = 0
    var index = last
    while index >= 0, filled < Self.footerLines {
      let line = table.lines[index]
      if line.shape == .marked || line.role != .new && !line.role.isQuote { return nil }
      if line.shape == .ruled, isFooterRule(text, index) { return index }
      filled += line.shape == .blank ? 0 : 1
      index -= 1
    }
    return nil
  }

  /// Where the block begins in which a phrase tells what it is: at the last rule or mark of a signature
  /// above the phrase, else with its line.
  private mutating func blockStart(
    _ text: Span<UInt8>, _ lines: Range<Int>, _ bits: UInt128
  ) -> Int {
    let phrase = lines.first { phrases(text, $0..<$0 + 1) & bits != 0 } ?? lines.lowerBound
    var index = phrase
    var filled = 0
    while index >= lines.lowerBound, filled <= Self.introductionLines {
      if table.lines[index].shape == .ruled,
        isFooterRule(text, index) || mark(text, index) != .none
      {
        return withRules(text, index)
      }
      filled += table.lines[index].shape == .blank ? 0 : 1
      index -= 1
    }
    return phrase
  }

  /// The first line of the paragraph that ends with `last`, the rule that opens it included.
  private func paragraphStart(_ text: Span<UInt8>, _ last: Int, notBefore limit: Int) -> Int {
    var start = last
    while start > limit, last - start < 40, !isRule(text, start),
      table.lines[start - 1].shape == .plain || table.lines[start - 1].shape == .ruled,
      table.lines[start - 1].role == table.lines[last].role
    {
      start -= 1
    }
    return start
  }

  /// The phrases in `lines`; what was looked at lately is remembered, as several look at the end.
  private mutating func phrases(_ text: Span<UInt8>, _ lines: Range<Int>) -> UInt128 {
    for known in recent where known.lines == lines { return known.phrases }
    let found = FooterPhrases.all.found(
      in: text,
      table.range(lines.lowerBound).lowerBound..<table.range(lines.upperBound - 1).upperBound)
    if recent.count < Self.recentLimit {
      recent.reserveCapacity(Self.recentLimit)
      recent.append((lines, found))
    } else {
      recent[recentPlace] = (lines, found)
      recentPlace = (recentPlace + 1) % Self.recentLimit
    }
    return found
  }

  /// A rule, or one with words in it: `---- Yahoo! Groups Sponsor ----`.
  private func isFooterRule(_ text: Span<UInt8>, _ index: Int) -> Bool {
    if isRule(text, index) { return true }
    let content = table.content(index, text)
    guard content.count >= 20, content.count <= 100 else { return false }
    let signs = content.count { isRuleSign(text[$0]) }
    return signs * 2 > content.count
  }

  private func withRules(_ text: Span<UInt8>, _ start: Int) -> Int {
    var start = start
    while let before = table.lastFilled(start - 1, notBefore: start - 2), isRule(text, before),
      table.lines[before].role == .new || table.lines[before].role.isQuote
    {
      start = before
    }
    return start
  }

  /// Legal notices in the last paragraphs of `lines`; where they begin.
  mutating func findNotice(_ text: Span<UInt8>, _ lines: Range<Int>) -> Int {
    var end = lines.upperBound
    var first: Int?
    var others = 0
    for _ in 0..<10 where others < 2 {
      guard let last = table.lastFilled(end - 1, notBefore: lines.lowerBound) else { break }
      let start = paragraphStart(text, last, notBefore: lines.lowerBound)
      let octets = table.range(last).upperBound - Int(table.lines[start].start)
      if octets >= Self.noticeOctets {
        if isNotice(text, start..<last + 1) { first = start } else { others += 1 }
      }
      end = start
    }
    guard var start = first else { return lines.upperBound }
    if let before = table.lastFilled(start - 1, notBefore: max(lines.lowerBound, start - 2)),
      isRule(text, before)
    {
      start = before
    }
    set(.disclaimer, start..<lines.upperBound)
    return start
  }

  private mutating func isNotice(_ text: Span<UInt8>, _ lines: Range<Int>) -> Bool {
    if FooterPhrases.isNotice(phrases(text, lines)) { return true }
    let first = isRule(text, lines.lowerBound) ? lines.lowerBound + 1 : lines.lowerBound
    guard let opening = table.nextFilled(first, before: lines.upperBound) else { return false }
    var title = table.content(opening, text)
    // Marks that ``FoldedLine/unmarked`` would take off.
    while let first = title.first, text[first] < 0x80, !isLetterOrDigit(text[first]) {
      title.removeFirst()
    }
    title = title.prefix(Self.titleOctets)
    guard FooterPhrases.noticeTitles.mayBegin(text, title) else { return false }
    return FooterPhrases.noticeTitles.isPrefix(of: FoldedLine(text, title).unmarked)
  }

  /// "Sent from my telephone" and advertisements at the end of `lines`; where they begin.
  mutating func findSentFrom(_ text: Span<UInt8>, _ lines: Range<Int>) -> Int {
    guard let last = table.lastFilled(lines.upperBound - 1, notBefore: lines.lowerBound) else {
      return lines.upperBound
    }
    let content = table.content(last, text)
    if content.count <= 80, FooterPhrases.sentFrom.isPrefix(of: text, content) {
      var first = last
      if let above = table.lastFilled(last - 1, notBefore: max(lines.lowerBound, last - 1)),
        mark(text, above) == .delimiter || mark(text, above) == .loose
      {
        first = above
      }
      set(.banner, first..<lines.upperBound)
      return first
    }
    var start = paragraphStart(text, last, notBefore: lines.lowerBound)
    guard last - start < 8,
      phrases(text, start..<last + 1) & FooterPhrases.advertisementBit != 0
    else { return lines.upperBound }
    if let before = table.lastFilled(start - 1, notBefore: max(lines.lowerBound, start - 2)),
      isRule(text, before)
    {
      start = before
    }
    set(.banner, start..<lines.upperBound)
    return start
  }

  /// What a gateway put before the text.
  mutating func findBannersAtTop(_ text: Span<UInt8>) {
    var index = 0
    for _ in 0..<2 {
      guard let first = table.nextFilled(index), table.lines[first].role == .new else { return }
      var end = first
      while end < table.count, table.lines[end].role == .new, table.lines[end].shape != .blank,
        end - first < 6
      {
        end += 1
      }
      let searched =
        table.range(first).lowerBound..<table.range(min(end, first + 3) - 1).upperBound
      guard FooterPhrases.external.found(in: text, searched) != 0 else { return }
      let opening = FoldedLine(text, table.content(first, text))
      if FooterPhrases.external.isPrefix(of: opening), opening.wordCount <= 4,
        end - first > 1,
        !opening.hasPrefix("caution")
      {
        set(.banner, first..<first + 1)
        index = first + 1
      } else {
        set(.banner, first..<end)
        index = end
      }
    }
  }
}
