import Octets
import Testing

@Suite("Fingerprints of lines")
struct LineFingerprintTests {
  private func hashes(_ text: String) -> [UInt64] {
    let octets = Array(text.utf8)
    return LineFingerprint.lines(of: octets.span, in: 0..<octets.count).map(\.hash)
  }

  @Test(
    "marks and blanks do not count",
    arguments: [
      "> one two three four five", ">> one two three four five", "> > one two  three four five ",
      "| one two\tthree four five", " \t>one two three four five\r", "one\u{A0}two three four five",
    ])
  func marks(line: String) {
    #expect(hashes(line) == hashes("one two three four five"))
    #expect(hashes(line).count == 1)
  }

  @Test("case, marks inside and words count")
  func words() {
    let lines = [
      "one two three four five", "One two three four five", "one two > three four five",
      "one two three four six", "one two three four five six",
    ]
    #expect(Set(lines.flatMap(hashes)).count == lines.count)
  }

  @Test(
    "a line of at least five words is told by its place",
    arguments: [
      ("one two three four", []), ("a b c d e", [0..<9]), ("", []), ("\n\n", []), ("> > >", []),
      ("\n> a b c d e\nx\na b c d e", [1..<12, 15..<24]), ("四五六七", []), ("三四五六七", [0..<15]),
    ] as [(String, [Range<Int>])])
  func places(text: String, expected: [Range<Int>]) {
    let octets = Array(text.utf8)
    #expect(
      LineFingerprint.lines(of: octets.span, in: 0..<octets.count).map(\.range) == expected)
  }

  @Test("only what lies in the range is looked at, whatever the range says")
  func ranges() {
    let octets = Array("a b c d e\nf g h i j k\nl".utf8)
    let inside = LineFingerprint.lines(of: octets.span, in: 12..<21)
    #expect(inside.map(\.range) == [12..<21])
    #expect(LineFingerprint.lines(of: octets.span, in: -5..<99).count == 2)
    #expect(LineFingerprint.lines(of: octets.span, in: 30..<99).isEmpty)
  }

  @Test("a fingerprint is the beginning of SHA-256")
  func digest() {
    let first = SHA256.digest(Array("a b c d e".utf8))[..<8]
    #expect(hashes("> a  b c d e") == [first.reduce(0) { $0 << 8 | UInt64($1) }])
  }
}
