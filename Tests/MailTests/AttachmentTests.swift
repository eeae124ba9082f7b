import Grounding
import Mail
import Testing

@Suite("Attachments")
struct AttachmentTests {
  static let head = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n"

  private func message(_ parts: [String], _ limits: MailLimits = MailLimits()) -> ParsedMessage {
    let source = Self.head + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
    return MessageParser.parse(Array(source.utf8), limits: limits)
  }

  /// `number type name content`, with an `i` before what is inline.
  private func described(_ message: ParsedMessage) -> [String] {
    message.attachments.map {
      let content = String(decoding: $0.octets, as: UTF8.self)
      return "\($0.isInline ? "i" : "")\($0.number) \($0.mediaType) \($0.name ?? "-") \(content)"
    }
  }

  @Test(
    "a part that is no body comes out with its transfer encoding undone",
    arguments: [
      ("Content-Type: Application/PDF; name=r.pdf\n\n%PDF", "2 application/pdf r.pdf %PDF"),
      (
        "Content-Type: image/png\nContent-Disposition: inline; filename=a.png\nContent-Transfer-Encoding: base64\n\nYWJj",
        "i2 image/png a.png abc"
      ),
      (
        "Content-Type: text/csv\nContent-Transfer-Encoding: quoted-printable\n\na=3Db=\n;c",
        "2 text/csv - a=b;c"
      ),
      (
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=\"n.txt\"\n\nfile",
        "2 text/plain n.txt file"
      ),
      (
        "Content-Type: text/html; charset=utf-8\nContent-Disposition: attachment\n\n<p>",
        "2 text/html - <p>"
      ),
      ("Content-Type: text/calendar; method=REQUEST\n\nBEGIN", "2 text/calendar - BEGIN"),
      ("Content-Type: message/rfc822\n\nSubject: in\n\nx", "2 message/rfc822 - Subject: in\n\nx"),
      (
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4KCng=",
        "2 message/rfc822 - Subject: in\n\nx"
      ),
      (
        "Content-Type: message/delivery-status\n\nAction: failed",
        "2 message/delivery-status - Action: failed"
      ),
      (
        "Content-Type: application/ms-tnef; name=winmail.dat\n\nx",
        "2 application/ms-tnef winmail.dat x"
      ),
    ])
  func contents(part: String, expected: String) {
    let message = message([part])
    #expect(described(message) == [expected])
    #expect(message.item.text == "text")
    let name = message.attachments.first.flatMap { $0.name ?? $0.mediaType } ?? ""
    #expect(message.item.facts == [Fact("attachment", .text(name))])
  }

  @Test("a message that is nothing but a file is an attachment of its own")
  func whole() {
    let message = MessageParser.parse(Array("Content-Type: application/pdf\n\n%PDF".utf8))
    #expect(described(message) == ["1 application/pdf - %PDF"] && message.item.text.isEmpty)
  }

  @Test("at its limit everything comes out, beyond it a defect names the part, and names stay")
  func limits() {
    let parts = ["abc", "defg", "h"].map { "Content-Type: a/b; name=\($0)\n\n\($0)" }
    for (count, octets, numbers, defects) in [
      (3, 8, ["2", "3", "4"], []), (2, 8, ["2", "3"], ["too_many_attachments part 4"]),
      (3, 7, ["2", "3"], ["attachments_too_large part 4"]),
      (3, 4, ["2", "4"], ["attachments_too_large part 3"]),
      (0, 8, [], [2, 3, 4].map { "too_many_attachments part \($0)" }),
      (3, -1, [], [2, 3, 4].map { "attachments_too_large part \($0)" }),
    ] as [(Int, Int, [String], [String])] {
      var limits = MailLimits()
      (limits.attachments, limits.attachmentOctets) = (count, octets)
      let message = message(parts, limits)
      #expect(message.attachments.map(\.number) == numbers)
      let found = message.item.defects.filter { $0.code.contains("attachments") }
      #expect(found.map { "\($0.code) \($0.detail ?? "")" } == defects)
      #expect(message.item.facts.count == 3)
    }
  }
}
