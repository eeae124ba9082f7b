/// Phrases that are looked for together: one walk over a text finds any of them.
///
/// Phrases are folded as ``FoldedLine`` folds. Those that begin with an ASCII letter are found at the
/// beginning of a word only. Three octets at each place dismiss nearly all of them.
struct PhraseSet: Sendable {
  /// One behind the other, sorted by the ``slot(_:_:_:)`` of their first three octets.
  private let octets: [UInt8]
  /// Where in ``octets`` each phrase begins; one number more than there are phrases.
  private let bounds: [Int32]
  /// The bits that each phrase stands for.
  private let bits: [UInt128]
  /// Where the phrases of each slot begin; one number more than there are slots.
  private let starts: [UInt16]
  /// A bit for each three classes of octets that a phrase begins with; see ``classes``.
  private let beginnings: [UInt64]
  /// A bit for each ``continuation(_:_:)`` of a phrase: with the fourth octet, candidates are few.
  private let continuations: [UInt64]
  /// For each class of the last octet but one of a phrase, a bit for each class of its last.
  private let endings: [UInt32]

  private static let slots = 4096

  init(_ phrases: [String]) { self.init([phrases]) }

  /// Group number `n` has bit `n`.
  init(_ groups: [[String]]) {
    var all: [([UInt8], UInt128)] = []
    for (number, group) in groups.enumerated() {
      for phrase in group where phrase.utf8.count >= 3 {
        all.append((Array(phrase.utf8), 1 << UInt128(number)))
      }
    }
    var counts = [UInt16](repeating: 0, count: Self.slots + 1)
    for (phrase, _) in all { counts[Self.slot(phrase) + 1] += 1 }
    for slot in 0..<Self.slots { counts[slot + 1] += counts[slot] }
    all.sort { Self.slot($0.0) < Self.slot($1.0) }
    octets = all.flatMap(\.0)
    bounds = all.reduce(into: [0]) { $0.append(($0.last ?? 0) + Int32($1.0.count)) }
    bits = all.map(\.1)
    starts = counts
    var beginnings = [UInt64](repeating: 0, count: 1 << 9)
    for (phrase, _) in all {
      let three = phrase.prefix(3).reduce(0) { $0 << 5 | Int(Self.classes[Int($1)]) }
      beginnings[three >> 6] |= 1 << UInt64(three & 63)
    }
    self.beginnings = beginnings
    continuations = Self.continuations(all.map(\.0))
    var endings = [UInt32](repeating: 0, count: 1 << 5)
    for (phrase, _) in all {
      let two = phrase.suffix(2).map { Self.octetClass($0) }
      endings[Int(two[0])] |= 1 << UInt32(two[1])
    }
    self.endings = endings
  }

  /// What may stand fourth in a text where a phrase begins: where the phrase has a space, a blank or
  /// the first octet of a no-break space; behind a space, a blank more; anything behind its end.
  private static func continuations(_ phrases: [[UInt8]]) -> [UInt64] {
    var bits = [UInt64](repeating: 0, count: 1 << 9)
    for phrase in phrases {
      let three = phrase.prefix(3).reduce(0) { $0 << 5 | Int(octetClass($1)) }
      var fourths: Set<UInt8> = []
      if phrase.count == 3 { fourths = Set(0..<32) }
      if phrase.count > 3 { fourths.insert(octetClass(phrase[3])) }
      if phrase.prefix(4).dropFirst(2).contains(0x20) { fourths.formUnion([0, 31]) }
      for fourth in fourths {
        let number = continuation(three, Int(fourth))
        bits[number >> 6] |= 1 << UInt64(number & 63)
      }
    }
    return bits
  }

  /// A number of 15 bits for three classes and a fourth.
  @inline(__always)
  private static func continuation(_ three: Int, _ fourth: Int) -> Int {
    (three &* 37 ^ fourth &* 1_021) & 0x7FFF
  }

  private var phrases: some Collection<ArraySlice<UInt8>> {
    bits.indices.lazy.map { octets[Int(bounds[$0])..<Int(bounds[$0 + 1])] }
  }

  /// The class of an octet, of five bits, which folding does not change.
  @inline(__always)
  static func octetClass(_ octet: UInt8) -> UInt8 { classes[Int(octet)] }

