/// A half-open range of UTF-8 octets in an item's `text`.
package struct TextSpan: Hashable, Sendable, Codable, Comparable {
  package var start: Int
  package var end: Int

  package init(start: Int, end: Int) {
    precondition(0 <= start && start <= end, "a span runs forwards from 0")
    self.start = start
    self.end = end
  }

  package init(_ range: Range<Int>) { self.init(start: range.lowerBound, end: range.upperBound) }

  package var range: Range<Int> { start..<end }
  package var count: Int { end - start }
  package var isEmpty: Bool { start == end }

  package static func < (a: TextSpan, b: TextSpan) -> Bool { (a.start, a.end) < (b.start, b.end) }
}

/// Where a person finds a span: the message part, the headings above it, the page.
package struct Locator: Hashable, Sendable, Codable {
  /// The MIME part as IMAP numbers it, such as `1.2`.
  package var part: String?
  /// The headings above, outermost first.
  package var heading: [String]?
  /// The page, from 1.
  package var page: Int?

  package init(part: String? = nil, heading: [String]? = nil, page: Int? = nil) {
    self.part = part
    self.heading = heading
    self.page = page
  }
}
