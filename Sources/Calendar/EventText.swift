import Grounding
import Markup

/// Builds an event's text within its limit.
struct EventText {
  private(set) var canonical = CanonicalText()
  private(set) var isCut = false
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// A stretch that passages do not cross, with an empty line before it.
  mutating func append(_ text: String, as kind: Segment.Kind = .paragraph) {
    guard !text.isEmpty else { return }
    let room = limit - canonical.count - (canonical.count > 0 ? 2 : 0)
    guard room > 0 else {
      isCut = true
      return
    }
    if canonical.count > 0 { canonical.separate() }
    var text = text
    if text.utf8.count > room {
      isCut = true
      text = prefix(text, octets: room)
    }
    canonical.append(text, as: kind)
  }

  /// What a reader of the rendered page sees, within the limit; of a longer one the text alone.
  mutating func append(html: String) -> [Defect] {
    var whole = canonical
    if whole.count > 0 { whole.separate() }
    let start = whole.count
    let reading = HTMLText.append(html.utf8Span.span, to: &whole)
    if whole.count <= limit {
      if whole.count > start { canonical = whole }
    } else {
      append(String(decoding: whole.text.utf8.dropFirst(start), as: UTF8.self))
    }
    return reading.defects
  }

  private func prefix(_ text: String, octets count: Int) -> String {
    var end = text.utf8.index(text.startIndex, offsetBy: count)
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
      end = text.utf8.index(before: end)
    }
    return String(text[..<end])
  }
}
