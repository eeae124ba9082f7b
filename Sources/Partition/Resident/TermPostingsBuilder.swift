import CKernels

/// Puts the postings of one term together, group by group.
struct TermPostingsBuilder: ~Copyable {
  private(set) var entries: [TermPostings.Entry] = []
  private(set) var exceptions: [loam_exception] = []
  /// Items within the block, and codes.
  private(set) var items: [UInt16] = []
  private(set) var codes: [UInt8] = []
  /// The posting before.
  private var last: (group: UInt32, item: UInt32, place: Int)?

  mutating func reserve(_ count: Int) {
    items.reserveCapacity(count)
    codes.reserveCapacity(count)
  }

  /// Appends a posting; groups come in the order of their serials, places of a group ascend.
  @inline(__always)
  mutating func append(group: RowGroup, place: Int, _ frequency: TermPostings.Frequency) {
    let (serial, item) = (UInt32(group.serial), group.items[place])
    if entries.last.map({ $0.group != serial || $0.block != item >> 16 }) ?? true {
      entries.append(
        TermPostings.Entry(group: serial, block: item >> 16, items: 0, end: 0, exceptionsEnd: 0))
    }
    let before: Int
    if let last, last.item == item, last.group == serial {
      before = last.place
    } else {
      before = group.places(of: Int(item)).lowerBound
      entries[entries.count - 1].items += 1
    }
    last = (serial, item, place)
    let posting = loam_exception(
      body: frequency.body, title: frequency.title, advance: UInt32(place - before))
    let code = TermPostings.Code.of(posting)
    if code == TermPostings.Code.escape { exceptions.append(posting) }
    items.append(UInt16(truncatingIfNeeded: item))
    codes.append(code)
    entries[entries.count - 1].end = UInt32(items.count)
    entries[entries.count - 1].exceptionsEnd = UInt32(exceptions.count)
  }

  consuming func finish(changed: Int, loaded: Int) -> TermPostings {
    TermPostings(changed: changed, loaded: loaded, builder: self)
  }
}
