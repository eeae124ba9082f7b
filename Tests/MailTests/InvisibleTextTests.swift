import Grounding
import Mail
import Testing

/// What a message's reader does not see is not in its text, and counted.
@Suite("Invisible text in mail")
struct InvisibleTextTests {
  private func parse(_ fields: String, _ body: String) -> ParsedItem {
    parsedItem(Array("\(MailBomb.head)\(fields)\n\(body)".utf8))
  }

  private func described(_ defects: [Defect]) -> [String] {
    defects.map { "\($0.code) \($0.detail ?? "")" }
  }

  private static let all =
    "display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;max-width:0px;"
    + "opacity:0;overflow:hidden;"

  @Test(
    "a preheader is left out and counted, in the forms that programs write",
    arguments: [
      ("display_none", "<div style='\(all)'>Save now</div>"),
      ("display_none", "<div style='display:none;max-height:0'>Save now</div>"),
      ("display_none", "<div style=\"display: none !important;\">Save now</div>"),
      ("display_none", "<span style='display:none !important;mso-hide:all'>Save now</span>"),
      (
        "display_none",
        "<!--[if !gte mso 9]><!----><span class=mcnPreviewText style='display:none; font-size:0px; "
          + "line-height:0px; max-height:0px; max-width:0px; opacity:0; overflow:hidden; "
          + "visibility:hidden; mso-hide:all;'>Save now</span><!--<![endif]-->"
      ),
      (
        "display_none",
        "<style>.preheader { display:none !important; visibility:hidden; opacity:0; color:"
          + "transparent; height:0; width:0; }</style><span class=\"preheader\">Save now</span>"
      ),
      (
        "display_none",
        "<table role=presentation style='display:none'><tr><td>Save<td>now</table>"
      ),
      ("display_none", "<table><tr style='display:none'><td>Save now</td></tr></table>"),
      ("hidden_attribute", "<div hidden>Save now</div>"),
      ("visibility", "<div style='visibility:hidden;height:0;width:0'>Save now</div>"),
      ("opacity", "<div style='opacity:0;mso-hide:all'>Save now</div>"),
      ("opacity", "<div style='opacity:0;font-size:13px;color:#333'>Save now</div>"),
      ("font_size", "<div style='font-size:1px;color:#fff'>Save now</div>"),
      ("font_size", "<span style='font-size:0;line-height:0;mso-hide:all'>Save now</span>"),
      (
        "font_size",
        "<table><tr><td style='font-size:1px;line-height:1px;color:#eee'>Save now</table>"
      ),
      ("zero_size", "<div style='max-height:0;overflow:hidden'>Save now</div>"),
      ("zero_size", "<div style='height:0;width:0;overflow:hidden;mso-hide:all'>Save now</div>"),
      ("zero_size", "<p style='margin:0;max-height:0;overflow:hidden;color:#fff'>Save now</p>"),
      ("color", "<div style='color:#ffffff'>Save now</div>"),
      ("color", "<body bgcolor='#f4f4f4'><span style='color:#f4f4f4'>Save now</span>"),
      ("color", "<table bgcolor=#eeeeee><tr><td><font color=#eeeeee>Save now</font></table>"),
      ("color", "<div style='color:transparent'>Save now</div>"),
      ("off_screen", "<div style='position:absolute;left:-9999px'>Save now</div>"),
      ("off_screen", "<div style='text-indent:-9999px'>Save now</div>"),
      ("clip", "<div style='position:absolute;clip:rect(0 0 0 0)'>Save now</div>"),
    ])
  func preheaders(reason: String, html: String) {
    let item = parse("Content-Type: text/html; charset=utf-8\n", html + "<p>Hello there.</p>")
    #expect(item.text == "Hello there.")
    #expect(
      described(item.defects) == ["hidden_text part 1: \(reason), 1 element, 7 characters"],
      "\(html)")
  }

  @Test(
    "what pads a preheader that is shown is left out and counted",
    arguments: [
      ("&zwnj;&nbsp;", 1), ("&#847; ", 1), ("&#8199;&shy;", 2), ("&#847;&zwnj;&nbsp;&#8199;", 3),
      ("&#847; &#8199; &shy; ", 3), ("&nbsp;&#8203;", 1), ("&zwnj; &#xFEFF;", 2),
      ("\u{34F}\u{200C}\u{A0}", 2), ("&#8288;&nbsp;&#8205;", 2),
    ])
  func padding(piece: String, count: Int) {
    for (before, after, text) in [
      ("<div>Save now", "</div><p>Hello there.", "Save now\n\nHello there."),
      ("<div style='display:none'>Save now</div><div>", "</div><p>Hello there.", "Hello there."),
      ("<p>Hello there.</p><div>", "</div>", "Hello there."),
    ] {
      let html = before + String(repeating: piece, count: 60) + after
      let item = parse("Content-Type: text/html; charset=utf-8\n", html)
      #expect(item.text == text)
      let padding = item.defects.filter { $0.code == "invisible_padding" }
      #expect(described(padding) == ["invisible_padding part 1: \(60 * count)"], "\(html)")
    }
    let hidden = "<div style='display:none'>" + String(repeating: piece, count: 60) + "</div>"
    let item = parse("Content-Type: text/html; charset=utf-8\n", hidden + "<p>Hello there.")
    #expect(item.text == "Hello there." && item.defects.isEmpty)
  }

  static let cases: [(written: String, text: String, defects: [String])] = [
    ("Hel\u{E0069}\u{E0067}lo", "Hello", ["tag_characters 2"]),
    ("\u{E0001}Hello\u{E007F}", "Hello", ["tag_characters 2"]),
    ("ig\u{200B}nore", "ignore", ["zero_width_characters 1"]),
    ("ig\u{200C}no\u{200D}re", "ignore", ["zero_width_characters 2"]),
    ("ig\u{2060}no\u{FEFF}re", "ignore", ["zero_width_characters 2"]),
    ("Grö\u{200C}ße при\u{200D}вет", "Größe привет", ["zero_width_characters 2"]),
    ("ig\u{200E}no\u{200F}re 1\u{200E}2", "ignore 12", ["zero_width_characters 3"]),
    ("one\u{200C} \u{200D}two", "one two", ["zero_width_characters 2"]),
    ("one \u{FEFF}two", "one two", ["zero_width_characters 1"]),
    // What scripts need and emoji are made of.
    ("می\u{200C}خواهم", "می\u{200C}خواهم", []), ("क्\u{200D}ष", "क्\u{200D}ष", []),
    ("👩\u{200D}💻 ❤\u{FE0F}\u{200D}🔥", "👩\u{200D}💻 ❤\u{FE0F}\u{200D}🔥", []),
    ("שלום \u{200E}(1)", "שלום \u{200E}(1)", []),
    ("می\u{200C}\u{200C}خواهم", "می\u{200C}خواهم", ["zero_width_characters 1"]),
    ("ab\u{202E}dc\u{202C}", "abdc", ["direction_overrides 2"]),
    ("\u{2066}a\u{2069}\u{202A}b", "ab", ["direction_overrides 3"]),
    (
      "a\u{200B}\u{E0041}\u{202D}b", "ab",
      ["tag_characters 1", "direction_overrides 1", "zero_width_characters 1"]
    ),
  ]

  @Test(
    "characters without width, tags and overrides are left out and counted",
    arguments: cases.indices)
  func characters(index: Int) {
    let (written, text, defects) = Self.cases[index]
    let plain = parse("Content-Type: text/plain; charset=utf-8\n", written)
    #expect(Array(plain.text.utf8) == Array(text.utf8))
    #expect(described(plain.defects) == defects)
    let html = "Content-Type: text/html; charset=utf-8\n"
    let references = written.unicodeScalars.map {
      $0.isASCII ? String($0) : "&#x\(String($0.value, radix: 16));"
    }
    for page in [written, references.joined(), "<table><tr><td>\(written)</table>"] {
      let item = parse(html, page)
      #expect(Array(item.text.utf8) == Array(text.utf8), "\(page)")
      #expect(described(item.defects) == defects, "\(page)")
    }
    let word = written.utf8.map { "=" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let subject = parse("Subject: =?utf-8?q?\(word)?=\n", "x")
    #expect(subject.title.map { Array($0.utf8) } == Array(text.utf8))
    #expect(described(subject.defects) == defects)
    let name = parse("Cc: =?utf-8?q?\(word)?= <c@d.e>\n", "x")
    #expect(name.people.last?.name.map { Array($0.utf8) } == Array(text.utf8))
    #expect(described(name.defects) == defects)
  }

  @Test("a soft hyphen is no letter of its word")
  func softHyphens() {
    let written = "Donau\u{AD}dampf\u{AD}schiff"
    let plain = parse("Content-Type: text/plain; charset=utf-8\n", written)
    #expect(plain.text == "Donaudampfschiff")
    #expect(described(plain.defects) == ["zero_width_characters 2"])
    let page = parse("Content-Type: text/html; charset=utf-8\n", written)
    #expect(page.text == "Donaudampfschiff" && page.defects.isEmpty)
  }
}
