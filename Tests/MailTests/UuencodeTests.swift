import Grounding
import Mail
import Octets
import TestSupport
import Testing

@Suite("Files within texts")
struct UuencodeTests {
  private func message(_ body: String, _ fields: String = "") -> ParsedMessage {
    MessageParser.parse(Array("\(BodyTests.head)\(fields)\n\(body)".utf8))
  }

  /// The text, then `number name content` of each attachment, then the defects.
  private func described(_ message: ParsedMessage) -> [String] {
    [message.item.text]
      + message.attachments.map {
        "\($0.number) \($0.name ?? "-") \(String(decoding: $0.octets, as: UTF8.self))"
      } + message.item.defects.map { "\($0.code) \($0.detail ?? "")" }
  }

  @Test(
    "a uuencoded file is taken out of the text and attached",
    arguments: [
      ("begin 644 a.txt\n#0V%T\n`\nend\n", ["", "1.u1 a.txt Cat"]),
      (
        "before\n\nbegin 644 a b.txt\n#0V%T\n`\nend\nafter",
        ["before\n\nafter", "1.u1 a b.txt Cat"]
      ),
      ("begin 0644 a\n#0V%T\n \nend", ["", "1.u1 a Cat"]),
      ("begin 644 a\r\n#0V%T\r\n`\r\nend\r\nafter", ["after", "1.u1 a Cat"]),
      ("begin 644 a\n#0V%TX\nend", ["", "1.u1 a Cat"]),
      ("begin 644 a\n#0V%T", ["", "1.u1 a Cat"]),
      ("begin 644 a\n#0V%T\n\nafter", ["\nafter", "1.u1 a Cat"]),
      (
        "begin 644 a\n#0V%T\n`\nend\nbegin 600 b\n!00\n`\nend\n",
        ["", "1.u1 a Cat", "1.u2 b A"]
      ),
      ("begin 644\n#0V%T\nend", ["begin 644\n#0V%T\nend"]),
      ("begin 64 a\n#0V%T\nend", ["begin 64 a\n#0V%T\nend"]),
      ("begin 644 a\nno data\nend", ["begin 644 a\nno data\nend"]),
      ("We begin 644 a\n#0V%T\nend", ["We begin 644 a\n#0V%T\nend"]),
      ("begin 644 a\n", ["begin 644 a\n"]),
      (
        "=ybegin line=128 size=3 name=a\nx",
        ["=ybegin line=128 size=3 name=a\nx", "yenc_not_read part 1"]
      ),
      ("see =ybegin line", ["see =ybegin line"]),
      ("begin 644 a\r#0V%T\r`\rend\rafter", ["after", "1.u1 a Cat", "bare_carriage_return "]),
      // Longer or shorter than its first letter says.
      ("begin 644 a\n#0V%TXX\nend", ["begin 644 a\n#0V%TXX\nend"]),
      ("begin 644 a\n#0\nend", ["", "1.u1 a @\u{0}\u{0}"]),
      ("begin 644 a\n&0V%T\nend", ["begin 644 a\n&0V%T\nend"]),
    ] as [(String, [String])])
  func files(body: String, expected: [String]) {
    #expect(described(message(body)) == expected)
  }

