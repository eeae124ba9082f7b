/// Where one term occurs among the groups of an index: flat arrays, three octets a posting; immutable.
///
/// Postings are sorted by group and place. A *block* is 65,536 places of a group, so that a place within it
/// has 16 bits.
package final class TermPostings: Sendable {
  /// One block's part of the arrays; it ends where the next begins.
  struct Entry: Sendable {
    var group: UInt32
    var block: UInt32
    var start: Int
    /// The first of ``exceptions`` that is this block's.
    var exceptions: Int
    /// Items of the block that have the term in title or body; one that begins in the block before
    /// and has it there counts there.
    var items: Int
  }

  /// How often the term occurs in a passage's body, and in its item's title at the item's first one.
  struct Frequency: Hashable, Sendable {
    var body: UInt32
    var title: UInt32

    var weighted: Double { Double(Int(body) + RowGroup.titleWeight * Int(title)) }
  }

  /// The index's counts of changes and of loads whose state this describes.
  let changed: Int
  let loaded: Int
  /// Ends with one of no group.
  let entries: [Entry]
  /// Places within the block.
  let places: [UInt16]
  /// As ``code(_:)`` makes them.
  let codes: [UInt8]
  /// The frequencies whose code is ``escape``, in their order.
  let exceptions: [Frequency]
  /// Body + 3 title of each of ``exceptions``.
  private let exceptionWeights: [Double]

  init(
    changed: Int, loaded: Int, entries: [Entry], places: [UInt16], codes: [UInt8],
    exceptions: [Frequency]
  ) {
    self.changed = changed
    self.loaded = loaded
    self.entries = entries
    self.places = places
    self.codes = codes
    self.exceptions = exceptions
    exceptionWeights = exceptions.map(\.weighted)
  }

  var octets: Int {
    places.count * 3 + exceptions.count * 16 + entries.count * MemoryLayout<Entry>.stride + 400
  }

  // MARK: Codes

  /// Stands for a frequency that has no code of its own.
  package static let escape: UInt8 = 255

  /// Six bits for the body, two for the title.
  static func code(_ frequency: Frequency) -> UInt8 {
    guard frequency.body < 64, frequency.title < 4 else { return escape }
    return UInt8(frequency.title << 6 | frequency.body)
  }

  static func frequency(_ code: UInt8) -> Frequency {
    Frequency(body: UInt32(code & 63), title: UInt32(code >> 6))
  }

  /// Body + 3 title by code; what stands at ``escape`` means nothing.
  package static let weights: [Double] = (0...255).map { frequency(UInt8($0)).weighted }

  // MARK: Reading

  /// The entries of one group, empty where the term is not in it; O(log entries).
  func range(of group: Int) -> Range<Int> {
    let first = firstEntry(from: UInt32(group))
    return entries[first].group == UInt32(group) ? first..<end(ofGroupAt: first) : first..<first
  }

  private func firstEntry(from group: UInt32) -> Int {
    var (low, high) = (0, entries.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].group < group { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The parts of `rows` that have the term, with their entries; O(parts or entries, the fewer, times
  /// the logarithm of the others).
  package func parts(in rows: RowSet) -> [(part: RowSet.Part, entries: Range<Int>)] {
    var found: [(part: RowSet.Part, entries: Range<Int>)] = []
    if rows.parts.count <= entries.count {
      for part in rows.parts {
        let entries = range(of: part.group.serial)
        if !entries.isEmpty { found.append((part, entries)) }
      }
      return found
    }
    var entry = 0
    while entry + 1 < entries.count {
      let entries = entry..<end(ofGroupAt: entry)
      if let part = rows.part(ofGroup: Int(self.entries[entry].group)) {
        found.append((part, entries))
      }
      entry = entries.upperBound
    }
    return found
  }

  /// Items that have the term in title or body, of one group's entries.
  package func itemCount(_ entries: Range<Int>) -> Int {
    entries.reduce(0) { $0 + self.entries[$1].items }
  }

  /// Postings of one group's entries.
  package func postingCount(_ entries: Range<Int>) -> Int {
    self.entries[entries.upperBound].start - self.entries[entries.lowerBound].start
  }

  private func end(ofGroupAt entry: Int) -> Int {
    var end = entry + 1
    while entries[end].group == entries[entry].group { end += 1 }
    return end
  }

  /// A way through the postings of one group, in the order of their places.
  package struct Cursor {
    fileprivate var entry: Int
    fileprivate let end: Int
    /// The next posting, and the next of the exceptions.
    fileprivate var index: Int
    fileprivate var exception: Int
  }

  /// Before the first posting of one group's entries.
  package func cursor(_ entries: Range<Int>) -> Cursor {
    Cursor(
      entry: entries.lowerBound, end: entries.upperBound,
      index: self.entries[entries.lowerBound].start,
      exception: self.entries[entries.lowerBound].exceptions)
  }

  /// Moves `cursor` behind the postings before `place`, and calls `body` with these, block after block.
  ///
  /// `body` is given the first place of the block in the group, places in the block, codes, and the
  /// weights of what is escaped from here to the block's end; it says how many of these were its
  /// postings'. The pointers are good within the call. O(logarithm of the postings passed).
  @unsafe package func take(
    _ cursor: inout Cursor, before place: Int,
    _ body: (
      Int, UnsafeBufferPointer<UInt16>, UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<Double>
    ) -> Int
  ) {
    while cursor.entry < cursor.end {
      let base = Int(entries[cursor.entry].block) << 16
      guard base < place else { return }
      let (next, exceptions) = (entries[cursor.entry + 1], cursor.exception)
      let end =
        place - base > 65_535
        ? next.start
        : places.firstIndex(notBelow: UInt16(place - base), from: cursor.index, below: next.start)
      let taken = cursor.index..<end
      let used =
        unsafe places.withUnsafeBufferPointer { places in
          unsafe codes.withUnsafeBufferPointer { codes in
            unsafe exceptionWeights.withUnsafeBufferPointer { weights in
              unsafe body(
                base, UnsafeBufferPointer(rebasing: places[taken]),
                UnsafeBufferPointer(rebasing: codes[taken]),
                UnsafeBufferPointer(rebasing: weights[exceptions..<next.exceptions]))
            }
          }
        }
      cursor.index = end
      cursor.exception += used
      guard end == next.start else { return }
      cursor.entry += 1
    }
  }

  /// Calls `body` with each posting of an entry.
  func forEach(_ entry: Int, _ body: (_ place: Int, Frequency) -> Void) {
    let base = Int(entries[entry].block) << 16
    var exception = entries[entry].exceptions
    for index in entries[entry].start..<entries[entry + 1].start {
      var frequency = Self.frequency(codes[index])
      if codes[index] == Self.escape {
        frequency = exceptions[exception]
        exception += 1
      }
      body(base + Int(places[index]), frequency)
    }
  }

  /// How often the term occurs in the bodies at `range` of a group's places, one after another in
  /// `result` from `offset` on, `stride` apart; O(log postings) and the postings found.
  package func bodyFrequencies(
    in range: Range<Int>, group: Int, into result: inout [Int64], offset: Int, stride: Int
  ) {
    for entry in self.range(of: group) {
      let base = Int(entries[entry].block) << 16
      guard range.upperBound > base, range.lowerBound < base + 65_536 else { continue }
      let end = entries[entry + 1].start
      let first = UInt16(clamping: range.lowerBound - base)
      var (low, high) = (entries[entry].start, end)
      while low < high {
        let middle = (low + high) / 2
        if places[middle] < first { low = middle + 1 } else { high = middle }
      }
      while low < end, case let place = base + Int(places[low]), place < range.upperBound {
        let frequency =
          codes[low] == Self.escape
          ? exceptions[exceptionIndex(of: low, in: entry)] : Self.frequency(codes[low])
        result[offset + (place - range.lowerBound) * stride] += Int64(frequency.body)
        low += 1
      }
    }
  }

  /// Escapes are rare: those before `index` are counted.
  private func exceptionIndex(of index: Int, in entry: Int) -> Int {
    codes[entries[entry].start..<index].reduce(entries[entry].exceptions) {
      $0 + ($1 == Self.escape ? 1 : 0)
    }
  }
}

/// Puts the postings of one term together, group by group.
struct TermPostingsBuilder {
  private var entries: [TermPostings.Entry] = []
  private var places: [UInt16] = []
  private var codes: [UInt8] = []
  private var exceptions: [TermPostings.Frequency] = []
  private var lastItem: (group: UInt32, item: UInt32)?

  mutating func reserve(_ count: Int) {
    places.reserveCapacity(count)
    codes.reserveCapacity(count)
  }

  /// Appends a posting; groups come in the order of their serials, places of a group ascend.
  @inline(__always)
  mutating func append(group: RowGroup, place: Int, _ frequency: TermPostings.Frequency) {
    let (serial, block) = (UInt32(group.serial), UInt32(place >> 16))
    if entries.last.map({ $0.group != serial || $0.block != block }) ?? true {
      entries.append(
        TermPostings.Entry(
          group: serial, block: block, start: places.count, exceptions: exceptions.count, items: 0))
    }
    let item = group.items[place]
    if lastItem.map({ $0.item != item || $0.group != serial }) ?? true {
      lastItem = (serial, item)
      entries[entries.count - 1].items += 1
    }
    let code = TermPostings.code(frequency)
    if code == TermPostings.escape { exceptions.append(frequency) }
    places.append(UInt16(truncatingIfNeeded: place))
    codes.append(code)
  }

  func finish(changed: Int, loaded: Int) -> TermPostings {
    let end = TermPostings.Entry(
      group: .max, block: 0, start: places.count, exceptions: exceptions.count, items: 0)
    return TermPostings(
      changed: changed, loaded: loaded, entries: entries + [end], places: places, codes: codes,
      exceptions: exceptions)
  }
}
