package import Grounding
import Markup

/// Reads an HTML document; as it is written, until `Markup` reads HTML.
package enum HTMLDocument {
  /// The item in `octets`; O(octets).
  package static func parse(
    _ octets: [UInt8], hints: DocumentHints = DocumentHints(),
    limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    let source = DocumentText(octets, label: hints.charsetLabel, limits: limits)
    var canonical = CanonicalText(capacity: source.text.utf8.count)
    canonical.append(source.text, as: .body)
    var item = ParsedItem(kind: .document)
    item.text = canonical.text
    item.segments = canonical.segments
    item.defects = source.defects + canonical.defects
    item.title = hasWord(item.text) ? title(hints.stem, limits) : nil
    return item
  }
}
