import Grounding
import Markup
import TestSupport
import Testing

/// Shapes that cost more than their length where something is done twice.
@Suite("HTML: hostile shapes", .timeLimit(.minutes(10)))
struct HTMLHostileTests {
  private static let megabyte = 1 << 20

  private static func repeated(_ text: String, _ tail: String = "") -> String {
    String(repeating: text, count: megabyte / text.utf8.count) + tail
  }

  @Test(
    "a megabyte of one thing is read, and what follows is too",
    arguments: [
      "<", "&", "&a", "&#", "&#1", "<!", "<!-", "<!-->", "</", "</a>", "<a>", "<p>", "<div>",
      "<div></div>", "<b>", "<b><p>", "<font color=red><p>", "<i></b>", "<li>", "<ul><li>",
      "<table>",
      "<table><tr><td>", "<tr>", "<td>", "<tr><td>a<td>b", "<dd>", "<option>", "<h1>", "<a href=x>",
      "<a href=x>y", "<svg>", "<math><p>", "<pre>", "<blockquote>", "<br>", "<hr>", "<q>",
      "<span style='display:none'>", "<span style='display:none'>x", "<font color=white>x",
      "<template>", "<object>", "<button>", "<select>", "<body>", "<html>", "<form>",
      "<input value=x>",
      "<img alt='a b'>", "<style></style>", "<title></title>", "<style>a{color:red}</style>",
      "a<style>b{color:red}</style>", "\u{200B}", "\u{200B} ", "\r", "\0", " ", "a ", "a\n",
      "<svg><text>",
      "<svg><foreignObject>", "<foreignObject><svg>", "<p></b>", "<b><i></b>",
      "<a><b><c><d><e>", "<x>", "<x></y>", "<wbr>", "<plaintext", "<x a=1 a=1 a=1>", "&amp;",
      "&notin",
    ])
  func shapes(piece: String) {
    let result = read(Self.repeated(piece, ">'\"></title></style>"))
    #expect(result.text.utf8.count <= 16 * Self.megabyte)
  }

  @Test(
    "what is never closed is read once",
    arguments: [
      "<!--", "<!DOCTYPE ", "<a ", "<a b=\"", "<script>", "<script><!--<script>", "<style>",
      "<title>",
      "<textarea>", "<svg><![CDATA[", "<plaintext>", "<style>.a{", "<style>@media{", "<style>/*",
      "<p style=\"", "<p class=\"", "<xmp>",
    ],
    [
      "<", "</", "-", "a ", "a=b ", "&", "</s", "{", "}", ";", "(", "/*", "'", "\\", ":", "@", ",a",
      "]]",
    ])
  func unclosed(opening: String, filling: String) {
    let result = read(opening + Self.repeated(filling))
    #expect(result.text.utf8.count <= 4 * Self.megabyte)
  }

  @Test("a hundred thousand style rules of every kind, and as many elements that they could mean")
  func rules() {
    let elements = String(repeating: "<p class=x id=y>a</p>", count: 40_000)
    let same = String(repeating: ".x{color:red}", count: 100_000)
    #expect(read("<style>\(same)</style>\(elements)").reading.defects.isEmpty)
    let chains = String(repeating: "div p .x{color:red}", count: 100_000)
    let chained = read("<style>\(chains)</style>\(elements)")
    #expect(chained.reading.defects.contains { $0.code == "too_many_style_rules" })
    let others = (0..<100_000).map { ".x\($0){color:red}" }.joined()
    let many = read("<style>\(others)</style>\(elements)")
    #expect(many.reading.defects.map(\.code) == ["too_many_style_rules"])
    #expect(many.reading.defects.first?.detail == String(100_000 - HTMLLimits().styleRules))
  }

  @Test("ancestors are looked at for so long and no longer")
  func ancestors() {
    let rules = (0..<60).map { ".a\($0) .x{color:red}" }.joined()
    let depth = String(repeating: "<div>", count: 200)
    let elements = String(repeating: "<i class=x>a</i>", count: 60_000)
    let result = read("<style>\(rules)</style>\(depth)\(elements)")
    #expect(result.reading.defects.contains { $0.code == "too_many_style_rules" })
  }

  @Test("at each limit all is read, and one more is left out and named")
  func limits() {
    func defects(_ html: String, _ change: (inout HTMLLimits) -> Void) -> [Defect] {
      var limits = HTMLLimits()
      change(&limits)
      return read(html, limits: limits).reading.defects
    }
    #expect(defects("<p>ab") { $0.octets = 5 } == [])
    #expect(defects("<p>ab") { $0.octets = 4 } == [Defect("html_too_large")])
    #expect(defects("<i><i><i>a") { $0.depth = 3 } == [])
    #expect(defects("<i><i><i><i>a") { $0.depth = 3 } == [Defect("html_too_deep")])
    #expect(defects("<i a b c>") { $0.attributes = 3 } == [])
    #expect(defects("<i a b c d>") { $0.attributes = 3 } == [Defect("too_many_attributes", "1")])
    #expect(defects("<i a=bcd>") { $0.attributeOctets = 4 } == [])
    #expect(
      defects("<i a=bcde>") { $0.attributeOctets = 4 } == [Defect("too_many_attributes", "1")])
    let links = "<a href=x>a</a><a href=y>b</a>"
    #expect(defects(links) { $0.links = 2 } == [])
    #expect(defects(links) { $0.links = 1 } == [Defect("too_many_links", "1")])
    #expect(defects("<a href=xyz>a</a>") { $0.linkOctets = 3 } == [])
    #expect(defects("<a href=xyz>a</a>") { $0.linkOctets = 2 } == [Defect("too_many_links", "1")])
    let rules = "<style>a{color:red}b{color:red}</style>"
    #expect(defects(rules) { $0.styleRules = 2 } == [])
    #expect(defects(rules) { $0.styleRules = 1 } == [Defect("too_many_style_rules", "1")])
    #expect(defects("<p>a<p>b<p>c") { $0.segments = 3 } == [])
    #expect(defects("<p>a<p>b<p>c") { $0.segments = 2 } == [Defect("too_many_segments")])
  }

  @Test("beyond the depth text is read, and what is hidden there stays hidden")
  func depth() {
    var limits = HTMLLimits()
    limits.depth = 8
    let deep = String(repeating: "<div>", count: 20)
    let closed = String(repeating: "</div>", count: 20)
    let html = """
      \(deep)seena<div style='display:none'>gonea<b>goneb</b></div>seenb<script>gone</script>\
      <table><tr><td>seenc</table>\(closed)<p style='display:none'>gonec</p>seend
      """
    let result = read(html, limits: limits)
    #expect(words(of: result.text) == ["seena", "seenb", "seenc", "seend"])
    #expect(result.reading.defects.map(\.code).sorted() == ["hidden_text", "html_too_deep"])
  }
}