  /// 0 for what is a blank, 1 to 26 for a letter whatever its case, 27 for a digit, 28 for a sign, 31
  /// for what is above ASCII.
  private static let classes: InlineArray<256, UInt8> = {
    var classes = InlineArray<256, UInt8>(repeating: 28)
    for octet in 0...0x20 { classes[octet] = 0 }
    for octet in 0x30...0x39 { classes[octet] = 27 }
    for letter in 1...26 {
      classes[0x40 + letter] = UInt8(letter)
      classes[0x60 + letter] = UInt8(letter)
    }
    for octet in 0x80...0xFF { classes[octet] = 31 }
    return classes
  }()

  @inline(__always)
  private static func isLetterClass(_ number: Int) -> Bool { number &- 1 < 26 && number > 0 }

  private static func slot(_ phrase: [UInt8]) -> Int { slot(phrase[0], phrase[1], phrase[2]) }

  /// The words of all phrases, as UTF-8: what stands between spaces and ASCII punctuation.
  var words: Set<[UInt8]> {
    Set(
      phrases.flatMap { phrase in
        phrase.split { $0 < 0x80 && !isLetterOrDigit($0) }.map { Array($0) }
      })
  }

  /// Blanks are one, octets above ASCII in the third place too: there folding needs more than the octet.
  @inline(__always)
  private static func slot(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
    let last = third >= 0x80 ? 0x80 : max(third, 0x20)
    return (Int(first) &* 641 ^ Int(max(second, 0x20)) &* 37 ^ Int(last)) & (slots - 1)
  }

  /// The bits of all phrases in `line`.
  ///
  /// O(octets).
  func found(in line: FoldedLine) -> UInt128 {
    // What is folded folds to itself.
    found(in: line.octets.span, 0..<line.octets.count)
  }

  /// The bits of all phrases in `range` of a text that is not folded.
  ///
  /// A space of a phrase is any run of blanks and line ends, from the fourth octet on of no-break
  /// spaces too. O(octets).
  func found(in text: Span<UInt8>, _ range: Range<Int>) -> UInt128 {
    var found: UInt128 = 0
    let beginnings = self.beginnings.span
    let continuations = self.continuations.span
    // Of the four octets up to `end`, the last lowest; a blank before the first.
    var window = 0
    for end in range {
      window = window &<< 5 | Int(Self.classes[Int(text[end])])
      let three = window & 0x7FFF
      guard beginnings[three &>> 6] &>> UInt64(three & 63) & 1 == 1 else { continue }
      // Inside of a word nothing begins.
      if Self.isLetterClass(window &>> 15 & 31), Self.isLetterClass(three &>> 10) { continue }
      if end &+ 1 < range.upperBound {
        let number = Self.continuation(three, Int(Self.octetClass(text[end &+ 1])))
        guard continuations[number &>> 6] &>> UInt64(number & 63) & 1 == 1 else { continue }
      }
      found |= bitsOfPhrases(text, at: end &- 2, before: range.upperBound)
    }
    return found
  }

  private func bitsOfPhrases(_ text: Span<UInt8>, at index: Int, before end: Int) -> UInt128 {
    let octet = text[index]
    let isFolded = octet == 0xC3 || octet == 0xD0
    // Of letters that two octets fold (0xC3, 0xD0) the second decides; they are few.
    let slot = Self.slot(
      isFolded ? Self.folded(text, index, end) : Self.small(octet),
      isFolded ? Self.folded(text, index &+ 1, end) : Self.small(text[index &+ 1]),
      Self.small(text[index &+ 2]))
    guard starts[slot] != starts[slot &+ 1] else { return 0 }
    return bitsOfPhrases(text, at: index, before: end, slot)
  }

  @inline(__always)
  private static func small(_ octet: UInt8) -> UInt8 {
    octet &- 0x41 < 26 ? octet | 0x20 : octet
  }

