package import Grounding
import Markup

/// Reads a Markdown file: headings, paragraphs, lists, quotes, tables and code as segments.
///
/// The text stays as written, so that spans are exact; only comments, which a reader of the page does
/// not see, are removed and counted. Blocks follow CommonMark 0.31 as far as passages need them: a
/// list or a quote is one segment, whatever it holds. Front matter (YAML between `---` lines) is a
/// segment of code, and its `title` the item's; else the first heading is, else the file's name
/// without its extension.
package enum Markdown {
  /// The item in `octets`; each segment's locator has the headings above it, outermost first.
  ///
  /// - Complexity: O(octets).
  package static func parse(
    _ octets: [UInt8], hints: DocumentHints = DocumentHints(),
    limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    let source = DocumentText(octets, label: hints.charsetLabel, limits: limits)
    var defects = source.defects
    let visible = withoutComments(Array(source.text.utf8))
    if visible.removed > 0 {
      defects.append(DocumentText.defect(.hiddenText, String(visible.removed)))
    }
    var canonical = CanonicalText(capacity: visible.octets.count)
    canonical.append(utf8: visible.octets.span)
    let text = canonical.text
    var blocks = MarkdownBlocks(Array(text.utf8), limits: limits)
    blocks.read()
    var item = ParsedItem(kind: .document)
    item.text = text
    item.segments = blocks.segments
    item.defects = defects + canonical.defects + blocks.defects
    item.title =
      title(blocks.frontMatterTitle, limits) ?? title(blocks.firstHeading, limits)
      ?? (hasWord(text) ? title(hints.stem, limits) : nil)
    return item
  }
}
