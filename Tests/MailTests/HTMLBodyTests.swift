import Grounding
import Mail
import TestSupport
import Testing

@Suite("HTML bodies and alternatives")
struct HTMLBodyTests {
  /// The segments as `part:text`, white space around them dropped, quotes with a `>`.
  private func segments(_ item: ParsedItem) -> [String] {
    let octets = Array(item.text.utf8)
    #expect(item.hasSoundSegments)
    return item.segments.map {
      let text = String(decoding: octets[$0.span.range], as: UTF8.self)
      let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return "\($0.locator.part ?? ""):\($0.kind == .quote ? ">" : "")\(words)"
    }
  }

  private func parse(_ source: String) -> ParsedMessage {
    MessageParser.parse(Array((BodyTests.head + source).utf8))
  }

  private func parts(_ type: String, _ parts: [String]) -> String {
    "Content-Type: \(type); boundary=b\n\n" + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
  }

  @Test("HTML is read by its label, else by what it says, else as text is")
  func charsets() {
    let cases: [(String, [UInt8], String, [String])] = [
      ("; charset=utf-8", Array("<p>é".utf8), "é", []),
      ("; charset=koi8-r", [0xC4], "д", []),
      ("", Array("<meta charset=koi8-r>".utf8) + [0xC4], "д", []),
      ("; charset=us-ascii", Array("<meta charset=koi8-r>".utf8) + [0xC4], "д", []),
      ("; charset=x-none", Array("<meta charset=koi8-r>".utf8) + [0xC4], "д", ["unknown_charset"]),
      ("; charset=utf-8", Array("<meta charset=koi8-r>é".utf8), "é", []),
      ("", Array("é".utf8), "é", ["undeclared_octets"]), ("", [0xE9], "é", ["undeclared_octets"]),
      ("", [0xEF, 0xBB, 0xBF] + Array("é".utf8), "é", []),
      ("", [0xFF, 0xFE, 0x3C, 0, 0x70, 0, 0x3E, 0, 0xE9, 0], "é", []),
      ("", [0xFE, 0xFF, 0, 0xE9], "é", []),
      ("", Array("<meta charset=x-none>".utf8) + [0xE9], "é", ["undeclared_octets"]),
      ("; charset=utf-8", [0x61, 0xFF], "aÿ", ["wrong_charset"]),
      (
        "; charset=utf-8", Array("éèêëàâîï".utf8) + [0xFF], "éèêëàâîï\u{FFFD}",
        ["undecodable_octets"]
      ),
    ]
    for (label, body, text, defects) in cases {
      let head = BodyTests.head + "Content-Type: text/html\(label)\n\n"
      let item = parsedItem(Array(head.utf8) + body)
      #expect(segments(item) == ["1:\(text)"])
      #expect(item.defects.map(\.code) == defects)
    }
  }

  @Test("HTML keeps its part, its headings and its quotes; what was hidden is told with the part")
  func structure() {
    let message = parse(
      parts(
        "multipart/mixed",
        [
          "\nplain",
          "Content-Type: text/html; charset=utf-8\n\n<h1>Plan</h1><p>We go.</p><blockquote>You said</blockquote><p style='display:none'>secret words</p>",
        ]))
    #expect(segments(message.item) == ["1:plain", "2:Plan", "2:We go.", "2:>You said"])
    #expect(message.item.segments[2].locator == Locator(part: "2", heading: ["Plan"]))
    #expect(!message.item.text.contains("secret"))
    let hidden = message.item.defects.filter { $0.code == "hidden_text" }
    #expect(hidden.count == 1 && hidden[0].detail?.hasPrefix("part 2: display_none") == true)
  }

