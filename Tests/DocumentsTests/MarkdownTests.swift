import Documents
import Grounding
import TestSupport
import Testing

@Suite("Markdown")
struct MarkdownTests {
  private func blocks(_ text: String) -> [String] {
    let item = Markdown.parse(Array(text.utf8), hints: DocumentHints(name: "notes.md"))
    let octets = Array(item.text.utf8)
    return item.segments.map { segment in
      let text = String(decoding: octets[segment.span.range], as: UTF8.self)
      return
        "\(segment.kind.rawValue)@\((segment.locator.heading ?? []).joined(separator: "/")):\(text)"
    }
  }

  @Test(
    "blocks are found with the headings above them",
    arguments: [
      ("", []), ("\n \n", []),
      ("One\ntwo\n\nthree", ["paragraph@:One\ntwo", "paragraph@:three"]),
      ("# A\ntext", ["heading@:# A", "paragraph@A:text"]),
      (
        "# A\n## B ##\nb\n### C\nc\n## D\nd\n# E\ne",
        [
          "heading@:# A", "heading@A:## B ##", "paragraph@A/B:b", "heading@A/B:### C",
          "paragraph@A/B/C:c", "heading@A:## D", "paragraph@A/D:d", "heading@:# E", "paragraph@E:e",
        ]
      ),
      (
        "Title\n=====\nx\n\nSub\n---\ny",
        [
          "heading@:Title\n=====", "paragraph@Title:x", "heading@Title:Sub\n---",
          "paragraph@Title/Sub:y",
        ]
      ),
      ("#hashtag\n\n####### seven", ["paragraph@:#hashtag", "paragraph@:####### seven"]),
      ("a\n\n---\n\nb", ["paragraph@:a", "paragraph@:b"]),
      (
        "x\n```swift\n# no heading\n\n```\ny",
        [
          "paragraph@:x", "code@:```swift\n# no heading\n\n```", "paragraph@:y",
        ]
      ),
      ("~~~\n```\n~~~\nz", ["code@:~~~\n```\n~~~", "paragraph@:z"]),
      ("- a\n- b\n  more\n\n- c\n\ntext", ["list@:- a\n- b\n  more\n\n- c", "paragraph@:text"]),
      ("1. a\n2) b\n\n\nc", ["list@:1. a\n2) b", "paragraph@:c"]),
      ("> q\nlazy\n\nx", ["quote@:> q\nlazy", "paragraph@:x"]),
      (
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nx",
        [
          "table@:| a | b |\n|---|---|\n| 1 | 2 |", "paragraph@:x",
        ]
      ),
      ("a\n\n    code\n\nb", ["paragraph@:a", "code@:    code", "paragraph@:b"]),
      ("---\ntitle: T\n---\n# H\n", ["code@:---\ntitle: T\n---", "heading@:# H"]),
      ("# A\r\nb\r\n", ["heading@:# A", "paragraph@A:b"]),
      ("#\n# #\nx", ["heading@:#", "heading@:# #", "paragraph@:x"]),
    ] as [(String, [String])])
  func table(text: String, expected: [String]) { #expect(blocks(text) == expected) }

  @Test(
    "the title is that of the front matter, else the first heading, else the file's name",
    arguments: [
      ("---\ntitle: \"From front\"\n---\n# H", "From front"), ("x\n## First ##\n# H", "First"),
      ("Under\nlined\n---\n", "Under lined"), ("only text", "notes"), ("---\nno end", "notes"),
    ])
  func titles(text: String, title: String) {
    #expect(Markdown.parse(Array(text.utf8), hints: DocumentHints(name: "notes.md")).title == title)
  }

  @Test("a text without a word has no title")
  func blank() {
    #expect(Markdown.parse([0x0A, 0x20], hints: DocumentHints(name: "notes.md")).title == nil)
  }

  @Test(
    "what the rendered page hides is removed and counted; code shows it",
    arguments: [
      ("a <!-- b --> c", "a  c", 1), ("a\n<!-- b\nc -->d\ne", "a\n\nd\ne", 1),
      ("a <!-- open", "a <!-- open", 0), ("a\n  <!-- open\nb", "a\n  ", 1),
      ("`<!-- shown -->`", "`<!-- shown -->`", 0),
      ("```\n<!-- x -->\n```", "```\n<!-- x -->\n```", 0),
      ("a\n[//]: # (secret)\nb", "a\n\nb", 1),
      ("[x]: https://example.org", "[x]: https://example.org", 0),
      ("<!-- a --><!-- b -->c", "c", 2), ("``a` <!-- b -->", "``a` ", 1),
    ])
  func hidden(text: String, visible: String, count: Int) {
    let item = Markdown.parse(Array(text.utf8))
    #expect(item.text == visible)
    let expected = count == 0 ? [] : [Defect("hidden_text", String(count))]
    #expect(item.defects == expected)
  }

  @Test("an unclosed fence is code to the end, and a defect")
  func unclosedFence() {
    #expect(blocks("a\n```\nb\n") == ["paragraph@:a", "code@:```\nb"])
    let item = Markdown.parse(Array("```\nb".utf8))
    #expect(item.defects == [Defect("unclosed_block")])
  }

  @Test("segments at the limit stay, beyond it the last takes the rest")
  func segmentLimit() {
    var limits = DocumentLimits()
    limits.segments = 3
    let three = Markdown.parse(Array("a\n\nb\n\nc".utf8), limits: limits)
    #expect(three.segments.count == 3 && three.defects.isEmpty)
    let four = Markdown.parse(Array("a\n\nb\n\nc\n\nd".utf8), limits: limits)
    #expect(four.segments.map(\.span.range) == [0..<1, 3..<4, 6..<10])
    #expect(four.defects == [Defect("too_many_segments")])
  }

  @Test("no octets stop it, and segments lie in the text in order, at scalars' bounds")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      "# ", "## h\n", "\n", "\n\n", "- ", "> ", "```", "~~~\n", "<!--", "-->", "`", "---\n",
      "===\n",
      "|a|", "    ", "text ", "é", "\u{202E}", "\u{E0041}", "\0", "title: x\n", "[//]: # (x)\n",
      "\r",
    ]
    for _ in 0..<2_000 {
      var octets: [UInt8] = []
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        octets += Array((pieces.randomElement(using: &random) ?? "").utf8)
        if Int.random(in: 0..<10, using: &random) == 0 {
          octets.append(UInt8.random(in: 0...255, using: &random))
        }
      }
      let item = Markdown.parse(octets)
      #expect(item.hasSoundSegments && item.text.isFitForPrompts, "seed \(seed)")
    }
  }
}
