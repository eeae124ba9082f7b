import Grounding

/// Reads where one term occurs from the leaf pages of the full-text index's segments, the oldest first.
///
/// A leaf begins with two numbers of 16 bits: where the first row number on it is that goes on with the list
/// of the page before (0 where there is none), and where terms end and their offsets begin. A list is a
/// row number, then the size of its positions with a bit for "deleted", the positions, the difference to
/// the next row number, and so on; it goes on over any number of pages, on each of which the first row
/// number is whole. Positions of a column follow the number 1 and the column's; those of the first column
/// follow nothing.
/// - SeeAlso: https://www.sqlite.org/src/file/ext/fts5/fts5_index.c, "FTS5 index record formats"
struct DoclistReader {
  /// By ascending row, of the segments that were read and then of the one that is being read; a row that
  /// was deleted, or has the term in another column alone, has no frequency.
  private var postings = RawPostings()

  private let ranges: RowRanges
  private let textColumn: Int
  private var row = 0
  /// Where in the ranges the last row was, and where the segment's postings begin.
  private var place = 0
  private var start = 0
  /// Octets of the row's positions that are on later pages.
  private var left = 0
  /// `nil` where the row is not wanted.
  private var positions: PositionCounter?
  /// Whether nothing on the page that was read or passed over last is wanted: so may it be with the next.
  private(set) var isIdle = false
  /// Whether the page before was passed over, so that how much of its last row is on this one is not known.
  private var isBehindGap = false

  /// Rows outside of `ranges` are passed over.
  init(ranges: RowRanges, textColumn: Int) {
    self.ranges = ranges
    self.textColumn = textColumn
  }

  /// Starts with the next newer segment.
  mutating func begin() {
    start = postings.rows.count
    (row, place, left) = (0, 0, 0)
    (isIdle, isBehindGap) = (false, false)
  }

  /// Ends a segment: of a row that an older one has too its word counts.
  mutating func end() { postings.replaceOlder(from: start) }

  /// Leaves out rows that were deleted, or have the term elsewhere.
  consuming func finish() -> RawPostings {
    postings.removeEmpty()
    return postings
  }

  /// Whether no positions are left that would be on another page.
  var isWhole: Bool { left == 0 }

  /// What a page says of whether the list goes on.
  enum Progress {
    case hasEnded, goesOn
  }

  /// What a page after the first says of itself before it is read.
  struct Head {
    /// The first row number that begins on it.
    let firstRow: Int64?
    /// Whether the list goes on behind it.
    let goesOn: Bool

    init(_ page: Span<UInt8>) {
      guard let shape = LeafShape(page) else {
        (firstRow, goesOn) = (nil, false)
        return
      }
      var index = shape.firstRow
      firstRow = index >= 4 ? page.varint(at: &index).map { Int64($0) } : nil
      goesOn = shape.textEnd == page.count
    }
  }

  /// Whether some of the rows `first` to `next`, the second not included, are wanted.
  func wants(from first: Int64, to next: Int64) -> Bool {
    first < next && ranges.overlaps(first..<next)
  }

  /// Passes over a page, of whose rows none is wanted.
  mutating func passOver() {
    (left, positions) = (0, nil)
    (isIdle, isBehindGap) = (true, true)
  }

  /// Reads the page on which `term` is, if it is in the segment.
  ///
  /// - Returns: `nil` where the page is damaged.
  mutating func readFirst(_ page: Span<UInt8>, term: Span<UInt8>) -> Progress? {
    guard let shape = LeafShape(page) else { return nil }
    isIdle = true
    var offsets = shape.textEnd
    guard let found = Self.find(term, page, shape, &offsets) else { return nil }
    guard let found else { return .hasEnded }
    var end = shape.textEnd
    var hasEnded = false
    if offsets < page.count {
      // The next term's offset.
      guard let step = page.varint(at: &offsets), step > 0, step <= shape.textEnd - found.term
      else { return nil }
      end = found.term + step
      hasEnded = true
    }
    guard found.list <= end, readRows(page, from: found.list, to: end) else { return nil }
    return hasEnded ? (left == 0 ? .hasEnded : nil) : .goesOn
  }

