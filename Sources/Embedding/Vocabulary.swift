import Grounding

/// The pieces of a WordPiece vocabulary, found by their octets.
///
/// An open-addressed table over the octets of `vocab.txt`; a look-up makes no string and hashes
/// eight octets in one step. Of equal lines the last counts.
struct Vocabulary: Sendable {
  /// Pieces that begin a word, or that go on with one (`##` in the file).
  enum Position: Sendable { case start, continuation }

  /// A hash of octets, eight at a time.
  private struct Hash {
    private var state: UInt64
    @inline(__always)
    init(_ position: Position) {
      state = position == .start ? 0x811C_9DC5_0403_1201 : 0x050C_5D1F_2605_0711
    }
    @inline(__always)
    func adding(_ octets: UInt64) -> Hash {
      var sum = self
      sum.state = (state ^ state &>> 32 ^ octets) &* 0x9E37_79B9_7F4A_7C15
      return sum
    }
    /// The upper half is what all octets reach.
    @inline(__always)
    var slot: Int { Int(truncatingIfNeeded: state &>> 32) }
    /// Other bits than those of a slot, as far as there are so many.
    @inline(__always)
    var bit: Int { Int(truncatingIfNeeded: state &>> (64 &- Vocabulary.seenBits)) }
  }

  /// A piece's octets, without `##`, in `text`.
  private struct Entry {
    var offset: UInt32
    var size: UInt16
    var position: Position
  }

  /// A place of the table, with all that a piece of at most eight octets is told by.
  private struct Slot {
    /// The first eight octets, zeros behind the last.
    var first: UInt64 = 0
    /// Negative where the slot is free.
    var number: Int32 = -1
    var size: UInt16 = 0
    var position = Position.start
  }

  let count: Int
  let unknown: Int32
  let start: Int32
  let end: Int32
  /// Octets of the longest piece that a word can have: no longer prefix is worth a look.
  let longest: Int
  /// The pieces of one ASCII character that begin a word, by its octet: all punctuation is.
  private var characters: [Int32] = []
  private let text: [UInt8]
  private var entries: [Entry] = []
  /// Twice as many as entries at least, a power of two.
  private var slots: [Slot] = []
  /// A bit for each piece's hash, in 32 KiB that stay in a near cache: most prefixes are no
  /// pieces, and most of those are told by it.
  private var seen = [UInt64](repeating: 0, count: 1 << (seenBits - 6))
  private static let seenBits: UInt64 = 18

  /// Steps from a slot to its entry at most; a table that needs more is not a vocabulary.
  private static let probeLimit = 1 << 10

  /// Reads `vocab.txt`: a piece a line, numbered from 0; a carriage return at a line's end is not
  /// part of the piece.
  ///
  /// - Throws: `bad_model` without `[UNK]`, `[CLS]` or `[SEP]`, with more than `limit` lines or a
  ///   line of more than 1,000 octets.
  init(_ text: [UInt8], limit: Int) throws(Problem) {
    self.text = text
    var longest = 0
    var special: [String: Int32] = [:]
    var offset = 0
    while offset < text.count {
      let end = text[offset...].firstIndex(of: 0x0A) ?? text.count
      var size = end - offset
      if size > 0, text[end - 1] == 0x0D { size -= 1 }
      guard size <= 1000, entries.count < limit, offset <= Int(UInt32.max) else {
        throw Problem(.badModel, "the vocabulary has too many lines or too long a line")
      }
      if size == 5, text[offset] == 0x5B {
        let name = String(decoding: text[offset..<offset + size], as: UTF8.self)
        special[name] = Int32(entries.count)
      }
      let goesOn = size > 2 && text[offset] == 0x23 && text[offset + 1] == 0x23
      let start = goesOn ? offset + 2 : offset
      let entry = Entry(
        offset: UInt32(start), size: UInt16(offset + size - start),
        position: goesOn ? .continuation : .start)
      if entry.size <= PieceWord.octetLimit { longest = max(longest, Int(entry.size)) }
      entries.append(entry)
      offset = end + 1
    }
    guard let unknown = special["[UNK]"], let start = special["[CLS]"], let end = special["[SEP]"]
    else { throw Problem(.badModel, "the vocabulary has no [UNK], [CLS] or [SEP]") }
    (self.unknown, self.start, self.end) = (unknown, start, end)
    self.longest = longest
    count = entries.count
    try fillSlots()
    characters = [Int32](repeating: unknown, count: 0x80)
    for (number, entry) in entries.enumerated() where entry.size == 1 && entry.position == .start {
      let octet = text[Int(entry.offset)]
      if octet < 0x80 { characters[Int(octet)] = Int32(number) }
    }
  }

