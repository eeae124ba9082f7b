/// What one scalar maps to: a run of at most 18 scalars, decoded as they are read.
package struct ScalarMapping: Sequence, Sendable {
  private enum Form {
    /// The scalar maps to itself.
    case identity
    /// A precomposed Hangul syllable, taken apart by arithmetic.
    case hangul
    /// Octets of UTF-8 in the table's text.
    case text(offset: Int, length: Int)
  }

  private let scalar: UInt32
  private let form: Form

  fileprivate init(hangul scalar: UInt32) {
    self.scalar = scalar
    form = .hangul
  }

  fileprivate init(_ trie: Trie, _ entries: StaticString, _ scalar: UInt32) {
    self.scalar = scalar
    let entry = trie[scalar]
    let place = entry &* 4
    form =
      entry == 0
      ? .identity
      : .text(
        offset: Table.digit(entries, place) &<< 12 | Table.digit(entries, place &+ 1) &<< 6
          | Table.digit(entries, place &+ 2),
        length: Table.digit(entries, place &+ 3))
  }

  /// Whether the scalar maps to itself.
  package var isIdentity: Bool {
    if case .identity = form { true } else { false }
  }

  package func makeIterator() -> Iterator { Iterator(mapping: self) }

  package struct Iterator: IteratorProtocol {
    private let mapping: ScalarMapping
    /// Scalars given so far; for text, octets read so far.
    private var position = 0

    fileprivate init(mapping: ScalarMapping) { self.mapping = mapping }

    package mutating func next() -> UInt32? {
      switch mapping.form {
      case .identity:
        guard position == 0 else { return nil }
        position = 1
        return mapping.scalar
      case .hangul:
        position &+= 1
        return jamo(of: mapping.scalar, at: position &- 1)
      case .text(let offset, let length):
        guard position < length else { return nil }
        let (scalar, count) = decodedScalar(at: offset &+ position)
        position &+= count
        return scalar
      }
    }
  }
}

/// The scalar of the mapped text at an octet offset, and its octets.
///
/// The text is a string literal, so it is well-formed.
private func decodedScalar(at offset: Int) -> (scalar: UInt32, count: Int) {
  let first = UInt32(Table.octet(mappingText, offset))
  guard first >= 0x80 else { return (first, 1) }
  let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  var scalar = first & (0x7F &>> UInt32(count))
  for index in 1..<count {
    scalar = scalar &<< 6 | UInt32(Table.octet(mappingText, offset &+ index)) & 0x3F
  }
  return (scalar, count)
}

/// The leading, vowel or trailing consonant of a precomposed Hangul syllable.
///
/// - SeeAlso: Unicode Standard, section 3.12.
private func jamo(of syllable: UInt32, at position: Int) -> UInt32? {
  let index = syllable &- firstSyllable
  switch position {
  case 0: return 0x1100 + index / 588
  case 1: return 0x1161 + index % 588 / 28
  case 2 where index % 28 != 0: return 0x11A7 + index % 28
  default: return nil
  }
}

private let firstSyllable: UInt32 = 0xAC00
private let lastSyllable: UInt32 = 0xD7A3

/// The full canonical decomposition of `scalar` (NFD of it alone), in canonical order.
///
/// At most four scalars. A run of several scalars still needs canonical ordering across their
/// borders: see ``combiningClass(_:)``. A number above U+10FFFF maps to itself.
///
/// - SeeAlso: Unicode Standard, section 3.11; UAX 15.
package func canonicalDecomposition(_ scalar: UInt32) -> ScalarMapping {
  if scalar >= firstSyllable, scalar <= lastSyllable { return ScalarMapping(hangul: scalar) }
  return ScalarMapping(decompositionTrie, decompositionEntries, scalar)
}

/// The simple (one to one) lower-case mapping of `scalar`; itself where it has none.
package func simpleLowercase(_ scalar: UInt32) -> UInt32 {
  var mapped = ScalarMapping(lowercaseTrie, lowercaseEntries, scalar).makeIterator()
  return mapped.next() ?? scalar
}

/// The full case folding of `scalar`: at most three scalars (CaseFolding.txt, status C and F).
package func caseFolding(_ scalar: UInt32) -> ScalarMapping {
  ScalarMapping(caseFoldingTrie, caseFoldingEntries, scalar)
}

/// How `scalar` is written in a search term: case, accents, width and ligatures folded away.
///
/// Full case folding and compatibility decomposition, without the marks that are diacritics (those
/// of Latin, Greek, Cyrillic; Hebrew points; Arabic vowel signs and tatweel), and with the letters
/// that are read as others (ß, æ, ø, đ, ł, þ and their like) written so. A diacritic, a variation
/// selector and an invisible character (a soft hyphen, a joiner) map to nothing.
/// Kana stay decomposed, Hangul syllables composed. Punctuation and spaces map to themselves.
/// The tailoring is in `generate`, function `search_folding`.
package func searchFolding(_ scalar: UInt32) -> ScalarMapping {
  ScalarMapping(searchFoldingTrie, searchFoldingEntries, scalar)
}

private let decompositionTrie = Trie(
  top: decompositionTop, middle: decompositionMiddle, leaf: decompositionLeaf)
private let lowercaseTrie = Trie(
  top: lowercaseTop, middle: lowercaseMiddle, leaf: lowercaseLeaf)
private let caseFoldingTrie = Trie(
  top: caseFoldingTop, middle: caseFoldingMiddle, leaf: caseFoldingLeaf)
private let searchFoldingTrie = Trie(
  top: searchFoldingTop, middle: searchFoldingMiddle, leaf: searchFoldingLeaf)
