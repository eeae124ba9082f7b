import Documents
import Grounding
import TestSupport
import Testing

@Suite("HTML documents")
struct HTMLDocumentTests {
  private func parse(_ text: String, _ hints: DocumentHints = DocumentHints(name: "page.html"))
    -> ParsedItem
  {
    HTMLDocument.parse(Array(text.utf8), hints: hints)
  }

  @Test("what a reader sees is the text, with headings above it")
  func page() {
    let item = parse(
      """
      <!DOCTYPE html><html lang="de"><head><title>Unser
       Plan</title><style>p{}</style><script>no()</script></head><body><h1>Kosten</h1>
      <p>Die Miete <b>steigt</b>.<p hidden>nie</p><ul><li>Mai<li>Juni</ul></body></html>
      """)
    #expect(item.title == "Unser Plan" && item.language == "de" && item.kind == .document)
    #expect(item.text.contains("Die Miete steigt.") && item.text.contains("- Mai\n- Juni"))
    for word in ["no()", "nie", "p{}"] { #expect(!item.text.contains(word)) }
    #expect(item.defects.contains { $0.code == "hidden_text" })
    let paragraph = item.segments.first { $0.kind == .paragraph }
    #expect(paragraph?.locator.heading == ["Kosten"] && paragraph?.locator.part == nil)
    #expect(item.hasSoundSegments)
  }

  @Test(
    "the title is <title>, else the first heading, else the file's name",
    arguments: [
      ("<title>A</title><h1>B</h1>", "A"), ("<title> </title><p>x<h2>B\n<i>C</i></h2>", "B C"),
      ("<p>x", "page"), ("<!-- x -->", nil), ("", nil),
    ] as [(String, String?)])
  func titles(text: String, title: String?) { #expect(parse(text).title == title) }

  @Test(
    "the charset is a mark's, the label's, the declaration's, <meta>'s or a guess",
    arguments: [
      ("<meta charset=windows-1251><p>Встреча", "CP1251", nil, []),
      (
        "<meta http-equiv='Content-Type' content='text/html; charset=shift_jis'><p>会議", "CP932",
        nil, []
      ),
      ("<?xml version='1.0' encoding='iso-8859-2'?><html><p>łąka", "ISO-8859-2", nil, []),
      ("<meta charset=utf-8><p>Встреча", "KOI8-R", "koi8-r", []),
      ("<meta charset=utf-8><p>déjà", "CP1252", nil, ["wrong_charset", "undeclared_octets"]),
      ("<meta charset=iso-8859-1><p>déjà été", "UTF-8", nil, ["wrong_charset"]),
      ("<p>Встреча перенесена", "CP1251", nil, ["undeclared_octets"]),
      ("<meta charset=utf-16><p>déjà", "UTF-8", nil, []), ("<p>é", "UTF-8", nil, []),
      ("<meta charset=koi8-r><p>Встреча", "UTF-16", nil, []),
    ] as [(String, String, String?, [String])])
  func charsets(text: String, charset: String, label: String?, defects: [String]) throws {
    // UTF-16 is written with a mark.
    let item = HTMLDocument.parse(
      try encoded(text, charset), hints: DocumentHints(name: "a.html", charsetLabel: label))
    let words = text[(text.lastIndex(of: ">") ?? text.startIndex)...].dropFirst()
    #expect(item.text.contains(words))
    #expect(item.defects.map(\.code) == defects)
  }

  @Test("the limit of the text is the page's")
  func limits() {
    var limits = DocumentLimits()
    limits.textOctets = 10
    #expect(HTMLDocument.parse(Array("<p>1234567".utf8), limits: limits).text == "1234567")
    let cut = HTMLDocument.parse(Array("<p>12345678".utf8), limits: limits)
    #expect(cut.text == "1234567" && cut.defects == [Defect("text_too_long")])
  }
}
