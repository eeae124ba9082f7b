import Grounding
import Reading
import TestSupport
import Testing

@Suite struct FileReaderTests {
  static let calendarText = calendar([event("u", "Audit")])
  static let mail = messageHeader + "\nwords\n"
  static let separator = "From a@example.org Tue Nov  3 09:10:00 2026\n"

  @Test(
    "a file is what its octets are, and what its name says of text",
    arguments: [
      ("a.txt", "words", .one(.plainText)), ("a.md", "words", .one(.markdown)),
      ("a.html", "<p>words", .one(.html)), ("a", "<!DOCTYPE html><p>words", .one(.html)),
      ("a.csv", "a,b\n1,2\n", .one(.delimited)), ("a.tsv", "a\tb\n1\t2\n", .one(.delimited)),
      ("a.json", "{\"a\":1}", .one(.jsonLines)), ("a.py", "import os\n", .one(.sourceCode)),
      ("a.ics", calendarText, .calendar), ("a.txt", calendarText, .calendar),
      ("a.eml", mail, .one(.message)), ("a", mail, .one(.message)),
      ("a.mbox", separator + mail + "\n" + separator + mail, .records(.message)),
      ("a.mbox", separator + mail, .one(.message)),
      ("corpus.jsonl", "{\"_id\":\"1\",\"text\":\"x\"}\n", .records(.corpusRecord)),
      ("a.pdf", "%PDF-1.4\n", .one(.pdf)),
      ("a.docx", "PK\u{3}\u{4}[Content_Types].xml", .passedOver(.notYet)),
      ("a.bin", "\u{0}\u{1}\u{0}", .passedOver(.unknownType)), ("a.txt", "", .passedOver(.empty)),
    ] as [(String, String, DetectedFile)])
  func detect(_ name: String, _ text: String, _ expected: DetectedFile) {
    #expect(FileReader.detect(Array(text.utf8).span, name: name) == expected)
  }

  @Test(
    "a calendar is its events, what is no event is skipped with its place, and all names differ")
  func calendarFile() throws {
    let text = calendar(
      [
        event("u1", "First"), event("u1", "First changed", "SEQUENCE:2"),
        event("u2", "Second", "RECURRENCE-ID:20261110T090000Z"), event("u2", "Series"),
      ], more: ["BEGIN:VTODO", "UID:t", "SUMMARY:Paint", "END:VTODO"])
    let file = try FileReader.read(Array(text.utf8), as: .calendar)
    #expect(file.items.allSatisfy { $0.kind == .event })
    #expect(file.items.map(\.title) == ["First changed", "Second", "Series"])
    let names = file.items.compactMap(\.identity)
    #expect(Set(names).count == 3)
    #expect(names.allSatisfy { $0.contains(0) })
    #expect(file.skipped.map(\.code) == [.notYet])
    #expect(file.defects.map(\.code) == ["duplicate_event"])
    let empty = try FileReader.read(Array(calendar([]).utf8), as: .calendar)
    #expect(empty.items.isEmpty)
  }

  @Test("a record that is malformed is a problem; a document never is")
  func malformed() throws {
    let octets = Array("{\"_id\":\"1\",".utf8)
    let problem = #expect(throws: Problem.self) {
      try FileReader.read(octets, as: .corpusRecord)
    }
    #expect(problem?.code == .malformed)
    for format in ItemFormat.allCases where format != .corpusRecord && !format.isConverted {
      #expect(try FileReader.read(octets, as: format).items.allSatisfy(\.hasSoundSegments))
    }
  }

  @Test("flags and names reach the readers")
  func hints() throws {
    let hints = ReadingHints(name: "Budget.txt", flags: ["seen", "flagged"])
    let mail = try FileReader.read(Array(Self.mail.utf8), as: .message, hints: hints)
    let flags = mail.items[0].facts.filter { $0.name == "flag" }.map(\.value)
    #expect(flags == [.text("seen"), .text("flagged")])
    let note = try FileReader.read(Array("words".utf8), as: .plainText, hints: hints)
    #expect(note.items[0].title == "Budget")
  }

  @Test("the document without a word is told from one with a word, and from mail")
  func emptiness() throws {
    for (text, format, isEmpty) in [
      (" \n", .plainText, true), ("x", .plainText, false), ("", .message, false),
      ("<p></p>", .html, true),
      ("{\"_id\":\"1\",\"title\":\"T\",\"text\":\"\"}", .corpusRecord, false),
      ("{\"_id\":\"1\",\"text\":\" \"}", .corpusRecord, true),
    ] as [(String, ItemFormat, Bool)] {
      let file = try FileReader.read(Array(text.utf8), as: format)
      #expect(file.items.map(\.isEmptyDocument) == [isEmpty], "\(text)")
    }
  }
}
