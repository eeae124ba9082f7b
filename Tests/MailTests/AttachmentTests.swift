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

  @Test(
    "a name is read from either field, in whichever way it is written",
    arguments: [
      ("Content-Disposition: attachment; filename=\"a b.pdf\"", "a b.pdf"),
      ("Content-Type: application/pdf; name=c.pdf", "c.pdf"),
      ("Content-Type: application/pdf; name=\"=?utf-8?q?=C3=A4.pdf?=\"", "ä.pdf"),
      ("Content-Type: application/pdf; name==?utf-8?q?=C3=A4.pdf?=", "ä.pdf"),
      ("Content-Disposition: attachment; filename=\"=?utf-8?q?a?=\n =?utf-8?q?b.pdf?=\"", "ab.pdf"),
      (
        "Content-Disposition: attachment;\n filename*0*=utf-8'en'%C3%A4;\n filename*1=\"b c\";\n filename*2*=%20d",
        "äb c d"
      ),
      ("Content-Disposition: attachment; filename*1=b; filename*0=a; filename*3=d", "ab"),
      ("Content-Disposition: attachment; filename*0*=iso-8859-1''%E9; filename*1*=%E8", "éè"),
      ("Content-Disposition: attachment; filename*=iso-8859-1''%E9.txt", "é.txt"),
      ("Content-Disposition: attachment; filename*=''%C3%A4%zz%4", "ä%zz%4"),
      ("Content-Disposition: attachment; filename*=plain.txt", "plain.txt"),
      ("Content-Disposition: attachment; filename=\"_.txt\"; filename*=utf-8''%C3%A4.txt", "ä.txt"),
      (
        "Content-Disposition: attachment; filename*0=\"=?utf-8?q?=C3=A4?=\"; filename*1=.txt",
        "ä.txt"
      ),
      ("Content-Disposition: attachment; filename*x=a; filename=b", "b"),
      ("Content-Disposition: attachment; filename=\"a\\\"b\"", "a\"b"),
      ("Content-Disposition: attachment; filename=\"\u{202E}cod.exe\u{7}\"", "cod.exe"),
      ("Content-Disposition: attachment; filename=x.txt\nContent-Type: a/b; name=y.txt", "x.txt"),
      ("Content-Disposition: attachment; filename=\"\"", "application/x"),
      ("Content-Type: application/pdf", "application/pdf"),
    ])
  func names(header: String, name: String) {
    let type = header.contains("Content-Type") ? "" : "Content-Type: application/x\n"
    let message = message(["\(type)\(header)\n\nx"])
    #expect(message.item.facts == [Fact("attachment", .text(name))])
    #expect(message.attachments.map { $0.name ?? $0.mediaType } == [name])
  }

  @Test("a name is cut at a scalar")
  func longNames() {
    for (limit, name) in [(4, "aéb"), (3, "aé"), (2, "a"), (0, nil), (-1, nil)] as [(Int, String?)]
    {
      var limits = MailLimits()
      limits.nameOctets = limit
      let message = message(["Content-Type: a/b; name=\"aéb\"\n\nx"], limits)
      #expect(message.attachments.map(\.name) == [name])
      #expect(message.item.defects.contains(Defect("name_too_long", "part 2")) == (limit < 4))
    }
  }

  @Test(
    "texts that are shown are body, named ones after the first are noted",
    arguments: [
      ("Content-Type: text/plain; name=a.txt\n\nmore", ["1", "2"], ["a.txt"]),
      (
        "Content-Type: text/x-patch\nContent-Disposition: inline; filename=a.diff\n\n+a",
        ["1", "2"],
        ["a.diff"]
      ),
      ("\nmore", ["1", "2"], []),
      ("Content-Type: text/plain\nContent-Disposition: attachment\n\nmore", ["1"], ["text/plain"]),
      ("Content-Type: text/csv; name=a.csv\nContent-Disposition: inline\n\na,b", ["1"], ["a.csv"]),
    ] as [(String, [String], [String])])
  func shown(part: String, body: [String], names: [String]) {
    let message = message([part])
    #expect(message.item.segments.map { $0.locator.part ?? "" } == body)
    #expect(message.item.facts == names.map { Fact("attachment", .text($0)) })
    #expect(message.attachments.isEmpty == (body.count == 2))
  }

  @Test(
    "what is signed is read, what is encrypted is named",
    arguments: [
      (
        "multipart/signed; micalg=a", "\nread", "Content-Type: application/pgp-signature\n\nsig",
        "read", ["2 application/pgp-signature - sig"], []
      ),
      (
        "multipart/encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream\n\nsecret", "",
        ["1 application/pgp-encrypted - Version: 1", "2 application/octet-stream - secret"],
        ["encrypted_not_read part 1"]
      ),
      (
        "multipart/mixed", "Content-Type: application/pkcs7-mime; smime-type=Enveloped-Data\n\nx",
        "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\ny", "",
        ["1 application/pkcs7-mime - x", "2 application/pkcs7-mime - y"],
        ["encrypted_not_read part 1"]
      ),
      (
        "multipart/report; report-type=delivery-status", "\nIt failed.",
        "Content-Type: text/rfc822-headers\n\nTo: a", "It failed.",
        ["2 text/rfc822-headers - To: a"], []
      ),
      (
        "multipart/digest", "\nSubject: one\n\nx", "Content-Type: text/plain\n\nlist", "list",
        ["1 message/rfc822 - Subject: one\n\nx"], []
      ),
    ] as [(String, String, String, String, [String], [String])])
  func containers(
    type: String, first: String, second: String, text: String, attachments: [String],
    defects: [String]
  ) {
    let source =
      "\(BodyTests.head)Content-Type: \(type); boundary=b\n\n--b\n\(first)\n--b\n\(second)\n--b--\n"
    let message = MessageParser.parse(Array(source.utf8))
    #expect(message.item.text == text && described(message) == attachments)
    #expect(message.item.defects.map { "\($0.code) \($0.detail ?? "")" } == defects)
  }
}
