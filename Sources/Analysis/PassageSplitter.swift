package import Grounding

/// Cuts an item's text into passages: what is scored and quoted.
///
/// Passages do not overlap, and begin and end with what is not blank. Those of an item's own words
/// come first, in text order, then those of what it quotes; together they cover all that is not blank
/// but signatures, disclaimers and banners. They are cut at headings, and where they would grow too
/// long at paragraphs or sentences (``SentenceBoundaries/Style/prose``); a sentence that is too long by itself is cut at a
/// line's end, a blank or a word boundary. Short paragraphs under one heading share a passage;
/// what lies under one heading is cut into passages of about equal size.
///
/// - Complexity: O(*n*) in the octets of the text.
package struct PassageSplitter: Sendable {
  /// The most words, runs of what is not blank, of a passage.
  package var wordLimit: Int
  /// The most pieces of a passage, by an estimate: the encoder reads 256, of which two are its own
  /// marks and up to 64 the header.
  package var pieceLimit: Int
  /// The most octets of a passage, whatever they are.
  package var octetLimit: Int

  /// Limits below 1 are 1, and below 4 octets 4, the longest scalar.
  package init(wordLimit: Int = 120, pieceLimit: Int = 190, octetLimit: Int = 4096) {
    self.wordLimit = wordLimit
    self.pieceLimit = pieceLimit
    self.octetLimit = octetLimit
  }

  /// The passages of `text`; `segments` in text order say where headings and pages are.
  ///
  /// What lies between two segments goes with the one before. Segments that run backwards, overlap
  /// or end outside of the text are clipped. A passage's locator is that of the first segment in it
  /// that is no heading. The first passage is always one of role `new`: where an item has no words of
  /// its own it has an empty span, so that titles are found.
  ///
  /// What is quoted makes passages of role `quoted`, unless nothing that is new has a word: then it is
  /// all that the item says, and counts as its own. A message that is passed on counts as its
  /// sender's words always: whether its original lies in the store is not to decide whether it is
  /// found.
  package func split(_ text: String, segments: [Segment]) -> [Passage] {
    var text = text
    return text.withUTF8 { octets in
      // Safe: the span is used only within the closure.
      split(unsafe Span(_unsafeElements: octets), segments)
    }
  }

  private func split(_ text: Span<UInt8>, _ segments: [Segment]) -> [Passage] {
    let limit = TextMeasure(
      words: max(wordLimit, 1), pieceTenths: max(min(pieceLimit, 1 << 30), 1) * 10,
      octets: max(octetLimit, 4))
    let cutter = UnitCutter(estimate: PieceEstimate(text, StopWords()), limit: limit)
    var regions = Region.regions(of: segments, in: text)
    if !regions.contains(where: { $0.role == .new && hasWord(text, $0.range) }) {
      for index in regions.indices where regions[index].role == .quoted {
        regions[index].role = .new
      }
    }
    var passages: [Passage] = []
    for role in [Segment.Role.new, .quoted] {
      append(text, regions[...], role, cutter, to: &passages)
      if passages.isEmpty { passages = [Passage(ordinal: 0, span: TextSpan(start: 0, end: 0))] }
    }
    return passages
  }

  /// Appends the passages of the regions of one role.
  private func append(
    _ text: Span<UInt8>, _ regions: ArraySlice<Region>, _ role: Segment.Role, _ cutter: UnitCutter,
    to passages: inout [Passage]
  ) {
    var regions = regions
    while let first = regions.first {
      let group = regions.prefix {
        $0.heading == first.heading && $0.part == first.part && $0.role == first.role
      }
      regions = regions.dropFirst(group.count)
      if first.role != role { continue }
      var units: [PassageUnit] = []
      for region in group { cutter.append(text, region.range, region.kind, to: &units) }
      // Passages come in order: what lies before one is not looked at again.
      var ahead = group
      for range in packed(units, cutter.limit) {
        ahead = ahead.drop { $0.range.upperBound <= range.lowerBound }
        passages.append(
          Passage(
            ordinal: passages.count, role: role, span: TextSpan(range),
            locator: locator(of: range, in: ahead)))
      }
    }
  }

  /// Whether a letter, a digit or an ideograph is in `range`.
  private func hasWord(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
      let scalar = text.scalar(at: position)
      let kind = ScalarClass(scalar.value)
      if kind.isWord || kind == .paired { return true }
      position += scalar.count
    }
    return false
  }

  /// The spans of the passages that `units` make up.
  ///
  /// What is left is shared out over as many passages as it needs, so that the last is no scrap: a
  /// passage ends where that is nearest to an equal share, or at a paragraph's end shortly before.
  private func packed(_ units: [PassageUnit], _ limit: TextMeasure) -> [Range<Int>] {
    var left = units.reduce(0) { $0 &+ $1.measure.share(of: limit) }
    var spans: [Range<Int>] = []
    var index = 0
    while index < units.count {
      let target = left / max((left + 1023) / 1024, 1)
      var total = units[index].measure
      var filled = total.share(of: limit)
      var end = index + 1
      while end < units.count {
        let next = units[end].measure
        let share = next.share(of: limit)
        let isNearest = filled + share / 2 > target
        let isParagraph = units[end - 1].endsParagraph && filled * 10 > target * 7
        // The last passage of all takes what fits.
        if !(total + next).fits(limit) || (left > 1024 && (isNearest || isParagraph)) { break }
        total = total + next
        filled &+= share
        end += 1
      }
      spans.append(units[index].range.lowerBound..<units[end - 1].range.upperBound)
      left = max(left &- filled, 0)
      index = end
    }
    return spans
  }

  /// The place of the passage at `range`; `group` begins with the first region in it.
  private func locator(of range: Range<Int>, in group: ArraySlice<Region>) -> Locator {
    let touched = group.prefix { $0.range.lowerBound < range.upperBound }
    guard let first = touched.first else { return Locator() }
    let body = touched.first { $0.kind != .heading } ?? first
    return Locator(part: body.part, heading: body.heading, page: body.page)
  }
}

