import Grounding

/// Collects the lines of a page and makes segments of them.
///
/// Text is written once, behind what stands; how lines hang together (lines of a paragraph, cells of
/// a row) is kept beside it and can still change when a row or a table ends.
struct HTMLBlocks: Sendable {
  /// What stands before a line.
  enum Glue: Equatable, Sendable {
    case line, paragraph, space
    /// A cell of the same row; so many cells further on.
    case cell(Int)
  }

  /// Where text stands: what its segment will be.
  struct Place: Equatable, Sendable {
    var kind = Segment.Kind.paragraph
    /// The list, quote, heading, table: lines of one stand together.
    var group = 0
    /// 1 to 6 in a heading.
    var level: UInt8 = 0
    /// By the caller's table; 0 where it has none.
    var mark: UInt8 = 0
  }

  struct Line: Sendable {
    var start: Int
    var end: Int
    var glue: Glue
    var place: Place
    /// The cell of its row.
    var cell: Int
  }

  private(set) var octets: [UInt8] = []
  private(set) var lines: [Line] = []
  private var open: Line?
  private var glue = Glue.line
  /// A collapsed space that is written with the next character.
  private var hasSpace = false
  private var marker: [UInt8] = []
  /// Invisible characters at the end of what is written.
  private var invisible = (start: 0, count: 0)
  /// Invisible characters that padded a text and were left out.
  private(set) var padding = 0
  /// Zero-width spaces that only allowed a line to break and were left out.
  private(set) var zeroWidths = 0
  private(set) var lastGroup = 0

  /// Where lines that begin now stand.
  var place = Place()
  var cell = 0

  /// A number for a list, table or the like.
  mutating func newGroup() -> Int {
    lastGroup += 1
    return lastGroup
  }

  /// Where the next character is written; what was written before does not change any more.
  mutating func settledCount() -> Int {
    settlePadding()
    return octets.count
  }
  var isLineOpen: Bool { open != nil }

  /// Ends the line; an empty line stands before the next where `isSpaced`.
  mutating func breakLine(isSpaced: Bool = false) {
    endLine()
    if isSpaced { glue = .paragraph }
  }

  /// A line break that is written: a second one makes an empty line.
  mutating func writeBreak() {
    if open == nil { glue = .paragraph }
    endLine()
  }

  /// Stands before the next text, once.
  mutating func mark(_ text: [UInt8]) { marker = text }

  mutating func dropMarker() { marker = [] }

  private mutating func endLine() {
    hasSpace = false
    settlePadding()
    guard var line = open else {
      leading = []
      return
    }
    open = nil
    line.end = octets.count
    if line.place.kind == .code {
      while line.end > line.start, isSpace(octets[line.end - 1]) { line.end -= 1 }
    }
    if line.end > line.start {
      lines.append(line)
      glue = .line
    }
  }

  private mutating func beginLine() {
    guard open == nil else { return }
    open = Line(start: octets.count, end: 0, glue: glue, place: place, cell: cell)
    invisible = (octets.count, 0)
    if !marker.isEmpty {
      if place.kind != .heading { octets += marker }
      marker = []
    }
    octets += leading
    leading = []
  }

  /// A space that collapses with others, and is nothing at the beginning and end of a line.
  @inline(__always)
  mutating func writeSpace() { if open != nil { hasSpace = true } }

  /// Begins a line where none is open and writes the space that is due.
  @inline(__always)
  mutating func prepare() {
    if open == nil { beginLine() }
    if hasSpace {
      hasSpace = false
      octets.append(0x20)
    }
  }

  /// Notes where the next visible text begins.
  mutating func awaitMark() {
    awaitsMark = true
    markedOffset = nil
  }

  /// Where text began since ``awaitMark()``.
  mutating func takeMark() -> Int? {
    awaitsMark = false
    defer { markedOffset = nil }
    return markedOffset
  }

  private mutating func noteMark() {
    guard awaitsMark else { return }
    awaitsMark = false
    markedOffset = octets.count
  }

