package import Grounding

/// Builds an item's text: the only text that spans refer to, free of what must not reach a prompt.
///
/// Line ends become LF. C0 and C1 controls other than tab, line feed and form feed (and DEL), tag
/// characters (U+E0000 to U+E007F), and bidirectional overrides, embeddings and isolates (U+202A to
/// U+202E, U+2066 to U+2069) are removed and counted, as are characters without width, which hide
/// what a word is: soft hyphens, zero-width spaces, word joiners and byte order marks (U+00AD, U+200B,
/// U+2060 to U+2064, U+FEFF) always; joiners (U+034F, U+180E, U+200C, U+200D) but between two characters
/// of scripts that need them or of emoji; marks of direction (U+200E, U+200F) within ASCII words.
/// Everything else stays as it is.
package struct CanonicalText: Sendable {
  private var octets: [UInt8] = []
  private var controls = 0
  private var tags = 0
  private var overrides = 0
  private var zeroWidths = 0
  package private(set) var segments: [Segment] = []

  /// - Parameter capacity: The octets that are expected, so that they are placed once.
  package init(capacity: Int = 0) { octets.reserveCapacity(capacity) }

  /// The octets of the text so far.
  package var count: Int { octets.count }

  /// The text; O(octets).
  package var text: String { String(decoding: octets, as: UTF8.self) }

  /// What was removed: `control_characters`, `tag_characters`, `direction_overrides`,
  /// `zero_width_characters`, each with its count as detail.
  package var defects: [Defect] {
    if controls + tags + overrides + zeroWidths == 0 { return [] }
    return [
      ("control_characters", controls), ("tag_characters", tags),
      ("direction_overrides", overrides), ("zero_width_characters", zeroWidths),
    ]
    .filter { $0.1 > 0 }.map { Defect($0.0, String($0.1)) }
  }

  /// Appends `text` and returns where it stands now.
  @discardableResult
  package mutating func append(_ text: String) -> TextSpan { append(utf8: text.utf8Span.span) }

  /// Appends well-formed UTF-8 and returns where it stands now.
  ///
  /// - Complexity: O(octets); clean stretches are copied whole.
  @discardableResult
  package mutating func append(utf8: Span<UInt8>) -> TextSpan {
    let start = octets.count
    var clean = 0
    var index = 0
    while true {
      index = printableEnd(utf8, index)
      guard index < utf8.count else { break }
      let step = inspect(utf8, index)
      if step.kind == .plain || isNeeded(step, utf8, at: index, copiedUpTo: clean) {
        index &+= step.length
        continue
      }
      copy(utf8, clean..<index)
      remove(step.kind)
      index &+= step.length
      clean = index
    }
    copy(utf8, clean..<utf8.count)
    return TextSpan(start: start, end: octets.count)
  }

  /// Appends `text` as a segment of its own; a text of which nothing is left makes none.
  @discardableResult
  package mutating func append(
    _ text: String, as kind: Segment.Kind, locator: Locator = Locator()
  ) -> TextSpan {
    let span = append(text)
    addSegment(kind, span, locator)
    return span
  }

  /// Counts characters without width that were left out before their text was appended.
  mutating func countZeroWidths(_ count: Int) { zeroWidths += count }

  /// Marks what was appended as a segment.
  ///
  /// Segments come in text order and do not overlap.
  package mutating func addSegment(
    _ kind: Segment.Kind, _ span: TextSpan, _ locator: Locator = Locator(),
    role: Segment.Role = .new
  ) {
    precondition(span.end <= octets.count && span.start >= segments.last?.span.end ?? 0)
    guard !span.isEmpty else { return }
    segments.append(Segment(kind: kind, role: role, span: span, locator: locator))
  }

  /// Takes the segments from number `first` on away again, so that they can be cut otherwise.
  package mutating func takeSegments(from first: Int) -> [Segment] {
    let taken = Array(segments[first...])
    segments.removeSubrange(first...)
    return taken
  }

  /// Looks at the octets of the text so far.
  package func withOctets<R>(_ body: (Span<UInt8>) -> R) -> R { body(octets.span) }

  /// Ends what stands so far with one empty line; nothing at the beginning of the text.
  package mutating func separate() {
    guard !octets.isEmpty else { return }
    while octets.count < 2 || octets[octets.count - 1] != 0x0A || octets[octets.count - 2] != 0x0A {
      octets.append(0x0A)
    }
  }

  /// `text` as it may reach a prompt, and the defects of what was removed.
  ///
  /// For titles and names.
  package static func cleaned(_ text: String) -> (text: String, defects: [Defect]) {
    if isPrintableASCII(text.utf8Span.span) { return (text, []) }
    var canonical = CanonicalText()
    canonical.append(text)
    return (canonical.text, canonical.defects)
  }

  /// The text of `span` on one line, cut to at most so many octets at a bound of scalars.
  func line(_ span: TextSpan, octets count: Int) -> String {
    var line: [UInt8] = []
    for octet in octets[span.range] {
      if !isSpace(octet) {
        line.append(octet)
      } else if let last = line.last, last != 0x20 {
        line.append(0x20)
      }
      if line.count > count + 4 { break }
    }
    return prefixOfScalars(line, count)
  }

  /// Where the printable ASCII, tabs and line feeds that begin at `start` end, as far as they fill
  /// whole words of eight.
  private func printableEnd(_ utf8: Span<UInt8>, _ start: Int) -> Int {
    let bytes = unsafe utf8.bytes
    let high: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index &+ 8 <= utf8.count {
      // Safe: any octets are a UInt64, and the loop's condition keeps the offset inside.
      let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      // Below 0x80 no sum carries: the first has its high bits where 0x20 is reached, the second
      // where 0x7F is.
      guard word & high == 0, (word &+ 0x0101_0101_0101_0101) & high == 0 else { return index }
      let printable = word &+ 0x6060_6060_6060_6060
      if printable & high != high {
        // High bits where the octet is no line feed, where it is no tab.
        let others =
          ((word ^ 0x0A0A_0A0A_0A0A_0A0A) &+ 0x7F7F_7F7F_7F7F_7F7F)
          & ((word ^ 0x0909_0909_0909_0909) &+ 0x7F7F_7F7F_7F7F_7F7F)
        guard (printable | ~others) & high == high else { return index }
      }
      index &+= 8
    }
    return index
  }

  private enum Removed {
    case plain, lineEnd, control, tag, override, zeroWidth
    /// Removed where it is not needed.
    case joiner, mark
  }

  private mutating func copy(_ utf8: Span<UInt8>, _ range: Range<Int>) {
    octets.append(utf8, range)
  }

  private mutating func remove(_ kind: Removed) {
    switch kind {
    case .plain: break
    case .lineEnd: octets.append(0x0A)
    case .control: controls += 1
    case .tag: tags += 1
    case .override: overrides += 1
    case .zeroWidth, .joiner, .mark: zeroWidths += 1
    }
  }

  /// What stands at `index`, and how many octets it has.
  @inline(__always)
  private func inspect(_ utf8: Span<UInt8>, _ index: Int) -> (kind: Removed, length: Int) {
    let octet = utf8[index]
    if octet >= 0x20, octet < 0x7F { return (.plain, 1) }
    return inspectUnusual(octet, utf8, index)
  }

  private func inspectUnusual(
    _ octet: UInt8, _ utf8: Span<UInt8>, _ index: Int
  ) -> (kind: Removed, length: Int) {
    func at(_ offset: Int) -> UInt8 { index + offset < utf8.count ? utf8[index + offset] : 0 }
    switch octet {
    case 0x09, 0x0A, 0x0C: return (.plain, 1)
    case 0x0D: return (.lineEnd, at(1) == 0x0A ? 2 : 1)
    case 0x00...0x1F, 0x7F: return (.control, 1)
    case 0xC2 where (0x80...0x9F).contains(at(1)): return (.control, 2)
    case 0xC2 where at(1) == 0xAD: return (.zeroWidth, 2)
    case 0xCD where at(1) == 0x8F: return (.joiner, 2)
    case 0xE1 where at(1) == 0xA0 && at(2) == 0x8E: return (.joiner, 3)
    case 0xE2 where at(1) == 0x80:
      switch at(2) {
      case 0x8B: return (.zeroWidth, 3)
      case 0x8C, 0x8D: return (.joiner, 3)
      case 0x8E, 0x8F: return (.mark, 3)
      case 0xAA...0xAE: return (.override, 3)
      default: return (.plain, 3)
      }
    case 0xE2 where at(1) == 0x81 && (0xA0...0xA4).contains(at(2)): return (.zeroWidth, 3)
    case 0xE2 where at(1) == 0x81 && (0xA6...0xA9).contains(at(2)): return (.override, 3)
    case 0xEF where at(1) == 0xBB && at(2) == 0xBF: return (.zeroWidth, 3)
    case 0xF3 where at(1) == 0xA0 && (0x80...0x81).contains(at(2)): return (.tag, 4)
    default: return (.plain, 1)
    }
  }

  /// Whether a joiner or mark does something where it stands.
  ///
  /// Joiners shape the letters of scripts from Arabic on and join emoji; between letters of Latin,
  /// Greek and Cyrillic, and beside spaces, they only hide what a word is. Marks of direction order
  /// what stands between words.
  private func isNeeded(
    _ step: (kind: Removed, length: Int), _ utf8: Span<UInt8>, at index: Int, copiedUpTo clean: Int
  ) -> Bool {
    guard step.kind == .joiner || step.kind == .mark else { return false }
    let before = index > clean ? utf8.extracting(clean..<index) : octets.span
    let previous = lastScalar(before)
    let next = firstScalar(utf8.extracting(droppingFirst: index + step.length))
    if step.kind == .joiner { return isJoinable(previous) && isJoinable(next) }
    return !(isASCIIAlphanumeric(previous) && isASCIIAlphanumeric(next))
  }
}