  /// Reads a page after that.
  mutating func readNext(_ page: Span<UInt8>) -> Progress? {
    guard let shape = LeafShape(page) else { return nil }
    var offsets = shape.textEnd
    let hasTerm = offsets < page.count
    var end = shape.textEnd
    if hasTerm {
      guard let first = page.varint(at: &offsets), first >= 4, first <= end else { return nil }
      end = first
    }
    isIdle = true
    // Behind a gap what stands before the first row number is of no row that is wanted.
    let taken = isBehindGap ? 0 : min(left, end - 4)
    isBehindGap = false
    guard readPositions(page, 4..<4 + taken) else { return nil }
    if shape.firstRow > 0 {
      guard left == 0, shape.firstRow >= 4 + taken, shape.firstRow < end,
        readRows(page, from: shape.firstRow, to: end)
      else { return nil }
    }
    return hasTerm ? (left == 0 ? .hasEnded : nil) : .goesOn
  }

  // MARK: Terms

  /// What a page says of itself.
  private struct LeafShape {
    let firstRow: Int
    let textEnd: Int

    init?(_ page: Span<UInt8>) {
      guard page.count >= 4 else { return nil }
      firstRow = Int(page[0]) << 8 | Int(page[1])
      textEnd = Int(page[2]) << 8 | Int(page[3])
      guard textEnd >= 4, textEnd <= page.count else { return nil }
    }
  }

  /// Where a term on the page begins, and its list; `.some(nil)` where it is not there.
  ///
  /// A term says how many octets it shares with the one before. What of that is known tells mostly
  /// without a comparison that it is less.
  private static func find(
    _ term: Span<UInt8>, _ page: Span<UInt8>, _ shape: LeafShape, _ offsets: inout Int
  ) -> (term: Int, list: Int)?? {
    guard offsets < page.count else { return .some(nil) }
    var start = 0
    var matched = 0
    var isFirst = true
    while offsets < page.count {
      guard let step = page.varint(at: &offsets), step <= shape.textEnd - start else { return nil }
      start += step
      var index = start
      var shared = 0
      if !isFirst {
        guard let number = page.varint(at: &index) else { return nil }
        shared = number
      }
      isFirst = false
      guard let own = page.varint(at: &index), index <= shape.textEnd,
        own <= shape.textEnd - index
      else { return nil }
      if shared < matched { return .some(nil) }
      guard shared == matched else { continue }
      var same = 0
      while same < own, matched + same < term.count, page[index + same] == term[matched + same] {
        same += 1
      }
      matched += same
      if matched == term.count { return .some(same == own ? (start, index + own) : nil) }
      if same < own, page[index + same] > term[matched] { return .some(nil) }
    }
    return .some(nil)
  }

  // MARK: Rows

  /// Reads rows from `start` to `end`, the first number being whole; `false` where they are damaged.
  private mutating func readRows(_ page: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    // In variables of their own, which stay in registers.
    let (ranges, textColumn) = (ranges, textColumn)
    var (row, place, left, isIdle) = (row, place, left, isIdle)
    var (positions, isSound) = (PositionCounter?.none, false)
    // A row takes two octets or more.
    postings.append(upTo: (end - start) / 2 + 1) { rows, frequencies in
      // The range that the row is in or before: where most rows are hidden, two comparisons pass over one.
      var wanted: Range<Int64> = 0..<0
      var (index, isWhole) = (start, true)
      while index < end {
        if Int64(row) < wanted.lowerBound {
          Self.passOver(page, &index, end, &row, before: wanted.lowerBound)
        }
        guard let number = page.varint(at: &index), let size = page.varint(at: &index),
          index <= end, isWhole ? number > row : number > 0
        else { return }
        let (next, isTooGreat) = isWhole ? (number, false) : row.addingReportingOverflow(number)
        guard !isTooGreat else { return }
        (row, isWhole) = (next, false)
        let taken = min(size >> 1, end - index)
        left = size >> 1 - taken
        positions = nil
        if Int64(row) >= wanted.upperBound {
          wanted = ranges.range(endingBehind: Int64(row), from: &place)
        }
        if Int64(row) >= wanted.lowerBound {
          isIdle = false
          let list = index..<index + taken
          if left > 0 {
            var counter = PositionCounter(textColumn: textColumn)
            guard counter.read(page, list) else { return }
            positions = counter
          } else {
            guard let frequency = PositionCounter.frequency(page, list, textColumn) else { return }
            rows.append(Int64(row))
            frequencies.append(frequency)
          }
        }
        index += taken
      }
      isSound = true
    }
    (self.row, self.place, self.left, self.isIdle) = (row, place, left, isIdle)
    self.positions = positions
    return isSound
  }

