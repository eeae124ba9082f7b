import Grounding
import Reading
import Testing

/// Messages in messages that would grow without end.
@Suite("Bombs in what is attached")
struct BombTests {
  private func chain(_ item: ParsedItem) -> [ParsedItem] {
    [item] + (item.children.first.map(chain) ?? [])
  }

  @Test("base64 of a message in base64 of a message ends at the depth limit, and says where")
  func nestedBase64() throws {
    let leaf = Array((messageHeader + "\ninnermost\n").utf8)
    var whole = leaf
    var attached = leaf
    for _ in 0..<20 {
      let head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
      whole = Array((messageHeader + head + base64(whole)).utf8)
      attached = message([Part("application/octet-stream", name: "a.eml", octets: attached)])
    }
    for (octets, part, text) in [(whole, "1", ""), (attached, "2", "See what is attached.")] {
      let file = try read(octets)
      let messages = chain(file.items[0])
      #expect(messages.count == ReadingLimits().messageDepth + 1)
      #expect(messages.allSatisfy { $0.text == text && $0.title == "Papers" })
      #expect(messages.last?.defects == [Defect("attachment_not_read", "part \(part): too_deep")])
      #expect(messages.dropLast().allSatisfy { $0.defects.isEmpty })
      #expect(
        file.parts.map(\.number)
          == (1...9).map { (1...$0).map { _ in part }.joined(separator: ".") })
      #expect(
        file.parts.map(\.outcome)
          == Array(repeating: .read(.message), count: 8) + [.notRead(.tooDeep)])
    }
  }

  @Test("messages that each hold many end at the number of children; the others are named")
  func wide() throws {
    var octets = Array((messageHeader + "\nleaf\n").utf8)
    for level in 0..<3 {
      octets = message(
        (0..<40).map { _ in Part("message/rfc822", octets: octets, isEncoded: false) },
        boundary: "level\(level)")
    }
    let file = try read(octets)
    #expect(file.parts.count { $0.outcome == .read(.message) } == ReadingLimits().children)
    #expect(
      file.parts.allSatisfy { $0.outcome == .read(.message) || $0.outcome == .notRead(.tooMany) })
    let item = file.items[0]
    #expect(item.text == "See what is attached." && item.children.count == 1)
    #expect(notRead(item) == (3...41).map { "part \($0): too_many" })
  }

  @Test("a message with a million parts has the children that there is room for")
  func parts() throws {
    let part = "--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nword\n"
    let source =
      messageHeader + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nkept\n"
      + String(repeating: part, count: 1_000_000)
    let item = try read(Array(source.utf8)).items[0]
    #expect(item.text == "kept" && item.children.count == 500)
    #expect(item.defects.first == Defect("too_many_parts"))
    #expect(item.defects.dropFirst().first == Defect("too_many_attachments", "part 502"))
    #expect(item.defects.last == Defect("more_defects"))
  }
}

@Suite("Limits of what is attached")
struct ReadingLimitsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var limit: String
    var path: any WritableKeyPath<ReadingLimits, Int> & Sendable
    /// Of ``parts``.
    var size: Int
    var code: String
    var parts: [Part]
    var converter = NoConverter() as any FileConverting
    var testDescription: String { limit }
  }

  private static let notes = (0..<3).map { Part("text/plain", name: "\($0).txt", "0123456789") }
  private static let pdfs = (0..<3).map {
    Part("application/pdf", name: "\($0).pdf", "%PDF-1.4\nx")
  }
  private static let picture = Part(
    "image/png", octets: [0x89] + Array("PNG\r\n\u{1A}\n".utf8) + [UInt8](repeating: 0, count: 92),
    isInline: true)

  private static func nested(_ depth: Int) -> Part {
    let inner = depth > 1 ? [nested(depth - 1)] : []
    return Part(
      "message/rfc822", octets: message(inner, boundary: "b\(depth)"), isEncoded: false)
  }

  static let cases = [
    Case(
      limit: "messageDepth", path: \.messageDepth, size: 3, code: "too_deep", parts: [nested(3)]),
    Case(limit: "children", path: \.children, size: 3, code: "too_many", parts: notes),
    Case(limit: "children within", path: \.children, size: 3, code: "too_many", parts: [nested(3)]),
    Case(
      limit: "attachedOctets", path: \.attachedOctets, size: 30, code: "too_large", parts: notes),
    Case(
      limit: "furnitureOctets", path: \.furnitureOctets, size: 100, code: "unknown_type",
      parts: [picture]),
    Case(
      limit: "conversions", path: \.conversions, size: 3, code: "too_many", parts: pdfs,
      converter: InventedConverter(results: [.pdf: ConvertedTests.pages])),
    Case(
      limit: "stoppedConversions", path: \.stoppedConversions, size: 3, code: "too_many",
      parts: pdfs, converter: InventedConverter(problem: Problem(.converterLimit, "no"))),
  ]

  private func codes(_ item: ParsedItem) -> [String] {
    notRead(item).compactMap { $0.split(separator: " ").last.map(String.init) }
      + item.children.flatMap(codes)
  }

  @Test("at and below its limit all is read, above it what is not is named", arguments: cases)
  func each(_ test: Case) throws {
    let octets = message(test.parts)
    for (value, isWhole) in [
      (test.size + 1, true), (test.size, true), (test.size - 1, false), (0, false), (-1, false),
    ] {
      var limits = ReadingLimits()
      limits[keyPath: test.path] = value
      let file = try FileReader.read(
        octets, as: .message, limits: limits, converter: test.converter)
      let item = try #require(file.items.first)
      #expect(codes(item).contains(test.code) != isWhole, "\(test.limit) at \(value)")
      #expect(item.text == "See what is attached.")
    }
  }
}
