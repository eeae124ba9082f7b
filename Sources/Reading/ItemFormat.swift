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
  // Those that a program reads first: see ``FileConverting``.
  case pdf
  /// Outlook's message, a compound file (`.msg`).
  case outlookMessage = "outlook_message"
  /// The attachments of a message that Outlook or Exchange packed together (`winmail.dat`, TNEF).
  case outlookAttachments = "outlook_attachments"
  /// Outlook's mail store (`.pst`, `.ost`).
  case outlookStore = "outlook_store"

  /// Whether a program reads it first.
  package var isConverted: Bool {
    switch self {
    case .pdf, .outlookMessage, .outlookAttachments, .outlookStore: true
    case .message, .markdown, .html, .calendar, .plainText, .sourceCode, .delimited, .jsonLines,
      .corpusRecord:
      false
    }
  }
}
