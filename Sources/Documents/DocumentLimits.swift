/// What is known of a document besides its octets.
package struct DocumentHints: Hashable, Sendable, Codable {
  /// The file's name, without its folder.
  package var name: String?
  /// In lower case, without parameters: an attachment's.
  package var mediaType: String?
  /// The charset that came along with the octets: an attachment's parameter.
  package var charsetLabel: String?

  package init(name: String? = nil, mediaType: String? = nil, charsetLabel: String? = nil) {
    self.name = name
    self.mediaType = mediaType
    self.charsetLabel = charsetLabel
  }

  /// The name without its extension, where there is one.
  var stem: String? {
    guard let name, !name.isEmpty else { return nil }
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// The letters behind the last dot of the name, in lower case.
  var suffix: String { fileSuffix(name ?? "") }
}

/// The letters behind the last dot, in lower case.
func fileSuffix(_ name: String) -> String {
  guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
  return name[name.index(after: dot)...].lowercased()
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
  /// Columns of a table of which values are read.
  package var columns = 16_384
  /// Octets of a column's name or of the path of a JSON value, as they stand before each value.
  package var nameOctets = 200

  package init() {}
}

/// What can be wrong with a document that is read all the same: the codes of its defects.
///
/// Removed characters have the codes of `CanonicalText`.
package enum DocumentDefect: String, CaseIterable, Sendable {
  /// Neither UTF-8 nor marked or declared; read in the charset of the detail, a guess.
  case undeclaredOctets = "undeclared_octets"
  /// The octets are not in the charset that is declared (the detail); read in the one they are in.
  case wrongCharset = "wrong_charset"
  /// The charset that is declared is none that is known.
  case unknownCharset = "unknown_charset"
  /// Octets that the charset does not have; they became U+FFFD.
  case undecodableOctets = "undecodable_octets"
  /// Text that a reader of the rendered page would not have seen was removed.
  case hiddenText = "hidden_text"
  /// A front matter or a fenced block is not closed.
  case unclosedBlock = "unclosed_block"
  case documentTooLarge = "document_too_large"
  case textTooLong = "text_too_long"
  case tooManySegments = "too_many_segments"
  /// A quotation mark in a table is never closed; it was read as text.
  case unclosedQuote = "unclosed_quote"
  /// Text behind a closing quotation mark; it was read as part of the cell.
  case strayText = "stray_text"
  /// Rows with more or fewer cells than the table has columns; their number.
  case raggedRows = "ragged_rows"
  /// Cells beyond the limit of columns were left out; the number of their rows.
  case tooManyColumns = "too_many_columns"
  /// Lines that are no JSON value, kept as they stand; their number.
  case brokenRecords = "broken_records"
  /// Records that are larger or nested deeper than the limits, kept as they stand; their number.
  case recordsOverLimit = "records_over_limit"
}
