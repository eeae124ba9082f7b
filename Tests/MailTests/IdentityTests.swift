import Grounding
import Mail
import Octets
import Testing

@Suite("The identity of a message")
struct IdentityTests {
  private let header = "Subject: s\nDate: d\nFrom: f@x\nTo: t@x\nCc: c@x\n"

  private func identity(_ source: String) -> [UInt8]? {
    parsedItem(Array(source.utf8)).identity
  }

  @Test("is the Message-ID, 0x00 and the hash of seven fields and the body")
  func form() {
    let hash = SHA256.digest(Array("s\0\nd\0\nf@x\0\nt@x\0\nc@x\0\n\n\nbody".utf8))
    #expect(identity("Message-ID: <m@x>\n\(header)\nbody\n") == Array("m@x".utf8) + [0] + hash)
    #expect(identity("\(header)\nbody\n") == hash)
  }

  @Test("does not know how a message travelled")
  func trace() {
    let plain = identity("Message-ID: <m@x>\n\(header)\nbody")
    #expect(
      identity("Received: by z; 1 Jan 2026 0:0 Z\nMessage-ID: <m@x>\n\(header)\nbody") == plain)
    #expect(
      identity("From f@x Mon Jan  1 10:00:00 2026\nMessage-ID: <m@x>\n\(header)\nbody") == plain)
    #expect(
      identity("Message-ID: <m@x>\nsubject:\n s\nDate: d\nFrom: f@x\nTo: t@x\nCc: c@x\n\nbody")
        == plain)
  }

  @Test("takes line ends as equal", arguments: ["\r\n", "\r"])
  func lineEnds(end: String) {
    let source = "Message-ID: <m@x>\n\(header)\nbody\n\nmore\n"
    #expect(identity(source.replacing("\n", with: end)) == identity(source))
    #expect(identity("\(header)\na\r\n\rb") == identity("\(header)\na\n\nb"))
    #expect(identity("\(header)\na\n\nb") != identity("\(header)\na\nb"))
    #expect(identity("\(header)\na\(end)\(end)") == identity("\(header)\na"))
  }

  @Test(
    "changes with each of them",
    arguments: ["Subject: s", "Date: d", "From: f@x", "To: t@x", "Cc: c@x", "body"])
  func changes(piece: String) {
    let source = "\(header)\nbody"
    let other = source.replacing(piece, with: "\(piece)2")
    #expect(identity(source) != identity(other))
  }

  @Test(
    "changes with whatever decides how the body is read",
    arguments: [
      "Content-Type: text/plain; charset=utf-7\n", "Content-Transfer-Encoding: base64\n",
      "To: second@x\n", "Subject: second\n",
    ])
  func reading(field: String) {
    #expect(identity("\(header)\(field)\nbody") != identity("\(header)\nbody"))
  }

  @Test(
    "does not know what a mailbox puts before From",
    arguments: [
      ("From here", ">From here", true), ("a\n\nFrom here\nb", "a\n\n>From here\nb", true),
      (">>From here", ">From here", false), (">>>From x", ">>From x", false),
      ("a\r\nFrom x", "a\r\n>From x", true), ("a >From x", "a From x", false),
      ("> From x", " From x", false), (">from x", "from x", false), (">Fromx", "Fromx", false),
      (">From x\n>From y\n", "From x\nFrom y", true),
    ])
  func mailboxMarks(one: String, other: String, areEqual: Bool) {
    #expect((identity("\(header)\n\(one)") == identity("\(header)\n\(other)")) == areEqual)
  }

  @Test("is that of the whole message, even where the rest is not read")
  func tooLarge() {
    var limits = MailLimits()
    limits.octets = 20
    let a = parsedItem(Array("Subject: s\n\n12345678901234567890a".utf8), limits: limits)
    let b = parsedItem(Array("Subject: s\n\n12345678901234567890b".utf8), limits: limits)
    #expect(a.text == b.text && a.identity != b.identity)
  }
}
