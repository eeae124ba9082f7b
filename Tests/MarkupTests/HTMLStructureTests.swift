import Grounding
import Markup
import TestSupport
import Testing

@Suite("HTML to segments, links and the rest")
struct HTMLStructureTests {
  private func kinds(_ html: String) -> [String] {
    let result = read(html)
    let octets = Array(result.text.utf8)
    return result.segments.map {
      "\($0.kind.rawValue): \(String(decoding: octets[$0.span.range], as: UTF8.self))"
    }
  }

  @Test("each kind of block is a segment of its kind")
  func segments() {
    let html = """
      <h1>Plan</h1><p>one<p>two<ul><li>a<li>b</ul><pre>x = 1</pre>
      <table><tr><td>a<td>b<tr><td>c<td>d</table><blockquote><h2>Was</h2><ul><li>said</ul></blockquote>
      """
    #expect(
      kinds(html) == [
        "heading: Plan", "paragraph: one", "paragraph: two", "list: - a\n- b", "code: x = 1",
        "table: a | b\nc | d", "quote: Was", "quote: - said",
      ])
  }

  @Test("lines without an empty line between them are one segment")
  func paragraphs() {
    #expect(
      kinds("<div>a</div><div>b<br>c</div><br><div>d</div>") == [
        "paragraph: a\nb\nc", "paragraph: d",
      ])
  }

  @Test("locators have the part and the headings above, outermost first")
  func headings() {
    var canonical = CanonicalText()
    canonical.append("Subject", as: .paragraph)
    let html = """
      <p>0<h2>A  <b>b</b></h2><p>1<h3>B</h3><p>2<h2>C</h2><p>3<blockquote><h1>Q</h1>4</blockquote><p>5
      """
    _ = HTMLText.append(Array(html.utf8).span, to: &canonical, part: "1.2")
    let locators = canonical.segments.dropFirst().filter { $0.kind != .heading }.map(\.locator)
    #expect(locators.map(\.part) == Array(repeating: "1.2", count: 7))
    #expect(
      locators.map(\.heading) == [nil, ["A b"], ["A b", "B"], ["C"], ["C"], ["C"], ["C"]])
    #expect(canonical.text.hasPrefix("Subject\n\n0\n\nA b"))
  }

  @Test("links have their target and the span of their text")
  func links() {
    let html = """
      <p>See <a href=" https://example.org/a?b&amp;c ">the <b>page</b></a>, <a href="mailto:x@example.org">
      <img alt="us"></a><a href="#top"></a><a name=x>no</a> <a href=y style="display:none">gone</a>
      <a href=z>one<p>two</a>
      """
    let result = read(html)
    let octets = Array(result.text.utf8)
    let links = result.reading.links.map {
      [$0.target, String(decoding: octets[$0.span.range], as: UTF8.self)]
    }
    #expect(
      links == [
        ["https://example.org/a?b&c", "the page"], ["mailto:x@example.org", "us"], ["#top", ""],
        ["z", "one\n\ntwo"],
      ])
  }

  @Test("title and language are read; a title of svg is none")
  func title() {
    let html = """
      <html lang=de><head><title>\n Ein &amp;\u{1} <b>Titel</title><title>x</title></head>a<svg><title>s</title></svg>
      """
    let result = read(html)
    #expect(result.reading.title == "Ein & <b>Titel")
    #expect(result.reading.language == "de")
    #expect(result.text == "a")
    #expect(read("<svg><title>s</title></svg>").reading.title == nil)
    #expect(read("a").reading.title == nil)
  }

  @Test(
    "invisible characters that pad are one space and counted; single ones stay, but not soft hyphens"
  )
  func padding() {
    let padded = String(repeating: "&zwnj;&nbsp;&#847;&#8199;", count: 20)
    let result = read("<p>Hello\(padded)</p><p>\(padded)world \u{200F}\u{05D0}&shy;b</p>")
    #expect(result.text == "Hello\n\nworld \u{200F}\u{05D0}b")
    #expect(result.reading.defects == [Defect("invisible_padding", "120")])
    #expect(read("می\u{200C}خواهم 👩\u{200D}💻").text == "می\u{200C}خواهم 👩\u{200D}💻")
  }

  @Test(
    "comments are left out and counted where they have letters and do not speak to Outlook",
    arguments: [
      ("a<!-- one two -->b", "1 comment, 6 characters"),
      ("a<!--x-->b<!--é--><!--日本-->", "3 comments, 4 characters"),
      ("a<!-- x --!>b", "1 comment, 1 character"), ("ab<!-- no end", "1 comment, 5 characters"),
      ("a<!-- <p>x</p> -->b", "1 comment, 8 characters"),
      ("<p style='display:none'><!-- x --></p>ab", "1 comment, 1 character"),
      ("<head><!-- x --></head>ab", "1 comment, 1 character"),
      ("<style><!-- p{color:red} --></style><script><!-- x --></script>ab", nil),
      ("a<!---->b<!-- --><!-- *** 1 --><!-->", nil), ("a<!-- -- -->b", nil),
      ("a<!--[if mso]><p>x</p><![endif]-->b", nil),
      ("<!--[if !mso]><!-->a<!--<![endif]-->b", nil), ("a<!-- [IF gte mso 9]>x<![endif]-->b", nil),
      ("a<?xml version=1?><!x>b", nil),
    ] as [(String, String?)])
  func comments(html: String, detail: String?) {
    let result = read(html)
    #expect(result.text == "ab")
    #expect(result.reading.defects == (detail.map { [Defect("html_comments", $0)] } ?? []))
  }

  @Test(
    "the declared charset is that of the prescan",
    arguments: [
      ("<meta charset=UTF-8>", "utf-8"), ("<meta charset=' Shift_JIS '>", "shift_jis"),
      ("<html><head><meta name=x><META CHARSET=\"koi8-r\"/>", "koi8-r"),
      (
        "<meta http-equiv=Content-Type content='text/html; charset=iso-8859-2'>", "iso-8859-2"
      ),
      ("<meta content='text/html; charset = \"big5\"' http-equiv='content-type'>", "big5"),
      ("<meta content='text/html; charset=big5'>", nil), ("<meta charset=>", nil),
      ("<!-- <meta charset=a> --><meta charset=b>", "b"), ("<!--><meta charset=b>", "b"),
      ("<x y='<meta charset=a>'><meta charset=b>", "b"), ("</x y='<meta charset=a>'>", nil),
      ("<?x <meta charset=a>", nil), ("<metal charset=a>", nil),
      ("<meta charset=utf-16le>", "utf-8"),
      ("<meta/charset=a>", "a"), ("<meta charset=a charset=b>", "a"), ("", nil), ("<meta", nil),
      ("<meta charset", nil), ("<meta charset=\"a", nil),
      ("<meta charset=x-user-defined>", "windows-1252"),
      (String(repeating: " ", count: 1_004) + "<meta charset=utf-8>", "utf-8"),
      (String(repeating: " ", count: 1_005) + "<meta charset=utf-8>", nil),
    ] as [(String, String?)])
  func charset(head: String, label: String?) {
    #expect(HTMLText.declaredCharset(Array(head.utf8).span) == label)
  }
}