  @Test(
    "as a transfer encoding it is undone",
    arguments: [
      ("begin 644 a\n#0V%T\n`\nend\n", ["Cat"]), ("#0V%T\n`\n", ["Cat"]),
      ("begin 644 a\n#0V\n`\nend", ["C`\u{0}"]),
      ("begin 644 a\n~\n#0V%T\n`\nend", ["Cat", "bad_uuencode part 1: 1"]),
      ("begin 644 a\r#0V%T\r`\rend", ["Cat", "bare_carriage_return "]),
      // Lines without their letters are zeros while the whole is no longer than it is written.
      ("begin 644 a\n#0V%T\n(\nend", ["Cat"]),
      ("begin 644 a\n#0V%T\n_\n#0V%T\nend", ["CatCat", "bad_uuencode part 1: 1"]),
    ] as [(String, [String])])
  func transferEncoding(body: String, expected: [String]) {
    for name in ["x-uuencode", "X-UUE", "uuencode"] {
      let found = described(message(body, "Content-Transfer-Encoding: \(name)\n"))
      #expect(
        found.filter { !$0.hasPrefix("control") } == expected.map { $0.filter { $0 != "\0" } })
    }
  }

  @Test(
    "under a transfer encoding it stays in the text and is named; beyond the limit it stays there",
    arguments: [
      ("quoted-printable", 500, "begin 644 a\n#0V%T\n`\nend", ["uuencode_not_read part 1"]),
      ("base64", 500, "YmVnaW4gNjQ0IGEKIzBWJVQKYAplbmQ=", ["uuencode_not_read part 1"]),
      ("base64", 500, "YmVnaW4gNjQ0IGEKZW5k", []),
      ("7bit", 2, "begin 644 a\n#0V%T\n`\nend\nbegin 644 a\n#0V%T\n`\nend", []),
      (
        "7bit", 1, "begin 644 a\n#0V%T\n`\nend\nbegin 644 a\n#0V%T\n`\nend",
        ["too_many_attachments part 1"]
      ),
      ("7bit", 0, "begin 644 a\n#0V%T\n`\nend", ["too_many_attachments part 1"]),
      ("7bit", -1, "begin 644 a\n#0V%T\n`\nend", ["too_many_attachments part 1"]),
    ] as [(String, Int, String, [String])])
  func leftInText(encoding: String, limit: Int, body: String, defects: [String]) {
    var limits = MailLimits()
    limits.attachments = limit
    let source = "\(BodyTests.head)Content-Transfer-Encoding: \(encoding)\n\n\(body)"
    let message = MessageParser.parse(Array(source.utf8), limits: limits)
    #expect(message.item.defects.map { "\($0.code) \($0.detail ?? "")" } == defects)
    #expect(message.item.text.contains("begin 644 a") != (encoding == "7bit" && limit == 2))
    #expect(message.attachments.count == (encoding == "7bit" ? max(0, limit) : 0))
  }

  @Test("any octets come out of it, and no line is read outside of itself")
  func property() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<200 {
      let octets = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      var text = Array("begin 644 a\n".utf8)
      for start in stride(from: 0, to: octets.count, by: 45) {
        let line = Array(octets[start..<min(start + 45, octets.count)])
        text.append(UInt8(line.count) + 0x20)
        for group in stride(from: 0, to: line.count, by: 3) {
          let bits = (0..<3).reduce(UInt32(0)) {
            $0 << 8 | UInt32(group + $1 < line.count ? line[group + $1] : 0)
          }
          for shift in [18, 12, 6, 0] {
            let value = UInt8(truncatingIfNeeded: bits >> UInt32(shift) & 63)
            text.append(value == 0 ? 0x60 : value + 0x20)
          }
        }
        text.append(0x0A)
      }
      text += Array("`\nend\n".utf8)
      #expect(Uuencode.decode(text.span).octets == octets, "seed \(seed)")
      #expect(Uuencode.decode(text.span).defects == 0, "seed \(seed)")
    }
  }

  @Test("what comes out is never longer than what went in, whatever lines lack their letters")
  func neverLonger() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<500 {
      var text = Array("begin 644 a\n".utf8)
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        let count = UInt8.random(in: 0x20...0x60, using: &random)
        let letters = Bool.random(using: &random) ? Int.random(in: 0...80, using: &random) : 0
        text.append(count)
        text += repeatElement(0x41, count: letters)
        text.append(0x0A)
      }
      let decoded = Uuencode.decode(text.span).octets
      #expect(decoded.count <= text.count, "seed \(seed)")
    }
  }
}
