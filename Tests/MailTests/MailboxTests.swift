import Mail
import TestSupport
import Testing

@Suite("Mailboxes")
struct MailboxTests {
  private func messages(_ source: String) -> [String] {
    let octets = Array(source.utf8)
    var cursor = Mailbox.Cursor()
    var found: [String] = []
    while let message = cursor.next(octets.span) {
      found.append(String(decoding: octets[message.octets], as: UTF8.self))
    }
    return found
  }

  static let line = "From a@b  Mon Jan  5 10:00:00 2026\n"

  @Test(
    "a separator is a dated line before a header",
    arguments: [
      ("\(line)A: 1\n\nx\n\n\(line)B: 2\n\ny\n", ["A: 1\n\nx\n", "B: 2\n\ny\n"]),
      ("\(line)A: 1\n\nx\n\n", ["A: 1\n\nx\n"]), ("", []), ("A: 1\n\nx\n", []),
      // Text that begins with the word, quoted or not.
      (
        "\(line)A: 1\n\nFrom here on it rains.\n\n>From there\n",
        ["A: 1\n\nFrom here on it rains.\n\n>From there\n"]
      ),
      ("\(line)A: 1\n\nx\n\n\(line)no header\n", ["A: 1\n\nx\n\n\(line)no header\n"]),
      // Without an empty line before it only a field that messages begin with will do.
      ("\(line)A: 1\n\nx\n\(line)B: 2\n\ny", ["A: 1\n\nx\n\(line)B: 2\n\ny"]),
      (
        "\(line)A: 1\n\nx\n\(line)Return-Path: <a@b>\n\ny",
        ["A: 1\n\nx\n", "Return-Path: <a@b>\n\ny"]
      ),
      // Other forms of the date.
      ("From - Mon Jan 05 10:00:00 2026\nA: 1\n\nx", ["A: 1\n\nx"]),
      ("From a Mon Jan  5 10:00 2026\nA: 1\n\nx", ["A: 1\n\nx"]),
      ("From a Mon Jan  5 10:00:00 MET 2026\nA: 1\n\nx", ["A: 1\n\nx"]),
      ("From a Mon Jan  5 10:00:00 2026 +0100\nA: 1\n\nx", ["A: 1\n\nx"]),
      ("From |ro@o @end|ng  Mon Jan  5 10:00:00 2026\nA: 1\n\nx", ["A: 1\n\nx"]),
      (
        "\(line)>From a@b Mon Jan  5 10:00:00 2026\nA: 1\n\nx",
        [">From a@b Mon Jan  5 10:00:00 2026\nA: 1\n\nx"]
      ),
      ("From a Mon Jan\nA: 1\n\nx", []), ("From a Mon Jan  5 2026\nA: 1\n", []),
      // An empty message between two others, and a mailbox cut in its separator.
      ("\(line)A: 1\n\n\(line)B: 2\n", ["A: 1\n", "B: 2\n"]),
      ("\(line)A: 1\n\nx\n\nFrom a@b  Mon J", ["A: 1\n\nx\n\nFrom a@b  Mon J"]),
      ("\(line)A: 1\r\n\r\nx\r\n\r\n\(line)B: 2\r\n\r\n", ["A: 1\r\n\r\nx\r\n", "B: 2\r\n"]),
    ])
  func table(source: String, expected: [String]) { #expect(messages(source) == expected) }

  @Test(
    "one message is a message, two are a mailbox, and neither is neither",
    arguments: [
      ("\(line)From: a@b\nSubject: s\n\nx\n", "", .message),
      ("From: a@b\nSubject: s\n\nx\n", "notes.txt", .message),
      ("\(line)From: a@b\n\nx\n\n\(line)From: c@d\n\ny\n", "", .mailbox),
      ("Received: by x\n\tfrom y\nSubject: s\n\n", "", .message),
      ("Subject: s\n\nx", "a.EML", .message),
      ("Subject: s\nDate: d\n\nx", "", nil), ("Title: s\nFrom: a\n", "", nil),
      ("# Heading\n", "a.md", nil),
      ("", "a.eml", nil), ("no field", "a.eml", nil), ("From here on\nit rains", "", nil),
    ] as [(String, String, MailForm?)])
  func forms(source: String, name: String, form: MailForm?) {
    let octets = Array(source.utf8)
    let detected = MailForm.detect(octets.span, name: name)
    #expect(detected == form)
  }

  @Test("a walk can be taken up where it stood")
  func resumed() {
    let octets = Array("\(Self.line)A: 1\n\nx\n\n\(Self.line)B: 2\n\ny\n".utf8)
    var first = Mailbox.Cursor()
    _ = first.next(octets.span)
    var second = Mailbox.Cursor(position: first.position)
    let (a, b) = (first.next(octets.span), second.next(octets.span))
    #expect(a == b && a != nil)
  }

  @Test("ranges lie in order inside of any octets")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      Self.line, "From ", "\n", "\n\n", "A: 1\n", "Received: x\n", "\r\n", "From x\n", "\r", ":",
    ]
    for _ in 0..<3_000 {
      var octets: [UInt8] = []
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        octets += Array((pieces.randomElement(using: &random) ?? "").utf8)
      }
      var cursor = Mailbox.Cursor()
      var end = 0
      while let message = cursor.next(octets.span) {
        #expect(message.separator.lowerBound >= end, "seed \(seed)")
        #expect(message.separator.upperBound == message.octets.lowerBound, "seed \(seed)")
        #expect(message.octets.upperBound <= octets.count, "seed \(seed)")
        end = message.octets.upperBound
      }
    }
  }
}
