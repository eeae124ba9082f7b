package import Grounding

/// Where a link of a page leads, and the text that it lies under.
package struct HTMLLink: Hashable, Sendable {
  /// As written, without white space around it and controls in it.
  package var target: String
  /// Empty where the link has no text, as around an image.
  package var span: TextSpan
}

/// What was read besides the text.
package struct HTMLReading: Sendable {
  /// `<title>`, on one line.
  package var title: String?
  /// The `lang` of `<html>`.
  package var language: String?
  /// In the order of their texts.
  package var links: [HTMLLink] = []
  /// The segments that stand in elements of the caller's table, in text order.
  package var marks: [HTMLMarked] = []
  /// By the codes of ``HTMLDefect``; those of removed characters are the canonical text's.
  package var defects: [Defect] = []
}

/// Reads HTML as a reader of the rendered page does: on a wide light screen, with scripts and images
/// off.
///
/// - Blocks end lines, paragraphs are parted by an empty line; white space collapses as CSS has it,
///   and a no-break space is a space. Lines without an empty line between them are one segment.
/// - A list is one segment; its items begin with `- ` or their number, nested ones further in.
/// - A row of short cells is one line with ` | ` between them. Where a cell holds more than a few
///   lines (a heading, a list, a table), the table only lays out the page, and its cells are blocks.
/// - `pre` and `textarea` keep their white space. `blockquote` makes segments of kind `.quote`,
///   whatever stands in it.
/// - `alt` stands for an image where it has words and is no file name. Buttons, the options of a
///   list and the values of fields are text, as is `noscript`.
/// - Scripts, styles, templates, comments, frames, and what only replaces an object or film that
///   cannot be shown are not text; neither is anything of svg but `text`.
/// - Text that is not seen is left out and counted, by the reason: ``HTMLDefect/hiddenText``.
package enum HTMLText {
  /// Appends what a reader sees to `canonical`, as segments with `part` and headings in locators.
  ///
  /// - Parameter html: Well-formed UTF-8.
  /// - Complexity: O(octets); at most two passes (rules of style that come behind what they hide).
  package static func append(
    _ html: Span<UInt8>, to canonical: inout CanonicalText, part: String? = nil,
    limits: HTMLLimits = HTMLLimits(), marks: HTMLMarkTable = HTMLMarkTable()
  ) -> HTMLReading {
    var length = min(html.count, max(0, limits.octets))
    while length > 0, length < html.count, html[length] & 0xC0 == 0x80 { length -= 1 }
    let input = html.extracting(0..<length)
    var reader = HTMLReader(limits: limits, markTable: marks)
    reader.read(input)
    if reader.hasLateStyle {
      reader = HTMLReader(limits: limits, markTable: marks, sheet: reader.sheet)
      reader.read(input)
    }
    var writer = SegmentWriter(
      part: part, limits: limits, marks: reader.marks, links: reader.targets.count)
    writer.write(reader.blocks, to: &canonical)
    canonical.countZeroWidths(reader.blocks.zeroWidths)
    var reading = HTMLReading()
    reading.title = reader.pageTitle
    reading.language = reader.language
    reading.links = zip(reader.targets, writer.spans).map { HTMLLink(target: $0, span: $1) }
    reading.marks = writer.marked
    reading.defects = reader.defects
    if length < html.count { reading.defects.append(Defect(HTMLDefect.htmlTooLarge.rawValue)) }
    if writer.hasTooManySegments {
      reading.defects.append(Defect(HTMLDefect.tooManySegments.rawValue))
    }
    return reading
  }
}
