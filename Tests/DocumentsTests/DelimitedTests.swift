import Documents
import Grounding
import TestSupport
import Testing

@Suite("Delimited text")
struct DelimitedTextTests {
  private func parse(
    _ text: String, name: String = "prices.csv", _ limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    DelimitedText.parse(Array(text.utf8), hints: DocumentHints(name: name), limits: limits)
  }

  @Test(
    "a row is a line with its columns' names",
    arguments: [
      ("", ""), ("\n\n", ""), ("name", "name"), ("name,price", "name; price"),
      ("name,price\nTea,4\nJam,5\n", "name: Tea; price: 4\nname: Jam; price: 5"),
      ("name;price\r\nTea;4,50\r\nJam;5,20", "name: Tea; price: 4,50\nname: Jam; price: 5,20"),
      ("1,5;2,5\n3,5;4,5", "1,5; 2,5\n3,5; 4,5"),
      ("name\tprice\rTea\t4\rJam\t5", "name: Tea; price: 4\nname: Jam; price: 5"),
      ("name|price\nTea|4", "name: Tea; price: 4"),
      ("sep=|\nname|price\nTea, green|4", "name: Tea, green; price: 4"),
      // Quotation marks: doubling, delimiters and line ends inside, blanks before, single ones.
      ("a,b\n\"x, \"\"y\"\"\",2", "a: x, \"y\"; b: 2"),
      ("a,b\n\"one\r\ntwo\n\nthree\",2", "a: one  two  three; b: 2"),
      ("a, b\n1, \"x, y\"", "a: 1; b: x, y"), ("a,b\n1,\"\"", "a: 1"),
      ("'a','b'\n'x, y','2'\n'it''s','3'", "a: x, y; b: 2\na: it's; b: 3"),
      ("a,b\n\"say \\\"yes\\\", please\",2", "a: say \"yes\", please; b: 2"),
      ("size,b\n5\" pipe,2", "size: 5\" pipe; b: 2"),
      // Empty cells, empty lines, names that are empty, doubled or end with a colon.
      ("a,b,c\n1,,3\n\n,,\n,2,", "a: 1; c: 3\nb: 2"), ("a,,c\n1,2,3", "a: 1; 2; c: 3"),
      ("a,a\n1,2", "a: 1; a: 2"), ("a:,b\n1,2", "a: 1; b: 2"),
      ("\u{FEFF}a,b\n1,2", "a: 1; b: 2"),
      ("Region;2024;2025\nNorth;5;6", "Region: North; 2024: 5; 2025: 6"),
      ("North;2024;6\nSouth;2025;7", "North; 2024; 6\nSouth; 2025; 7"),
      // One column.
      ("guest\nAna\nBo", "guest: Ana\nguest: Bo"),
      ("2024,2025\n2026,2027", "2024; 2025\n2026; 2027"),
      // No header: a number, a date, an address, a repeated value, mostly empty.
      ("Tea,4\nJam,5", "Tea; 4\nJam; 5"), ("2024-05-01,x\ny,z", "2024-05-01; x\ny; z"),
      ("Ana,ana@example.org\nBo,bo@example.org", "Ana; ana@example.org\nBo; bo@example.org"),
      ("red,oak\nblue,ash\nred,elm", "red; oak\nblue; ash\nred; elm"),
      (",,x\n1,2,3", "x\n1; 2; 3"),
      // Two tables in one file repeat the whole row of names.
      ("k,v\na,1\nk,v\nb,2", "k: a; v: 1\nk: k; v: v\nk: b; v: 2"),
    ])
  func table(text: String, expected: String) {
    let item = parse(text)
    #expect(item.text == expected)
    #expect(item.defects == [])
    #expect(item.title == (expected.isEmpty ? nil : "prices"))
    let whole = Segment(kind: .table, span: TextSpan(0..<expected.utf8.count))
    #expect(item.segments == (expected.isEmpty ? [] : [whole]))
  }

  @Test("a name in .tsv means tabs, even where commas are more regular")
  func tabs() {
    #expect(parse("a,b\tc\n1,2\t3\n4,5", name: "x.tsv").text == "a,b: 1,2; c: 3\na,b: 4,5")
    let hints = DocumentHints(name: "x", mediaType: "text/tab-separated-values")
    #expect(DelimitedText.parse(Array("a\tb\n1\t2".utf8), hints: hints).text == "a: 1; b: 2")
  }