  private mutating func fillSlots() throws(Problem) {
    var size = 16
    while size < entries.count * 2 { size *= 2 }
    slots = [Slot](repeating: Slot(), count: size)
    for (number, entry) in entries.enumerated() {
      let range = Int(entry.offset)..<Int(entry.offset) + Int(entry.size)
      var hash = Hash(entry.position)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
        hash = hash.adding(Self.eight(text, start..<range.upperBound))
      }
      var slot = hash.slot & (size - 1)
      var steps = 0
      while slots[slot].number >= 0 {
        let other = entries[Int(slots[slot].number)]
        if other.position == entry.position, other.size == entry.size,
          text[range].elementsEqual(
            text[Int(other.offset)..<Int(other.offset) + Int(other.size)])
        {
          break
        }
        slot = (slot + 1) & (size - 1)
        steps += 1
        guard steps < Self.probeLimit else {
          throw Problem(.badModel, "the vocabulary's pieces collide")
        }
      }
      slots[slot] = Slot(
        first: Self.eight(text, range), number: Int32(number), size: entry.size,
        position: entry.position)
      seen[hash.bit >> 6] |= 1 << UInt64(hash.bit & 63)
    }
  }

  /// The first eight octets of a range, zeros behind its end.
  private static func eight(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
    text[range].prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The number of the piece that is one ASCII character, which is not a letter or digit: the
  /// unknown piece where there is none.
  @inline(__always)
  func piece(_ character: UInt8) -> Int32 { characters[Int(character & 0x7F)] }

  /// The longest piece that the rest of `word` from `start` on begins with.
  ///
  /// - Complexity: a look-up an octet of the rest, or of the longest piece.
  @inline(__always)
  func longestPiece(_ word: PieceWord, from start: Int) -> (number: Int32, size: Int)? {
    let position: Position = start == 0 ? .start : .continuation
    let first = word.eight(at: start)
    var size = min(word.count &- start, longest)
    while size > 8 {
      var before = Hash(position)
      let whole = (size &- 1) & ~7
      for offset in stride(from: 0, to: whole, by: 8) {
        before = before.adding(word.eight(at: start &+ offset))
      }
      let last = word.eight(at: start &+ whole)
      while size > whole {
        let hash = before.adding(last & Self.mask(size &- whole))
        if let number = find(hash, position, first, size, word, from: start) {
          return (number, size)
        }
        size &-= 1
      }
    }
    let before = Hash(position)
    while size > 0 {
      let octets = first & Self.mask(size)
      if let number = find(before.adding(octets), position, octets, size, word, from: start) {
        return (number, size)
      }
      size &-= 1
    }
    return nil
  }

  /// The lowest `size` octets, 1...8.
  @inline(__always)
  private static func mask(_ size: Int) -> UInt64 { ~0 &>> UInt64(64 &- size &* 8) }

  /// The number of the piece that is `size` octets of `word` from `start` on.
  ///
  /// `first` are its first eight.
  @inline(__always)
  private func find(
    _ hash: Hash, _ position: Position, _ first: UInt64, _ size: Int,
    _ word: PieceWord, from start: Int
  ) -> Int32? {
    guard seen[hash.bit &>> 6] &>> UInt64(hash.bit & 63) & 1 != 0 else { return nil }
    let mask = slots.count &- 1
    var place = hash.slot & mask
    while case let slot = slots[place], slot.number >= 0 {
      if slot.first == first, Int(slot.size) == size, slot.position == position,
        size <= 8 || hasRest(slot.number, word, from: start)
      {
        return slot.number
      }
      place = (place &+ 1) & mask
    }
    return nil
  }

  /// Whether a piece's octets behind the first eight are the word's.
  private func hasRest(_ number: Int32, _ word: PieceWord, from start: Int) -> Bool {
    let entry = entries[Int(number)]
    let offset = Int(entry.offset)
    for i in 8..<Int(entry.size) where text[offset + i] != word[start + i] { return false }
    return true
  }
}
