import Grounding
import Markup
import TestSupport
import Testing

/// Words in these pages that begin with `seen` are seen in a browser, those with `gone` are not.
@Suite("Hidden text of HTML")
struct HiddenTextTests {
  @Test(
    "what a reader does not see is left out and counted by its reason",
    arguments: [
      // Attributes.
      ("hidden_attribute", "<p hidden>gonea</p>seenb"),
      ("hidden_attribute", "<div hidden=\"until-found\">gonea</div>seenb"),
      ("hidden_attribute", "<div HIDDEN><p>gonea<p>goneb</div>seenc"),
      ("hidden_attribute", "<span hidden=false>gonea</span>seenb"),
      ("display_none", "<dialog>gonea</dialog><dialog open>seenb</dialog>"),
      // display
      ("display_none", "<div style='display:none'>gonea</div>seenb"),
      ("display_none", "<DIV STYLE=DISPLAY:NONE>gonea</DIV>seenb"),
      ("display_none", "<div style='color:red; display : none !important ;x'>gonea</div>seenb"),
      ("display_none", "<div style='display:/**/none'>gonea</div>seenb"),
      ("display_none", "<div style='d\\69splay:none'>gonea</div>seenb"),
      ("display_none", "<div style='\\64 isplay:n\\6f ne'>gonea</div>seenb"),
      ("display_none", "<div style='d&#105;splay:n&#x6f;ne'>gonea</div>seenb"),
      ("display_none", "<div style=\"content:';';display:none\">gonea</div>seenb"),
      ("display_none", "<div style='background:url(a;b/*);display:none'>gonea</div>seenb"),
      ("display_none", "<div style='display:block;display:none'>gonea</div>seenb"),
      ("display_none", "<div style='display:none;display:wrong'>gonea</div>seenb"),
      ("display_none", "<div style='display:none!important;display:block'>gonea</div>seenb"),
      ("display_none", "<div style='content-visibility:hidden'>gonea</div>seenb"),
      ("display_none", "<div style='display:none'><p style='display:block'>gonea</p></div>seenb"),
      ("display_none", "<p style='display:none'>gonea<p>seenb"),
      ("display_none", "<ul><li style='display:none'>gonea<li>seenb</ul>"),
      ("display_none", "<table><tr style='display:none'><td>gonea<td>goneb<tr><td>seenc</table>"),
      ("display_none", "<table><tr><td style='display:none'>gonea<td>seenb</table>"),
      ("display_none", "<div style='display:none'><b>gonea</div></b>seenb"),
      ("display_none", "<a style='display:none' href=x>gonea</a>seenb"),
      ("display_none", "<img alt='gonea goneb' style='display:none'>seenb"),
      ("display_none", "<button style='display:none'>gonea</button>seenb"),
      ("display_none", "<input value=gonea style='display:none'>seenb"),
      // Style sheets.
      ("display_none", "<style>.x{display:none}</style><p class='y x'>gonea</p>seenb"),
      ("display_none", "<style>#x{display:none}</style><p id=x>gonea</p>seenb"),
      ("display_none", "<style>i{display:none}</style><i>gonea</i>seenb"),
      ("display_none", "<style>p.x , td{display:none}</style><p class=x>gonea</p>seenb"),
      ("display_none", "<style>.a.b{display:none}</style><p class='b a'>gonea</p>seenb"),
      ("display_none", "<style>.a .b{display:none}</style><p class=a><i class=b>gonea</i>seenb"),
      ("display_none", "<style>div>i{display:none}</style><div><i>gonea</i>seenb</div>"),
      ("display_none", "<style><!-- .x{display:none} --></style><p class=x>gonea</p>seenb"),
      ("display_none", "<style>@media screen{.x{display:none}}</style><p class=x>gonea</p>seenb"),
      (
        "display_none",
        "<style>@media all{p{color:red}.x{display:none}}</style><p class=x>gonea</p>seenb"
      ),
      (
        "display_none",
        "<style>@media (min-width:600px){.x{display:none}}</style><p class=x>gonea</p>seenb"
      ),
      ("display_none", "<style>/*}*/.x{/*;*/display:none}</style><p class=x>gonea</p>seenb"),
      ("display_none", "<style>.\\78{display:none}</style><p class=x>gonea</p>seenb"),
      ("display_none", "<style>*{color:red}p.x{display:none}</style><p class=x>gonea</p>seenb"),
      (
        "display_none",
        "<style>.x{display:none!important}</style><p class=x style='display:block'>gonea</p>seenb"
      ),
      (
        "display_none",
        "<style>.x{display:block}#y{display:none}</style><p id=y class=x>gonea</p>seenb"
      ),
      ("display_none", "<style>.x{display:none}p{display:block}</style><p class=x>gonea</p>seenb"),
      (
        "display_none",
        "<style>@import 'a';@font-face{a:b}.x{display:none}</style><p class=x>gonea</p>seenb"
      ),
      ("display_none", "<p class=x>gonea</p>seenb<style>.x{display:none}</style>"),
      ("display_none", "<body>seenb<style>.x{display:none}</style><p class=x>gonea</p></body>"),
      // visibility
      ("visibility", "<p style='visibility:hidden'>gonea</p>seenb"),
      ("visibility", "<p style='visibility:collapse'>gonea</p>seenb"),
      (
        "visibility",
        "<div style='visibility:hidden'>gonea<i style='visibility:visible'>seenb</i>gonec</div>"
      ),
      // opacity
      ("opacity", "<p style='opacity:0'>gonea</p>seenb"),
      ("opacity", "<p style='opacity:.01'>gonea</p>seenb"),
      ("opacity", "<p style='opacity:0%'>gonea</p>seenb"),
      ("opacity", "<div style='opacity:.2'><div style='opacity:.2'>gonea</div>seenb</div>"),
      ("opacity", "<div style='opacity:0'><p style='opacity:1'>gonea</p></div>seenb"),
      ("opacity", "<p style='filter:opacity(0)'>gonea</p>seenb"),
      // font-size
      ("font_size", "<p style='font-size:0'>gonea</p>seenb"),
      ("font_size", "<p style='font-size:0px'>gonea</p>seenb"),
      ("font_size", "<p style='font-size:1px'>gonea</p>seenb"),
      ("font_size", "<p style='font-size:.1pt'>gonea</p>seenb"),
      ("font_size", "<p style='font-size:0.05em'>gonea</p>seenb"),
      ("font_size", "<p style='font:0/0 a'>gonea</p>seenb"),
      ("font_size", "<p style='font:bold 0px Arial'>gonea</p>seenb"),
      ("font_size", "<div style='font-size:0'>gonea<i style='font-size:14px'>seenb</i></div>"),
      ("font_size", "<div style='font-size:0'><i style='font-size:2em'>gonea</i></div>seenb"),
      // Boxes without size.
      ("zero_size", "<div style='height:0;overflow:hidden'>gonea</div>seenb"),
      ("zero_size", "<div style='width:0;overflow:hidden'>gonea</div>seenb"),
      ("zero_size", "<div style='max-height:0px;overflow:hidden'>gonea</div>seenb"),
      ("zero_size", "<div style='max-width:0;overflow-x:hidden'>gonea</div>seenb"),
      ("zero_size", "<div style='height:1px;overflow:hidden'>gonea</div>seenb"),
      ("zero_size", "<span style='display:inline-block;width:0;overflow:hidden'>gonea</span>seenb"),
      ("zero_size", "<div style='line-height:0;overflow:hidden'>gonea</div>seenb"),
      ("zero_size", "<img width=1 height=1 alt='gonea goneb'>seenb"),
      // clip
      ("clip", "<p style='position:absolute;clip:rect(0,0,0,0)'>gonea</p>seenb"),
      ("clip", "<p style='position:absolute;clip:rect(1px 1px 1px 1px)'>gonea</p>seenb"),
      ("clip", "<p style='clip-path:inset(50%)'>gonea</p>seenb"),
      ("clip", "<p style='clip-path:circle(0)'>gonea</p>seenb"),
      ("clip", "<p style='clip-path:polygon(0 0,0 0,0 0)'>gonea</p>seenb"),
      // Off the screen.
      ("off_screen", "<p style='position:absolute;left:-9999px'>gonea</p>seenb"),
      ("off_screen", "<p style='position:fixed;top:-1000em'>gonea</p>seenb"),
      ("off_screen", "<p style='position:relative;left:-5000px'>gonea</p>seenb"),
      ("off_screen", "<p style='position:absolute;right:-9999px'>gonea</p>seenb"),
      ("off_screen", "<p style='text-indent:-9999px'>gonea</p>seenb"),
      ("off_screen", "<p style='margin-left:-9999px'>gonea</p>seenb"),
      ("off_screen", "<p style='margin:0 0 0 -9999px'>gonea</p>seenb"),
      (
        "off_screen",
        "<div style='text-indent:-9999px'>gonea<p style='text-indent:0'>seenb</p></div>"
      ),
      ("transform", "<p style='transform:scale(0)'>gonea</p>seenb"),
      ("transform", "<p style='transform:translateX(-9999px)'>gonea</p>seenb"),
      // Colours.
      ("color", "<p style='color:white'>gonea</p>seenb"),
      ("color", "<p style='color:#fff'>gonea</p>seenb"),
      ("color", "<p style='color:#FFFFFE'>gonea</p>seenb"),
      ("color", "<p style='color:rgb(255, 255, 255)'>gonea</p>seenb"),
      ("color", "<p style='color:rgb(100% 100% 100%)'>gonea</p>seenb"),
      ("color", "<p style='color:hsl(0,0%,100%)'>gonea</p>seenb"),
      ("color", "<p style='color:transparent'>gonea</p>seenb"),
      ("color", "<p style='color:rgba(0,0,0,0)'>gonea</p>seenb"),
      ("color", "<p style='color:#0000'>gonea</p>seenb"),
      ("color", "<p style='color:rgba(0,0,0,.02)'>gonea</p>seenb"),
      ("color", "<p style='-webkit-text-fill-color:transparent'>gonea</p>seenb"),
      ("color", "<font color=white>gonea</font>seenb"),
      ("color", "<font color='#fefefe'>gonea</font>seenb"),
      ("color", "<font color=FFFFFF>gonea</font>seenb"),
      ("color", "<body bgcolor=black text=white><font color=#000000>gonea</font>seenb"),
      ("color", "<body text=white>gonea<i style='color:black'>seenb</i>"),
      ("color", "<table bgcolor=red><tr><td><font color='#ff0000'>gonea</font>seenb</table>"),
      ("color", "<p style='background:#123456;color:#123456'>gonea</p>seenb"),
      ("color", "<p style='background-color:navy'><i style='color:#000080'>gonea</i></p>seenb"),
      ("color", "<style>a{color:#fff}</style><a href=x>gonea</a>seenb"),
      ("color", "<p><font color=white>gonea</p><p>goneb</font>seenc</p>"),
      ("color", "<p><font color=white>gonea</p><p>goneb</p>gonec</font>seend"),
      ("color", "<p><font color=white></p><table><tr><td>seena</table>gonez"),
      ("color", "<font face=x><body bgcolor=black><font color=black>gonea</font>"),
      ("color", "<p><font color=black></p><p><font color=white>gonea</p>"),
      ("color", "<div style='background:black'><p style='color:black'>gonea</p></div>seenb"),
    ])
  func hidden(reason: String, html: String) {
    let result = check(html)
    let defects = result.reading.defects.filter { $0.code == "hidden_text" }
    #expect(defects.map { $0.detail?.split(separator: ",").first.map(String.init) } == [reason])
  }

