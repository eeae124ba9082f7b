import Grounding
import Mail
import Testing

@Suite("Bodies and parts")
struct BodyTests {
  static let head = "From: a@b.c\nDate: 1 Jan 2026 0:00 Z\nMessage-ID: <x@y>\nSubject: s\n"

  private func parse(_ source: String, _ limits: MailLimits = MailLimits()) -> ParsedItem {
    parsedItem(Array((Self.head + source).utf8), limits: limits)
  }

  /// The segments as `part:text`.
  private func segments(_ item: ParsedItem) -> [String] {
    let octets = Array(item.text.utf8)
    return item.segments.map {
      "\($0.locator.part ?? ""):\(String(decoding: octets[$0.span.range], as: UTF8.self))"
    }
  }

  @Test(
    "one part is decoded by its encoding and charset",
    arguments: [
      ("\ncafé", "café", ["undeclared_octets part 1"]),
      ("Content-Type: text/plain; charset=utf-8\n\ncafé", "café", []),
      (
        "Content-Type: TEXT/PLAIN; charset=\"UTF-8\"\nContent-Transfer-Encoding: Quoted-Printable\n\ncaf=C3=A9 =\nx",
        "café x", []
      ),
      (
        "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\nxMHS\n",
        "дар", []
      ),
      ("Content-Type: text/plain; charset=x-nobody\n\nabc é", "abc é", ["unknown_charset part 1"]),
      ("Content-Type: text/plain; charset=us-ascii\n\né", "é", ["undeclared_octets part 1"]),
      (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n77u/YQ==",
        "a", []
      ),
      (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nYf9i",
        "aÿb", ["wrong_charset part 1"]
      ),
      ("Content-Transfer-Encoding: base64\n\nYW!Jj", "abc", ["bad_base64 part 1: 1"]),
      (
        "Content-Transfer-Encoding: quoted-printable\n\na=b", "a=b",
        ["bad_quoted_printable part 1: 1"]
      ),
      ("Content-Transfer-Encoding: x-uuencode\n\nabc", "abc", ["bad_uuencode part 1: 1"]),
      (
        "\na\nbegin 644 a.txt\n#86)C\n`\nend\n", "a\n", []
      ),
      ("\nbegin 644 a.txt\nand then\n`", "begin 644 a.txt\nand then\n`", []),
      ("\nbegin 644 words\n", "begin 644 words\n", []),
      ("Content-Type: text\n\nabc", "abc", ["bad_content_type part 1"]),
      ("Content-Type: text/x-notes (a comment); format=flowed\n\nabc \nd", "abc \nd", []),
      ("Content-Type: text/plain; charset=utf-7\n\n+AOk-", "é", []),
      (
        "\na\u{1}b\u{E0041}\u{202E}", "ab",
        [
          "undeclared_octets part 1", "control_characters 1", "tag_characters 1",
          "direction_overrides 1",
        ]
      ),
      ("Content-Type: text/rfc822-headers\n\nTo: a", "", []),
      ("Content-Type: application/pdf; name=\"r.pdf\"\n\n%PDF", "", []),
    ] as [(String, String, [String])])
  func single(source: String, text: String, defects: [String]) {
    let item = parse(source)
    #expect(item.text == text)
    #expect(item.defects.map { $0.code + ($0.detail.map { " \($0)" } ?? "") } == defects)
  }

  @Test(
    "of several parts the plain texts are read",
    arguments: [
      (
        "Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n\none\n--b\nContent-Type: text/plain\n\ntwo\n\n--b--\nepilogue",
        ["1:one", "2:two\n"], []
      ),
      (
        "Content-Type: multipart/alternative; boundary=\"b c\"\n\n--b c\n\nplain\n--b c\nContent-Type: text/html\n\n<p>\n--b c--\n",
        ["1:plain"], []
      ),
      (
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b2\n\n--b2\n\ninner\n--b2\nContent-Type: multipart/mixed; boundary=b3\n\n--b3\nContent-Type: text/html\n\n<p>\n--b3\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx\n--b3--\n--b2--\n--b\n\nfooter\n--b--\n",
        ["1.1:inner", "2:footer"], []
      ),
      (
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo",
        ["1:one", "2:two"], ["missing_end_boundary part 1"]
      ),
      (
        "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\none\n--out\n\ntwo\n--out--\n",
        ["1.1:one", "2:two"], ["missing_end_boundary part 1"]
      ),
      (
        "Content-Type: multipart/mixed; boundary=b\n\n--bb\n\none\n--b \t\n\ntwo\n--b--x\n--b--  \n",
        ["1:two\n--b--x"], []
      ),
      (
        "Content-Type: multipart/mixed\n\n--b\n\none", ["1:--b\n\none"], ["missing_boundary part 1"]
      ),
      (
        "Content-Type: multipart/mixed; boundary=z\n\n--b\n\none", ["1:--b\n\none"],
        ["boundary_not_found part 1"]
      ),
      (
        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\nx\n--b\nContent-Type: text/plain\n\nlist\n--b--",
        ["2:list"], []
      ),
      (
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename*=utf-8''n%C3%A4.txt\n\nfile\n--b\nContent-Type: message/rfc822\n\nSubject: in\n\nx\n--b--",
        ["1:one"], []
      ),
      (
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\nno header\n--b--", ["2:no header"],
        []
      ),
    ] as [(String, [String], [String])])
  func multipart(source: String, expected: [String], defects: [String]) {
    for end in ["\n", "\r\n"] {
      let octets = Array((Self.head + source).replacing("\n", with: end).utf8)
      let item = parsedItem(octets)
      #expect(segments(item) == expected)
      #expect(item.defects.map { "\($0.code) \($0.detail ?? "")" } == defects)
    }
  }
}
