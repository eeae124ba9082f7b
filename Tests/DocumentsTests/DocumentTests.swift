import Documents
import Grounding
import Octets
import TestSupport
import Testing

@Suite("Plain text")
struct PlainTextTests {
  @Test(
    "the charset is told by mark, by form, or assumed with a defect",
    arguments: [
      ([0x61, 0xC3, 0xA9], "aé", []), ([0xEF, 0xBB, 0xBF, 0x61], "a", []),
      ([0xFF, 0xFE, 0x61, 0, 0xE9, 0], "aé", []), ([0xFE, 0xFF, 0, 0x61], "a", []),
      ([0x61, 0xE9], "aé", ["undeclared_octets"]), ([0x93, 0x94], "“”", ["undeclared_octets"]),
      ([0xEF, 0xBB, 0xBF, 0xFF], "\u{FFFD}", ["undecodable_octets"]),
      ([0x61, 0x0D, 0x0A, 0x62, 0x0D, 0x63], "a\nb\nc", []),
      ([0x61, 0x1B, 0x62], "ab", ["control_characters"]),
    ] as [([UInt8], String, [String])])
  func charsets(octets: [UInt8], text: String, defects: [String]) {
    let item = PlainText.parse(octets, hints: DocumentHints(name: "a.b.txt"))
    #expect(item.text == text)
    #expect(item.defects.map(\.code) == defects)
    #expect(item.title == "a.b" && item.kind == .document && item.identity == nil)
    #expect(item.segments.map(\.span.range) == [0..<text.utf8.count])
  }

  @Test(
    "octets and text at the limit are whole, beyond it cut with a defect",
    arguments: [
      (8, 100, "abcdéf", []), (7, 100, "abcdéf", []), (6, 100, "abcdé", ["document_too_large"]),
      (5, 100, "abcd", ["document_too_large"]), (0, 100, "", ["document_too_large"]),
      (7, 7, "abcdéf", []), (7, 6, "abcdé", ["text_too_long"]), (7, 5, "abcd", ["text_too_long"]),
    ] as [(Int, Int, String, [String])])
  func limits(octets: Int, text: Int, expected: String, defects: [String]) {
    var limits = DocumentLimits()
    limits.octets = octets
    limits.textOctets = text
    let item = PlainText.parse(Array("abcdéf".utf8), limits: limits)
    #expect(item.text == expected)
    #expect(item.defects.map(\.code) == defects)
  }
}

@Suite("Records of a corpus")
struct CorpusRecordTests {
  @Test("title and text are as they are, and the id is the item's")
  func whole() throws {
    let line =
      #"{"_id": "4983", "title": "T \u00e9", "text": "a\nb \"c\" \ud83d\ude00 \/", "metadata": {"a": [1, -2.5e3, true, null, {}]}}"#
    let item = try CorpusRecord.parse(line: Array(line.utf8))
    #expect(item.externalID == "4983" && item.identity == Array("4983".utf8))
    #expect(item.title == "T é" && item.text == "a\nb \"c\" 😀 /" && item.defects.isEmpty)
    #expect(item.segments == [Segment(kind: .body, span: TextSpan(0..<item.text.utf8.count))])
  }

  @Test(
    "what may be absent may be absent",
    arguments: [
      (#"{"_id":"a"}"#, nil, ""), (#" {"_id":7,"title":null,"text":"x"} "#, nil, "x"),
      (#"{"_id":"a","title":"","text":"x","other":[[]]}"#, nil, "x"),
      (#"{"_id":"a","title":"t","text":"\ud800x\u0000"}"#, "t", "\u{FFFD}x"),
    ] as [(String, String?, String)])
  func sparse(line: String, title: String?, text: String) throws {
    let item = try CorpusRecord.parse(line: Array(line.utf8))
    #expect(item.title == title && item.text == text)
  }

  @Test(
    "what is no record is a named problem",
    arguments: [
      "", "{}", "[]", "{", #"{"_id":""}"#, #"{"_id":null}"#, #"{"_id":"a"} x"#, #"{"_id":"a",}"#,
      #"{"_id":"a","_id":"b"}"#, #"{"_id":["a"]}"#, #"{"_id":"a","text":{}}"#,
      #"{"_id":"a" "b":1}"#,
      #"{"_id":"a","x":01}"#, #"{"_id":"a","x":tru}"#, #"{"_id":"a\q"}"#, "{\"_id\":\"a\nb\"}",
      #"{"_id":"\u12g4"}"#, #"{'_id':'a'}"#, #"{"_id":"a","x":1.}"#,
    ])
  func malformed(line: String) {
    #expect(throws: Problem.self) { try CorpusRecord.parse(line: Array(line.utf8)) }
  }

  @Test("octets that are not UTF-8 are malformed")
  func notUTF8() {
    let problem = #expect(throws: Problem.self) {
      try CorpusRecord.parse(line: Array(#"{"_id":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
    }
    #expect(problem?.code == .malformed)
  }

  @Test("size and depth at the limit are read, beyond it refused")
  func limits() throws {
    var limits = DocumentLimits()
    limits.recordDepth = 4
    func nested(_ depth: Int) -> [UInt8] {
      let open = String(repeating: "[", count: depth)
      let close = String(repeating: "]", count: depth)
      return Array(#"{"_id":"a","x":\#(open)\#(close)}"#.utf8)
    }
    _ = try CorpusRecord.parse(line: nested(2), limits: limits)
    _ = try CorpusRecord.parse(line: nested(3), limits: limits)
    let problem = #expect(throws: Problem.self) {
      try CorpusRecord.parse(line: nested(4), limits: limits)
    }
    #expect(problem?.code == .tooDeep)
    limits.recordOctets = nested(2).count
    _ = try CorpusRecord.parse(line: nested(2), limits: limits)
    limits.recordOctets -= 1
    let large = #expect(throws: Problem.self) {
      try CorpusRecord.parse(line: nested(2), limits: limits)
    }
    #expect(large?.code == .tooLarge)
  }

  @Test("no octets stop it")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let line = Array(
      #"{"_id": "49\u0041", "title": "T", "text": "a\n", "m": {"a": [1, -2.5e3]}}"#.utf8)
    for _ in 0..<5_000 {
      var octets = line
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: 0..<octets.count, using: &random)
        octets[at] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) {
        octets.removeLast(Int.random(in: 0..<octets.count, using: &random))
      }
      if let item = try? CorpusRecord.parse(line: octets) {
        #expect(item.text.isFitForPrompts && item.hasSoundSegments, "seed \(seed)")
      }
    }
  }

  @Test("every record of SciFact is read", .needsCorpora)
  func scifact() throws {
    let folder = try Corpora.folder("ir/scifact")
    let lines = try octets(ofFile: "\(folder)/scifact/corpus.jsonl").split(separator: 0x0A)
    var ids: Set<String> = []
    for line in lines {
      let item = try CorpusRecord.parse(line: Array(line))
      ids.insert(try #require(item.externalID))
      #expect(item.title != nil && !item.text.isEmpty)
    }
    #expect(ids.count == 5_183 && lines.count == 5_183)
  }
}
