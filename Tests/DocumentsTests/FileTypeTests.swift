import Documents
import TestSupport
import Testing

@Suite("File types")
struct FileTypeTests {
  @Test(
    "are told by the first octets, and among texts by the name",
    arguments: [
      ("", "a.md", .empty), ("hello", "a.txt", .plainText), ("hello", "README", .plainText),
      ("hello", "a.unheard", .plainText), ("# a", "a.md", .markdown),
      ("# a", "A.MARKDOWN", .markdown),
      // Tables are what is called so.
      ("a,b", "a.csv", .csv), ("a,b", "A.TSV", .tsv), ("a,b\n1,2\n3,4", "a.txt", .plainText),
      ("a,b\n1,2\n3,4", "a", .plainText),
      // JSON by name, or by a first line that is a whole object.
      (#"{"_id":"1","text":"x"}"#, "corpus.jsonl", .corpusRecords),
      (#"{"a":1}"#, "log.jsonl", .jsonLines), ("not json", "log.ndjson", .jsonLines),
      ("{\n\"a\":1}", "a.json", .jsonLines), ("{\"a\":1}\n{\"a\":2}", "server.log", .jsonLines),
      ("{\"a\":1}\n", "noname", .jsonLines), ("{\"a\":1}\n", "a.md", .markdown),
      ("{a}\n", "a.txt", .plainText), ("{}\n", "a.txt", .plainText),
      ("{\"a\"", "a.txt", .plainText),
      // Source by name or first line.
      ("x", "a.swift", .sourceCode), ("x", "Makefile", .sourceCode), ("x", "a.yaml", .sourceCode),
      ("#!/bin/sh\n", "run", .sourceCode), ("#!/bin/sh\n", "run.txt", .sourceCode),
      ("#!x", "run", .plainText), ("#!/bin/sh\n", "a.md", .markdown),
      ("<html><?php", "a.php", .sourceCode), ("{% x %}", "page.j2", .sourceCode),
      // Pages, whatever they are called.
      ("<!DOCTYPE html><p>", "page", .html), ("<!doctype HTML>", "a.txt", .html),
      ("\u{FEFF}\r\n<!-- x --> <HTML lang=en>", "a.txt", .html), ("<body>", "a.dat", .html),
      ("<p>a", "a.html", .html), ("plain", "a.htm", .html), ("<p>a", "a.txt", .plainText),
      ("<header>a", "a.txt", .plainText), ("<head>", "a.md", .html), ("<html5x", "a.txt", .html),
      ("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\">", "a.xml", .html),
      ("<?xml version=\"1.0\"?><!-- c --><html xmlns=\"x\">", "a", .html),
      ("<!-- licence -->\n<?xml version=\"1.0\"?>\n<html>", "a", .html),
      ("<?xml version=\"1.0\"?><a/>", "a.html", .html),
      // XML that is no page is not known yet.
      ("<?xml version=\"1.0\"?>", "a", .unknown),
      ("<?xml version=\"1.0\"?><a/>", "a.txt", .unknown),
      ("<svg xmlns=\"x\">", "a.txt", .unknown), ("<a/>", "a.xml", .unknown),
      (
        "<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?>", "a",
        .notYet("office")
      ),
      ("BEGIN:VCARD\r\n", "a.txt", .unknown), ("%!PS-Adobe", "a.txt", .unknown),
      // Calendars, behind marks and empty lines as well.
      ("BEGIN:VCALENDAR\r\n", "a", .calendar),
      ("\u{FEFF}\n\n begin:vcalendar\n", "a.txt", .calendar),
      ("x\nBEGIN:VEVENT", "a.ics", .calendar),
      ("no calendar", "a.ics", .plainText), ("BEGIN:VCALENDARS", "a", .plainText),
      // What another program reads, or nothing yet, whatever it is called.
      ("%PDF-1.7\n", "a.txt", .pdf),
      ("\r\n%PDF-1.7\n", "a.md", .pdf),
      ("junk\n%PDF-1.4\n1 0 obj\nendobj\n", "a.csv", .pdf),
      ("\0\u{1}junk%PDF-1.4", "a.html", .pdf),
      ("A PDF begins with\n%PDF-1.4", "a.txt", .plainText), ("%PDF-like", "a.txt", .plainText),
      ("{\\rtf1 a}", "a.doc", .notYet("rtf")), ("{\\rtf1 a}", "a.txt", .notYet("rtf")),
      ("PK\u{3}\u{4}............[Content_Types].xml", "x", .notYet("office")),
      ("PK\u{3}\u{4}......word/document.xml", "a.txt", .notYet("office")),
      ("PK\u{3}\u{4}whatever", "a.docx", .notYet("office")),
      ("PK\u{3}\u{4}......mimetypeapplication/epub+zip", "a.md", .notYet("office")),
      ("PK\u{5}\u{6}", "a.xlsx", .notYet("office")), ("PK\u{5}\u{6}", "a.txt", .unknown),
      ("PK\u{3}\u{4}whatever", "a.zip", .unknown), ("PK\u{3}\u{4}\u{14}\0\0", "a.md", .unknown),
      ("GIF89a\0\u{1}", "a.txt", .unknown), ("a\0b", "a.md", .unknown),
      ("\u{1}\u{2}\u{3}abc", "a", .unknown), ("\0\0\0\0\0\0\0\0", "a.txt", .unknown),
    ] as [(String, String, FileType)])
  func table(head: String, name: String, type: FileType) {
    let octets = Array(head.utf8)
    let detected = FileType.detect(head: octets.span, name: name)
    #expect(detected == type)
  }

  private static let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0]

  @Test(
    "binary forms have their own names",
    arguments: [
      (compound, "a.doc", .converter(program: "catdoc")), (compound, "a.bin", .unknown),
      (compound, "a.docx", .notYet("office")), (compound, "a.msg", .outlookMessage),
      (compound + wide("WordDocument"), "a.txt", .converter(program: "catdoc")),
      (compound + wide("Workbook"), "a.doc", .converter(program: "xls2csv")),
      // A presentation with a sheet and a text in it, and the sheet alone.
      (
        compound + wide("Workbook") + wide("PowerPoint Document"), "a.ppt",
        .converter(program: "catppt")
      ),
      (
        compound + wide("WordDocument") + wide("Workbook"), "a.txt", .converter(program: "catdoc")
      ),
      (compound + wide("PowerPoint Document"), "a", .converter(program: "catppt")),
      (compound + wide("__substg1.0_0037001F"), "a", .outlookMessage),
      (compound + wide("EncryptedPackage"), "a.xlsx", .notYet("office")),
      ([0x78, 0x9F, 0x3E, 0x22, 1, 0], "winmail.dat", .outlookAttachments),
      ([0x78, 0x9F, 0x3E, 0x22], "a.txt", .outlookAttachments),
      (Array("!BDN".utf8) + [0, 1, 2, 3], "a.txt", .outlookStore),
      (Array("!BDN is text".utf8), "a.txt", .plainText),
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0], "a.png", .unknown),
      ([0x1F, 0x8B, 0x08, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB], "a.gz", .unknown),
      ([0x61, 0xE9, 0x62, 0x63], "a.txt", .plainText), ([0x61, 0x62, 0xC3], "a.md", .markdown),
      // UTF-16 and UTF-32: what they say, and not what they are when read as octets.
      ([0xFF, 0xFE, 0x61, 0x00], "a.txt", .plainText), ([0xFF, 0xFE] + wide("<html>"), "a", .html),
      (wide("a plain text"), "a.txt", .plainText), (wide("BEGIN:VCALENDAR\r\n"), "a", .calendar),
      ([0xFF, 0xFE] + wide("{\"a\":1}"), "a.json", .jsonLines),
      ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "a.txt", .plainText),
      ([0x61, 0, 0, 0, 0x62, 0, 0, 0], "a.txt", .unknown),
      ([0x61, 0, 1, 0, 0x62, 0, 2, 0], "a.txt", .unknown),
    ] as [([UInt8], String, FileType)])
  func binary(octets: [UInt8], name: String, type: FileType) {
    let detected = FileType.detect(head: octets.span, name: name)
    #expect(detected == type)
  }

  private static func wide(_ text: String) -> [UInt8] { text.utf8.flatMap { [$0, 0] } }

  @Test("legacy text that is mostly beyond ASCII is text")
  func legacy() throws {
    let texts = [
      ("Встреча перенесена на четверг и на пятницу", "KOI8-R"), ("会議は木曜日に変更になりました", "CP932"),
      ("회의는 목요일로 미루어졌습니다", "UHC"), ("הפגישה נדחתה ליום חמישי הבא", "CP1255"),
    ]
    for (text, charset) in texts {
      let octets = try encoded(text, charset)
      let detected = FileType.detect(head: octets.span, name: "a.txt")
      #expect(detected == .plainText, "\(charset)")
    }
  }

  @Test(
    "a media type tells where the name says nothing",
    arguments: [
      ("a,b", "", "text/csv", .csv), ("a\tb", "blob", "text/tab-separated-values", .tsv),
      ("<p>a", "part.dat", "text/html", .html), ("# a", "", "text/markdown", .markdown),
      ("[1]", "", "application/json", .jsonLines), ("x", "", "text/plain", .plainText),
      ("x", "", "application/octet-stream", .plainText), ("a,b", "a.txt", "text/csv", .plainText),
      ("%PDF-1.4", "", "text/html", .pdf),
    ] as [(String, String, String, FileType)])
  func mediaTypes(head: String, name: String, mediaType: String, type: FileType) {
    let octets = Array(head.utf8)
    let detected = FileType.detect(head: octets.span, name: name, mediaType: mediaType)
    #expect(detected == type)
  }

  @Test("random octets are no text")
  func random() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<200 {
      let octets = (0..<2_000).map { _ in UInt8.random(in: 0...255, using: &random) }
      let detected = FileType.detect(head: octets.span, name: "a.txt")
      #expect(detected == .unknown, "seed \(seed)")
    }
  }
}
