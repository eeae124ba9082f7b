package import CKernels
import Synchronization

/// Where one term occurs among the groups of an index: flat arrays, three octets a posting; immutable but
/// for when it was used.
///
/// A posting is a passage that has the term. Postings are sorted by group and place; those of an item
/// follow each other, and say how many passages lie between. A *block* is 65,536 local items of a group,
/// so that an item's number within it has 16 bits. All is in one piece of memory: most terms occur once
/// or twice, and an array takes more than what such a list has to say.
@safe
package final class TermPostings: @unchecked Sendable {
  /// What one block has in the arrays.
  struct Entry: BitwiseCopyable {
    var group: UInt32
    var block: UInt32
    /// Items that have the term in title or body.
    var items: UInt32
    /// Where its postings and exceptions end; they begin where those of the entry before end.
    var end: UInt32
    var exceptionsEnd: UInt32
  }

  /// The index's counts of changes and of loads whose state this describes.
  let changed: Int
  let loaded: Int
  /// Entries, exceptions, items of postings within their block, codes.
  private let memory: UnsafeMutableRawPointer
  private let entryTotal: UInt32
  /// When it was last used, by the cache's count.
  let used = Atomic<UInt64>(0)

  init(changed: Int, loaded: Int, builder: borrowing TermPostingsBuilder) {
    self.changed = changed
    self.loaded = loaded
    entryTotal = UInt32(builder.entries.count)
    let sizes = Sizes(
      entries: builder.entries.count, exceptions: builder.exceptions.count,
      postings: builder.items.count)
    unsafe memory = .allocate(
      byteCount: sizes.octets, alignment: MemoryLayout<UInt32>.alignment)
    unsafe Self.copy(builder.entries, to: memory)
    unsafe Self.copy(builder.exceptions, to: memory + sizes.exceptionsOffset)
    unsafe Self.copy(builder.items, to: memory + sizes.itemsOffset)
    unsafe Self.copy(builder.codes, to: memory + sizes.codesOffset)
  }

  deinit { unsafe memory.deallocate() }

  @unsafe private static func copy<T: BitwiseCopyable>(
    _ values: [T], to memory: UnsafeMutableRawPointer
  ) {
    unsafe values.withUnsafeBytes { values in
      if let base = values.baseAddress {
        unsafe memory.copyMemory(from: base, byteCount: values.count)
      }
    }
  }

  /// Where the arrays lie.
  private struct Sizes {
    var entries: Int
    var exceptions: Int
    var postings: Int

    var exceptionsOffset: Int { entries * MemoryLayout<Entry>.stride }
    var itemsOffset: Int {
      exceptionsOffset + exceptions * MemoryLayout<loam_exception>.stride
    }
    var codesOffset: Int { itemsOffset + postings * 2 }
    var octets: Int { codesOffset + postings }
  }

  private var sizes: Sizes {
    Sizes(
      entries: entryCount, exceptions: exceptionStart(of: entryCount),
      postings: start(of: entryCount))
  }

  /// Resident octets, about: the object and the heads of both pieces of memory too.
  var octets: Int { sizes.octets + 96 }

  // MARK: Arrays

  var entryCount: Int { Int(entryTotal) }

  /// Safe: the memory begins with `entryCount` entries.
  func entry(_ index: Int) -> Entry {
    precondition(index >= 0 && index < entryCount)
    return unsafe memory.load(
      fromByteOffset: index * MemoryLayout<Entry>.stride, as: Entry.self)
  }

  /// Where an entry's postings begin; those of the one after the last begin where all end.
  private func start(of index: Int) -> Int { index == 0 ? 0 : Int(entry(index - 1).end) }
  private func exceptionStart(of index: Int) -> Int {
    index == 0 ? 0 : Int(entry(index - 1).exceptionsEnd)
  }

  /// Items within the block, codes, and exceptions of all postings; good as long as the list lives.
  @unsafe private struct Arrays {
    let items: UnsafeBufferPointer<UInt16>
    let codes: UnsafeBufferPointer<UInt8>
    let exceptions: UnsafeBufferPointer<loam_exception>
  }

  @unsafe private var arrays: Arrays {
    let sizes = sizes
    return unsafe Arrays(
      items: UnsafeBufferPointer(
        start: (memory + sizes.itemsOffset).assumingMemoryBound(to: UInt16.self),
        count: sizes.postings),
      codes: UnsafeBufferPointer(
        start: (memory + sizes.codesOffset).assumingMemoryBound(to: UInt8.self),
        count: sizes.postings),
      exceptions: UnsafeBufferPointer(
        start: (memory + sizes.exceptionsOffset).assumingMemoryBound(to: loam_exception.self),
        count: sizes.exceptions))
  }

  // MARK: Entries

  /// The entries of one group, empty where the term is not in it; O(log entries).
  func range(of group: Int) -> Range<Int> {
    let group = UInt32(group)
    var (low, high) = (0, entryCount)
    while low < high {
      let middle = (low + high) / 2
      if entry(middle).group < group { low = middle + 1 } else { high = middle }
    }
    return low..<end(of: group, from: low)
  }

  /// Where the entries from `start` on that are of a group end.
  private func end(of group: UInt32, from start: Int) -> Int {
    var end = start
    while end < entryCount, entry(end).group == group { end += 1 }
    return end
  }

  /// The parts of `rows` that have the term, with their entries; O(parts or entries, the fewer, times
  /// the logarithm of the others).
  package func parts(in rows: RowSet) -> [(part: RowSet.Part, entries: Range<Int>)] {
    var found: [(part: RowSet.Part, entries: Range<Int>)] = []
    if rows.parts.count <= entryCount {
      for part in rows.parts {
        let entries = range(of: part.group.serial)
        if !entries.isEmpty { found.append((part, entries)) }
      }
      return found
    }
    var index = 0
    while index < entryCount {
      let group = entry(index).group
      let entries = index..<end(of: group, from: index)
      if let part = rows.part(ofGroup: Int(group)) { found.append((part, entries)) }
      index = entries.upperBound
    }
    return found
  }

  /// Items that have the term in title or body, of one group's entries.
  package func itemCount(_ entries: Range<Int>) -> Int {
    entries.reduce(0) { $0 + Int(entry($1).items) }
  }

  /// Postings of one group's entries.
  package func postingCount(_ entries: Range<Int>) -> Int {
    start(of: entries.upperBound) - start(of: entries.lowerBound)
  }

  // MARK: Postings

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
      entry: entries.lowerBound, end: entries.upperBound, index: start(of: entries.lowerBound),
      exception: exceptionStart(of: entries.lowerBound))
  }

  /// Moves `cursor` behind the postings of items before `item`, and calls `body` with these, block after
  /// block.
  ///
  /// `body` is given the first local item of the block, items within the block, codes, and what is
  /// escaped from here to the block's end; it says how many of these were its postings'. The pointers are
  /// good within the call. O(logarithm of the postings passed).
  @unsafe package func take(
    _ cursor: inout Cursor, before item: Int,
    _ body: (
      Int, UnsafeBufferPointer<UInt16>, UnsafeBufferPointer<UInt8>,
      UnsafeBufferPointer<loam_exception>
    ) -> Int
  ) {
    let arrays = unsafe arrays
    while cursor.entry < cursor.end {
      let entry = entry(cursor.entry)
      let base = Int(entry.block) << 16
      guard base < item else { return }
      let blockEnd = Int(entry.end)
      let end =
        item - base > 65_535
        ? blockEnd
        : unsafe arrays.items.firstIndex(
          notBelow: UInt16(item - base), from: cursor.index, below: blockEnd)
      let taken = cursor.index..<end
      if !taken.isEmpty {
        cursor.exception += unsafe body(
          base, UnsafeBufferPointer(rebasing: arrays.items[taken]),
          UnsafeBufferPointer(rebasing: arrays.codes[taken]),
          UnsafeBufferPointer(
            rebasing: arrays.exceptions[cursor.exception..<Int(entry.exceptionsEnd)]))
      }
      cursor.index = end
      guard end == blockEnd else { return }
      cursor.entry += 1
    }
  }

  /// Calls `body` with each posting of an entry of `group`.
  func forEach(_ index: Int, of group: RowGroup, _ body: (_ place: Int, Frequency) -> Void) {
    let base = Int(entry(index).block) << 16
    var exception = exceptionStart(of: index)
    var (item, place) = (-1, 0)
    let arrays = unsafe arrays
    for posting in start(of: index)..<Int(entry(index).end) {
      let next = unsafe base + Int(arrays.items[posting])
      let value = unsafe Self.value(arrays, posting, &exception)
      if next != item { place = group.places(of: next).lowerBound }
      item = next
      place += Int(value.advance)
      body(place, Frequency(body: value.body, title: value.title))
    }
  }

  /// How often the term occurs in the bodies of a local item's passages, one after another in `result`
  /// from `offset` on, `stride` apart; O(log postings) and the postings found.
  package func bodyFrequencies(
    of item: Int, group: Int, into result: inout [Int64], offset: Int, stride: Int
  ) {
    guard let index = range(of: group).first(where: { entry($0).block == UInt32(item >> 16) })
    else { return }
    let arrays = unsafe arrays
    let (start, end) = (start(of: index), Int(entry(index).end))
    let local = UInt16(truncatingIfNeeded: item)
    var posting = unsafe arrays.items.firstIndex(notBelow: local, from: start, below: end)
    // Escapes are rare: those before are counted where there is one.
    var exception: Int?
    var passage = 0
    while posting < end, unsafe arrays.items[posting] == local {
      if unsafe arrays.codes[posting] == Code.escape, exception == nil {
        exception = unsafe arrays.codes[start..<posting].reduce(exceptionStart(of: index)) {
          $0 + ($1 == Code.escape ? 1 : 0)
        }
      }
      var next = exception ?? 0
      let value = unsafe Self.value(arrays, posting, &next)
      if exception != nil { exception = next }
      passage += Int(value.advance)
      result[offset + passage * stride] += Int64(value.body)
      posting += 1
    }
  }

  /// What a posting says; where it is escaped `exception` is the one and then the next.
  @unsafe private static func value(
    _ arrays: Arrays, _ posting: Int, _ exception: inout Int
  ) -> loam_exception {
    let code = unsafe arrays.codes[posting]
    guard code == Code.escape else { return Code.value(code) }
    defer { exception += 1 }
    return unsafe arrays.exceptions[exception]
  }
}
