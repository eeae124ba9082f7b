/// Finds what mail programs put above a message that they quote whole or pass on: separators between
/// dashes, and a header's fields as text.
extension BodySegmenter {
  /// What introduces a message, its lines, and what it makes of what follows.
  struct Introduction {
    var end: Int
    var isForwarded: Bool
  }

  /// The introduction whose first line is `index`: a separator with or without a header block behind
  /// it, or a header block alone.
  func introduction(_ text: Span<UInt8>, at index: Int) -> Introduction? {
    let line = table.lines[index]
    if line.shape == .ruled || line.endsWithColon, let separator = separator(text, index) {
      let next = table.nextFilled(index + 1, before: index + 4)
      let block = next.flatMap { headerBlock(text, at: $0, least: 2) }
      return Introduction(end: block ?? index + 1, isForwarded: separator)
    }
    guard mayBeField(text, index), let end = headerBlock(text, at: index, least: 3) else {
      return nil
    }
    return Introduction(end: end, isForwarded: false)
  }

  /// Whether the rule at `index` only sets off a header block, as Outlook writes it.
  func isRuleBeforeBlock(_ text: Span<UInt8>, _ index: Int) -> Bool {
    guard table.lines[index].shape == .ruled, isRule(text, index),
      let next = table.nextFilled(index + 1, before: index + 3), mayBeField(text, next)
    else { return false }
    return headerBlock(text, at: next, least: 3) != nil
  }

  /// Whether a separator stands here that introduces what is passed on; `nil` where none does.
  private func separator(_ text: Span<UInt8>, _ index: Int) -> Bool? {
    let content = table.content(index, text)
    let isRuled = table.lines[index].shape == .ruled && signs(text, content) >= 2
    guard content.count <= 200, isRuled || table.lines[index].endsWithColon else { return nil }
    guard mayBeSeparator(text, content, isRuled) else { return nil }
    let line = FoldedLine(text, content)
    let core = line.core
    let key = FoldedLine.key(core)
    if HeaderWords.forwarded.contains(key) { return true }
    guard isRuled else { return nil }
    if HeaderWords.original.contains(key) { return false }
    return HeaderWords.forwardedBeginnings.isPrefix(of: FoldedLine(core)) ? true : nil
  }

  /// A quick look at the first letter behind the signs; a rule has none.
  private func mayBeSeparator(
    _ text: Span<UInt8>, _ content: Range<Int>, _ isRuled: Bool
  ) -> Bool {
    guard
      let first = content.first(where: { text[$0] >= 0x80 || isLetterOrDigit(text[$0]) })
    else { return false }
    return HeaderWords.forwarded.mayBegin(with: text[first])
      || isRuled
        && (HeaderWords.original.mayBegin(with: text[first])
          || HeaderWords.forwardedBeginnings.mayBegin(text, first..<content.upperBound))
  }

  /// Whether the line ends what was passed on.
  func isEndOfForwarded(_ text: Span<UInt8>, _ index: Int) -> Bool {
    guard table.lines[index].shape == .ruled else { return false }
    let content = table.content(index, text)
    guard content.count <= 200, signs(text, content) >= 2 else { return false }
    return HeaderWords.endings.isPrefix(of: FoldedLine(FoldedLine(text, content).core))
  }

  /// How many signs of a rule a line begins with.
  private func signs(_ text: Span<UInt8>, _ content: Range<Int>) -> Int {
    var index = content.lowerBound
    while index < content.upperBound, isRuleSign(text[index]) { index += 1 }
    return index - content.lowerBound
  }

  /// A quick look at the first letter: fields begin with a capital, a star or a letter above ASCII.
  func mayBeField(_ text: Span<UInt8>, _ index: Int) -> Bool {
    let start = Int(table.lines[index].start)
    guard start < table.end else { return false }
    let first = text[start]
    guard first >= 0x80 || (0x41...0x5A).contains(first) || first == 0x2A || first == 0x20 else {
      return false
    }
    return field(text, index) != nil
  }

  /// The field that the line begins with.
  private func field(_ text: Span<UInt8>, _ index: Int) -> HeaderWords.Field? {
    let line = table.range(index)
    var start = line.lowerBound
    while start < line.upperBound, isBlank(text[start]) { start &+= 1 }
    guard start < line.upperBound, HeaderWords.mayBeginField(text, start, line.upperBound) else {
      return nil
    }
    var end = start
    let last = min(line.upperBound, end + 30)
    var spaces = 0
    while end < last, text[end] != 0x3A,
      !(text[end] == 0xEF && end + 1 < last && text[end + 1] == 0xBC)
    {
      // No field's name has a digit or a mark in it.
      if text[end] < 0x80, text[end] != 0x20, text[end] != 0x2A, text[end] != 0x2D,
        text[end] != 0x3F,
        !(0x41...0x5A).contains(text[end] & 0xDF)
      {
        return nil
      }
      if text[end] == 0x20 { spaces += 1 }
      if spaces > 2 { return nil }
      end += 1
    }
    guard end < last, end > start else { return nil }
    var name = FoldedLine(text, start..<end).octets[...]
    if name.first == 0x2A { name = name.dropFirst() }
    while let last = name.last, last == 0x20 || last == 0x2A { name = name.dropLast() }
    return HeaderWords.fields[FoldedLine.key(name)]
  }

  /// A block holds no more lines than this, names of people included.
  private static let blockLines = 40

  /// The line behind the header block at `index`, if so many different fields are in it, the sender
  /// among them.
  private func headerBlock(_ text: Span<UInt8>, at index: Int, least: Int) -> Int? {
    var fields: UInt8 = 0
    var count = 0
    var end = index
    var folds = 0
    var place = index
    while place < table.count, place < index + Self.blockLines {
      let line = table.lines[place]
      if line.shape == .blank {
        // Some programs part the fields by empty lines.
        guard count < 3, let next = table.nextFilled(place + 1, before: place + 3),
          field(text, next) != nil
        else { break }
        place = next
        continue
      }
      if let field = field(text, place) {
        if fields & field.rawValue == 0, field != .other { count += 1 }
        fields |= field.rawValue
        folds = 0
        end = place + 1
      } else {
        folds += 1
        // A list of people goes on; a text has begun.
        if folds > 12 || count == 0 || count >= 4 && folds > 2 { break }
        if line.shape == .marked { break }
      }
      place += 1
    }
    guard count >= least, fields & HeaderWords.Field.from.rawValue != 0,
      fields & (HeaderWords.Field.date.rawValue | HeaderWords.Field.subject.rawValue) != 0
    else { return nil }
    return end
  }
}
