import CKernels

/// Puts the postings of one term together, group by group.
struct TermPostingsBuilder: ~Copyable {
  private(set) var entries: [TermPostings.Entry] = []
  private(set) var exceptions: [loam_exception] = []
  /// Items within the block, and codes.
  private(set) var items: [UInt16] = []
  private(set) var codes: [UInt8] = []
  /// The entry that is being made, if it has items.
  private var entry = TermPostings.Entry(group: .max, block: 0, items: 0, end: 0, exceptionsEnd: 0)
  /// The item and the place of the posting before.
  private var item = UInt32.max
  private var place = 0

  mutating func reserve(_ count: Int) {
    items.reserveCapacity(count)
    codes.reserveCapacity(count)
  }

  /// What is appended next is of `group`; groups come in the order of their serials.
  mutating func begin(_ group: RowGroup) {
    guard entry.group != UInt32(group.serial) else { return }
    endEntry()
    entry.group = UInt32(group.serial)
    item = .max
  }

  private mutating func endEntry() {
    guard entry.items > 0 else { return }
    entry.end = UInt32(items.count)
    entry.exceptionsEnd = UInt32(exceptions.count)
    entries.append(entry)
    entry.items = 0
  }

  /// Appends a posting of the group that was begun where its item lives; places ascend.
  @inline(__always)
  mutating func append(_ group: RowGroup, place next: Int, _ frequency: TermPostings.Frequency) {
    let nextItem = group.items[next]
    guard group.isLive(Int(nextItem)) else { return }
    if nextItem != item {
      if nextItem >> 16 != entry.block { endEntry() }
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
    items.append(UInt16(truncatingIfNeeded: nextItem))
    codes.append(code)
  }

  consuming func finish(changed: Int, loaded: Int) -> TermPostings {
    endEntry()
    return TermPostings(changed: changed, loaded: loaded, builder: self)
  }
}