  @Test(
    "what only looks hidden is kept, and nothing is counted",
    arguments: [
      "<!-- <div style='display:none'> -->seena<!-- </div> -->",
      "<p title=hidden class=hidden data-hidden>seena</p>",
      "<p aria-hidden=true>seena</p>",
      "<div style='dis/**/play:none'>seena</div>", "<div style='display:no/**/ne'>seena</div>",
      "<div style='/*display:none*/'>seena</div>", "<div style='-x-display:none'>seena</div>",
      "<div style='display:none x'>seena</div>", "<div style='display:nonee'>seena</div>",
      "<div style='content:\";display:none;\"'>seena</div>",
      "<div style='background:url(x;display:none)'>seena</div>",
      "<div style='display:none;display:block'>seena</div>",
      "<div style='display:none;display:inline-block!important'>seena</div>",
      "<div style='display\\3a none'>seena</div>", "<div style='x{display:none}'>seena</div>",
      "<div hidden style='display:block'>seena</div>",
      "<style>p{display:none}p.x{display:block}</style><p class=x>seena</p>",
      "<style>.x{display:none}</style><p class=X-x id=x>seena</p>",
      "<style>.x{display:none}</style><p class=x style='display:block'>seena</p>",
      "<style>.x{display:block!important}</style><p class=x style='display:none'>seena</p>",
      "<style>#x{display:block}.x{display:none}</style><p id=x class=x>seena</p>",
      "<style>@media print{.x{display:none}}</style><p class=x>seena</p>",
      "<style media=print>.x{display:none}</style><p class=x>seena</p>",
      "<style>@media (max-width:480px){.x{display:none!important}}</style><p class=x>seena</p>",
      "<style>@media only screen and (max-width:600px){*{display:none}}</style><p>seena</p>",
      "<style>@media not screen{.x{display:none}}</style><p class=x>seena</p>",
      "<style>.x:hover{display:none}.x::before{display:none}</style><p class=x>seena</p>",
      "<style>p[lang]{display:none}</style><p>seena</p>",
      "<style>.a .b{display:none}</style><p class=b>seena</p><p class=a>seenb</p>",
      "<style>div>i{display:none}</style><div><p><i>seena</i></p></div>",
      "<style>/*.x{display:none}*/</style><p class=x>seena</p>",
      "<style>.x{display:none</style><p>seena</p>", "<style>,p{display:none}</style><p>seena</p>",
      "<style type=text/plain>p{display:none}</style><p>seena</p>",
      "<script>document.write('<p style=display:none>')</script>seena",
      "<template><style>p{display:none}</style></template><p>seena</p>",
      "<p style='visibility:visible'>seena</p>",
      "<p style='opacity:.8'>seena</p>", "<p style='opacity:0.1'>seena</p>",
      "<p style='opacity:1;filter:opacity(50%)'>seena</p>",
      "<p style='font-size:9px'>seena</p>", "<p style='font-size:.8em'>seena</p>",
      "<p style='font-size:60%'>seena</p>", "<font size=1>seena</font>",
      "<font size=0>seena</font>",
      "<p style='font:400 12px/0 Arial'>seena</p>", "<p style='font-size:-1px'>seena</p>",
      "<p style='line-height:0'>seena</p>", "<p style='height:0'>seena</p>",
      "<p style='max-height:0;overflow:visible'>seena</p>",
      "<p style='height:200px;overflow:hidden'>seena</p>",
      "<span style='height:0;width:0;overflow:hidden'>seena</span>",
      "<table><tr><td style='height:0;overflow:hidden'>seena</table>",
      "<td width=0><img src=x width=600 alt='seena seenb'>",
      "<p style='clip:rect(0,0,0,0)'>seena</p>",
      "<p style='position:absolute;clip:rect(0,100px,50px,0)'>seena</p>",
      "<p style='clip-path:inset(0)'>seena</p>", "<p style='clip-path:circle(50%)'>seena</p>",
      "<p style='position:relative;left:-5px'>seena</p>", "<p style='left:-9999px'>seena</p>",
      "<p style='position:absolute;left:50%;margin-left:-500px;width:1000px'>seena</p>",
      "<p style='position:absolute;left:-900px;width:1600px'>seena</p>",
      "<p style='text-indent:-20px'>seena</p>", "<p style='text-indent:2em'>seena</p>",
      "<p style='margin-left:-20px'>seena</p>", "<p style='transform:scale(.5)'>seena</p>",
      "<p style='transform:translate(-50%,-50%)'>seena</p>",
      "<a style='mso-hide:all' href=x>seena</a>",
      "<p style='color:#ddd'>seena</p>", "<p style='color:whitesmok'>seena</p>",
      "<p style='color:rgb(255,255,255'>seena</p>",
      "<p style='color:white;color:black'>seena</p>", "<p style='color:rgba(0,0,0,.4)'>seena</p>",
      "<table bgcolor=#000000><tr><td><font color=white>seena</font></table>",
      "<table><tr bgcolor=navy><td><table><tr><td style='color:white'>seena</table></table>",
      "<div style='background:#333'><p style='color:#fff'>seena</p></div>",
      "<div style='background:url(x) #fff'><p style='color:#fff'>seena</p></div>",
      "<div style='background-image:linear-gradient(red,blue);color:white'>seena</div>",
      "<table background=x.gif><tr><td><font color=white>seena</font></table>",
      "<body bgcolor=black text=white>seena", "<body style='background:#000;color:#fff'>seena",
      "<style>td{background:#123}</style><table><tr><td style='color:white'>seena</table>",
      "<font color=white><a href=x>seena</a></font>", "<font color=white><mark>seena</mark></font>",
      "<div style='color:white'><button>seena</button></div>",
      "<div style='color:transparent;text-shadow:0 0 3px #000'>seena</div>",
      "<div style='background:red;-webkit-background-clip:text;color:transparent'>seena</div>",
      "<table><tr><td><font color=white></td></tr><tr><td>seena</td></tr></table>",
      "<table bgcolor=red><tr><td><font color=white>seena</td><tr><td><font color=red></font>seenb</table>",
      "<font color=white><body bgcolor=black>seena</body></font>",
      "<p><font color=white></p><font color=black>seena</font>",
      "<font color=white></font>seena", "<font color=white><font color=black>seena</font></font>",
      "<p><font color=white></font></p><p>seena</p>",
      "<font color=white><p></font>seena</p>", "<p style='color:inherit'>seena</p>",
      "<font color=white><table><tr><td>seena</table></font>",
      "<div style='font-size:0'><table><tr><td>seena</table></div>",
      "<table style='display:none'>seena<tr><td></table>",
      "<table style='display:none'><b>seena</b><tr><td></table>",
      "<div style='display:none'></div>seena", "<div style='display:none'/></div>seena",
      "<span style='display:none'></span>seena",
      "<input type=checkbox style='display:none'>seena", "<img style='display:none' src=x>seena",
      "<details><summary>seena</summary>seenb</details>",
      "<p style='display:none'></p><p>seena</p>", "<ul><li style='display:none'><li>seena</ul>",
      "<a href=x style='display:none'></a>seena",
    ])
  func visible(html: String) {
    let result = check(html)
    #expect(result.reading.defects.filter { $0.code == "hidden_text" } == [])
  }

  @Test("elements and characters are counted, not what they say")
  func counts() {
    let html = """
      <p style='display:none'>gone one</p><div hidden>ab <b>cd</b></div><p style='display:none'>x\
      <b>y</b></p>seen<font color=white>\u{200B}&nbsp; é</font>
      """
    #expect(
      read(html).reading.defects == [
        Defect("hidden_text", "hidden_attribute, 1 element, 4 characters"),
        Defect("hidden_text", "display_none, 2 elements, 9 characters"),
        Defect("hidden_text", "color, 1 element, 1 character"),
      ])
  }

  /// Compares the words of the text with those of the source, in both directions and in order.
  private func check(_ html: String) -> (text: String, reading: HTMLReading) {
    let result = read(html)
    let seen = words(of: html).filter { $0.hasPrefix("seen") }
    #expect(words(of: result.text) == seen, "\(html)\n\(result.text)")
    return (result.text, result.reading)
  }
}

/// The runs of letters that begin with `seen` or `gone`.
func words(of text: String) -> [String] {
  text.utf8.split { !(0x61...0x7A).contains($0) }.map { String(Substring($0)) }
    .filter { $0.hasPrefix("seen") || $0.hasPrefix("gone") }
}
