import Grounding
import Mail
import Testing

@Suite("Charsets that are missing or wrong")
struct CharsetTests {
  /// `octets` as a body with this label, and as a subject beside it.
  private func item(_ label: String?, body: [UInt8] = [], subject: [UInt8] = []) -> ParsedItem {
    let type = label.map { "Content-Type: text/plain; charset=\($0)\n" } ?? ""
    return parsedItem(
      Array("From: a@b\nMessage-ID: <m@b>\nDate: 1 Jan 2026 00:00 +0000\n\(type)Subject: ".utf8)
        + subject + Array("\n\n".utf8) + body)
  }

  private static let russian: [UInt8] = [
    0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4, 0x2C, 0x20, 0xCD, 0xC9, 0xD2, 0x21, 0x20, 0xEB, 0xC1, 0xCB,
    0x20, 0xC4, 0xC5, 0xCC, 0xC1, 0x3F,
  ]
  private static let korean: [UInt8] = [
    0xB1, 0xA4, 0xB0, 0xED, 0x20, 0xC0, 0xCC, 0xB0, 0xCD, 0xC0, 0xBA,
  ]

  @Test(
    "a label is believed unless the octets are certainly something else",
    arguments: [
      ("iso-8859-1", Array("é".utf8), "Ã©", []),
      ("iso-8859-1", Array("éè".utf8), "Ã©Ã¨", []),
      ("iso-8859-1", Array("éèê".utf8), "éèê", ["wrong_charset"]),
      ("windows-1252", Array("éèê".utf8) + [0xFF], "Ã©Ã¨Ãªÿ", []),
      ("utf-8", [0x63, 0x61, 0x66, 0xE9], "café", ["wrong_charset"]),
      ("utf-8", russian, "Привет, мир! Как дела?", ["wrong_charset"]),
      ("utf-8", Array("é".utf8) + [0xE9], "Ã©é", ["wrong_charset"]),
      ("utf-8", Array("éèêëàâîï".utf8) + [0xE9], "éèêëàâîï\u{FFFD}", ["undecodable_octets"]),
      ("koi8-r", russian, "Привет, мир! Как дела?", []),
      ("us-ascii", Array("é".utf8), "é", ["undeclared_octets"]),
      ("us-ascii", russian, "Привет, мир! Как дела?", ["undeclared_octets"]),
      (nil, russian, "Привет, мир! Как дела?", ["undeclared_octets"]),
      (nil, [0xE9], "é", ["undeclared_octets"]),
      ("x-none", russian, "Привет, мир! Как дела?", ["unknown_charset"]),
    ] as [(String?, [UInt8], String, [String])])
  func bodies(label: String?, body: [UInt8], text: String, defects: [String]) {
    let item = item(label, body: body)
    #expect(item.text == text)
    #expect(item.defects.map(\.code) == defects)
  }

  @Test(
    "a header without a charset is UTF-8, else in the body's charset, else what it looks like",
    arguments: [
      ("euc-kr", korean, "광고 이것은"), ("koi8-r", Array("é".utf8), "é"),
      ("koi8-r", [0xC4], "д"), ("euc-kr", [0xE9, 0x20], "é"), (nil, [0xE9], "é"),
      (nil, russian, "Привет, мир! Как дела?"), ("us-ascii", [0xE9], "é"),
      ("utf-8", [0xE9], "é"),
    ] as [(String?, [UInt8], String)])
  func headers(label: String?, subject: [UInt8], text: String) {
    let item = item(label, subject: subject)
    #expect(item.title == text)
    #expect(item.defects == [Defect("undeclared_octets", "subject")])
  }
}