  private func bitsOfPhrases(_ text: Span<UInt8>, at index: Int, before end: Int, _ slot: Int)
    -> UInt128
  {
    var found: UInt128 = 0
    let octets = self.octets.span
    for number in Int(starts[slot])..<Int(starts[slot + 1])
    where found & bits[number] != bits[number] {
      var place = index
      var offset = Int(bounds[number])
      let phraseEnd = Int(bounds[number + 1])
      while offset < phraseEnd, place < end {
        let wanted = octets[offset]
        if wanted == 0x20 {
          let start = place
          while place < end {
            if text[place] <= 0x20 {
              place += 1
            } else if text[place] == 0xC2, place + 1 < end, text[place + 1] == 0xA0 {
              place += 2
            } else {
              break
            }
          }
          if place == start { break }
        } else {
          guard Self.folded(text, place, end) == wanted else { break }
          place += 1
        }
        offset += 1
      }
      if offset == phraseEnd { found |= bits[number] }
    }
    return found
  }

  /// The octet at `index` as ``FoldedLine`` has it.
  @inline(__always)
  private static func folded(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> UInt8 {
    let octet = text[index]
    if octet < 0x80 { return octet &- 0x41 < 26 ? octet | 0x20 : octet }
    let before = index > 0 ? text[index - 1] : 0
    switch (before, octet) {
    case (0xC3, 0x80...0x9E), (0xD0, 0x90...0x9F): return octet + 0x20
    case (0xD0, 0xA0...0xAF): return octet - 0x20
    case (_, 0xD0):
      let next = index + 1 < end ? text[index + 1] : 0
      return (0xA0...0xAF).contains(next) ? 0xD1 : 0xD0
    default: return octet
    }
  }

  func isFound(in line: FoldedLine) -> Bool { found(in: line) != 0 }

  /// Whether a phrase stands at the beginning.
  func isPrefix(of line: FoldedLine) -> Bool {
    guard line.octets.count >= 3 else { return false }
    let slot = Self.slot(line.octets[0], line.octets[1], line.octets[2])
    return starts[slot] != starts[slot + 1] && bitsOfPhrases(line.octets.span, at: 0, slot) != 0
  }

  /// Whether a phrase stands at the beginning of `range` of a text that is not folded.
  func isPrefix(of text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    mayBegin(text, range) && isPrefix(of: FoldedLine(text, range))
  }

  /// A quick look at the first three octets, before a line is folded.
  func mayBegin(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 3 else { return false }
    var three = 0
    for index in range.prefix(3) {
      // Of blanks and of what folds to one a run may follow.
      if text[index] <= 0x20 || text[index] >= 0x80 { return true }
      three = three << 5 | Int(Self.classes[Int(text[index])])
    }
    return beginnings[three >> 6] >> UInt64(three & 63) & 1 == 1
  }

  /// A quick look at the last two octets of what ``FoldedLine/core`` leaves of `range`, before it is
  /// folded.
  func mayEnd(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var last = range.upperBound - 1
    while last > range.lowerBound, text[last] < 0x80, !isLetterOrDigit(text[last]) { last -= 1 }
    guard last > range.lowerBound else { return false }
    let classes = (Self.octetClass(text[last - 1]), Self.octetClass(text[last]))
    return endings[Int(classes.0)] >> UInt32(classes.1) & 1 == 1
  }

  /// Whether a phrase stands at the end.
  func isSuffix(of line: ArraySlice<UInt8>) -> Bool {
    guard let last = line.last else { return false }
    for number in bits.indices {
      let phrase = Int(bounds[number])..<Int(bounds[number + 1])
      if line.count >= phrase.count, octets[phrase.upperBound - 1] == last,
        line.suffix(phrase.count).elementsEqual(octets[phrase])
      {
        return true
      }
    }
    return false
  }

  private func bitsOfPhrases(_ line: Span<UInt8>, at index: Int, _ slot: Int) -> UInt128 {
    var found: UInt128 = 0
    let octets = self.octets.span
    for number in Int(starts[slot])..<Int(starts[slot + 1]) {
      let start = Int(bounds[number])
      let count = Int(bounds[number + 1]) - start
      guard index + count <= line.count else { continue }
      var offset = 0
      while offset < count, line[index + offset] == octets[start + offset] { offset += 1 }
      if offset == count { found |= bits[number] }
    }
    return found
  }
}

@inline(__always)
func isSmallLetter(_ octet: UInt8) -> Bool { octet &- 0x61 < 26 }
