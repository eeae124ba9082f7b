import Grounding
import Markup
import TestSupport
import Testing

@Suite("HTML: properties")
struct HTMLPropertyTests {
  /// Trees of elements that hide in every way or only look as if they did, with what is seen of them
  /// worked out beside.
  private struct Page {
    var random: RandomSource
    var html = ""
    var expected: [String] = []
    var number = 0

    struct State {
      var isGone = false
      var isInvisible = false
      var isTiny = false
      var isWhite = false
      var isDark = false
      var isSeen: Bool { !isGone && !isInvisible && !isTiny && isWhite == isDark }
    }

    mutating func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &random)] }

    mutating func word(_ state: State) {
      let letters = String(number, radix: 10).utf8.map { $0 - 0x30 + 0x61 }
      let name = String(decoding: letters, as: UTF8.self)
      number += 1
      html += " \(state.isSeen ? "seen" : "gone")\(name) "
      if state.isSeen { expected.append("seen\(name)") }
    }

    mutating func grow(_ depth: Int, _ state: State) {
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        if depth == 0 || Bool.random(using: &random) {
          word(state)
        } else {
          element(depth, state)
        }
      }
    }

    private mutating func element(_ depth: Int, _ state: State) {
      var state = state
      let style: String
      switch Int.random(in: 0..<12, using: &random) {
      case 0:
        state.isGone = true
        style = pick([
          "display:none", "opacity:0", "position:absolute;left:-9999px", "clip-path:inset(50%)",
          "display:block;height:0;overflow:hidden", "DISPLAY:NONE!important",
        ])
      case 1:
        state.isInvisible = true
        style = "visibility:hidden"
      case 2:
        state.isInvisible = false
        style = "visibility:visible"
      case 3:
        state.isTiny = true
        style = "font-size:0"
      case 4:
        state.isTiny = false
        style = pick(["font-size:12px", "font:12pt serif"])
      case 5:
        state.isWhite = true
        style = pick(["color:#fff", "color:white"])
      case 6:
        state.isWhite = false
        style = pick(["color:#000", "color:black"])
      case 7:
        state.isDark = true
        style = pick(["background:#000", "background-color:black"])
      case 8:
        state.isDark = false
        style = pick(["background:#fff", "background-color:white"])
      default:
        style = pick([
          "", "opacity:.9", "left:-9999px", "dis/**/play:none", "display:nothing", "height:10px",
          "margin-left:-5px", "line-height:0", "max-height:0",
        ])
      }
      // Without tables: in quirks mode they take neither size nor colour.
      let (open, close) = pick([
        ("<div", "</div>"), ("<span", "</span>"), ("<section", "</section>"),
        ("<blockquote", "</blockquote>"), ("<ul><li", "</ul>"), ("<em", "</em>"),
        ("<b", "</b>"), ("<h2", "</h2>"), ("<p", "</p>"),
      ])
      html += "\(open) style=\"\(style)\">"
      // A paragraph ends with the first block in it, a heading with the next one.
      if open == "<p" || open == "<h2" { word(state) } else { grow(depth - 1, state) }
      html += close
    }
  }

  @Test("of random pages, every word that is seen is read, in order, and no other")
  func everyWord() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<3_000 {
      var page = Page(random: RandomSource(seed: random.next()))
      page.grow(5, Page.State())
      #expect(words(of: read(page.html).text) == page.expected, "seed \(seed)\n\(page.html)")
    }
  }

  private static let pieces = [
    "<", ">", "</", "<!--", "-->", "<!", "&", "&amp", "&#", "&#x0;", ";", "\"", "'", "=", "/", " ",
    "\n", "\r", "\0", "a", "é", "\u{200B}", "\u{AD}", "\u{1F600}", "<p>", "<div>", "</div>",
    "<table>", "<tr>", "<td>", "</table>", "<ul>", "<ol start=9>", "<li>", "</ul>", "<b>", "</b>",
    "<font color=white>", "</font>", "<a href=x>", "</a>", "<pre>", "</pre>", "<script>",
    "</script>", "<style>", ".x{display:none}", "</style>", "<title>", "</title>", "<svg>",
    "</svg>", "<math>", "<text>", "<textarea>", "</textarea>", "<select>", "<option>", "<h1>",
    "</h1>", "<br>", "<hr>", "<p style='display:none'>", "<i class=x>", "<![CDATA[", "]]>",
    "<body bgcolor=black>", "<html lang=de>", "<template>", "</template>", "<blockquote>",
    "</blockquote>", "<plaintext>", "<q>", "</q>", "<caption>", "<th>", "<input value=v>",
    "<foreignObject>", "</p>", "</br>", "<button>", "</td>", "</tr>", "<dd>", "<dt>", "<object>",
  ]

  @Test("whatever tags come, segments are sound, links lie in the text, and twice is the same")
  func soup() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<20_000 {
      var html = ""
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        html += Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
      }
      var limits = HTMLLimits()
      if Bool.random(using: &random) { limits.depth = 4 }
      if Bool.random(using: &random) { limits.segments = 3 }
      let result = read(html, limits: limits)
      var item = ParsedItem(kind: .document)
      item.text = result.text
      item.segments = result.segments
      #expect(item.hasSoundSegments && item.text.isFitForPrompts, "seed \(seed)\n\(html)")
      #expect(item.segments.count <= limits.segments, "seed \(seed)\n\(html)")
      let octets = Array(result.text.utf8)
      for link in result.reading.links {
        let isInside = link.span.end <= octets.count
        #expect(isInside, "seed \(seed)\n\(html)")
        if isInside {
          let text = String(validating: octets[link.span.range], as: UTF8.self)
          #expect(text != nil, "seed \(seed)\n\(html)")
        }
      }
      let again = read(html, limits: limits)
      #expect(again.text == result.text && again.segments == result.segments)
    }
  }

  @Test("random octets are read without end or fault")
  func noise() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<2_000 {
      let octets = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
      var canonical = CanonicalText()
      // The contract asks for UTF-8; what is none must not trap all the same.
      _ = HTMLText.append(octets.span, to: &canonical)
      _ = HTMLText.declaredCharset(octets.span)
    }
  }
}
