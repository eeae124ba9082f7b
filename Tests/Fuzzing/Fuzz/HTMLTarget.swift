import Grounding
import Markup

/// A page, as UTF-8: broken octets become U+FFFD before, as its readers do.
func fuzzHTML(_ octets: [UInt8]) {
  _ = HTMLText.declaredCharset(octets.span)
  let html = String(decoding: octets, as: UTF8.self)
  var canonical = CanonicalText()
  canonical.append("before\n\n")
  let start = canonical.count
  let reading = HTMLText.append(html.utf8Span.span, to: &canonical, part: "1")
  var item = ParsedItem(kind: .document)
  item.text = canonical.text
  item.segments = canonical.segments
  item.title = reading.title
  demandSound(item)
  demand(item.segments.allSatisfy { $0.span.start >= start }, "segments are the page's own")
  for link in reading.links {
    demand(link.span.end <= canonical.count, "a link's text lies in the text")
    demand(link.target.isFitForPrompts, "a link's target is fit for prompts")
  }
}
