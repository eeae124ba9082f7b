import Calendar
import Documents
package import Grounding
import Mail

/// The one place where octets become items: what a file is, and the parser that reads it.
///
/// Values in, values out: no store, clock or process, so that it can run in a process of its own. Files
/// of foreign forms are first converted by what the caller brings for that.
package enum FileReader {
  /// Raised when the readers make something else of the same octets, so that stores read again.
  package static let version = 3

  /// The type of a file whose octets are all there: by its content, and by its name where that is
  /// text without a mark.
  package static func detect(_ octets: Span<UInt8>, name: String) -> DetectedFile {
    switch MailForm.detect(octets, name: name) {
    case .mailbox: .records(.message)
    case .message: .one(.message)
    case nil: DetectedFile(FileType.detect(head: octets.extracting(first: headOctets), name: name))
    }
  }

  /// The items in `octets`, which are all of a file or one of its records.
  ///
  /// A message's attachments are read by their type and become its children: documents, attached
  /// messages, and the events of invitations. An attachment's `identity` is its part's number, an
  /// event's UID, 0x00, RECURRENCE-ID. Whatever is not read is a defect `attachment_not_read`.
  ///
  /// - Throws: what a record's parser throws: `malformed`, `too_large`, `too_deep`; for a form that a
  ///   program reads, what `converter` throws.
  /// - Complexity: O(octets), those of attached messages once for each message around them.
  package static func read(
    _ octets: [UInt8], as format: ItemFormat, hints: ReadingHints = ReadingHints(),
    limits: ReadingLimits = ReadingLimits(), converter: any FileConverting = NoConverter()
  ) throws(Problem) -> ReadFile {
    var file = ReadFile()
    var reader = MessageTreeReader(limits: limits, converter: converter)
    switch format {
    case .message:
      file.items = [reader.readStored(octets, hints: hints)]
    case .pdf, .outlookMessage, .outlookAttachments, .outlookStore:
      switch try converter.convert(octets, from: format) {
      case .pages(let text): file.items = [pages(text, hints, limits)]
      case .message(let message): file.items = [reader.read(message, hints: hints)]
      case .files(let files): file.items = [reader.read(files, hints: hints)]
      }
    case .calendar:
      let calendar = CalendarParser.parse(
        octets, hints: CalendarHints(charsetLabel: hints.charsetLabel), limits: limits.calendar)
      var names = EventNames()
      file.items = calendar.events.compactMap { names.distinct($0) }
      file.skipped = calendar.skipped.map { SkippedPart($0.code, place: $0.place) }
      file.defects = calendar.defects + names.defects
    default:
      file.items = [try document(octets, format, hints, limits)]
    }
    file.parts = reader.parts
    file.lacking = reader.lacking
    return file
  }

  /// What a program printed of a document made of pages.
  static func pages(
    _ text: [UInt8], _ hints: ReadingHints, _ limits: ReadingLimits
  ) -> ParsedItem {
    PagedText.parse(text, hints: DocumentHints(name: hints.name), limits: limits.documents)
  }

  /// One document of a format that is no message, no calendar and not converted.
  static func document(
    _ octets: [UInt8], _ format: ItemFormat, _ hints: ReadingHints, _ limits: ReadingLimits
  ) throws(Problem) -> ParsedItem {
    let known = DocumentHints(
      name: hints.name, mediaType: hints.mediaType, charsetLabel: hints.charsetLabel)
    let limits = limits.documents
    return switch format {
    case .markdown: Markdown.parse(octets, hints: known, limits: limits)
    case .html: HTMLDocument.parse(octets, hints: known, limits: limits)
    case .delimited: DelimitedText.parse(octets, hints: known, limits: limits)
    case .jsonLines: JSONLines.parse(octets, hints: known, limits: limits)
    case .sourceCode: SourceCode.parse(octets, hints: known, limits: limits)
    case .corpusRecord: try CorpusRecord.parse(line: octets, limits: limits)
    case .plainText, .message, .calendar, .pdf, .outlookMessage, .outlookAttachments,
      .outlookStore:
      PlainText.parse(octets, hints: known, limits: limits)
    }
  }

  /// Octets from the start of a file by which types are told.
  static let headOctets = 64 << 10
}

extension DetectedFile {
  init(_ type: FileType) {
    self =
      switch type {
      case .plainText: .one(.plainText)
      case .markdown: .one(.markdown)
      case .html: .one(.html)
      case .csv, .tsv: .one(.delimited)
      case .jsonLines: .one(.jsonLines)
      case .sourceCode: .one(.sourceCode)
      case .calendar: .calendar
      case .corpusRecords: .records(.corpusRecord)
      case .pdf: .one(.pdf)
      case .outlookMessage: .one(.outlookMessage)
      case .outlookAttachments: .one(.outlookAttachments)
      case .outlookStore: .records(.outlookStore)
      case .converter: .passedOver(.needsProgram)
      case .notYet: .passedOver(.notYet)
      case .empty: .passedOver(.empty)
      case .unknown: .passedOver(.unknownType)
      }
  }
}

extension ParsedItem {
  /// Whether it is a document without a word; a message always says something by its header, an
  /// event by its times.
  ///
  /// A file's title may be its name alone, a record's is its own.
  package var isEmptyDocument: Bool {
    kind == .document && children.isEmpty && (identity == nil || (title ?? "").isEmpty)
      && text.utf8.allSatisfy { $0 <= 0x20 }
  }
}
