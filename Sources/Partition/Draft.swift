package import Grounding

/// One location of one item, ready to be stored.
package struct ItemDraft: Sendable {
  package var id: ItemID
  /// The item that this one came in, such as an attachment's message.
  package var parent: ItemID?
  /// What was read; its `children` are ignored.
  package var item: ParsedItem
  /// SHA-256 of the source octets of this location.
  package var contentHash: [UInt8]
  /// In order, with ordinals from 0; spans are octets of `item.text` at scalar boundaries.
  ///
  /// Those of role `new` come first, then those of role `quoted`; the first of all is `new`. Where there is none, the store adds one with an empty span, so that the title is found.
  package var passages: [Passage]
  /// The source's row.
  package var source: Int64
  /// The file's row, where the location lies in a file.
  package var file: Int64?
  /// Unique within the source.
  package var key: String
  package var uri: String?
  package var access: AccessList

  package init(
    id: ItemID, parent: ItemID? = nil, item: ParsedItem, contentHash: [UInt8],
    passages: [Passage], source: Int64, file: Int64? = nil, key: String, uri: String? = nil,
    access: AccessList
  ) {
    self.id = id
    self.parent = parent
    self.item = item
    self.contentHash = contentHash
    self.passages = passages
    self.source = source
    self.file = file
    self.key = key
    self.uri = uri
    self.access = access
  }
}

/// What a draft did to the store.
package enum Applied: String, Hashable, Sendable {
  /// A new item.
  case added
  /// The location was known; its content, access list, file or uri is not what it was.
  case updated
  /// Nothing was written.
  case unchanged
  /// A known item has one more location.
  case locationAdded
  /// The item was erased, and nothing of it is stored again.
  case erased
}

/// A source file as it was when it was last read.
package struct FileRecord: Hashable, Sendable {
  /// The row; 0 before it is stored.
  package var id: Int64
  package var source: Int64
  /// Within the source; unique there.
  package var path: String
  /// Octets.
  package var size: Int64
  /// Nanoseconds since 1970.
  package var modified: Int64
  package var inode: Int64
  /// SHA-256 of the content, where it was taken.
  package var hash: [UInt8]?
  /// Octets from the start that are in the store; less than `size` for a mailbox half read.
  package var readTo: Int64
  /// The list that the file was read with; a change of it asks for the file to be read again.
  package var access: AccessList?
  /// What the reader wants to remember, such as the code of a file that was skipped.
  package var note: String?

  package init(
    id: Int64 = 0, source: Int64, path: String, size: Int64, modified: Int64, inode: Int64,
    hash: [UInt8]? = nil, readTo: Int64 = 0, access: AccessList? = nil, note: String? = nil
  ) {
    self.id = id
    self.source = source
    self.path = path
    self.size = size
    self.modified = modified
    self.inode = inode
    self.hash = hash
    self.readTo = readTo
    self.access = access
    self.note = note
  }
}

/// One location in a file: its key and the item that stands there.
package struct FilePlace: Hashable, Sendable {
  package var key: String
  package var item: ItemID
  package var kind: ItemKind
}

/// A source and how much of it is in the store.
package struct SourceSummary: Hashable, Sendable {
  package var id: Int64
  package var name: String
  package var files: Int
  package var locations: Int
  /// Items with at least one location in this source.
  package var items: Int
}

/// A passage that waits for its vector: what the encoder's input is made of.
package struct PendingPassage: Hashable, Sendable {
  package var row: Int64
  package var title: String?
  /// The headings above, outermost first.
  package var heading: [String]
  package var body: String
}
