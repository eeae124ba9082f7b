/// What one item's octets are.
package enum ItemFormat: String, Hashable, Sendable, Codable, CaseIterable {
  case message, markdown, html, calendar
  case plainText = "text"
  case sourceCode = "source_code"
  /// Comma or tab separated values.
  case delimited = "delimited_text"
  case jsonLines = "json_lines"
  /// A line of a BEIR `corpus.jsonl`.
  case corpusRecord = "corpus_record"
}