  @Test(
    "what is odd is read and counted",
    arguments: [
      ("a,b\n1\n2,3,4\n5,6", "a: 1\na: 2; b: 3; 4\na: 5; b: 6", [Defect("ragged_rows", "2")]),
      ("a,b\nx,\"open\ny,2", "a: x; b: \"open\na: y; b: 2", [Defect("unclosed_quote", "1")]),
      ("a,b\n\"x\"yz,2", "a: xyz; b: 2", [Defect("stray_text", "1")]),
      ("a,b\n\u{1}1,2", "a: 1; b: 2", [Defect("control_characters", "1")]),
    ])
  func odd(text: String, expected: String, defects: [Defect]) {
    let item = parse(text)
    #expect(item.text == expected)
    #expect(item.defects == defects)
  }

  @Test("columns, names and text at the limit are whole, beyond it cut with a defect")
  func limits() {
    var limits = DocumentLimits()
    limits.columns = 2
    #expect(parse("a,b\nx,y", "p.csv", limits).defects == [])
    let wide = parse("a,b,c\nx,y,z", "p.csv", limits)
    #expect(wide.text == "a: x; b: y")
    #expect(wide.defects == [Defect("too_many_columns", "2")])
    limits = DocumentLimits()
    limits.nameOctets = 2
    #expect(parse("éa,bc\nx,y", "p.csv", limits).text == "é: x; bc: y")
    limits = DocumentLimits()
    limits.textOctets = 8
    #expect(parse("a,b\n1,2", "p.csv", limits).text == "a; b")
    limits.textOctets = 11
    #expect(parse("a,b\n1,2\n", "p.csv", limits).text == "a: 1; b: 2")
    #expect(parse("a,b\n1,2\n3,", "p.csv", limits).defects == [Defect("text_too_long")])
  }

  private func parse(_ text: String, _ name: String, _ limits: DocumentLimits) -> ParsedItem {
    parse(text, name: name, limits)
  }

  @Test("tables of the worst shapes are read in one pass")
  func worst() {
    let million = 1 << 20
    // One cell of a megabyte.
    let cell = String(repeating: "word ", count: million / 5)
    #expect(parse("a,b\n\"\(cell)\",2").text.utf8.count > million)
    // Ten thousand columns, each with its name.
    let names = (0..<10_000).map { "column\(String($0, radix: 36))x" }
    let row = (0..<10_000).map { String($0) }
    let wide = parse(names.joined(separator: ",") + "\n" + row.joined(separator: ","))
    #expect(wide.text.hasSuffix("column7prx: 9999") && wide.defects == [])
    // Quotation marks that are never closed: on one line, at each line, and before a long rest.
    for piece in [
      "\"a,", "\"a\n", "\",\"x\"y,", "'a,\"b;\t", "\"\\\"", ",", "\"\"\"", "\r", "a,\"\n",
    ] {
      let text = "a,b\n" + String(repeating: piece, count: million / piece.utf8.count)
      let item = parse(text)
      #expect(item.hasSoundSegments)
    }
    // Names much longer than their values: the text ends at its limit.
    let long = String(repeating: "n", count: 190)
    let header = Array(repeating: long, count: 200).joined(separator: ",")
    let rows = String(
      repeating: Array(repeating: "v", count: 200).joined(separator: ",") + "\n", count: 2_000)
    let blown = parse(header + "\n" + rows)
    #expect(blown.text.utf8.count <= DocumentLimits().textOctets)
    #expect(blown.defects == [Defect("text_too_long")])
  }

  @Test("no octets stop it")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      ",", ";", "\t", "|", "\"", "\"\"", "'", "\\", "\n", "\r\n", "a", "1", "é", " ", "\0",
    ]
    for _ in 0..<2_000 {
      var octets: [UInt8] = []
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        octets += Array((pieces.randomElement(using: &random) ?? "").utf8)
      }
      let item = DelimitedText.parse(octets)
      #expect(item.hasSoundSegments && item.text.isFitForPrompts, "seed \(seed)")
      #expect(item == DelimitedText.parse(octets))
    }
  }
}
