import Grounding
import Mail
import TestSupport
import Testing

@Suite("Quotes and flowed text")
struct QuoteTests {
  /// The segments, quotes with a `>` before them.
  private func segments(_ type: String, _ body: String) -> [String] {
    let item = parsedItem(Array("Content-Type: text/plain\(type)\n\n\(body)".utf8))
    let octets = Array(item.text.utf8)
    #expect(item.hasSoundSegments)
    #expect(item.segments.last?.span.end ?? 0 == octets.count)
    return item.segments.map {
      (($0.kind == .quote) ? "Q:" : "B:") + String(decoding: octets[$0.span.range], as: UTF8.self)
    }
  }

  @Test(
    "lines that begin with a mark are quotes, empty lines go with what is above",
    arguments: [
      ("a\n> b\nc", ["B:a\n", "Q:> b\n", "B:c"]), ("> b", ["Q:> b"]), ("a", ["B:a"]),
      ("> a\n\n>> b\n\nc\n\n> d\n", ["Q:> a\n\n>> b\n\n", "B:c\n\n", "Q:> d\n"]),
      ("\n\n> a", ["Q:\n\n> a"]), ("  > a\n \t> b\nc >\n", ["Q:  > a\n \t> b\n", "B:c >\n"]),
      (" \t\na\n \n", ["B: \t\na\n \n"]), (">", ["Q:>"]), ("", []),
      ("a\n>From b\nc", ["B:a\n>From b\nc"]), ("> a\n>From b\n> c", ["Q:> a\n>From b\n> c"]),
      ("a\n>>From b", ["B:a\n", "Q:>>From b"]),
      ("a\r> b\r\n> c\rd", ["B:a\n", "Q:> b\n> c\n", "B:d"]),
      ("\u{E4}\n> \u{E9}\n", ["B:\u{E4}\n", "Q:> \u{E9}\n"]),
    ] as [(String, [String])])
  func quotes(body: String, expected: [String]) {
    #expect(segments("; charset=utf-8", body) == expected)
    #expect(segments("; charset=utf-8; format=fixed", body) == expected)
  }

  @Test(
    "flowed paragraphs are joined within their depth",
    arguments: [
      ("a \nb\nc", "", ["B:a b\nc"]), ("a \nb", "; delsp=yes", ["B:ab"]),
      ("a \n", "", ["B:a "]), ("a \n\nb", "", ["B:a \nb"]), ("a\n\nb", "", ["B:a\n\nb"]),
      (" a\n From b\n >c\n", "", ["B:a\nFrom b\n>c\n"]),
      ("> a \n> b\n>> c \n>> d\ne", "", ["Q:> a b\n>> c d\n", "B:e"]),
      ("> a \nb", "", ["Q:> a \n", "B:b"]), (">a\n>\n> b\n", "", ["Q:> a\n>\n> b\n"]),
      ("> a\n\n> b", "", ["Q:> a\n\n> b"]), ("> > a", "", ["Q:> > a"]),
      ("a \n-- \nname \nline", "", ["B:a \n", "B:-- \nname line"]),
      ("> -- \n> a", "", ["Q:> -- \n> a"]), ("a \r\nb\r\n", "", ["B:a b\n"]),
      ("a \n  \nb", "; DelSp=YES", ["B:ab"]), ("  a\n", "", ["B: a\n"]), ("", "", []),
    ] as [(String, String, [String])])
  func flowed(body: String, delsp: String, expected: [String]) {
    #expect(segments("; format=flowed\(delsp)", body) == expected)
    #expect(segments("; Format=\"Flowed\"\(delsp)", body) == expected)
  }

  @Test("a flowed text is decoded before it is joined, and cut after that")
  func decoded() {
    let head =
      "Content-Type: text/plain; charset=utf-8; format=flowed\nContent-Transfer-Encoding: quoted-printable\n\n"
    #expect(parsedItem(Array("\(head)=C3=A9=20\n> a =\nb\nc".utf8)).text == "é \n> a b\nc")
    for (limit, text, quotes) in [(9, "a b\n> c d", 1), (8, "a b\n> c ", 1), (4, "a b\n", 0)] {
      var limits = MailLimits()
      limits.textOctets = limit
      let item = parsedItem(
        Array("Content-Type: text/plain; format=flowed\n\na \nb\n>c \n>d".utf8), limits: limits)
      #expect(item.text == text && item.segments.count { $0.kind == .quote } == quotes)
      #expect(item.defects.contains { $0.code == "text_too_long" } == (limit < 9))
    }
  }

  @Test("segments of plain text cover it, whatever it holds")
  func coverage() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      ">", " ", "\n", "\r", "\r\n", "a", "-- ", ">From ", "\u{E9}", "\t", "begin 644 a\n",
    ]
    for _ in 0..<2_000 {
      var body = ""
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        body += pieces.randomElement(using: &random) ?? ""
      }
      for type in ["; charset=utf-8", "; charset=utf-8; format=flowed"] {
        let item = parsedItem(Array("Content-Type: text/plain\(type)\n\n\(body)".utf8))
        #expect(item.hasSoundSegments, "seed \(seed)")
        let covered = item.segments.reduce(0) { $0 + $1.span.count }
        #expect(covered == item.text.utf8.count, "seed \(seed)")
      }
    }
  }
}
