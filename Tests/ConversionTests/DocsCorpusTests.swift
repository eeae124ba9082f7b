import Conversion
import Grounding
import Reading
import TestSupport
import Testing

extension AllSuites {
  /// Real documents with the text that another run of the same program gave.
  @Suite("Documents of corpora/docs", .needsCorpora, .needsPrograms)
  struct DocsCorpusTests {
    struct File {
      var path: String
      var name: String
      var format: String
      var expectation: String
      var yardstick: String
    }

    static func files(_ format: String) throws -> [File] {
      let root = try Corpora.folder("docs")
      let lines = String(decoding: try octets(ofFile: "\(root)/manifest.tsv"), as: UTF8.self)
        .split(separator: "\n").dropFirst()
      return lines.map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      .filter { $0[2] == format }
      .map { fields in
        let tool = format == "pdf" ? "pdftotext" : "extract-msg"
        let folder = "\(root)/\(fields[0])"
        return File(
          path: "\(root)/\(fields[1])", name: fields[1], format: fields[2],
          expectation: fields[5], yardstick: "\(folder)/\(tool)/\(fields[1]).txt")
      }
    }

    private func words(_ text: String) -> [String: Int] {
      var bag: [String: Int] = [:]
      // What is removed from every text: it would join words here and not there.
      let text = String(
        text.unicodeScalars.filter { !(0x202A...0x202E).contains($0.value) }.map(Character.init))
      for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
        bag[String(word), default: 0] += 1
      }
      return bag
    }

    /// Of the words of `wanted`, with their counts, those that are in `found`.
    private func recall(_ found: String, of wanted: String) -> Double {
      let found = words(found)
      let wanted = words(wanted)
      let total = wanted.values.reduce(0, +)
      let common = wanted.reduce(0) { $0 + min($1.value, found[$1.key] ?? 0) }
      return total == 0 ? 1 : Double(common) / Double(total)
    }

    @Test("each PDF is read with its pages and the words of the yardstick, or fails by name")
    func portableDocuments() throws {
      let converter = SandboxedConverter()
      var outcomes: [String: Int] = [:]
      let files = try Self.files("pdf")
      #expect(files.count == 76)
      for file in files {
        do {
          let read = try FileReader.read(
            try octets(ofFile: file.path), as: .pdf, converter: converter)
          let item = try #require(read.items.first)
          #expect(item.hasSoundSegments && item.text.isFitForPrompts, "\(file.name)")
          #expect(item.segments.allSatisfy { $0.locator.page != nil }, "\(file.name)")
          let known = (try? octets(ofFile: file.yardstick)).map {
            String(decoding: $0, as: UTF8.self)
          }
          if let known {
            #expect(recall(item.text, of: known) >= 0.99, "\(file.name)")
          }
          #expect(file.expectation != "refuse" || item.isEmptyDocument, "\(file.name)")
          let outcome = item.isEmptyDocument ? "empty" : "read"
          outcomes[
            "\(file.expectation) \(outcome)\(known == nil ? " without yardstick" : "")", default: 0] +=
            1
        } catch let problem as Problem {
          #expect([.converterFailed, .converterLimit].contains(problem.code), "\(file.name)")
          #expect(file.expectation != "text", "\(file.name)")
          outcomes["\(file.expectation) \(problem.code.rawValue)", default: 0] += 1
        }
      }
      for (outcome, count) in outcomes.sorted(by: { $0.key < $1.key }) {
        print("pdf\t\(outcome)\t\(count)")
      }
    }

    @Test("each Outlook message is read as a message, the same every time")
    func outlookMessages() throws {
      let converter = SandboxedConverter()
      for file in try Self.files("msg") {
        let octets = try octets(ofFile: file.path)
        let read = try FileReader.read(octets, as: .outlookMessage, converter: converter)
        let item = try #require(read.items.first)
        #expect(item.kind == .mail && item.hasSoundSegments, "\(file.name)")
        #expect(item.title?.isEmpty == false && item.text.contains { $0.isLetter }, "\(file.name)")
        // The yardstick decodes one of them by the wrong charset, and names fields of contacts and
        // tasks, which a message has not.
        let known = String(decoding: try TestSupport.octets(ofFile: file.yardstick), as: UTF8.self)
        let share = recall(item.text + " " + (item.title ?? ""), of: known)
        print("msg\t\(file.name)\t\(share)\t\(item.children.count) children")
        let again = try FileReader.read(octets, as: .outlookMessage, converter: converter)
        #expect(again == read, "\(file.name)")
      }
    }
  }
}
