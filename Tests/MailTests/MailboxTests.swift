import Grounding
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

@Suite("Flags in a mailbox")
struct MailboxFlagsTests {
  @Test(
    "are what the mailbox's program writes into the header, in one order",
    arguments: [
      ("Status: RO\n", ["seen"]), ("Status: O\n", []), ("Status: \n", []), ("status:R\n", ["seen"]),
      ("X-Status: A\n", ["replied"]),
      ("X-Status: TDFA\n", ["replied", "flagged", "draft", "trashed"]),
      ("X-Status: \nStatus: RO\n", ["seen"]), ("Status: RrO\n", ["seen", "replied"]),
      ("X-Status: F\nStatus: RO\n", ["seen", "flagged"]), ("Status: NU\n", []),
      ("X-Mozilla-Status: 0001\n", ["seen"]), ("X-Mozilla-Status: 0000\n", []),
      (
        "X-Mozilla-Status: 100F\nX-Mozilla-Status2: 00800000\n",
        ["seen", "replied", "flagged", "trashed", "passed"]
      ),
      ("X-Account-Key: account1\nX-UIDL: 7\nX-Mozilla-Status: 8013\n", ["seen", "replied"]),
      // Thunderbird's field says all; an older program's stays behind.
      ("X-Mozilla-Status: 0000\nStatus: RO\n", []),
      ("X-Mozilla-Status: 0004\nStatus: RO\n", ["flagged"]),
      ("X-Mozilla-Status: 0001\nX-Mozilla-Status: 0004\n", ["seen"]),
    ])
  func read(fields: String, expected: [String]) {
    let octets = Array("\(fields)From: a@b\n\nStatus: R\n".utf8)
    #expect(MailboxFlags.flags(octets.span) == expected)
    let folded = Array("\(fields.replacing("\n", with: "\r\n"))From: a@b\r\n\r\nx".utf8)
    #expect(MailboxFlags.flags(folded.span) == expected)
  }

  @Test(
    "no such program leaves these behind: they came with the message",
    arguments: [
      "Status: Resolved\n", "Status: RO\nStatus: RO\n", "Status: R O\n", "Status: RRO\n",
      "Status: ro\n", "Status: D\n", "X-Status: AF?\n", "X-Status: R\n",
      "X-Status: F\nX-Status: \n",
      "Subject: s\nX-Mozilla-Status: 0001\n", "X-Mozilla-Status: 1\n", "X-Mozilla-Status: 00001\n",
      "X-Mozilla-Status: 000g\n", "X-Mozilla-Status:\n", "X-Mozilla-Status2: 00000001\n",
      "Statuses: R\n", " Status: R\n", "", "\nStatus: R\n",
    ])
  func passedOver(fields: String) {
    let octets = Array("\(fields)From: a@b\n\nStatus: R\n".utf8)
    #expect(MailboxFlags.flags(octets.span) == [])
  }

  @Test("count where a separator stands before the message, and nowhere else")
  func stores() {
    let message = "Status: RO\nX-Status: F\nFrom: a@b\nSubject: s\n\nx\n"
    let entry = Array("From a@b  Mon Jan  5 10:00:00 2026\n\(message)".utf8)
    #expect(StoredMessage(entry, name: "archive").flags == ["seen", "flagged"])
    for name in ["1.M2.host:2,", "1.M2.host:2,T"] {
      #expect(StoredMessage(entry, name: name).flags == [])
    }
    for name in ["a.eml", "1.M2.host:2,", ""] {
      #expect(StoredMessage(Array(message.utf8), name: name).flags == [])
    }
    #expect(parsedItem(entry).facts == [] && parsedItem(Array(message.utf8)).facts == [])
  }
}
