package import Grounding
import Markup

/// Reads text in pages, as programs print it that read a document made of pages.
package enum PagedText {
  /// The item in `octets`: a segment for each page with text, its page in the locator; the file's name
  /// without its extension as title.
  ///
  /// The octets are UTF-8, and a form feed ends a page. Pages count from 1, those without text too.
  /// O(octets).
  package static func parse(
    _ octets: [UInt8], hints: DocumentHints = DocumentHints(),
    limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    let source = DocumentText(octets, label: "utf-8", limits: limits)
    let text = Array(source.text.utf8)
    var canonical = CanonicalText(capacity: text.count)
    var item = ParsedItem(kind: .document)
    item.defects = source.defects
    var page = 0
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0C) ?? text.count
      page += 1
      let words = trimmed(text[start..<end])
      start = end + 1
      guard !words.isEmpty else { continue }
      canonical.separate()
      let span = canonical.append(utf8: Array(words).span)
      if canonical.segments.count < limits.segments {
        canonical.addSegment(.paragraph, span, Locator(page: page))
      } else if canonical.segments.count == limits.segments, item.defects.last?.code != overLimit {
        item.defects.append(Defect(overLimit))
      }
    }
    item.text = canonical.text
    item.segments = canonical.segments
    item.defects += canonical.defects
    if hasWord(item.text) { item.title = title(hints.stem, limits) }
    return item
  }

  private static let overLimit = DocumentDefect.tooManySegments.rawValue

  /// Without empty lines before it and blanks behind it.
  private static func trimmed(_ page: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = page.firstIndex(where: { $0 > 0x20 }),
      let last = page.lastIndex(where: { $0 > 0x20 })
    else { return [] }
    let line = page[..<first].lastIndex(of: 0x0A).map { $0 + 1 } ?? page.startIndex
    return page[line...last]
  }
}
