import Octets

/// Marks other than `>`, and `>` that is a prompt.
extension BodySegmenter {
  /// So many lines in a row have the same mark before it counts as one.
  private static let markedRun = 3

  /// Finds lines with `|` or `:` or a name and `>` before them, in replies, where several follow each
  /// other or an attribution stands before; a mark that was found counts for single lines too.
  mutating func findOtherMarks(_ text: Span<UInt8>) {
    guard context.isReply else { return }
    var names: [[UInt8]] = []
    var run = 0..<0
    var mark = 0..<0
    for index in 0...table.count {
      if run.isEmpty, index < table.count, !mayHaveMark(text, index) { continue }
      let found = index < table.count ? otherMark(text, index) : 0..<0
      if !found.isEmpty, !run.isEmpty, isEqual(text, found, mark) {
        run = run.lowerBound..<index + 1
        continue
      }
      if run.count >= Self.markedRun && isQuoteByMark(text, run, mark)
        || !run.isEmpty && isIntroduced(text, run.lowerBound)
      {
        names.append(mark.map { text[$0] })
      }
      run = found.isEmpty ? 0..<0 : index..<index + 1
      mark = found
    }
    guard !names.isEmpty else { return }
    for index in table.lines.indices where table.lines[index].shape == .plain {
      let mark = otherMark(text, index)
      if !mark.isEmpty, names.contains(where: { $0.elementsEqual(mark.map { text[$0] }) }) {
        table.lines[index].shape = .marked
        table.lines[index].depth = 1
      }
    }
  }

  /// Whether an attribution ends on the line before, an empty one between or not.
  private func isIntroduced(_ text: Span<UInt8>, _ index: Int) -> Bool {
    guard index > 0, let before = table.lastFilled(index - 1, notBefore: index - 2),
      table.lines[before].endsWithColon
    else { return false }
    return attributionStart(text, endingAt: before) != nil
  }

  /// The mark at a line's beginning: `|`, `:`, or up to ten letters and `>`; else empty.
  private func otherMark(_ text: Span<UInt8>, _ index: Int) -> Range<Int> {
    guard mayHaveMark(text, index) else { return 0..<0 }
    let range = table.range(index)
    var first = range.lowerBound
    // A quote by name stands further in.
    while first < range.upperBound, isBlank(text[first]), first - range.lowerBound < 9 {
      first += 1
    }
    guard first < range.upperBound else { return 0..<0 }
    let octet = text[first]
    if octet == 0x7C || octet == 0x3A {
      guard first == range.lowerBound, range.count == 1 || isBlank(text[first + 1]) else {
        return 0..<0
      }
      return first..<first + 1
    }
    var end = first
    while end < range.upperBound, (0x41...0x5A).contains(text[end] & 0xDF), end - first <= 10 {
      end += 1
    }
    guard end > first, end < range.upperBound, text[end] == 0x3E,
      end + 1 == range.upperBound || isBlank(text[end + 1]) || text[end + 1] == 0x3E
    else { return 0..<0 }
    return first..<end + 1
  }

  /// A quick look: where no blank or sign stands first, a `>` must end the first word.
  private func mayHaveMark(_ text: Span<UInt8>, _ index: Int) -> Bool {
    let line = table.lines[index]
    guard line.shape == .plain else { return false }
    let start = Int(line.start)
    var index = start
    // A line's end ends a word, too.
    let limit = min(table.end, start &+ 12)
    while index < limit, (text[index] | 0x20) &- 0x61 < 26 { index &+= 1 }
    return index == start || index == limit || text[index] == 0x3E
  }

