import Grounding
import Mail
import TestSupport
import Testing

/// Each source is read in time that grows with its octets; a quadratic one would not end.
@Suite("Megabytes of the worst shapes of parts")
struct LargePartsTests {
  private static let html = "Content-Type: text/html\n\n"
  private static let words = String((0..<200_000).flatMap { " w\($0)" })
  private static let firstWords = String(words.prefix(500_000))

  private static func parts(_ type: String, _ part: String, _ count: Int) -> String {
    "Content-Type: \(type); boundary=b\n\n" + String(repeating: "--b\n\(part)\n", count: count)
      + "--b--\n"
  }

  /// `type` inside of itself, with a part `beside` before each.
  private static func nested(_ type: String, _ depth: Int, _ leaf: String, beside: String) -> String
  {
    (0..<depth).map {
      "Content-Type: \(type); boundary=b\($0)\n\n--b\($0)\n\(beside)\n--b\($0)\n"
    }
    .joined() + leaf + (0..<depth).reversed().map { "\n--b\($0)--\n" }.joined()
  }

  private func read(_ sources: [String]) {
    for source in sources {
      let message = MessageParser.parse(Array(source.utf8))
      #expect(message.item.hasSoundSegments && message.item.identity != nil)
    }
  }

  @Test("alternatives, many and deep and of many words, are chosen in one pass")
  func alternatives() {
    let (html, words) = (Self.html, Self.words)
    read([
      Self.parts("multipart/alternative", html + "<p>word", 50_000),
      Self.nested("multipart/alternative", 18, html + words, beside: "\n" + Self.firstWords),
      Self.nested("multipart/alternative", 18, "\n" + words, beside: html + Self.firstWords),
      Self.nested("multipart/related", 18, html + words, beside: "Content-Type: a/b\n\nx"),
      Self.nested("multipart/mixed", 5_000, "\nx", beside: "\ny"),
    ])
  }

  @Test("HTML without an end is read in one pass")
  func unendingHTML() {
    read(
      [
        ("<div>", 400_000), ("<blockquote>x", 150_000), ("<ol start=99999999><li>x", 80_000),
        ("<p hidden>x", 150_000), ("<b><p>", 200_000), ("<td>x", 200_000), ("&", 1_000_000),
        ("<", 1_000_000), ("<!--", 400_000), ("<p style='", 200_000), ("a=b ", 400_000),
      ].map { Self.html + "<p " + String(repeating: $0.0, count: $0.1) })
  }

  @Test("boundaries that nearly are, names and parameters are read in one pass")
  func fields() {
    let dashes = String(repeating: "-", count: 901)
    read([
      "Content-Type: multipart/mixed; boundary=\"\(dashes)\"\n\n"
        + String(repeating: dashes + "-\n", count: 2_000),
      "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b", count: 700_000),
      "Content-Type: a/b; name=\"\(String(repeating: "n", count: 60_000))\"\n\nx",
      "Content-Type: a/b" + (0..<5_000).map { "; name*\($0)*=%41" }.joined() + "\n\nx",
      Self.parts(
        "multipart/mixed",
        "Content-Type: a/b; " + String(repeating: "name*1=x;", count: 200) + "\n\nx", 1_000),
      Self.parts("multipart/mixed", "Content-Type: message/rfc822\n\nSubject: x\n", 50_000),
    ])
  }

  @Test("quoted and flowed lines are read in one pass")
  func lines() {
    let flowed = "Content-Type: text/plain; format=flowed\n\n"
    read([
      flowed + String(repeating: "a \n", count: 500_000),
      flowed + String(repeating: ">", count: 2_000_000),
      flowed + String(repeating: "> \n", count: 500_000),
      "\n" + String(repeating: "> a\nb\n", count: 300_000),
      "\n" + String(repeating: "  >From ", count: 200_000),
      "\n" + String(repeating: ">From \n", count: 200_000),
      "\n" + String(repeating: " >\n\n", count: 400_000),
      "\n`\n" + String(repeating: "begin 644 a\n", count: 150_000),
      "\n" + String(repeating: " ", count: 2_000_000) + ">",
    ])
  }
}
