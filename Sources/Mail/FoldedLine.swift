/// A line or a few, folded so that phrases are found in it: letters small (ASCII, Latin-1, basic
/// Cyrillic), runs of blanks and line ends one space, a no-break space a space, none at either end.
struct FoldedLine {
  private(set) var octets: [UInt8] = []

  init() {}

  init(_ text: Span<UInt8>, _ range: Range<Int>) { append(text, range) }

  /// What is folded already.
  init(_ octets: ArraySlice<UInt8>) { self.octets = Array(octets) }

  mutating func removeAll() { octets.removeAll(keepingCapacity: true) }

  var isEmpty: Bool { octets.isEmpty }

  /// Adds a line behind a space.
  mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) {
    let start = octets.count
    var end = start
    // Whether a blank is not to be written: at the beginning, or behind another.
    var isAfterBlank = start == 0
    // A line grows by the space before it at most, and one octet is written in vain.
    octets.reserveCapacity(start + range.count + 2)
    octets.append(contentsOf: repeatElement(0, count: range.count + 2))
    var folded = octets.mutableSpan
    if start > 0 {
      folded[end] = 0x20
      end &+= 1
      isAfterBlank = true
    }
    var index = range.lowerBound
    while index < range.upperBound {
      let octet = text[index]
      index &+= 1
      if octet < 0x80 {
        let isBlank = octet <= 0x20
        folded[end] = isBlank ? 0x20 : octet &- 0x41 < 26 ? octet | 0x20 : octet
        end &+= isBlank && isAfterBlank ? 0 : 1
        isAfterBlank = isBlank
        continue
      }
      let next = octet >= 0xC2 && index < range.upperBound ? text[index] : 0
      if octet == 0xC2, next == 0xA0 {
        index &+= 1
        folded[end] = 0x20
        end &+= isAfterBlank ? 0 : 1
        isAfterBlank = true
        continue
      }
      folded[end] = octet
      end &+= 1
      isAfterBlank = false
      guard octet >= 0xC2 else { continue }
      switch (octet, next) {
      case (0xC3, 0x80...0x9E), (0xD0, 0x90...0x9F): folded[end] = next + 0x20
      case (0xD0, 0xA0...0xAF):
        folded[end - 1] = 0xD1
        folded[end] = next - 0x20
      default: continue
      }
      end &+= 1
      index &+= 1
    }
    if isAfterBlank, end > 0 { end &-= 1 }
    octets.removeLast(octets.count - end)
  }

  /// A number for a word or phrase, by which tables know it.
  static func key(_ octets: some Sequence<UInt8>) -> UInt64 {
    var key = emptyKey
    for octet in octets { key = Self.key(key, octet) }
    return key
  }

  static func key(_ octets: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var key = emptyKey
    for index in range { key = Self.key(key, octets[index]) }
    return key
  }

  static let emptyKey: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The number for what `key` stands for and one octet more.
  @inline(__always)
  static func key(_ key: UInt64, _ octet: UInt8) -> UInt64 {
    (key ^ UInt64(octet)) &* 0x100_0000_01B3
  }

  /// Whether `phrase`, itself folded, stands there; ``PhraseSet`` looks for many at once.
  func contains(_ phrase: String) -> Bool {
    let count = phrase.utf8.count
    guard octets.count >= count, let first = phrase.utf8.first else { return false }
    for index in 0...(octets.count - count)
    where octets[index] == first && isEqual(phrase, at: index) {
      return true
    }
    return false
  }

  func hasPrefix(_ phrase: String) -> Bool {
    octets.count >= phrase.utf8.count && isEqual(phrase, at: 0)
  }

  func hasSuffix(_ phrase: String) -> Bool {
    octets.count >= phrase.utf8.count && isEqual(phrase, at: octets.count - phrase.utf8.count)
  }

  private func isEqual(_ phrase: String, at index: Int) -> Bool {
    var index = index
    for octet in phrase.utf8 {
      if octets[index] != octet { return false }
      index += 1
    }
    return true
  }

  var hasDigit: Bool { octets.contains { (0x30...0x39).contains($0) } }

  /// An address, or what lists make of one.
  var hasAddress: Bool {
    octets.contains(0x40) || contains(" at ") && contains(".") || contains("[hidden email]")
      || contains("(at)") || contains("mailto:")
  }

  /// A time of day, `9:30`, or a year.
  var hasTimeOrYear: Bool {
    var digits = 0
    for (index, octet) in octets.enumerated() {
      if (0x30...0x39).contains(octet) {
        digits += 1
        if digits == 4, octets[index - 3] == 0x31 || octets[index - 3] == 0x32 { return true }
      } else {
        if digits > 0, octet == 0x3A || octet == 0x68 || octet == 0x2E, index + 2 < octets.count,
          (0x30...0x39).contains(octets[index + 1]), (0x30...0x39).contains(octets[index + 2])
        {
          return true
        }
        digits = 0
      }
    }
    return false
  }

  /// Without marks before its first letter or digit: `"On ...`, a byte order mark, a mark of
  /// direction, and what a lossy archive makes of these.
  var unmarked: FoldedLine {
    if let first = octets.first, isSmallLetter(first) { return self }
    var rest = octets[...]
    while let first = rest.first, !isSmallLetter(first), !(0x30...0x39).contains(first) {
      if rest.starts(with: [0xE2, 0x80]) || rest.starts(with: [0xEF, 0xBB, 0xBF]) {
        rest = rest.dropFirst(3)
      } else if first < 0x80 {
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    return FoldedLine(rest)
  }

  /// The number of words.
  var wordCount: Int { octets.isEmpty ? 0 : octets.count { $0 == 0x20 } + 1 }

  /// Without what is no letter, digit or octet above 127 at either end.
  var core: ArraySlice<UInt8> {
    func isPart(_ octet: UInt8) -> Bool {
      isSmallLetter(octet) || (0x30...0x39).contains(octet) || octet >= 0x80
    }
    var start = 0
    var end = octets.count
    while start < end, !isPart(octets[start]) { start &+= 1 }
    while end > start, !isPart(octets[end &- 1]) { end &-= 1 }
    return octets[start..<end]
  }
}
