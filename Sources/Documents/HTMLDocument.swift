package import Grounding
import Markup

/// Reads an HTML document as a reader of the rendered page sees it: see `Markup.HTMLText`.
///
/// Its charset is what a byte order mark says, else the label that came along, else the XML
/// declaration or `<meta>`, else it is found as a text's is. Its title is `<title>`, else the first
/// heading, else the file's name without its extension.
package enum HTMLDocument {
  /// The item in `octets`; O(octets).
  package static func parse(
    _ octets: [UInt8], hints: DocumentHints = DocumentHints(),
    limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    let source = DocumentText(
      octets, label: hints.charsetLabel ?? declaredCharset(octets), limits: limits)
    var canonical = CanonicalText(capacity: source.text.utf8.count / 2)
    let page = HTMLText.append(
      source.text.utf8Span.span, to: &canonical, limits: htmlLimits(limits))
    var item = ParsedItem(kind: .document)
    item.text = canonical.text
    item.segments = canonical.segments
    item.language = page.language
    item.defects = source.defects + canonical.defects + page.defects
    item.title =
      title(page.title, limits) ?? title(firstHeading(item), limits)
      ?? (hasWord(item.text) ? title(hints.stem, limits) : nil)
    return item
  }

  private static func htmlLimits(_ limits: DocumentLimits) -> HTMLLimits {
    var html = HTMLLimits()
    html.octets = limits.textOctets
    html.segments = limits.segments
    html.headingOctets = limits.headingOctets
    return html
  }

  private static func firstHeading(_ item: ParsedItem) -> String? {
    guard let segment = item.segments.first(where: { $0.kind == .heading }) else { return nil }
    return String(decoding: Array(item.text.utf8)[segment.span.range], as: UTF8.self)
  }

  /// The label in the XML declaration, else in `<meta>`.
  private static func declaredCharset(_ octets: [UInt8]) -> String? {
    xmlEncoding(octets.prefix(200))
      ?? HTMLText.declaredCharset(octets.span.extracting(first: 1_024))
  }

  /// `encoding="…"` in `<?xml …?>` at the beginning.
  private static func xmlEncoding(_ head: ArraySlice<UInt8>) -> String? {
    guard head.starts(with: "<?xml".utf8) else { return nil }
    let declaration = String(decoding: head.prefix { $0 != 0x3E }, as: UTF8.self)
    guard let name = declaration.firstRange(of: "encoding") else { return nil }
    let value = declaration[name.upperBound...].drop { $0 == " " || $0 == "=" }
    guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
    return String(value.dropFirst().prefix { $0 != quote })
  }
}
