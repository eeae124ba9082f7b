/// Lines that no person wrote.
extension BodySegmenter {
  /// What list managers, archives and OpenPGP put between the lines.
  mutating func findMachineLines(_ text: Span<UInt8>) {
    // What an archive took out it says at the very end, behind a quote without marks too.
    if let last = table.lastFilled(table.count - 1), table.lines[last].shape == .plain {
      _ = machineEnd(text, last)
    }
    var index = 0
    while index < table.count {
      let line = table.lines[index]
      if line.role == .new, line.shape == .ruled || line.shape == .plain,
        mayBeMachine(text, line)
      {
        index = max(index + 1, machineEnd(text, index))
      } else {
        index += 1
      }
    }
  }

  /// A quick look at the first octet: `[`, `-` or a blank.
  private func mayBeMachine(_ text: Span<UInt8>, _ line: BodyLine) -> Bool {
    let octet = text[Int(line.start)]
    return octet == 0x5B || octet == 0x2D || octet <= 0x20
  }

  /// Reads what begins at `index` and returns where it ends.
  private mutating func machineEnd(_ text: Span<UInt8>, _ index: Int) -> Int {
    var start = Int(table.lines[index].start)
    while start < table.end, isBlank(text[start]) { start += 1 }
    // `[[`, or five dashes at least.
    guard start + 5 <= table.end, text[start] == 0x5B || text[start] == 0x2D,
      text[start + 1] == text[start], text[start] == 0x5B || text[start + 4] == 0x2D
    else { return index }
    let line = FoldedLine(text, table.content(index, text).prefix(100))
    if line.hasPrefix("[["), line.hasSuffix("]]"),
      line.contains("deleted") || line.contains("removed")
    {
      set(.banner, index..<index + 1)
    } else if line.hasPrefix("-----begin pgp signed message") {
      // Behind it a field or two, up to an empty line.
      var end = index + 1
      while end < table.count, table.lines[end].shape != .blank, end - index < 4 { end += 1 }
      set(.banner, index..<end)
      return end
    } else if line.hasPrefix("-----begin pgp signature") {
      var end = index + 1
      while end < table.count, end - index < 200, !isPGPEnd(text, end) { end += 1 }
      set(.banner, index..<min(end + 1, table.count))
      return end + 1
    } else if line.hasPrefix("-------------- next part --------------") {
      return scrubbedEnd(text, index)
    }
    return index
  }

  private func isPGPEnd(_ text: Span<UInt8>, _ index: Int) -> Bool {
    table.lines[index].shape == .ruled
      && FoldedLine(text, table.content(index, text).prefix(40)).hasPrefix("-----end pgp")
  }

  /// The note of a part that a list's archive took out; a part that was text follows as text.
  private mutating func scrubbedEnd(_ text: Span<UInt8>, _ index: Int) -> Int {
    var end = index + 1
    while end < table.count, table.lines[end].shape != .blank, end - index < 12 { end += 1 }
    let next =
      index + 1 < table.count ? FoldedLine(text, table.content(index + 1, text)) : FoldedLine()
    let isNote = next.contains("scrubbed") || next.contains("was removed")
    set(.banner, index..<(isNote ? end : index + 1))
    return isNote ? end : index + 1
  }
}
