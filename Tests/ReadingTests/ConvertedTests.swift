import Grounding
import Reading
import TestSupport
import Testing

/// Gives what a program would, without one.
struct InventedConverter: FileConverting {
  var results: [ItemFormat: ConvertedFile] = [:]
  var problem = Problem(.needsProgram, "none")

  func canConvert(_ format: ItemFormat) -> Bool { results[format] != nil }

  func convert(_ octets: [UInt8], from format: ItemFormat) throws(Problem) -> ConvertedFile {
    guard let result = results[format] else { throw problem }
    return result
  }

  func convert(fileAt path: [UInt8], from format: ItemFormat) throws(Problem) -> ConvertedFile {
    try convert([], from: format)
  }
}

private let pdf = Part("application/pdf", name: "Offer.pdf", "%PDF-1.4\nx")
private let bundle = Part(
  "application/ms-tnef", name: "winmail.dat", octets: [0x78, 0x9F, 0x3E, 0x22, 1, 0])
private let outlook = Part(
  "application/vnd.ms-outlook", name: "Re.msg",
  octets: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0])

private func read(
  _ parts: [Part], _ converter: InventedConverter, limits: ReadingLimits = ReadingLimits()
) throws -> ReadFile {
  try FileReader.read(message(parts), as: .message, limits: limits, converter: converter)
}

@Suite("Converted files")
struct ConvertedTests {
  static let pages = ConvertedFile.pages(Array("First page\n\u{C}\n\u{C}  Third\npage\n\u{C}".utf8))
  static let reply = ConvertedFile.message(
    Array("Message-ID: <r@example.org>\nSubject: Reply\n\nYes.\n".utf8))

  @Test("a document of pages has a segment for each with text, under its page")
  func documentOfPages() throws {
    let converter = InventedConverter(results: [.pdf: Self.pages])
    let file = try FileReader.read(
      [], as: .pdf, hints: ReadingHints(name: "Offer.pdf"), converter: converter)
    let item = try #require(file.items.first)
    #expect(item.kind == .document && item.title == "Offer")
    #expect(item.text == "First page\n\n  Third\npage")
    #expect(item.segments.map(\.locator.page) == [1, 3])
    #expect(item.hasSoundSegments)
    let empty = InventedConverter(results: [.pdf: .pages([0x0C, 0x0C])])
    #expect(try FileReader.read([], as: .pdf, converter: empty).items[0].isEmptyDocument)
  }

  @Test("a document attached to a message is its child, with pages")
  func attachedDocument() throws {
    let file = try read([pdf], InventedConverter(results: [.pdf: Self.pages]))
    let child = try #require(file.items[0].children.first)
    #expect(child.kind == .document && child.title == "Offer")
    #expect(child.segments.map(\.locator.page) == [1, 3])
    #expect(child.identity == Array("2".utf8))
    #expect(file.parts.map(\.outcome) == [.read(.pdf)])
    #expect(file.lacking.isEmpty)
  }

  @Test("an Outlook message is a message, alone and attached")
  func outlookMessage() throws {
    let converter = InventedConverter(results: [.outlookMessage: Self.reply])
    let alone = try FileReader.read([], as: .outlookMessage, converter: converter).items[0]
    #expect(alone.kind == .mail && alone.externalID == "r@example.org")
    let child = try #require(read([outlook], converter).items[0].children.first)
    #expect(child.kind == .mail && child.title == "Reply")
  }

  @Test("the files in a bundle are children by their own types, with numbers below its own")
  func filesInBundle() throws {
    let files = [("a.txt", "words"), ("b.pdf", "%PDF-1.4\n"), ("c.bin", "\0\u{1}\u{2}\0")].map {
      ConvertedFile.File(path: $0, octets: Array($1.utf8))
    }
    let converter = InventedConverter(
      results: [.outlookAttachments: .files(files), .pdf: Self.pages])
    let file = try read([bundle, Part("text/plain", name: "z.txt", "last")], converter)
    #expect(file.items[0].children.map(\.title) == ["a", "b", "z"])
    #expect(file.parts.map(\.number) == ["2", "2.1", "2.2", "2.3", "3"])
    #expect(file.parts[3].outcome == .notRead(.unknownType))
    let alone = try FileReader.read(
      [], as: .outlookAttachments, hints: ReadingHints(name: "winmail.dat"), converter: converter)
    #expect(alone.items.map(\.title) == ["winmail.dat"])
    #expect(alone.items[0].children.map(\.title) == ["a", "b"])
    #expect(alone.parts.map(\.number) == ["1", "2", "3"])
  }

  @Test("numbers go on through attached messages and bundles")
  func numbers() throws {
    let inner = message([bundle], boundary: "c")
    let file = ConvertedFile.File(path: "a.txt", octets: Array("words".utf8))
    let converter = InventedConverter(results: [.outlookAttachments: .files([file])])
    let read = try read(
      [Part("message/rfc822", octets: inner, isEncoded: false)], converter)
    #expect(read.parts.map(\.number) == ["2", "2.2", "2.2.1"])
    #expect(read.items[0].children[0].children.map(\.identity) == [Array("2.1".utf8)])
  }

  @Test("what is not converted is named with its code, and lacking where a program is missing")
  func notConverted() throws {
    for (code, isLacking) in [
      (Problem.Code.needsProgram, true), (.noSandbox, true), (.converterFailed, false),
      (.converterLimit, false),
    ] {
      let converter = InventedConverter(problem: Problem(code, "no"))
      let file = try read([pdf, Part("text/plain", name: "z.txt", "last")], converter)
      #expect(
        file.items[0].defects == [Defect("attachment_not_read", "part 2: \(code.rawValue)")])
      #expect(file.items[0].children.map(\.title) == ["z"])
      #expect(file.lacking == (isLacking ? [.pdf] : []))
      let problem = #expect(throws: Problem.self) {
        try FileReader.read([], as: .pdf, converter: converter)
      }
      #expect(problem?.code == code)
    }
  }

  @Test("the programs run for one file are limited, and those stopped at a limit more so")
  func limits() throws {
    var limits = ReadingLimits()
    limits.conversions = 2
    let three = [pdf, pdf, pdf]
    let file = try read(three, InventedConverter(results: [.pdf: Self.pages]), limits: limits)
    #expect(file.parts.map(\.outcome) == [.read(.pdf), .read(.pdf), .notRead(.tooMany)])
    limits.conversions = 3
    limits.stoppedConversions = 2
    let stopped = InventedConverter(problem: Problem(.converterLimit, "no"))
    #expect(
      try read(three, stopped, limits: limits).parts.map(\.outcome)
        == [.notRead(.converterLimit), .notRead(.converterLimit), .notRead(.tooMany)])
  }

  @Test("bundles in bundles and messages in messages end at the depth limit")
  func depth() throws {
    var limits = ReadingLimits()
    limits.messageDepth = 2
    let inner = ConvertedFile.File(path: "w.dat", octets: bundle.octets)
    let nested = InventedConverter(results: [.outlookAttachments: .files([inner])])
    let file = try read([bundle], nested, limits: limits)
    #expect(file.parts.map(\.number) == ["2", "2.1", "2.1.1"])
    #expect(file.parts.last?.outcome == .notRead(.tooDeep))
  }
}