  @Test(
    "of alternatives the plain text is taken where the HTML shows no more",
    arguments: [
      (["\nWe meet at nine.", "<p>We <b>meet</b> at nine."], "1:We meet at nine."),
      (["\nwe MEET\nat nine", "<p>We meet at nine."], "1:we MEET at nine"),
      (
        ["\nView this in a browser.", "<p>We meet at nine by the door."],
        "2:We meet at nine by the door."
      ),
      (["\n", "<p>We meet."], "2:We meet."), (["\n \n--\n", "<p>We meet."], "2:We meet."),
      // Three of four words are enough, two are not.
      (["\none two three", "<p>one two three four"], "1:one two three"),
      (["\none two", "<p>one two three four"], "2:one two three four"),
      (["\none two three", "<p>four"], "1:one two three"), (["\none two", "<p>three"], "2:three"),
      // What only the HTML's reader does not see does not count.
      (["\none", "<p>one<p hidden>two three four"], "1:one"),
      (["\nan album", "<img src=x>"], "1:an album"), (["\n", "<img src=x>"], nil),
      (["<p>first", "\nlast"], "2:last"), (["<p>one", "<p>two"], "2:two"),
      (["\none", "\ntwo", "<p>two"], "2:two"), (["\n会议在九点", "<p>会议在\n九点</p>"], "1:会议在九点"),
      (["\nZoë’s", "<p>Zoë's"], "1:Zoë’s"),
      (["\none", "Content-Type: text/x-amp-html\n\n<p>amp", "<p>one"], "1:one"),
      (["\none", "Content-Type: text/enriched\n\n<bold>one"], "1:one"),
    ] as [([String], String?)])
  func alternatives(children: [String], expected: String?) {
    let children = children.map {
      $0.hasPrefix("<")
        ? "Content-Type: text/html; charset=utf-8\n\n\($0)"
        : $0.hasPrefix("\n") ? "Content-Type: text/plain; charset=utf-8\n\($0)" : $0
    }
    let message = parse(parts("multipart/alternative", children))
    #expect(segments(message.item) == (expected.map { [$0] } ?? []))
    #expect(message.attachments.isEmpty && message.item.facts.isEmpty)
  }

  @Test("what comes with an alternative comes out, whichever is chosen")
  func alternativeAttachments() {
    let html = "<p>We meet at nine.<img src=cid:i>"
    let related =
      "Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n\(html)\n--r\nContent-Type: image/png\nContent-ID: <i>\n\nx\n--r--"
    let invitation = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"
    for (plain, expected) in [("We meet at nine.", "1:"), ("see HTML", "2.1:")] {
      let message = parse(parts("multipart/alternative", ["\n\(plain)", related, invitation]))
      #expect(segments(message.item).allSatisfy { $0.hasPrefix(expected) })
      #expect(message.attachments.map(\.number) == ["2.2", "3"])
      #expect(message.attachments.map(\.mediaType) == ["image/png", "text/calendar"])
      #expect(message.attachments.map(\.isInline) == [true, false])
    }
    let unread = parse(parts("multipart/alternative", ["Content-Type: text/enriched\n\nx"]))
    #expect(unread.attachments.map(\.mediaType) == ["text/enriched"])
  }

  @Test(
    "a multipart/related is its root",
    arguments: [
      ("", ["2"]), ("; start=\"<two>\"", ["3"]), ("; start=two", ["3"]),
      ("; start=\"<none>\"", ["2"]),
      ("; start=\"<pic>\"", ["2"]),
    ])
  func related(start: String, body: [String]) {
    let message = parse(
      parts(
        "multipart/related\(start)",
        [
          "Content-Type: image/png\nContent-ID: <pic>\n\nx",
          "Content-Type: text/html\nContent-ID: <one>\n\n<p>one",
          "Content-Type: text/html\nContent-ID: <two>\n\n<p>two",
          "Content-Type: text/css\nContent-Disposition: attachment\n\nx",
        ]))
    #expect(message.item.segments.map { $0.locator.part ?? "" } == body)
    let attached = message.attachments.map { "\($0.number)\($0.isInline)" }
    #expect(attached == ["1true", body == ["2"] ? "3true" : "2true", "4false"])
  }

  @Test("alternatives inside of alternatives are chosen from the inside")
  func nested() {
    let inner =
      "Content-Type: multipart/alternative; boundary=i\n\n--i\n\nsee HTML\n--i\nContent-Type: text/html\n\n<p>We meet at nine\n--i--"
    let message = parse(parts("multipart/alternative", ["\nWe meet at nine", inner]))
    #expect(segments(message.item) == ["1:We meet at nine"])
    let other = parse(parts("multipart/alternative", ["\nbrowser", inner]))
    #expect(segments(other.item) == ["2.2:We meet at nine"])
  }

  @Test("HTML is cut where the text's limit is, its lists' marks too")
  func limits() {
    let html = "<ol start=999999>" + String(repeating: "<li>é", count: 200) + "</ol><p>end"
    let source = "Content-Type: text/html; charset=utf-8\n\n\(html)"
    let whole = parsedItem(Array(source.utf8))
    let count = whole.text.utf8.count
    for limit in [count, count - 1, count / 2, count / 2 + 1, 7, 1, 0, -1] {
      var limits = MailLimits()
      limits.textOctets = limit
      let item = parsedItem(Array(source.utf8), limits: limits)
      #expect(item.text.utf8.count <= max(0, limit) && whole.text.hasPrefix(item.text))
      #expect(item.hasSoundSegments)
      #expect(item.defects.contains { $0.code == "text_too_long" } == (limit < count))
    }
  }
}
