import Octets

/// A line of a body, and what it is found to be; 8 octets, so that a text of nothing but line ends
/// is no burden.
struct BodyLine {
  /// What a line looks like, before its neighbours are looked at.
  enum Shape: UInt8 {
    case blank, plain
    /// It begins with `>`, or with another mark that is used throughout.
    case marked
    /// `>From `: a mailbox may have put the mark there; it goes with the line before.
    case undecided
    /// It begins with `-`, `_`, `=`, `*`, `~`, `#` or `+`: a rule, a separator, or text.
    case ruled
  }

  /// Whose words a line is; ``Segment/Role`` with what is passed on told apart.
  enum Role: UInt8 {
    case new, quoted, forwarded, signature, disclaimer, banner

    var isQuote: Bool { self == .quoted || self == .forwarded }
  }

  var start: UInt32
  var shape: Shape
  var role = Role.new
  /// Marks at its beginning, at most 255.
  var depth: UInt8 = 0
  var endsWithColon = false
}

/// The lines of one part's text, ended by LF.
///
/// Most lines are told by their first octet alone; nothing is allocated for a line.
struct LineTable {
  var lines: [BodyLine] = []
  let end: Int
  /// The lines that are told apart; the last one holds whatever is left.
  static let lineLimit = 1_000_000

  /// Tells the lines of `range` apart; O(octets).
  ///
  /// `findsMarks` is false where something else says what is quoted, as in flowed text.
  init(
    _ text: Span<UInt8>, _ range: Range<Int>, findsMarks: Bool = true,
    limit: Int = LineTable.lineLimit
  ) {
    end = range.upperBound
    lines.reserveCapacity(min(limit, range.count / 16 + 1))
    var start = range.lowerBound
    while start < end {
      let isLast = lines.count + 1 >= limit
      let lineEnd = isLast ? end : firstIndex(of: 0x0A, in: text, from: start, to: end)
      lines.append(Self.line(text, start, lineEnd, findsMarks))
      start = lineEnd &+ 1
    }
  }

  var count: Int { lines.count }

  /// The line without its end.
  func range(_ index: Int) -> Range<Int> {
    let start = Int(lines[index].start)
    guard index + 1 < lines.count else { return start..<end }
    return start..<Int(lines[index + 1].start) - 1
  }

  /// The line without blanks around it, at most ``lookedAt`` octets.
  func content(_ index: Int, _ text: Span<UInt8>) -> Range<Int> {
    var range = range(index)
    while let first = range.first, isBlank(text[first]) { range.removeFirst() }
    while let last = range.last, isBlank(text[last]) || text[last] == 0x0A { range.removeLast() }
    return range.prefix(Self.lookedAt)
  }

  /// How much of a line is looked at to understand it.
  static let lookedAt = 1_000

  /// The first line from `index` on that is not blank; `nil` where none is before `limit`.
  func nextFilled(_ index: Int, before limit: Int? = nil) -> Int? {
    var index = index
    let limit = min(limit ?? lines.count, lines.count)
    while index < limit, lines[index].shape == .blank { index += 1 }
    return index < limit ? index : nil
  }

  /// The last line up to `index` that is not blank and not before `limit`.
  func lastFilled(_ index: Int, notBefore limit: Int = 0) -> Int? {
    var index = index
    while index >= limit, index >= 0 {
      if lines[index].shape != .blank { return index }
      index -= 1
    }
    return nil
  }

  @inline(__always)
  private static func line(
    _ text: Span<UInt8>, _ start: Int, _ end: Int, _ findsMarks: Bool
  ) -> BodyLine {
    var line = BodyLine(start: UInt32(truncatingIfNeeded: start), shape: .plain)
    var first = start
    while first < end, isBlank(text[first]) { first &+= 1 }
    guard first < end else {
      line.shape = .blank
      return line
    }
    switch text[first] {
    case 0x3E where findsMarks: mark(&line, text, start, first, end)
    case 0x2D, 0x5F, 0x3D, 0x2A, 0x7E, 0x23, 0x2B: line.shape = .ruled
    default: break
    }
    var last = end &- 1
    while isBlank(text[last]) { last &-= 1 }
    // A colon, or a wide one (U+FF1A).
    line.endsWithColon =
      text[last] == 0x3A
      || text[last] == 0x9A && last &- 2 >= first && text[last &- 1] == 0xBC
        && text[last &- 2] == 0xEF
    return line
  }

  private static func mark(
    _ line: inout BodyLine, _ text: Span<UInt8>, _ start: Int, _ first: Int, _ end: Int
  ) {
    line.shape = .marked
    if first == start, end - start >= 6, text[start &+ 1] | 0x20 == 0x66,
      matches(text, start..<start + 6, ">from ")
    {
      line.shape = .undecided
    }
    var index = first
    while index < end, text[index] == 0x3E || text[index] == 0x20 {
      if text[index] == 0x3E, line.depth < 255 { line.depth += 1 }
      index += 1
    }
  }
}

/// Space, tab, and what else is nothing at the end of a line; a form feed is a page's end.
@inline(__always)
func isBlank(_ octet: UInt8) -> Bool { octet <= 0x20 && octet != 0x0C && octet != 0x0A }

/// What rules are drawn with.
@inline(__always)
func isRuleSign(_ octet: UInt8) -> Bool {
  switch octet {
  case 0x2D, 0x5F, 0x3D, 0x2A, 0x7E, 0x23, 0x2B: true
  default: false
  }
}
