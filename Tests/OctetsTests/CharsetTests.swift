import Octets
import TestSupport
import Testing

@Suite("Charsets")
struct CharsetTests {
  @Test(
    "reads each encoding by its labels",
    arguments: [
      ("us-ascii", [0x61, 0x62], "ab"), ("UTF-8", [0xC3, 0xA9], "é"),
      ("utf8", [0xE2, 0x82, 0xAC], "€"),
      ("ISO-8859-1", [0xE9, 0x80], "é€"), (" \"latin1\" ", [0xFC], "ü"),
      ("windows-1252", [0x93, 0x94], "“”"), ("iso-8859-2", [0xB1], "ą"),
      ("ISO-8859-15", [0xA4], "€"),
      ("windows-1251", [0xC4, 0xE0], "Да"), ("cp1251", [0xC4], "Д"),
      ("KOI8-R", [0xC4, 0xC1], "да"),
      ("iso-8859-5", [0xB4], "Д"), ("windows-1250", [0x9A], "š"), ("ibm850", [0x81], "ü"),
      ("gb2312", [0xC4, 0xE3, 0xBA, 0xC3], "你好"), ("gb18030", [0x81, 0x30, 0x81, 0x30], "\u{80}"),
      ("big5", [0xA7, 0x41, 0xA6, 0x6E], "你好"), ("Shift_JIS", [0x93, 0xFA, 0x96, 0x7B], "日本"),
      ("euc-jp", [0xC6, 0xFC, 0xCB, 0xDC], "日本"), ("ks_c_5601-1987", [0xC7, 0xD1], "한"),
      (
        "iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42, 0x61], "日本a"
      ),
      ("utf-7", [0x48, 0x69, 0x2B, 0x41, 0x4F, 0x6B, 0x2D], "Hié"),
      ("utf-16le", [0x61, 0, 0xE9, 0], "aé"),
      ("utf-16be", [0, 0x61, 0, 0xE9], "aé"),
      // A last letter that might have taken a mark.
      ("windows-1255", [0xF9, 0xEC], "של"), ("windows-1258", [0x61], "a"),
    ] as [(String, [UInt8], String)])
  func labels(label: String, octets: [UInt8], text: String) throws {
    let result = try #require(Charset(label: label)).decode(octets)
    #expect(result.text == text)
    #expect(result.replaced == 0)
  }

  @Test(
    "what is not on the list is no charset",
    arguments: ["", "x-unknown", "UTF-8//TRANSLIT", "../utf-8", "iso-8859-1\0x", "EBCDIC-US", "é"])
  func unknown(label: String) { #expect(Charset(label: label) == nil) }

  @Test(
    "what cannot be read becomes U+FFFD and is counted",
    arguments: [
      ("us-ascii", [0x61, 0xE9, 0x62], "a\u{FFFD}b", 1),
      ("windows-1252", [0x81, 0x41], "\u{FFFD}A", 1),
      ("utf-8", [0x61, 0xC3, 0x28], "a\u{FFFD}(", 1), ("utf-8", [0xE2, 0x82], "\u{FFFD}", 1),
      ("utf-8", [0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}", 3),
      ("shift_jis", [0x93], "\u{FFFD}", 1), ("euc-jp", [0xFF, 0x61], "\u{FFFD}a", 1),
      ("utf-16le", [0x61, 0, 0x62], "a\u{FFFD}", 1),
    ] as [(String, [UInt8], String, Int)])
  func broken(label: String, octets: [UInt8], text: String, replaced: Int) throws {
    let result = try #require(Charset(label: label)).decode(octets)
    #expect(Array(result.text.unicodeScalars) == Array(text.unicodeScalars))
    #expect(result.replaced == replaced)
  }

  @Test("a text longer than the converter's buffer is whole")
  func long() throws {
    let octets = [UInt8](repeating: 0xC4, count: 100_001)
    let result = try #require(Charset(label: "koi8-r")).decode(octets)
    #expect(result.text == String(repeating: "д", count: 100_001))
  }

  @Test(
    "no octets stop any charset, and what is not replaced was read",
    arguments: [
      "us-ascii", "utf-8", "latin1", "koi8-r", "gb2312", "hz", "big5", "shift_jis", "euc-jp",
      "iso-2022-jp", "iso-2022-kr", "euc-kr", "utf-7", "utf-16", "utf-32", "euc-tw",
    ])
  func anyOctets(label: String) throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let charset = try #require(Charset(label: label))
    for _ in 0..<50 {
      let result = charset.decode(random.octets(upTo: 300))
      let marks = result.text.unicodeScalars.count { $0 == "\u{FFFD}" }
      #expect(marks >= result.replaced, "seed \(seed)")
    }
  }

  @Test("ASCII is told from other octets at every place")
  func asciiCheck() {
    for count in 0..<70 {
      var octets = [UInt8](repeating: 0x7F, count: count)
      let isPlain = isASCII(octets.span)
      #expect(isPlain)
      for index in 0..<count {
        octets[index] = 0x80
        let isStillPlain = isASCII(octets.span)
        #expect(!isStillPlain)
        octets[index] = 0x7F
      }
    }
  }
}

@Suite("The byte reader")
struct ByteReaderTests {
  @Test("what would run past the end is nil and moves nothing")
  func bounds() {
    var reader = ByteReader([1, 2, 3, 4, 5, 6], in: 1..<6)
    #expect(reader.littleEndian(UInt16.self) == 0x0302)
    #expect(reader.bigEndian(UInt32.self) == nil)
    #expect(reader.position == 3)
    #expect(reader.bigEndian(UInt16.self) == 0x0405)
    #expect(reader.peek() == 6 && reader.peek(1) == nil && reader.peek(-1) == nil)
    #expect(reader.take(2) == nil && reader.take(-1) == nil)
    #expect(reader.octet() == 6 && reader.octet() == nil && reader.isAtEnd)
  }

  @Test("a range beyond the octets is cut")
  func clamped() { #expect(ByteReader([1, 2], in: 1..<9).remaining == 1) }
}