  /// One octet of visible text.
  @inline(__always)
  mutating func write(_ octet: UInt8) {
    if open == nil || hasSpace || invisible.count > 0 || awaitsMark {
      settlePadding()
      prepare()
      noteMark()
    }
    octets.append(octet)
  }

  /// Visible text without white space.
  mutating func write(_ input: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    write(input[range.lowerBound])
    octets.append(input, range.lowerBound + 1..<range.upperBound)
  }

  /// Visible text; white space in it is kept.
  mutating func write(_ text: some Sequence<UInt8>) { for octet in text { write(octet) } }

  /// A line that a nested table made alone belongs to the cell that the table stands in.
  mutating func adopt(_ line: Int, cell: Int) { lines[line].cell = cell }

  /// White space of preformatted text.
  mutating func writeExactly(_ octet: UInt8) {
    if open == nil { beginLine() }
    hasSpace = false
    if awaitsMark, !isSpace(octet) { noteMark() }
    octets.append(octet)
  }

  /// A character without width: kept, unless it turns out to be one of many.
  mutating func writeInvisible(_ text: some Sequence<UInt8>) {
    guard open != nil else {
      // Nothing to stand in: it pads the beginning of a line.
      leadingInvisible += 1
      if leading.count < 16 { leading += text }
      return
    }
    if invisible.count == 0 { invisible.start = octets.count }
    let hadSpace = hasSpace
    if hasSpace {
      hasSpace = false
      octets.append(0x20)
    }
    invisible.count += 1
    spacedInvisible = spacedInvisible || hadSpace
    octets += text
  }

  private var awaitsMark = false
  private var markedOffset: Int?
  private var spacedInvisible = false
  private var leadingInvisible = 0
  private var leading: [UInt8] = []
  /// So many invisible characters in a run are padding.
  static let paddingCount = 3

  /// How many zero-width spaces are in `octets` where these are soft hyphens and zero-width spaces
  /// alone, which only say where a line may break: the word that the reader sees is whole.
  private static func breaks(in octets: ArraySlice<UInt8>) -> Int? {
    var rest = octets
    var count = 0
    while let first = rest.first {
      if first == 0x20 {
        rest = rest.dropFirst()
      } else if rest.starts(with: [0xC2, 0xAD]) {
        rest = rest.dropFirst(2)
      } else if rest.starts(with: [0xE2, 0x80, 0x8B]) {
        rest = rest.dropFirst(3)
        count += 1
      } else {
        return nil
      }
    }
    return count
  }

  /// Takes back a run of invisible characters that was padding, or only allowed a line to break.
  private mutating func settlePadding() {
    if leadingInvisible > 0 {
      if leadingInvisible >= Self.paddingCount {
        padding += leadingInvisible
        leading = []
      } else if let breaks = Self.breaks(in: leading[...]) {
        zeroWidths += breaks
        leading = []
      }
      leadingInvisible = 0
    }
    guard invisible.count > 0 else { return }
    let isPadding = invisible.count >= Self.paddingCount
    let breaks = isPadding ? nil : Self.breaks(in: octets[invisible.start...])
    if isPadding || breaks != nil {
      octets.removeSubrange(invisible.start...)
      padding += isPadding ? invisible.count : 0
      zeroWidths += breaks ?? 0
      hasSpace = hasSpace || spacedInvisible
    }
    invisible.count = 0
    spacedInvisible = false
  }

  mutating func finish() { endLine() }

  /// Makes a row of the lines from `first` on; see ``HTMLTables``.
  mutating func join(from first: Int, keepsEmpty: Bool, group: Int) {
    var before = 0
    for index in first..<lines.count {
      if index == first {
        // Its own glue parts it from the row before.
      } else if lines[index].cell == before {
        lines[index].glue = .space
      } else {
        lines[index].glue = .cell(keepsEmpty ? lines[index].cell - before : 1)
      }
      before = lines[index].cell
      if lines[index].place.kind == .paragraph {
        lines[index].place = Place(
          kind: .table, group: group, mark: lines[index].place.mark)
      }
    }
  }
}