/// A stretch of the text with one place in it; regions cover the text without gap.
private struct Region {
  var range: Range<Int>
  var kind: Segment.Kind
  var role = Segment.Role.new
  var heading: [String]?
  var part: String?
  var page: Int?

  /// The regions of `text`; a border within a scalar is moved behind it.
  ///
  /// A heading belongs to what it heads: it takes the path of the segment behind it, where that is
  /// its own and one name more.
  static func regions(of segments: [Segment], in text: Span<UInt8>) -> [Region] {
    let textCount = text.count
    func aligned(_ offset: Int) -> Int {
      var offset = min(offset, textCount)
      while offset < textCount, text[offset] & 0xC0 == 0x80 { offset += 1 }
      return offset
    }
    var regions: [Region] = []
    var position = 0
    for (index, segment) in segments.enumerated() {
      let start = aligned(max(segment.span.start, position))
      let end = aligned(max(segment.span.end, start))
      guard end > start else { continue }
      if let last = regions.indices.last {
        regions[last].range = regions[last].range.lowerBound..<start
      } else if start > 0 {
        regions.append(Region(range: 0..<start, kind: .body))
      }
      var heading = segment.locator.heading
      if segment.kind == .heading, index + 1 < segments.count {
        let next = segments[index + 1].locator.heading ?? []
        if next.dropLast() == (heading ?? [])[...], !next.isEmpty { heading = next }
      }
      regions.append(
        Region(
          range: start..<end, kind: segment.kind, role: segment.passageRole,
          heading: heading?.isEmpty == true ? nil : heading, part: segment.locator.part,
          page: segment.locator.page))
      position = end
    }
    if let last = regions.indices.last {
      regions[last].range = regions[last].range.lowerBound..<textCount
    } else if textCount > 0 {
      regions.append(Region(range: 0..<textCount, kind: .body))
    }
    return regions
  }
}
