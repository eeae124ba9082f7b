import Documents
import Grounding
import TestSupport
import Testing

@Suite("Source code")
struct SourceCodeTests {
  private func parse(
    _ text: String, name: String? = "tool.py", _ limits: DocumentLimits = DocumentLimits()
  ) -> ParsedItem {
    SourceCode.parse(Array(text.utf8), hints: DocumentHints(name: name), limits: limits)
  }

  private func blocks(_ text: String) -> [String] {
    let item = parse(text)
    let octets = Array(item.text.utf8)
    return item.segments.map { segment in
      let lines = octets[segment.span.range].split(separator: 0x0A).count
      return "\((segment.locator.heading ?? []).joined(separator: "/")):\(lines)"
    }
  }

  @Test(
    "a passage's heading is the function or type that it stands in",
    arguments: [
      ("", []), ("\n \n", []), ("x = 1\n", [":1"]),
      ("import os\n\nx = 1\n\ny = 2\n", [":3"]),
      (
        "import os\n\ndef first(a):\n  b = 1\n\n  c = 2\n  d = 3\n  return b\n\n\nz = 1\n",
        [":1", "def first(a):5", ":1"]
      ),
      (
        "/// Adds.\nfunc add() {\n  let a = 1\n  let b = 2\n\n  return a\n}\n\n@main\nstruct App {\n  a\n  b\n  c\n}",
        ["func add():6", "struct App:6"]
      ),
      ("a {\n 1\n\n}\n\n// only\n// comment\n", [":5"]),
    ])
  func structure(text: String, expected: [String]) { #expect(blocks(text) == expected) }

  @Test("the text stays as it is written")
  func text() {
    let code = "if x:\n\ty = \"é\"  # \u{2026}\n\n\n    z\n"
    let item = parse(code)
    #expect(item.text == code && item.title == "tool.py" && item.defects.isEmpty)
    #expect(item.segments.allSatisfy { $0.kind == .code })
    #expect(item.facts == [Fact("code_language", .text("python"))])
  }

  @Test(
    "the language is told by name, else by the first line",
    arguments: [
      ("Makefile", "a:\n", "make"), ("Dockerfile", "FROM x\n", "dockerfile"),
      ("a.SWIFT", "x", "swift"), ("CMakeLists.txt", "x", "cmake"), ("x.h", "x", "c"),
      ("run", "#!/bin/sh\n", "shell"), ("run", "#!/usr/bin/env -S FOO=1 python3.11 -u\n", "python"),
      ("run", "#! /usr/local/bin/Rscript\n", "r"), ("run", "#!/opt/odd-tool\n", "odd-tool"),
      ("run", "#!\n", nil), ("run", "x", nil),
    ] as [(String, String, String?)])
  func language(name: String, text: String, language: String?) {
    let expected = language.map { [Fact("code_language", .text($0))] } ?? []
    #expect(parse(text, name: name).facts == expected)
  }

  @Test(
    "the charset may stand in the first two lines",
    arguments: [
      ("# -*- coding: iso-8859-2 -*-\nx = 'łąka'\n", "ISO-8859-2", true),
      ("#!/usr/bin/python\n# vim: set fileencoding=koi8-r :\n'да'\n", "KOI8-R", true),
      ("; -*- mode: x; coding: euc-jp-unix -*-\n; 日本\n", "EUC-JP", true),
      ("\n\n# coding: koi8-r\n'да'\n", "KOI8-R", false),
    ])
  func coding(text: String, charset: String, isDeclared: Bool) throws {
    let item = SourceCode.parse(try encoded(text, charset))
    #expect((item.text == text) == isDeclared)
    #expect(item.defects.isEmpty == isDeclared)
  }

  @Test("segments at the limit stay, beyond it the last takes the rest")
  func limits() {
    var limits = DocumentLimits()
    limits.segments = 2
    let function = "def f():\n  1\n  2\n  3\n  4\n\n"
    #expect(parse(function + function, limits).segments.count == 2)
    #expect(parse(function + function, limits).defects == [])
    let three = parse(function + function + function, limits)
    #expect(three.segments.count == 2 && three.defects == [Defect("too_many_segments")])
    #expect(three.segments.last?.span.end == three.text.utf8.count - 2)
  }

  private func parse(_ text: String, _ limits: DocumentLimits) -> ParsedItem {
    parse(text, name: "tool.py", limits)
  }

  @Test("no text stops it")
  func anyText() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      "a\n", "\n", "  b\n", "}\n", "#!/", "// c\n", "é", "\r", "\u{202E}", "coding:", "{",
    ]
    for _ in 0..<2_000 {
      var text = ""
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        text += pieces.randomElement(using: &random) ?? ""
      }
      let item = parse(text)
      #expect(item.hasSoundSegments && item.text.isFitForPrompts, "seed \(seed)")
    }
    for piece in ["a\n\n", "{", "a", "\n", "#!/"] {
      #expect(parse(String(repeating: piece, count: 400_000)).hasSoundSegments)
    }
  }
}
