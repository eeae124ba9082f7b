/// What is known of a document besides its octets.
package struct DocumentHints: Hashable, Sendable, Codable {
  /// The file's name, without its folder.
  package var name: String?
  package var mediaType: String?

  package init(name: String? = nil, mediaType: String? = nil) {
    self.name = name
    self.mediaType = mediaType
  }

  /// The name without its extension, where there is one.
  var stem: String? {
    guard let name, !name.isEmpty else { return nil }
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }
}

/// How much of one document is read; what is beyond is left out and named by a defect.
package struct DocumentLimits: Hashable, Sendable, Codable {
  /// Octets of the file.
  package var octets = 64 << 20
  /// Octets of the text in UTF-8.
  package var textOctets = 32 << 20
  /// Segments; what follows the last of them is one segment.
  package var segments = 100_000
  /// Octets of one heading or title.
  package var headingOctets = 1_000
  /// Octets of one JSON record.
  package var recordOctets = 16 << 20
  /// Arrays and objects inside of each other in one JSON record.
  package var recordDepth = 64

  package init() {}
}

/// What can be wrong with a document that is read all the same: the codes of its defects.
///
/// Removed characters have the codes of `CanonicalText`.
package enum DocumentDefect: String, CaseIterable, Sendable {
  /// Neither UTF-8 nor marked as UTF-16; read as windows-1252.
  case undeclaredOctets = "undeclared_octets"
  /// Octets that the charset does not have; they became U+FFFD.
  case undecodableOctets = "undecodable_octets"
  /// Text that a reader of the rendered page would not have seen was removed.
  case hiddenText = "hidden_text"
  /// A front matter or a fenced block is not closed.
  case unclosedBlock = "unclosed_block"
  case documentTooLarge = "document_too_large"
  case textTooLong = "text_too_long"
  case tooManySegments = "too_many_segments"
}
