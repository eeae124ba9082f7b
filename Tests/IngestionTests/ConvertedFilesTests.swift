import Conversion
import Grounding
import Ingestion
import Partition
import Reading
import TestSupport
import Testing

/// Gives what programs would, for those forms whose program is "installed".
private struct Programs: FileConverting {
  var results: [ItemFormat: ConvertedFile] = [:]

  func canConvert(_ format: ItemFormat) -> Bool { results[format] != nil }

  func convert(_ octets: [UInt8], from format: ItemFormat) throws(Problem) -> ConvertedFile {
    guard let result = results[format] else { throw Problem(.needsProgram, "none") }
    return result
  }

  func convert(fileAt path: [UInt8], from format: ItemFormat) throws(Problem) -> ConvertedFile {
    try convert([], from: format)
  }
}

private let pages = ConvertedFile.pages(Array("Heron\u{C}Plover\u{C}".utf8))

private func withPDF(_ id: String) -> String {
  mail(id, parts: [attachment("a.pdf", "%PDF-1.4\nx")])
}

@Suite("Files that programs read")
struct ConvertedFilesTests {
  @Test("are skipped without the program, and read once it is there, they alone")
  func programAppears() throws {
    try withBench { bench in
      try bench.put("paper.pdf", "%PDF-1.4\nx")
      try bench.put("a.eml", withPDF("1"))
      try bench.put("b.eml", mail("2"))
      try bench.put("box.mbox", mailbox(withPDF("3"), mail("4")))
      let first = try bench.ingest()
      #expect(first.skipped == ["needs_program": 1])
      #expect(first.lacking == [.pdf: 3])
      #expect(first.failed == [] && first.items == [.mail: 4])
      let again = try bench.ingest()
      #expect(again.unchanged == 4 && again.lacking == [.pdf: 3])

      bench.converter = Programs(results: [.pdf: pages])
      let read = try bench.ingest()
      #expect(read.lacking == [:] && read.skipped == [:] && read.failed == [])
      #expect(read.items == [.mail: 4, .document: 3])
      #expect(read.added == 3)
      // The messages lost the oddity of a part that is not read; the others are as they were.
      #expect(try bench.items().filter { $0.text.contains("Heron") }.count == 3)
      let last = try bench.ingest()
      #expect(last.added + last.updated + last.removed == 0 && last.unchanged == 7)
    }
  }

  @Test("are remembered of a mailbox that grows, which is then read from its start")
  func growth() throws {
    try withBench { bench in
      try bench.put("box.mbox", mailbox(withPDF("1"), mail("2")))
      try bench.ingest()
      try bench.put("box.mbox", mailbox(withPDF("1"), mail("2"), mail("3")))
      let grown = try bench.ingest()
      #expect(grown.added == 1 && grown.lacking == [.pdf: 1])
      bench.converter = Programs(results: [.pdf: pages])
      try bench.put("box.mbox", mailbox(withPDF("1"), mail("2"), mail("3"), withPDF("4")))
      let read = try bench.ingest()
      #expect(read.items == [.mail: 4, .document: 2] && read.lacking == [:])
      #expect(read.added == 3)
    }
  }

  @Test("stay as they are when a program goes, until they change")
  func programGoes() throws {
    try withBench { bench in
      bench.converter = Programs(results: [.pdf: pages])
      try bench.put("a.eml", withPDF("1"))
      try bench.ingest()
      bench.converter = Programs()
      #expect(try bench.ingest().unchanged == 2)
      #expect(try bench.items().count == 2)
    }
  }

  @Test("an unlike program that appears has nothing read again")
  func otherProgram() throws {
    try withBench { bench in
      try bench.put("a.eml", withPDF("1"))
      try bench.ingest()
      bench.converter = Programs(results: [.outlookAttachments: .files([])])
      let summary = try bench.ingest()
      #expect(summary.unchanged == 1 && summary.lacking == [.pdf: 1])
    }
  }

  @Test("passages of a document of pages carry the page where they begin")
  func passagePages() throws {
    try withBench { bench in
      let long = (1...3).map { page in String(repeating: "Word \(page) of it. ", count: 40) }
      let pages = ConvertedFile.pages(Array(long.joined(separator: "\u{C}").utf8))
      bench.converter = Programs(results: [.pdf: pages])
      try bench.put("paper.pdf", "%PDF-1.4\nx")
      try bench.ingest()
      let item = try #require(try bench.items().first)
      let octets = Array(item.text.utf8)
      let passages = try Snapshot(home: bench.home, tenant: .default).passages(item: item.key)
      #expect(Set(passages.map(\.locator.page)) == [1, 2, 3])
      for passage in passages {
        let text = String(decoding: octets[passage.span.range], as: UTF8.self)
        #expect(text.hasPrefix("Word \(passage.locator.page ?? 0) "))
      }
    }
  }

  @Test("a mail store gives its folders' messages, and is read again when it changes")
  func mailStore() throws {
    try withBench { bench in
      let folders = [
        ("Top/Inbox/mbox", mailbox(mail("1"), mail("2"))), ("Top/Sent/mbox", mailbox(mail("3"))),
        ("Top/Drafts/mbox", ""),
      ].map { ConvertedFile.File(path: $0.0, octets: Array($0.1.utf8)) }
      bench.converter = Programs(results: [.outlookStore: .files(folders)])
      try bench.put("old.pst", Array("!BDN".utf8) + [0, 1, 2, 3])
      let summary = try bench.ingest()
      #expect(summary.failed == [] && summary.skipped == [:] && summary.messages == 3)
      #expect(try bench.ingest().unchanged == 3)
      bench.converter = Programs(results: [.outlookStore: .files([folders[0]])])
      try bench.put("old.pst", Array("!BDN".utf8) + [0, 1, 2, 3, 4])
      let less = try bench.ingest()
      #expect(less.removed == 1 && less.messages == 2)
      bench.converter = Programs()
      try bench.put("new.pst", Array("!BDN".utf8) + [0, 1])
      let without = try bench.ingest()
      #expect(without.skipped == ["needs_program": 1] && without.lacking == [.outlookStore: 1])
    }
  }
}
