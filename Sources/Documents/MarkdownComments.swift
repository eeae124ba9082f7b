/// `octets` without what the rendered page does not show: HTML comments, and link definitions to
/// nowhere (`[//]: # (…)`), which are used as comments.
///
/// Code keeps them: inside of fences and of backticks on one line they are shown. A comment that is
/// never closed hides everything behind it where it begins a line, as CommonMark has it, and is text
/// elsewhere. The line ends of what is removed stay. O(octets).
func withoutComments(_ octets: [UInt8]) -> (octets: [UInt8], removed: Int) {
  var result: [UInt8] = []
  result.reserveCapacity(octets.count)
  var removed = 0
  var fence: (mark: UInt8, count: Int)?
  var index = 0
  // Whether any comment is closed from here on: asked once, not for each opening.
  var lastClose = octets.count
  while index < octets.count {
    let end = octets[index...].firstIndex(of: 0x0A).map { $0 + 1 } ?? octets.count
    let line = octets[index..<end]
    if let open = fence {
      if closesFence(line, open) { fence = nil }
      result += line
      index = end
    } else if let opened = opensFence(line) {
      fence = opened
      result += line
      index = end
    } else if isEmptyDefinition(line) {
      removed += 1
      if line.last == 0x0A { result.append(0x0A) }
      index = end
    } else {
      index = copyLine(octets, index..<end, into: &result, &removed, &lastClose)
    }
  }
  return (result, removed)
}

/// Copies one line without its comments, and returns where reading goes on: further down where a
/// comment runs over several lines.
private func copyLine(
  _ octets: [UInt8], _ line: Range<Int>, into result: inout [UInt8], _ removed: inout Int,
  _ lastClose: inout Int
) -> Int {
  var index = line.lowerBound
  var isBlankSoFar = true
  while index < line.upperBound {
    let octet = octets[index]
    if octet == 0x60 {
      let end = codeSpanEnd(octets, index, line.upperBound)
      result += octets[index..<end]
      index = end
      isBlankSoFar = false
      continue
    }
    if octet == 0x3C, octets[index...].starts(with: [0x3C, 0x21, 0x2D, 0x2D]) {
      if index + 4 <= lastClose, let end = commentEnd(octets, index + 4) {
        removed += 1
        result += octets[index..<end].filter { $0 == 0x0A }
        // The rest of the line where the comment ends may hold another one.
        if end > line.upperBound { return end }
        index = end
        continue
      }
      lastClose = min(lastClose, index)
      if isBlankSoFar {
        removed += 1
        return octets.count
      }
    }
    if octet > 0x20 { isBlankSoFar = false }
    result.append(octet)
    index += 1
  }
  return line.upperBound
}

/// Behind the `-->` that comes next.
private func commentEnd(_ octets: [UInt8], _ start: Int) -> Int? {
  var index = start
  while index + 2 < octets.count {
    if octets[index + 2] == 0x3E, octets[index + 1] == 0x2D, octets[index] == 0x2D {
      return index + 3
    }
    index += 1
  }
  return nil
}

/// Behind the backticks that close those at `start`, on the same line; where nothing closes them,
/// behind those at `start`.
private func codeSpanEnd(_ octets: [UInt8], _ start: Int, _ end: Int) -> Int {
  let opening = octets[start..<end].prefix { $0 == 0x60 }
  guard opening.count <= 16 else { return opening.endIndex }
  var index = opening.endIndex
  while index < end {
    let run = octets[index..<end].prefix { $0 == 0x60 }
    if run.count == opening.count { return run.endIndex }
    index = run.isEmpty ? index + 1 : run.endIndex
  }
  return opening.endIndex
}

/// `[label]: #`, whatever follows.
private func isEmptyDefinition(_ line: ArraySlice<UInt8>) -> Bool {
  let rest = line.drop { $0 == 0x20 }
  guard line.count - rest.count <= 3, rest.first == 0x5B,
    let close = rest.prefix(1_000).firstIndex(of: 0x5D), close > rest.startIndex + 1,
    rest[close...].dropFirst().first == 0x3A
  else { return false }
  let target = rest[close...].dropFirst(2).drop { $0 == 0x20 || $0 == 0x09 }
  let word = target.prefix { $0 > 0x20 }
  return word.elementsEqual("#".utf8) || word.elementsEqual("<>".utf8)
    || word.elementsEqual("<#>".utf8)
}

/// The fence that `line` opens: at least three backticks or tildes, indented by at most three.
func opensFence(_ line: ArraySlice<UInt8>) -> (mark: UInt8, count: Int)? {
  let rest = line.drop { $0 == 0x20 }
  guard line.count - rest.count <= 3, let mark = rest.first, mark == 0x60 || mark == 0x7E else {
    return nil
  }
  let count = rest.prefix { $0 == mark }.count
  guard count >= 3, mark == 0x7E || !rest.dropFirst(count).contains(0x60) else { return nil }
  return (mark, count)
}

/// Whether `line` closes `fence`.
func closesFence(_ line: ArraySlice<UInt8>, _ fence: (mark: UInt8, count: Int)) -> Bool {
  let rest = line.drop { $0 == 0x20 }
  let marks = rest.prefix { $0 == fence.mark }.count
  return line.count - rest.count <= 3 && marks >= fence.count
    && rest.dropFirst(marks).allSatisfy { $0 <= 0x20 }
}
