import Grounding
import Octets
import Reading
import TestSupport
import Testing

@Suite(.needsCorpora) struct CorpusTests {
  private struct Listed: Hashable {
    var mail: String
    var octets: Int
    var hash: String
  }

  @Test("every attachment of the 15 mails of eml-attach is there to the octet, a child or named")
  func attachments() throws {
    let folder = try Corpora.folder("docs")
    let table = String(decoding: try octets(ofFile: "\(folder)/eml-attach.tsv"), as: UTF8.self)
    let lines = table.split(whereSeparator: \.isNewline).dropFirst()
    let listed = lines.map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Listed(mail: fields[0], octets: Int(fields[4]) ?? -1, hash: fields[5])
    }
    #expect(listed.count == 28)
    var found: [Listed] = []
    var outcomes: [String: Int] = [:]
    for mail in Set(listed.map(\.mail)).sorted() {
      let file = try read(try octets(ofFile: "\(folder)/ok/\(mail)"))
      let item = try #require(file.items.first)
      #expect(!item.text.isEmpty && item.externalID != nil, "\(mail)")
      for part in file.parts {
        // One is forwarded in a message, which the list does not name.
        if part.outcome != .read(.message) {
          found.append(Listed(mail: mail, octets: part.octetCount, hash: hexadecimal(part.hash)))
        }
        let isChild = all(item).contains { $0.contentHash == part.hash }
        switch part.outcome {
        case .read(let format):
          #expect(isChild, "\(mail)")
          outcomes[format.rawValue, default: 0] += 1
        case .notRead(let code):
          #expect(notRead(item).contains("part \(part.number): \(code.rawValue)"), "\(mail)")
          outcomes[code.rawValue, default: 0] += 1
        case .furniture: outcomes["furniture", default: 0] += 1
        }
      }
    }
    #expect(Set(found) == Set(listed))
    #expect(found.count == 28)
    #expect(
      outcomes == [
        "html": 3, "delimited_text": 1, "markdown": 1, "message": 1,
        "needs_program": 6, "not_yet": 17,
      ])
  }

  private func all(_ item: ParsedItem) -> [ParsedItem] {
    item.children.flatMap { [$0] + all($0) }
  }

  private func hexadecimal(_ octets: [UInt8]) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