  /// Passes over rows that are less than `next`, as long as they have the usual form and another follows.
  ///
  /// Usual is a difference of up to two octets and a size of one. In a store whose rows are mostly hidden
  /// that is most of the time a list takes.
  @inline(__always)
  private static func passOver(
    _ page: Span<UInt8>, _ index: inout Int, _ end: Int, _ row: inout Int, before next: Int64
  ) {
    while index &+ 3 < end {
      var size = index &+ 1
      var difference = Int(page[index])
      if difference >= 0x80 {
        guard page[size] < 0x80 else { return }
        difference = (difference & 0x7F) << 7 | Int(page[size])
        size &+= 1
      }
      let (reached, isTooGreat) = row.addingReportingOverflow(difference)
      let behind = size &+ 1 &+ Int(page[size] >> 1)
      guard difference > 0, !isTooGreat, Int64(reached) < next, page[size] < 0x80, behind < end
      else { return }
      (row, index) = (reached, behind)
    }
  }

  /// Reads what the page has of the positions of a row of the page before.
  private mutating func readPositions(_ page: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard left > 0 else { return true }
    left -= range.count
    guard var counter = positions else { return true }
    isIdle = false
    guard counter.read(page, range) else { return false }
    positions = counter
    return left > 0 || append(counter)
  }

  private mutating func append(_ counter: PositionCounter) -> Bool {
    postings.append(Int64(row), counter.frequency)
    return counter.isWhole
  }
}

/// Counts the positions of one row.
private struct PositionCounter {
  let textColumn: Int
  private(set) var frequency = TermPostings.Frequency(body: 0, title: 0)
  private var column = 0
  private var isColumnNext = false
  /// Of a number that is not whole yet.
  private var bits = 0

  init(textColumn: Int) { self.textColumn = textColumn }

  var isWhole: Bool { bits == 0 && !isColumnNext }

  /// What ``read(_:_:)`` counts in a list that is whole; `nil` where it is damaged.
  @inline(__always)
  static func frequency(
    _ page: Span<UInt8>, _ range: Range<Int>, _ textColumn: Int
  ) -> TermPostings.Frequency? {
    if let usual = usualFrequency(page, range, textColumn) { return usual }
    var counter = PositionCounter(textColumn: textColumn)
    guard counter.read(page, range), counter.isWhole else { return nil }
    return counter.frequency
  }

  /// The same without a state an octet, where the list has the usual form; else `nil`.
  ///
  /// Usual is a column of one octet and a position of up to three, none of which begins with a zero.
  @inline(__always)
  private static func usualFrequency(
    _ page: Span<UInt8>, _ range: Range<Int>, _ textColumn: Int
  ) -> TermPostings.Frequency? {
    var (column, body, title) = (0, UInt32(0), UInt32(0))
    var index = range.lowerBound
    while index < range.upperBound {
      let first = page[index]
      index += 1
      if first == 1 {
        guard index < range.upperBound, page[index] < 0x80 else { return nil }
        column = Int(page[index])
        index += 1
        continue
      }
      if first >= 0x80 {
        guard first > 0x80, index < range.upperBound else { return nil }
        if page[index] >= 0x80 {
          index += 1
          guard index < range.upperBound, page[index] < 0x80 else { return nil }
        }
        index += 1
      }
      if column == textColumn { body += 1 } else if column == 0 { title += 1 }
    }
    return TermPostings.Frequency(body: body, title: title)
  }

  /// Reads some octets of the list; `false` where they are damaged.
  @inline(__always)
  mutating func read(_ page: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range {
      let octet = page[index]
      bits = bits << 7 | Int(octet & 0x7F)
      guard octet & 0x80 == 0 else {
        guard bits < 1 << 40 else { return false }
        continue
      }
      if isColumnNext {
        column = bits
        isColumnNext = false
      } else if bits == 1 {
        isColumnNext = true
      } else if column == textColumn {
        frequency.body += 1
      } else if column == 0 {
        frequency.title += 1
      }
      bits = 0
    }
    return true
  }
}
