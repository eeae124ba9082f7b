import CKernels

/// Puts the postings of one term together, group by group.
struct TermPostingsBuilder: ~Copyable {
  private var run = Run()
  /// Items within the block, and codes.
  private(set) var items: [UInt16] = []
  private(set) var codes: [UInt8] = []

  var entries: [TermPostings.Entry] { run.entries }
  var exceptions: [loam_exception] { run.exceptions }

  mutating func reserve(_ count: Int) {
    items.reserveCapacity(count)
    codes.reserveCapacity(count)
  }

  /// What is appended next is of `group`; groups come in the order of their serials.
  mutating func begin(_ group: RowGroup) { run.begin(group, at: items.count) }

  /// Appends a posting of the group that was begun where its item lives; places ascend.
  mutating func append(_ group: RowGroup, place: Int, _ frequency: TermPostings.Frequency) {
    guard let posting = run.next(group, place, frequency, at: items.count) else { return }
    items.append(posting.item)
    codes.append(posting.code)
  }

  /// Appends what a range of `list` has of live rows of the group that was begun; others may lie between.
  ///
  /// `start` is the place from which on rows are looked for, and then where those of the range begin.
  mutating func append(
    _ group: RowGroup, _ list: RawPostings, in range: Range<Int>, from start: inout Int
  ) {
    // What is used for each posting is held here.
    let (rows, wanted, frequencies) = (group.rows, list.rows, list.frequencies)
    let (first, last) = (wanted[range.lowerBound], wanted[range.upperBound - 1])
    start = rows.firstIndex(notBelow: first, from: start)
    let end = rows.firstIndex(notBelow: last, from: start)
    // Rows ascend: where the first and the last are as far from each other as their places, none is
    // missing in between, and need not be looked for.
    let isWhole =
      end < rows.count && rows[start] == first && rows[end] == last
      && Int64(end - start) == last - first
    var place = start
    let before = items.count
    var run = Run()
    swap(&run, &self.run)
    items.append(addingCapacity: range.count) { items in
      codes.append(addingCapacity: range.count) { codes in
        for index in range {
          let row = wanted[index]
          place = isWhole ? start + Int(row - first) : rows.firstIndex(notBelow: row, from: place)
          guard place < rows.count else { return }
          guard isWhole || rows[place] == row else { continue }
          if let posting = run.next(group, place, frequencies[index], at: before + items.count) {
            items.append(posting.item)
            codes.append(posting.code)
          }
        }
      }
    }
    swap(&run, &self.run)
  }

  consuming func finish(changed: Int, loaded: Int) -> TermPostings {
    run.endEntry(at: items.count)
    return TermPostings(changed: changed, loaded: loaded, builder: self)
  }

  /// Where the postings are whose turn it is, and what does not stand beside each.
  private struct Run {
    var entries: [TermPostings.Entry] = []
    var exceptions: [loam_exception] = []
    /// The entry that is being made, if it has items.
    private var entry = TermPostings.Entry(
      group: .max, block: 0, items: 0, end: 0, exceptionsEnd: 0)
    /// The item and the place of the posting before.
    private var item = UInt32.max
    private var place = 0

    /// `count` postings are there.
    mutating func begin(_ group: RowGroup, at count: Int) {
      guard entry.group != UInt32(group.serial) else { return }
      endEntry(at: count)
      entry.group = UInt32(group.serial)
      item = .max
    }

    mutating func endEntry(at count: Int) {
      guard entry.items > 0 else { return }
      entry.end = UInt32(count)
      entry.exceptionsEnd = UInt32(exceptions.count)
      entries.append(entry)
      entry.items = 0
    }

    /// The posting at a place, `nil` where its item is dead.
    @inline(__always)
    mutating func next(
      _ group: RowGroup, _ next: Int, _ frequency: TermPostings.Frequency, at count: Int
    ) -> (item: UInt16, code: UInt8)? {
      let nextItem = group.items[next]
      guard group.isLive(Int(nextItem)) else { return nil }
      if nextItem != item {
        if nextItem >> 16 != entry.block { endEntry(at: count) }
        entry.block = nextItem >> 16
        entry.items += 1
        item = nextItem
        // Mostly it is the item's first, and nothing else has to be read to know that.
        let isFirst = next == 0 || group.items[next - 1] != nextItem
        place = isFirst ? next : group.places(of: Int(nextItem)).lowerBound
      }
      let posting = loam_exception(
        body: frequency.body, title: frequency.title, advance: UInt32(next - place))
      place = next
      let code = TermPostings.Code.of(posting)
      if code == TermPostings.Code.escape { exceptions.append(posting) }
      return (UInt16(truncatingIfNeeded: nextItem), code)
    }
  }
}
