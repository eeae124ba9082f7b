/// How much of one HTML text is read; what is beyond is left out and named by a defect.
package struct HTMLLimits: Hashable, Sendable, Codable {
  /// Octets of the HTML.
  package var octets = 32 << 20
  /// Elements inside of each other; deeper ones are read as if they stood in the deepest.
  package var depth = 256
  /// Attributes of one tag.
  package var attributes = 128
  /// Octets of one tag's attributes, names and values.
  package var attributeOctets = 1 << 20
  /// Rules of all style sheets that could hide something.
  package var styleRules = 20_000
  package var links = 10_000
  /// Octets of one link's target.
  package var linkOctets = 4_096
  /// Octets of one heading in a locator, and of the title.
  package var headingOctets = 1_000
  /// Segments; what follows the last of them is one segment.
  package var segments = 100_000

  package init() {}
}

/// What can be wrong with HTML that is read all the same: the codes of its defects.
package enum HTMLDefect: String, CaseIterable, Sendable {
  /// Text that a reader of the rendered page does not see was removed. The detail is the reason, the
  /// elements and the characters: `display_none, 2 elements, 64 characters`.
  case hiddenText = "hidden_text"
  /// Comments with letters in them were left out, but for those that speak to Outlook (`<!--[if`). The
  /// detail is their number and characters: `2 comments, 64 characters`.
  case comments = "html_comments"
  /// Runs of invisible characters that pad a text became one space; the detail is how many.
  case invisiblePadding = "invisible_padding"
  /// The HTML is longer than is read.
  case htmlTooLarge = "html_too_large"
  /// Elements are nested more deeply than is followed.
  case htmlTooDeep = "html_too_deep"
  /// Attributes were left out; the detail is how many.
  case tooManyAttributes = "too_many_attributes"
  /// Style rules were left out; the detail is how many.
  case tooManyStyleRules = "too_many_style_rules"
  /// Links were left out; the detail is how many.
  case tooManyLinks = "too_many_links"
  case tooManySegments = "too_many_segments"
}