  private func isEqual(_ text: Span<UInt8>, _ a: Range<Int>, _ b: Range<Int>) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { text[$0] == text[$1] }
  }

  /// Whether a run is prose, neither a table nor a session of some program.
  private func isQuoteByMark(_ text: Span<UInt8>, _ lines: Range<Int>, _ mark: Range<Int>) -> Bool {
    var prose = 0
    for index in lines {
      let content = table.content(index, text)
      let rest = content.dropFirst(mark.count)
      // A second bar: a table.
      if text[mark.lowerBound] == 0x7C, rest.contains(where: { text[$0] == 0x7C }) { return false }
      if !isCode(text, rest) { prose += 1 }
    }
    return prose * 2 > lines.count
  }

  /// Whether marked lines that nothing introduces are what was typed into a program.
  ///
  /// Each begins with one `> ` (R) or with `>>> ` (Python) and goes on like code. In a reply there must
  /// be output besides, on the next line, or it goes on where a transcript was.
  func isTranscript(
    _ text: Span<UInt8>, _ lines: Range<Int>, goesOn: Bool
  ) -> Bool {
    var code = 0
    var filled = 0
    var names = 0
    let depth = table.lines[lines.lowerBound].depth
    guard depth == 1 || depth == 3 else { return false }
    for index in lines {
      let line = table.lines[index]
      guard line.shape == .marked, line.depth == depth else { return false }
      var content = table.content(index, text)
      while let first = content.first, text[first] == 0x3E { content.removeFirst() }
      if content.isEmpty { continue }
      guard text[content.lowerBound] == 0x20 else { return false }
      filled += 1
      if isCode(text, content) { code += 1 }
      if isName(text, content) { names += 1 }
    }
    guard code > names || goesOn, code * 4 >= filled * 3 else { return false }
    guard context.isReply, !goesOn else { return true }
    return lines.upperBound < table.count && isOutput(text, lines.upperBound)
  }

  /// Whether a line is what R prints: `[1]`, a message, a continuation of the input.
  private func isOutput(_ text: Span<UInt8>, _ index: Int) -> Bool {
    guard table.lines[index].shape == .plain || table.lines[index].shape == .ruled else {
      return false
    }
    let content = table.content(index, text)
    guard let first = content.first else { return false }
    if text[first] == 0x5B || text[first] == 0x2B || text[first] == 0x24 { return true }
    if first > Int(table.lines[index].start) { return true }
    let line = FoldedLine(text, content.prefix(24))
    return Self.output.isPrefix(of: line)
  }

  private static let output = PhraseSet([
    "error in ", "error: ", "warning ", "loading ", "attaching ", "traceback", "<0x", "list(",
    "null",
  ])

  /// Whether a line goes on like a call, an assignment, a name alone or a comment.
  private func isCode(_ text: Span<UInt8>, _ content: Range<Int>) -> Bool {
    var index = content.lowerBound
    while index < content.upperBound, isBlank(text[index]) { index += 1 }
    let start = index
    guard index < content.upperBound else { return true }
    if text[index] == 0x23 || text[index] == 0x3F { return true }
    while index < content.upperBound, isNamePart(text[index]) { index += 1 }
    guard index < content.upperBound else { return index - start <= 20 && index > start }
    var next = index
    while next < content.upperBound, isBlank(text[next]) { next += 1 }
    let follows = next < content.upperBound ? text[next] : 0
    let behind = next + 1 < content.upperBound ? text[next + 1] : 0
    switch follows {
    case 0x28, 0x5B, 0x24: return next == index
    case 0x3C: return behind == 0x2D
    case 0x3D, 0x2B, 0x2A, 0x2F, 0x7E, 0x5E: return true
    case 0x3A: return behind == 0x3A && next == index
    default:
      return index - start == 6 && FoldedLine(text, start..<index).hasPrefix("import")
    }
  }

  /// Whether a line is one word: a name that is printed, or somebody's answer.
  private func isName(_ text: Span<UInt8>, _ content: Range<Int>) -> Bool {
    content.allSatisfy { isNamePart(text[$0]) || text[$0] == 0x20 }
      && !content.dropFirst().contains { text[$0] == 0x20 }
  }

  private func isNamePart(_ octet: UInt8) -> Bool {
    (0x41...0x5A).contains(octet & 0xDF) || (0x30...0x39).contains(octet) || octet == 0x2E
      || octet == 0x5F
  }
}
