package import Grounding
import Markup

/// Reads a file of plain text.
package enum PlainText {
  /// The item in `octets`: the whole text as one segment, the file's name without its extension as
  /// title; a text without a word has no title.
  ///
  /// Its charset is found by ``TextEncoding``. O(octets).
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
    if hasWord(item.text) { item.title = title(hints.stem, limits) }
    return item
  }
}

/// A title as it may reach a prompt, on one line.
func title(_ text: String?, _ limits: DocumentLimits) -> String? {
  guard let text else { return nil }
  let line = CanonicalText.cleaned(text).text.utf8.map { $0 < 0x20 ? 0x20 : $0 }
  let cut = prefix(String(decoding: line, as: UTF8.self), octets: limits.headingOctets)
  return cut.utf8.contains { $0 > 0x20 } ? cut : nil
}
