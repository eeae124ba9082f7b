import Documents
import Grounding
import TestSupport
import Testing

@Suite("A collection of documents", .needsCorpora)
struct CollectionTests {
  private struct File {
    var path: String
    var name: String
    var format: String
    var expectation: String
  }

  private func files() throws -> [File] {
    let folder = try Corpora.folder("docs")
    let manifest = String(decoding: try octets(ofFile: "\(folder)/manifest.tsv"), as: UTF8.self)
    return manifest.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let name = fields[1].split(separator: "/").last.map(String.init) ?? ""
      return File(
        path: "\(folder)/\(fields[1])", name: name, format: fields[2],
        expectation: fields[5])
    }
  }

  /// The reader of what is read as text.
  private func parse(_ type: FileType, _ octets: [UInt8], _ hints: DocumentHints) -> ParsedItem? {
    switch type {
    case .plainText: PlainText.parse(octets, hints: hints)
    case .markdown: Markdown.parse(octets, hints: hints)
    case .html: HTMLDocument.parse(octets, hints: hints)
    case .csv, .tsv: DelimitedText.parse(octets, hints: hints)
    case .jsonLines: JSONLines.parse(octets, hints: hints)
    case .sourceCode: SourceCode.parse(octets, hints: hints)
    case .empty, .calendar, .corpusRecords, .converter, .notYet, .unknown, .pdf, .outlookMessage,
      .outlookStore, .outlookAttachments:
      nil
    }
  }

  @Test("each is told by its content, and what is no text is not read as text")
  func types() throws {
    var counts: [String: Int] = [:]
    let files = try files()
    #expect(files.count == 446)
    for file in files {
      let octets = try octets(ofFile: file.path)
      let type = FileType.detect(head: octets.span.extracting(first: 64 << 10), name: file.name)
      counts["\(file.format)\t\(file.expectation)\t\(type)", default: 0] += 1
      guard let item = parse(type, octets, DocumentHints(name: file.name)) else { continue }
      // Of the other forms, what is read as text is a text under a wrong name.
      let isTextual = ["html", "md", "csv", "eml"].contains(file.format)
      #expect(isTextual || String(validating: octets, as: UTF8.self) != nil, "\(file.path)")
      let isMarked = octets.starts(with: [0xFF, 0xFE]) || octets.starts(with: [0xFE, 0xFF])
      #expect(isMarked || !octets.contains(0), "\(file.path)")
      #expect(item.hasSoundSegments && item.text.isFitForPrompts, "\(file.path)")
      #expect((item.text + (item.title ?? "")).contains { $0.isLetter }, "\(file.path)")
    }
    if Corpora.environment("LOAM_MEASURE") == "1" {
      for (line, count) in counts.sorted(by: { $0.key < $1.key }) {
        print("docs\t\(line)\t\(count)")
      }
    }
  }

  @Test("no binary one is read as text under any other name")
  func misnamed() throws {
    for file in try files() where !["html", "md", "csv", "eml"].contains(file.format) {
      let octets = try octets(ofFile: file.path)
      guard String(validating: octets, as: UTF8.self) == nil else { continue }
      let head = octets.span.extracting(first: 64 << 10)
      for name in ["a.txt", "a.md", "a.html", "a.csv", "a.json", "a.py", "a.ics", "a"] {
        let type = FileType.detect(head: head, name: name)
        let item = parse(type, octets, DocumentHints(name: name))
        #expect(item == nil, "\(file.path) as \(name): \(type)")
      }
    }
  }
}
