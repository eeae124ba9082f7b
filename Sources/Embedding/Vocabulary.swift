import Grounding

/// The pieces of a WordPiece vocabulary, found by their octets.
///
/// An open-addressed table over the octets of `vocab.txt`; a look-up makes no string and takes the
/// hash of a prefix from the one before. Of equal lines the last counts.
struct Vocabulary: Sendable {
  /// Pieces that begin a word, or that go on with one (`##` in the file).
  enum Position: Sendable { case start, continuation }

  struct Hash: Equatable {
    private(set) var value: UInt32
    init(_ position: Position) { value = position == .start ? 0x811C_9DC5 : 0x050C_5D1F }
    mutating func add(_ octet: UInt8) { value = (value ^ UInt32(octet)) &* 0x0100_0193 }
    var slot: Int { Int(truncatingIfNeeded: value ^ value >> 15) }
    /// Its first nine bits, in place for a slot.
    var mark: UInt32 { value & ~Vocabulary.numberMask }
  }

  /// A piece's octets, without `##`, in `text`.
  private struct Entry {
    var offset: UInt32
    var size: UInt16
    var position: Position
  }

  let count: Int
  let unknown: Int32
  let start: Int32
  let end: Int32
  /// Octets of the longest piece: no longer prefix is worth a look.
  let longest: Int
  private let text: [UInt8]
  private var entries: [Entry] = []
  /// Entry numbers plus one in the low bits, above them the hash's mark; 0 is free.
  ///
  /// Twice as many as entries at least, a power of two. A prefix that is no piece is mostly told so
  /// by the marks alone.
  private var slots: [UInt32] = []
  /// A model has 2^22 pieces at most.
  private static let numberMask: UInt32 = 1 << 23 - 1

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
      let entry = Entry(
        offset: UInt32(goesOn ? offset + 2 : offset), size: UInt16(goesOn ? size - 2 : size),
        position: goesOn ? .continuation : .start)
      longest = max(longest, Int(entry.size))
      entries.append(entry)
      offset = end + 1
    }
    guard let unknown = special["[UNK]"], let start = special["[CLS]"], let end = special["[SEP]"]
    else { throw Problem(.badModel, "the vocabulary has no [UNK], [CLS] or [SEP]") }
    (self.unknown, self.start, self.end) = (unknown, start, end)
    self.longest = longest
    count = entries.count
    try fillSlots()
  }

  private mutating func fillSlots() throws(Problem) {
    var size = 16
    while size < entries.count * 2 { size *= 2 }
    slots = [UInt32](repeating: 0, count: size)
    for (number, entry) in entries.enumerated() {
      var hash = Hash(entry.position)
      let range = Int(entry.offset)..<Int(entry.offset) + Int(entry.size)
      for octet in text[range] { hash.add(octet) }
      var slot = hash.slot & (size - 1)
      var steps = 0
      while slots[slot] != 0 {
        let other = entries[Int(slots[slot] & Self.numberMask) - 1]
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
      slots[slot] = UInt32(number + 1) | hash.mark
    }
  }

  /// The number of the piece that is `word[range]`, whose hash is `hash`.
  @inline(__always)
  func find(_ word: Span<UInt8>, _ range: Range<Int>, _ position: Position, _ hash: Hash) -> Int32?
  {
    let mask = slots.count - 1
    var slot = hash.slot & mask
    while case let held = slots[slot], held != 0 {
      if held & ~Self.numberMask == hash.mark {
        let number = Int(held & Self.numberMask) - 1
        if isPiece(entries[number], word, range, position) {
          return Int32(truncatingIfNeeded: number)
        }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  @inline(__always)
  private func isPiece(
    _ entry: Entry, _ word: Span<UInt8>, _ range: Range<Int>, _ position: Position
  ) -> Bool {
    guard Int(entry.size) == range.count, entry.position == position else { return false }
    let offset = Int(entry.offset)
    for i in 0..<range.count where text[offset + i] != word[range.lowerBound + i] { return false }
    return true
  }
}