/// A character from Arabic on that is no punctuation, space or invisible itself.
private func isJoinable(_ scalar: UInt32) -> Bool {
  switch scalar {
  case 0..<0x600, 0x180E, 0x2000...0x206F, 0x3000, 0xFEFF, 0xE0000...0xE007F: false
  default: true
  }
}

private func isASCIIAlphanumeric(_ scalar: UInt32) -> Bool {
  (0x30...0x39).contains(scalar) || scalar < 0x80 && (0x41...0x5A).contains(scalar & 0xDF)
}

/// The last scalar of well-formed UTF-8; 0 where it is empty.
private func lastScalar(_ utf8: Span<UInt8>) -> UInt32 {
  var start = utf8.count - 1
  while start > 0, utf8[start] & 0xC0 == 0x80 { start -= 1 }
  return start < 0 ? 0 : firstScalar(utf8.extracting(droppingFirst: start))
}

/// The first scalar of well-formed UTF-8; 0 where it is empty.
private func firstScalar(_ utf8: Span<UInt8>) -> UInt32 {
  guard utf8.count > 0 else { return 0 }
  let first = utf8[0]
  if first < 0x80 { return UInt32(first) }
  let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  var scalar = UInt32(first) & (0x7F >> UInt32(length))
  for offset in 1..<length {
    guard offset < utf8.count else { return 0 }
    scalar = scalar << 6 | UInt32(utf8[offset] & 0x3F)
  }
  return scalar
}

extension [UInt8] {
  /// Appends the octets of `range` at once.
  mutating func append(_ span: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    // Safe: the buffer holds the octets of `range` while they are copied.
    unsafe span.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

/// Whether `utf8` is nothing but ASCII from the space to the tilde.
private func isPrintableASCII(_ utf8: Span<UInt8>) -> Bool {
  for index in utf8.indices where utf8[index] &- 0x20 > 0x5E { return false }
  return true
}

/// At most `count` octets of well-formed UTF-8, ending with a whole scalar and no space.
func prefixOfScalars(_ octets: [UInt8], _ count: Int) -> String {
  var end = Swift.min(octets.count, Swift.max(0, count))
  while end > 0, end < octets.count, octets[end] & 0xC0 == 0x80 { end -= 1 }
  while end > 0, octets[end - 1] == 0x20 { end -= 1 }
  return String(decoding: octets[..<end], as: UTF8.self)
}
