import Grounding
import Markup
import TestSupport
import Testing

@Suite("Canonical text")
struct CanonicalTextTests {
  @Test(
    "line ends become LF, what must not reach a prompt goes and is counted",
    arguments: [
      ("plain\ttext\u{C}\n", "plain\ttext\u{C}\n", []), ("a\r\nb\rc\n\r", "a\nb\nc\n\n", []),
      ("a\0b\u{1B}[1mc\u{7F}", "ab[1mc", ["control_characters 3"]),
      ("a\u{85}b\u{9F}\u{A0}", "ab\u{A0}", ["control_characters 2"]),
      ("x\u{E0041}\u{E007F}y\u{E0080}", "xy\u{E0080}", ["tag_characters 2"]),
      (
        "\u{202A}\u{202E}\u{2066}\u{2069}\u{200F}\u{2029}", "\u{200F}\u{2029}",
        ["direction_overrides 4"]
      ),
      ("é\u{202F}€😀\u{2065}\u{206A}", "é\u{202F}€😀\u{2065}\u{206A}", []),
      (
        "\u{1}\u{E0020}\u{202D}", "",
        ["control_characters 1", "tag_characters 1", "direction_overrides 1"]
      ),
      ("\u{FEFF}a\u{200B}b\u{AD}c\u{2060}\u{2064}", "abc", ["zero_width_characters 5"]),
      ("a\u{200C}b\u{200D} \u{34F}\u{180E}", "ab ", ["zero_width_characters 4"]),
      ("می\u{200C}خ 👩\u{200D}💻ᠠ\u{180E}ᠡ", "می\u{200C}خ 👩\u{200D}💻ᠠ\u{180E}ᠡ", []),
      ("خ\u{200C}\u{200D}\u{200C}خ", "خ\u{200C}خ", ["zero_width_characters 2"]),
      ("خ\u{200C}a\u{200C}خ\u{200C}\u{2019}\u{200C}", "خaخ\u{2019}", ["zero_width_characters 4"]),
      (
        "a\u{200E}b\u{200F}1 \u{200E}c\u{200F}!", "ab1 \u{200E}c\u{200F}!",
        ["zero_width_characters 2"]
      ),
    ] as [(String, String, [String])])
  func table(written: String, text: String, defects: [String]) {
    let cleaned = CanonicalText.cleaned(written)
    #expect(Array(cleaned.text.utf8) == Array(text.utf8))
    #expect(cleaned.defects.map { "\($0.code) \($0.detail ?? "")" } == defects)
  }

  @Test("segments have the spans of what was appended")
  func segments() {
    var canonical = CanonicalText()
    canonical.append("é\0", as: .heading)
    canonical.separate()
    canonical.append("", as: .paragraph)
    canonical.append("b\r\n", as: .paragraph, locator: Locator(part: "2"))
    canonical.separate()
    canonical.append("c", as: .paragraph)
    #expect(canonical.text == "é\n\nb\n\nc")
    #expect(canonical.segments.map(\.span.range) == [0..<2, 4..<6, 7..<8])
    #expect(canonical.segments[1].locator.part == "2")
  }

  @Test("it agrees with a reading of one scalar after the other")
  func agreesWithReference() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let ranges: [ClosedRange<UInt32>] = [
      0...0x20, 0x41...0x42, 0x7E...0xA1, 0x2026...0x2030, 0x2064...0x206B, 0xE0000...0xE0082,
      0x1F600...0x1F601, 0x200B...0x200F, 0x34E...0x350, 0x627...0x628, 0x627...0x628, 0xAC...0xAE,
      0x180D...0x180F, 0xFEFE...0xFF00,
    ]
    for _ in 0..<2_000 {
      var written = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        let range = ranges[Int.random(in: 0..<ranges.count, using: &random)]
        if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
          written.append(scalar)
        }
      }
      let cleaned = CanonicalText.cleaned(String(written)).text
      #expect(Array(cleaned.unicodeScalars) == Array(reference(written)), "seed \(seed)")
    }
  }

  private func reference(_ written: String.UnicodeScalarView) -> String.UnicodeScalarView {
    var text = String.UnicodeScalarView()
    var isAfterReturn = false
    for (index, scalar) in zip(written.indices, written) {
      let next = written[index...].dropFirst().first?.value ?? 0
      let last = text.last?.value ?? 0
      let wasAfterReturn = isAfterReturn
      isAfterReturn = scalar == "\r"
      switch scalar.value {
      case 0x0A where wasAfterReturn: break
      case 0x0D: text.append("\n")
      case 0x09, 0x0A, 0x0C: text.append(scalar)
      case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xE0000...0xE007F: break
      case 0xAD, 0x200B, 0x2060...0x2064, 0xFEFF: break
      case 0x34F, 0x180E, 0x200C, 0x200D:
        if isJoined(last), isJoined(next) { text.append(scalar) }
      case 0x200E, 0x200F:
        if !isWord(last) || !isWord(next) { text.append(scalar) }
      default: text.append(scalar)
      }
    }
    return text
  }

  private func isJoined(_ scalar: UInt32) -> Bool {
    scalar >= 0x600 && ![0x180E, 0x3000, 0xFEFF].contains(scalar)
      && !(0x2000...0x206F).contains(scalar) && !(0xE0000...0xE007F).contains(scalar)
  }

  private func isWord(_ scalar: UInt32) -> Bool {
    Unicode.Scalar(scalar).map {
      $0.isASCII && ($0.properties.isAlphabetic || (0x30...0x39).contains(scalar))
    }
      ?? false
  }
}
