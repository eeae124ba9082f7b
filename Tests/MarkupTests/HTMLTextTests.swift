import Grounding
import Markup
import TestSupport
import Testing

/// What is read of `html`.
func read(
  _ html: String, limits: HTMLLimits = HTMLLimits()
) -> (text: String, segments: [Segment], reading: HTMLReading) {
  var canonical = CanonicalText()
  let octets = Array(html.utf8)
  let reading = HTMLText.append(octets.span, to: &canonical, limits: limits)
  return (canonical.text, canonical.segments, reading)
}

@Suite("HTML to text")
struct HTMLTextTests {
  @Test(
    "blocks, white space, lists, tables and code read as they are shown",
    arguments: [
      ("", ""), ("plain", "plain"), (" a\n b\t<b> c</b> ", "a b c"),
      ("<p>one<p>two", "one\n\ntwo"), ("<div>a</div><div>b</div>", "a\nb"),
      ("a<br>b<br><br>c", "a\nb\n\nc"), ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
      ("a<div>b</div>c", "a\nb\nc"), ("a<hr>b", "a\n\nb"), ("H<sub>2</sub>O", "H2O"),
      ("<h1>T</h1>x", "T\n\nx"), ("<q>so</q>", "\u{201C}so\u{201D}"),
      ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e", "- a\n- b\n  - c\n- d\n\ne"),
      ("<ol start=3><li>a<li value=7>b<li>c</ol>", "3. a\n7. b\n8. c"),
      ("<ol type=a><li>x<li>y</ol>", "a. x\nb. y"), ("<ol type=I><li>x<li>y</ol>", "I. x\nII. y"),
      ("<ul><li><p>a</p><p>b</p></li><li>c</ul>", "- a\nb\n- c"),
      ("<dl><dt>t<dd>d<dt>u<dd>e</dl>", "t\nd\nu\ne"),
      ("<pre>\n a\n\n  b </pre>c", " a\n\n  b\n\nc"), ("<textarea>\nx\n y</textarea>", "x\ny"),
      ("<table><tr><td>a<td>b<tr><td>c<td>d</table>e", "a | b\nc | d\n\ne"),
      (
        "<table><thead><tr><th>x<th>y<th>z</thead><tr><td>1<td><td>3<tr><td><td>2</table>",
        "x | y | z\n1 | | 3\n2"
      ),
      ("<table><tr><td>a<tr><td>b</table>", "a\nb"),
      (
        "<table><tr><td>nav<td><h2>Head</h2><p>one<p>two</table>", "nav\n\nHead\n\none\n\ntwo"
      ),
      (
        "<table><tr><td><table><tr><td>a<td>b</table></table>", "a | b"
      ),
      ("<table><tr><td>a<br>b<td>c</table>", "a b | c"), ("a&nbsp;&nbsp;b", "a b"),
      ("a&lt;b&gt;&amp;c &copy 2&frac12;", "a<b>&c © 2½"), ("x<!-- y -->z", "xz"),
      ("<script>a</script>b<style>c</style><template>d</template>e", "be"),
      ("<title>T</title>b", "b"), ("<noscript>plain</noscript>", "plain"),
      ("<iframe>a</iframe><object>b</object><video>c</video><canvas>d</canvas>e", "e"),
      ("<img alt='Our team'> x <img alt='logo.gif'><img alt='*'>", "Our team x"),
      ("<input value=v><input type=submit value=Send><input type=hidden value=h>", "v Send"),
      ("<select><option>a<option>b</select>", "a\nb"), ("<button>Go</button>", "Go"),
      ("<svg><title>t</title><text>label</text><style>s</style></svg>x", "label x"),
      ("<math><mi>x</mi><mo>=</mo><mn>1</mn></math>", "x=1"),
      ("<!--[if mso]>mso<![endif]--><!--[if !mso]><!-->web<!--<![endif]-->", "web"),
      ("<![if !mso]>web<![endif]>", "web"), ("<blockquote>a<p>b</blockquote>c", "a\n\nb\n\nc"),
      ("<span style='display:block'>a</span>b", "a\nb"),
      ("<div style='white-space:pre-wrap'>a\n b\n\nc</div>", "a\nb\n\nc"),
      ("a</p>b", "a\n\nb"), ("<b><p>a</b>b</p>c", "ab\n\nc"), ("a</br>b", "a\nb"),
      ("<td>a</td>b", "ab"), ("a\u{200C}b", "ab"), ("خ\u{200C}خ", "خ\u{200C}خ"),
      ("a\u{200B}b&shy;c<b>&shy;d</b>", "abcd"), ("a&shy; b", "a b"), ("&shy;a &shy;b", "a b"),
      ("a\u{200C}\u{200C} \u{200C}\u{34F}\u{AD} b", "a b"),
    ])
  func table(html: String, text: String) {
    #expect(read(html).text == text)
  }
}
