import Octets

/// What kind of document a file holds, as its first octets and its name tell.
///
/// Mail is told by `MailForm`, which is asked first.
package enum FileType: Hashable, Sendable {
  case empty
  case plainText
  case markdown
  /// JSON lines with `_id` and `text`, as BEIR's `corpus.jsonl`.
  case corpusRecords
  /// Read by a program that people already have, of this name: `needs_program`.
  case converter(program: String)
  /// A form that is known by this name and not read yet: `not_yet`.
  case notYet(String)
  /// Not text, or nothing that is known: `unknown_type`.
  case unknown

  /// The type of a file that begins with `head`; some kilobytes are enough.
  ///
  /// Octets count for more
  /// than the name: a name only tells apart what is text.
  package static func detect(head: Span<UInt8>, name: String = "") -> FileType {
    guard head.count > 0 else { return .empty }
    let start = Head(head)
    let suffix = Self.suffix(name)
    if let type = binaryType(start, suffix) { return type }
    guard start.isText else { return .unknown }
    if let type = markedType(start) { return type }
    switch suffix {
    case "md", "markdown", "mdown", "mkd": return .markdown
    case "html", "htm", "xhtml": return .notYet("html")
    case "ics", "ical", "ifb": return .notYet("calendar")
    case "svg", "xml", "vcf", "eps", "ps": return .unknown
    case "jsonl", "ndjson": return start.isCorpusRecord ? .corpusRecords : .plainText
    default: return .plainText
    }
  }

  /// The letters behind the last dot, in lower case.
  private static func suffix(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  private static func binaryType(_ head: Head, _ suffix: String) -> FileType? {
    if head.contains("%PDF-", within: 1_024) { return .converter(program: "pdftotext") }
    if head.begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
      switch suffix {
      case "doc", "dot": return .converter(program: "catdoc")
      case "xls", "xlt": return .converter(program: "xls2csv")
      case "ppt", "pps": return .converter(program: "catppt")
      case "msg": return .notYet("outlook")
      default: return .unknown
      }
    }
    if head.begins([0x50, 0x4B, 0x03, 0x04]) {
      let isOffice =
        head.contains("[Content_Types].xml", within: 4_096) || head.contains("word/", within: 4_096)
        || head.contains("mimetypeapplication/", within: 100)
        || officeSuffixes.contains(suffix)
      return isOffice ? .notYet("office") : .unknown
    }
    if head.begins(Array("{\\rtf".utf8)) { return .notYet("rtf") }
    return nil
  }

  private static let officeSuffixes: Set<String> = [
    "docx", "docm", "xlsx", "xlsm", "pptx", "pptm", "odt", "ods", "odp", "epub",
  ]

  /// Text forms that say at their beginning what they are.
  private static func markedType(_ head: Head) -> FileType? {
    let word = head.firstWords
    if word.hasPrefix("<!doctype html") || word.hasPrefix("<html") { return .notYet("html") }
    if word.hasPrefix("begin:vcalendar") { return .notYet("calendar") }
    if word.hasPrefix("<?xml") || word.hasPrefix("begin:vcard") || word.hasPrefix("%!ps") {
      return .unknown
    }
    return nil
  }
}

/// The beginning of a file.
private struct Head {
  private let octets: [UInt8]

  init(_ span: Span<UInt8>) {
    var octets: [UInt8] = []
    for index in 0..<min(span.count, 16 << 10) { octets.append(span[index]) }
    self.octets = octets
  }

  func begins(_ magic: [UInt8]) -> Bool { octets.starts(with: magic) }

  func contains(_ text: String, within limit: Int) -> Bool {
    let wanted = Array(text.utf8)
    let area = octets.prefix(limit)
    guard area.count >= wanted.count else { return false }
    return (0...(area.count - wanted.count)).contains { area[$0...].starts(with: wanted) }
  }

  private var hasUTF16Mark: Bool { begins([0xFF, 0xFE]) || begins([0xFE, 0xFF]) }

  /// No NUL, and hardly any control character; UTF-16 by its mark only.
  var isText: Bool {
    if hasUTF16Mark { return octets.count % 2 == 0 && !begins([0xFF, 0xFE, 0, 0]) }
    guard !octets.contains(0) else { return false }
    let controls = octets.count {
      $0 < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D, 0x1B].contains($0) || $0 == 0x7F
    }
    guard controls * 50 <= octets.count else { return false }
    return isASCII(octets.span) || isUTF8 || octets.count(where: { $0 >= 0x80 }) * 3 <= octets.count
  }

  /// UTF-8, but for a character that the end of the head may have cut.
  private var isUTF8: Bool {
    (0...3).contains {
      octets.count >= $0 && String(validating: octets.dropLast($0), as: UTF8.self) != nil
    }
  }

  /// The first octets in lower case, white space and a byte order mark before them dropped.
  var firstWords: String {
    let rest = octets.drop { $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
    return String(
      decoding: rest.prefix(32).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  var isCorpusRecord: Bool {
    firstWords.hasPrefix("{") && contains("\"_id\"", within: 16 << 10)
  }
}
