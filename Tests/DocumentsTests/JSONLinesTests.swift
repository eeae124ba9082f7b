import Documents
import Grounding
import TestSupport
import Testing

@Suite("JSON as text")
struct JSONLinesTests {
  private func parse(
    _ text: String, _ limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    JSONLines.parse(Array(text.utf8), hints: DocumentHints(name: "log.jsonl"), limits: limits)
  }

  @Test(
    "a record is a line, a document has a line for each value",
    arguments: [
      ("", ""), ("\n \n", ""),
      (
        "{\"a\":1,\"b\":\"x\"}\n\n{\"a\":{\"c\":true,\"d\":{\"e\":-2.5e3}}}\n",
        "a: 1; b: x\na.c: true; a.d.e: -2.5e3"
      ),
      (#"{"a":1,"b":{"c":"x"},"d":[1,2,"z"]}"#, "a: 1\nb.c: x\nd: 1, 2, z"),
      ("{\n \"a\": [ {\"n\": \"x\", \"m\": 1}, {\"n\": \"y\"} ]\n}", "a.n: x\na.m: 1\na.n: y"),
      ("[{\"a\":1,\"b\":2},\n {\"a\":3}]", "a: 1; b: 2\na: 3"), ("[1,[2,3],\"x\"]", "1\n2, 3\nx"),
      ("{\"a\":[1,{\"b\":2},3]}", "a: 1\na.b: 2\na: 3"),
      ("[1,2]\n[3]\n", "1, 2\n3"), ("{\"a\":null,\"b\":\"\",\"c\":[],\"d\":{},\"e\":0}", "e: 0"),
      ("{\"a\":\"one\\ntwo\\r\\n\\tthree\"}", "a: one two   three"),
      ("{\"a\":\"\\u00e9\\ud83d\\ude00\"}", "a: é😀"), ("{\"a\":1}\r\n{\"a\":2}\r\n", "a: 1\na: 2"),
      ("\"text\"", "text"), ("{\"\":{\"\":1}}", "1"),
    ])
  func table(text: String, expected: String) {
    let item = parse(text)
    #expect(item.text == expected)
    #expect(item.defects == [])
    #expect(item.title == (expected.isEmpty ? nil : "log"))
    #expect(item.segments.map(\.kind) == (expected.isEmpty ? [] : [.table]))
  }

  @Test(
    "lines that are no JSON stay as they are, and are counted",
    arguments: [
      ("{\"a\":1}\nnot json\n{\"a\":2}", "a: 1\nnot json\na: 2", "1", Segment.Kind.table),
      ("{\"a\":1}\n{\"a\":\n{\"b\":2,}", "a: 1\n{\"a\":\n{\"b\":2,}", "2", .table),
      ("only\nwords", "only\nwords", "2", .body), ("{\"a\":1", "{\"a\":1", "1", .body),
      ("{\"a\":1} x", "{\"a\":1} x", "1", .body),
    ])
  func broken(text: String, expected: String, count: String, kind: Segment.Kind) {
    let item = parse(text)
    #expect(item.text == expected)
    #expect(item.defects == [Defect("broken_records", count)])
    #expect(item.segments.map(\.kind) == [kind])
  }

  @Test("size, depth and names at the limit are read, beyond it kept as they stand")
  func limits() {
    var limits = DocumentLimits()
    limits.recordDepth = 3
    let over = [Defect("records_over_limit", "1")]
    #expect(parse("{\"a\":1}\n{\"a\":[[7]]}", limits).text == "a: 1\na: 7")
    let deep = parse("{\"a\":1}\n{\"a\":[[[7]]]}", limits)
    #expect(deep.text == "a: 1\n{\"a\":[[[7]]]}" && deep.defects == over)
    #expect(parse("{\"a\":[[[7]]]}", limits).defects == over)
    limits = DocumentLimits()
    limits.recordOctets = 7
    #expect(parse("{\"a\":1}\n{\"a\":2}", limits).defects == [])
    let large = parse("{\"a\":1}\n{\"a\":23}", limits)
    #expect(large.text == "a: 1\n{\"a\":23}" && large.defects == over)
    limits = DocumentLimits()
    limits.nameOctets = 4
    #expect(parse("{\"long\":{\"er\":1}}", limits).text == "long: 1")
    #expect(parse("{\"é\":{\"ü\":1}}", limits).text == "é.: 1")
    limits = DocumentLimits()
    limits.textOctets = 10
    #expect(
      parse("{\"a\":1}\n{\"a\":2}\n{\"a\":3}".replacing("\n", with: " "), limits).text.isEmpty)
  }

  @Test("the worst shapes are read in one pass")
  func worst() {
    let million = 1 << 20
    for piece in [
      "{", "[", "{\"a\":", "\"", "[1,", "\\", "{\"a\":1}\n", "{}", "[]\n", "{\"a\":\"\\u",
    ] {
      let item = parse(String(repeating: piece, count: million / piece.utf8.count))
      #expect(item.hasSoundSegments)
    }
    let flat = "[" + String(repeating: "1,", count: million / 2) + "1]"
    #expect(parse(flat).defects == [])
    let name = String(repeating: "n", count: 100_000)
    let named = parse("{\"\(name)\":[" + String(repeating: "{\"k\":1},", count: 100_000) + "1]}")
    #expect(named.text.utf8.count <= DocumentLimits().textOctets)
  }

  @Test("no octets stop it")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let line = Array(
      "{\"id\": \"49\\u0041\", \"m\": {\"a\": [1, -2.5e3, true], \"b\": null}}\n[1, {\"c\": \"é\"}]"
        .utf8)
    for _ in 0..<3_000 {
      var octets = line
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        octets[Int.random(in: 0..<octets.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      octets.removeLast(Int.random(in: 0...octets.count, using: &random))
      let item = JSONLines.parse(octets)
      #expect(item.hasSoundSegments && item.text.isFitForPrompts, "seed \(seed)")
    }
  }
}
