/// A description that is written as HTML, as Google's calendar writes all that are not plain.
struct HTMLDescription {
  /// The HTML; where no tag breaks its lines, its own line breaks do.
  let text: String

  /// `nil` for a plain text: one without a closing tag or `<br>`.
  init?(_ text: String, isDeclared: Bool) {
    let octets = Array(text.utf8)
    var hasTags = isDeclared
    var hasBreaks = isDeclared
    for index in octets.indices where octets[index] == 0x3C {
      let tag = octets[(index + 1)...].prefix(12).prefix { $0 > 0x20 && $0 != 0x3E }
      let isClosing = tag.first == 0x2F
      let name = String(
        decoding: (isClosing ? tag.dropFirst() : tag).map { $0 | 0x20 }.prefix {
          (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
        }, as: UTF8.self)
      guard !name.isEmpty, isClosing || name == "br" else { continue }
      hasTags = true
      if Self.breaking.contains(name) { hasBreaks = true }
    }
    guard hasTags else { return nil }
    self.text =
      hasBreaks
      ? text
      : text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "<br>")
  }

  private static let breaking: Set<String> = [
    "br", "p", "div", "li", "ul", "ol", "td", "tr", "table", "h1", "h2", "h3", "h4", "body", "html",
  ]
}
