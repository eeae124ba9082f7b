package import Grounding

/// An item as a caller may see it.
///
/// What the item's reader found is reached directly: `stored.title`, `stored.text`, `stored.people`.
@dynamicMemberLookup
package struct StoredItem: Hashable, Sendable {
  /// The item's number in this store; never shown.
  package var key: Int64
  package var id: ItemID
  package var parent: ItemID?
  /// SHA-256 of the source octets of the copy that is shown.
  package var contentHash: [UInt8]
  /// Counts the item's contents from 1.
  package var version: Int
  /// Without `identity`, `references` and `children`; without `segments`, `defects` and
  /// `conversation`, and with no `facts` but those asked for, where only a summary was.
  package var content: ParsedItem
  /// Those that the caller may see, by source name, then key.
  package var locations: [StoredLocation]

  package subscript<T>(dynamicMember path: KeyPath<ParsedItem, T>) -> T { content[keyPath: path] }
}

/// Where an item lies.
package struct StoredLocation: Hashable, Sendable {
  /// The source's name.
  package var source: String
  package var key: String
  package var uri: String?
}

/// A passage of an item; its text is `span` of the item's text.
package struct StoredPassage: Hashable, Sendable {
  package var row: Int64
  package var ordinal: Int
  /// `new` or `quoted`.
  package var role: Segment.Role
  package var span: TextSpan
  package var locator: Locator
  /// Terms of the text without stop words; 0 for a quoted passage that is not indexed.
  package var bodyTerms: Int
  /// The key of the item whose own words a quoted passage repeats; not every caller may see it.
  package var origin: Int64?
  /// The class under whose lists a quoted passage counts; `nil` where it does under none.
  var quotedClass: Int64?
}
