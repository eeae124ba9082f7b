import Grounding

/// What passages are made of and never cut again: a sentence, a line of code, or a part of one that
/// is too long.
///
/// It begins and ends with what is not blank.
struct PassageUnit {
  var range: Range<Int>
  var measure: TextMeasure
  /// Whether a paragraph ends with it.
  var endsParagraph: Bool
}

/// Cuts a stretch of text into units that each fit a passage.
struct UnitCutter {
  let estimate: PieceEstimate
  let limit: TextMeasure

  /// Appends the units of `range` to `units`; all of `range` that is not blank is in one.
  func append(
    _ text: Span<UInt8>, _ range: Range<Int>, _ kind: Segment.Kind,
    to units: inout [PassageUnit]
  ) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = paragraphEnd(text, start..<range.upperBound)
      let count = units.count
      if kind == .code || kind == .table {
        appendLines(text, start..<end, to: &units)
      } else {
        appendSentences(text, start..<end, to: &units)
      }
      if units.count > count { units[units.count - 1].endsParagraph = true }
      start = end
    }
  }

  /// Where the first paragraph of `range` ends: behind a form feed, or before a blank line's end.
  private func paragraphEnd(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    var hasText = false
    var isLineBlank = true
    var position = range.lowerBound
    while position < range.upperBound {
      switch text[position] {
      case 0x0C: return position + 1
      case 0x0A:
        if isLineBlank, hasText { return position + 1 }
        isLineBlank = true
      case 0x09, 0x0D, 0x20: break
      default:
        isLineBlank = false
        hasText = true
      }
      position += 1
    }
    return range.upperBound
  }

  private func appendLines(
    _ text: Span<UInt8>, _ range: Range<Int>, to units: inout [PassageUnit]
  ) {
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, text[end] != 0x0A { end += 1 }
      append(text, whole: start..<end, to: &units)
      start = end + 1
    }
  }

  private func appendSentences(
    _ text: Span<UInt8>, _ range: Range<Int>, to units: inout [PassageUnit]
  ) {
    let paragraph = text.extracting(range)
    var start = 0
    while start < paragraph.count {
      let end = SentenceBoundaries.end(in: paragraph, from: start, style: .prose)
      append(
        text, whole: range.lowerBound + start..<range.lowerBound + end, to: &units)
      start = end
    }
  }

  /// Appends a sentence or line, cut where it does not fit.
  private func append(
    _ text: Span<UInt8>, whole range: Range<Int>, to units: inout [PassageUnit]
  ) {
    var rest = trimmed(text, range)
    while !rest.isEmpty {
      // What is too long in octets is not measured, so that each octet is measured a few times only.
      if rest.count <= limit.octets {
        let measure = estimate.measure(text, rest)
        if measure.fits(limit) {
          units.append(PassageUnit(range: rest, measure: measure, endsParagraph: false))
          return
        }
      }
      let end = cut(text, rest)
      let part = trimmed(text, rest.lowerBound..<end)
      if !part.isEmpty {
        units.append(
          PassageUnit(
            range: part, measure: estimate.measure(text, part), endsParagraph: false))
      }
      rest = trimmed(text, end..<rest.upperBound)
    }
  }

  /// Where to cut a stretch that does not fit: at a line's end if that is in the second half of
  /// what fits, else at a blank, else at a word boundary, else between two scalars.
  private func cut(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    var total = TextMeasure()
    var lineEnd: Int?
    var position = range.lowerBound
    while position < range.upperBound {
      let end = wordEnd(text, position..<range.upperBound)
      let next = total + estimate.measure(text, position..<end)
      guard next.fits(limit) else { break }
      total = next
      position = end
      if hasLineEnd(text, before: end, range) { lineEnd = end }
    }
    if position == range.lowerBound { return cutWord(text, range) }
    if let lineEnd, (lineEnd - range.lowerBound) * 2 > position - range.lowerBound {
      return lineEnd
    }
    return position
  }

  /// The end of the first word of `range`, with the blanks behind it.
  private func wordEnd(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    var position = range.lowerBound
    var isBehind = false
    // A word that alone is more than a passage need not be read to its end.
    while position < range.upperBound, position - range.lowerBound <= limit.octets {
      let scalar = text.scalar(at: position)
      let blank = isBlank(scalar.value)
      if isBehind, !blank { break }
      isBehind = blank
      position += scalar.count
    }
    return min(position, range.upperBound)
  }

  private func hasLineEnd(_ text: Span<UInt8>, before end: Int, _ range: Range<Int>) -> Bool {
    var position = end
    while position > range.lowerBound, text[position - 1] <= 0x20 {
      if text[position - 1] == 0x0A { return true }
      position -= 1
    }
    return false
  }

  /// Where to cut a word that is longer than a passage.
  private func cutWord(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    // A word boundary is looked for among as many octets as a passage can have; where that ends
    // is moved to a scalar's start.
    var end = min(range.upperBound, range.lowerBound + limit.octets)
    while end < range.upperBound, end > range.lowerBound, text[end] & 0xC0 == 0x80 { end -= 1 }
    let window = text.extracting(range.lowerBound..<max(end, range.lowerBound + 1))
    var total = TextMeasure()
    var position = 0
    while position < window.count {
      let next = WordBoundaries.end(in: window, from: position)
      let sum = total + estimate.measure(window, position..<next)
      guard sum.pieceTenths <= limit.pieceTenths, sum.octets < limit.octets else { break }
      total = sum
      position = next
    }
    if position > 0 { return range.lowerBound + position }
    while position < window.count {
      let next = min(position + window.scalar(at: position).count, window.count)
      // Each scalar by itself is at least its share of any word.
      total = total + TextMeasure(pieceTenths: 10, octets: next - position)
      if position > 0, !total.fits(limit) { break }
      position = next
    }
    return range.lowerBound + position
  }

  /// `range` without the blanks at its ends.
  private func trimmed(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end {
      let scalar = text.scalar(at: start)
      guard isBlank(scalar.value) else { break }
      start += scalar.count
    }
    while end > start {
      let last = text.scalarStart(before: end)
      guard isBlank(text.scalar(at: last).value) else { break }
      end = last
    }
    return start..<max(start, end)
  }
}
