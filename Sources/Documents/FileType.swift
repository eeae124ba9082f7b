import Octets

/// What kind of document a file holds, as its first octets and its name tell.
///
/// Mail is told by `MailForm`, which is asked first.
package enum FileType: Hashable, Sendable {
  case empty
  case plainText
  case markdown
  /// Read by ``HTMLDocument``; XHTML as well.
  case html
  /// Read by ``DelimitedText``, as ``tsv`` is.
  case csv
  case tsv
  /// JSON, one value a line or one document: read by ``JSONLines``.
  case jsonLines
  /// Read by ``SourceCode``; configuration and other text by lines as well.
  case sourceCode
  /// iCalendar.
  case calendar
  /// JSON lines with `_id` and `text`, as BEIR's `corpus.jsonl`.
  case corpusRecords
  // Read by programs that people already have: `Conversion`'s table names them.
  case pdf
  /// Outlook's message, store, and bundle of attachments (TNEF, MS-OXTNEF).
  case outlookMessage
  case outlookStore
  case outlookAttachments
  /// A form whose program is known by name and not used yet: `needs_program`.
  case converter(program: String)
  /// A form that is known by this name and not read yet: `not_yet`.
  case notYet(String)
  /// Not text, or nothing that is known: `unknown_type`.
  case unknown

  /// The type of a file that begins with `head`; 64 KiB are enough.
  ///
  /// Octets count for more than the name: a PDF, an archive, a page, a calendar or a script is one
  /// whatever it is called. A name tells apart what is text without a mark of its own, and the media
  /// type that came along does where the name says nothing. Tables are only what is called so. Pages
  /// called as source that makes pages (PHP) are source. XML that is no HTML is not known yet.
  package static func detect(
    head: Span<UInt8>, name: String = "", mediaType: String? = nil
  ) -> FileType {
    guard head.count > 0 else { return .empty }
    let start = FileHead(head)
    let suffix = fileSuffix(name)
    if let type = binaryType(start, suffix) { return type }
    guard start.isText else { return .unknown }
    let isTemplate = templateSuffixes.contains(suffix)
    if let type = markedType(start, suffix), type != .html || !isTemplate { return type }
    if let type = namedType(start, suffix) { return type }
    if CodeLanguage.named(name) != nil || start.hasShebang { return .sourceCode }
    if ["", "txt", "log"].contains(suffix), JSONLines.beginsRecord(start.text) {
      return .jsonLines
    }
    return suffix.isEmpty || suffix == "dat" || suffix == "bin"
      ? mediaType.flatMap(typed) ?? .plainText : .plainText
  }

  private static func namedType(_ head: FileHead, _ suffix: String) -> FileType? {
    switch suffix {
    case "md", "markdown", "mdown", "mkd": .markdown
    case _ where pageSuffixes.contains(suffix): .html
    case "ics", "ical", "ifb": head.contains("BEGIN:", within: 64 << 10) ? .calendar : .plainText
    case "svg", "xml", "vcf", "eps", "ps", "rdf", "rss", "atom", "xsl", "xsd": .unknown
    case "csv": .csv
    case "tsv", "tab": .tsv
    case "jsonl", "ndjson": head.isCorpusRecord ? .corpusRecords : .jsonLines
    case "json", "geojson", "ipynb", "webmanifest", "har": .jsonLines
    default: nil
    }
  }

  private static func typed(_ mediaType: String) -> FileType? {
    switch mediaType {
    case "text/markdown": .markdown
    case "text/html", "application/xhtml+xml": .html
    case "text/calendar": .calendar
    case "text/csv": .csv
    case "text/tab-separated-values": .tsv
    case "application/json", "application/x-ndjson", "application/jsonl": .jsonLines
    default: nil
    }
  }

  private static func binaryType(_ head: FileHead, _ suffix: String) -> FileType? {
    if head.isPDF { return .pdf }
    if head.begins([0x78, 0x9F, 0x3E, 0x22]) { return .outlookAttachments }
    if head.begins(Array("!BDN".utf8)), !head.isText { return .outlookStore }
    if head.begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
      return compoundType(head, suffix)
    }
    if head.isArchive {
      let marks = ["[Content_Types].xml", "_rels/.rels", "docProps/", "word/", "xl/", "ppt/"]
      let isOffice =
        marks.contains { head.contains($0, within: 4_096) }
        || head.contains("mimetypeapplication/", within: 100) || officeSuffixes.contains(suffix)
      return isOffice ? .notYet("office") : .unknown
    }
    if head.begins(Array("{\\rtf".utf8)) { return .notYet("rtf") }
    return nil
  }

  /// An OLE 2 compound file: by a stream that only one program writes, else by the name.
  ///
  /// Documents stand inside of each other: an encrypted one hides all else, then the stream that fits
  /// the name counts, then the name where the directory may lie behind the head, then the first.
  private static func compoundType(_ head: FileHead, _ suffix: String) -> FileType {
    let named = compoundType(suffix)
    var first: (place: Int, type: FileType)?
    for (stream, type) in streams {
      guard let place = head.place(of: stream.utf8.flatMap { [$0, 0] }) else { continue }
      if type == named || stream == "EncryptedPackage" { return type }
      if place < first?.place ?? .max { first = (place, type) }
    }
    return head.isFull && named != .unknown ? named : first?.type ?? named
  }

  private static let streams: [(String, FileType)] = [
    ("EncryptedPackage", .notYet("office")), ("__substg1.0_", .outlookMessage),
    ("WordDocument", .converter(program: "catdoc")),
    ("Workbook", .converter(program: "xls2csv")), ("Book", .converter(program: "xls2csv")),
    ("PowerPoint Document", .converter(program: "catppt")),
  ]

  private static func compoundType(_ suffix: String) -> FileType {
    switch suffix {
    case "doc", "dot": .converter(program: "catdoc")
    case "xls", "xlt": .converter(program: "xls2csv")
    case "ppt", "pps", "pot": .converter(program: "catppt")
    case "msg": .outlookMessage
    default: officeSuffixes.contains(suffix) ? .notYet("office") : .unknown
    }
  }

  private static let officeSuffixes: Set<String> = [
    "docx", "docm", "dotx", "xlsx", "xlsm", "xlsb", "pptx", "pptm", "ppsx", "odt", "ods", "odp",
    "epub",
  ]

  private static let pageSuffixes: Set<String> = ["html", "htm", "xhtml", "xht"]

  /// Source that makes pages and may begin as one.
  private static let templateSuffixes: Set<String> = [
    "php", "jsp", "asp", "aspx", "erb", "ejs", "vue", "svelte", "hbs", "j2", "tmpl",
  ]

  /// Text forms that say at their beginning what they are.
  private static func markedType(_ head: FileHead, _ suffix: String) -> FileType? {
    let word = head.firstWords
    func begins(_ mark: String) -> Bool {
      guard word.hasPrefix(mark) else { return false }
      // `<header>` is not `<head`.
      guard let next = word.utf8.dropFirst(mark.utf8.count).first else { return true }
      return !(0x61...0x7A).contains(next) && next != 0x2D
    }
    if ["<!doctype html", "<html", "<head", "<body"].contains(where: begins) { return .html }
    if begins("begin:vcalendar") { return .calendar }
    if begins("<?xml") {
      if head.contains("mso-application", within: 1_024) { return .notYet("office") }
      if head.contains("<office:document", within: 4_096) { return .notYet("office") }
      return head.isXHTML || pageSuffixes.contains(suffix) ? .html : .unknown
    }
    let others = ["begin:vcard", "%!ps", "<svg", "<rss", "<feed", "<!doctype svg"]
    return others.contains { word.hasPrefix($0) } ? .unknown : nil
  }
}
