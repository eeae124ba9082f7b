import Grounding
import Octets
import Reading
import TestSupport
import Testing

@Suite("What is attached to a message")
struct AttachmentTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var type: String
    var name: String?
    var content: String
    var format: ItemFormat
    /// A word of the child's text, or of its title.
    var says: String
    var testDescription: String { "\(type) \(name ?? "-") as \(format.rawValue)" }
  }

  static let inner =
    "From: Bo <bo@example.org>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n"
    + "Message-ID: <inner@example.org>\nSubject: Inner\n\nThe old radar.\n"

  static let readable: [Case] = [
    Case(
      type: "text/plain", name: "a.txt", content: "plain words", format: .plainText, says: "plain"),
    Case(
      type: "text/markdown", name: nil, content: "# Head\n\nwords", format: .markdown, says: "words"
    ),
    Case(
      type: "text/plain", name: "a.md", content: "# Head\n\nwords", format: .markdown, says: "words"
    ),
    Case(
      type: "text/html", name: "a.html", content: "<!doctype html><p>shown words</p>",
      format: .html,
      says: "shown words"),
    Case(
      type: "text/csv", name: "a.csv", content: "name,boat\nana,heron\n", format: .delimited,
      says: "heron"),
    Case(
      type: "text/tab-separated-values", name: nil, content: "name\tboat\nana\theron\n",
      format: .delimited, says: "heron"),
    Case(
      type: "application/json", name: "a.json", content: "{\"boat\": \"heron\"}",
      format: .jsonLines,
      says: "heron"),
    Case(
      type: "application/octet-stream", name: "boat.py", content: "def sail():\n  return 1\n",
      format: .sourceCode, says: "sail"),
    Case(type: "message/rfc822", name: nil, content: inner, format: .message, says: "radar"),
    Case(
      type: "application/octet-stream", name: "fwd.eml", content: inner, format: .message,
      says: "radar"),
    Case(
      type: "text/calendar", name: nil, content: calendar([event("u", "Audit")]), format: .calendar,
      says: "Audit"),
    Case(
      type: "application/octet-stream", name: "invite.ics",
      content: calendar([event("u", "Audit")]), format: .calendar, says: "Audit"),
    // The content counts for more than the declared type, and that for more than the name.
    Case(
      type: "text/plain", name: "a.txt", content: "<!doctype html><p>shown words</p>",
      format: .html, says: "shown"),
    Case(
      type: "text/html", name: "page.txt", content: "<p>shown words</p>", format: .html,
      says: "shown"),
    Case(
      type: "image/png", name: "a.png", content: calendar([event("u", "Audit")]),
      format: .calendar, says: "Audit"),
    Case(
      type: "text/csv", name: "a.md", content: "name,boat\nana,heron\n", format: .delimited,
      says: "heron"),
  ]

  @Test("is a child of its type: by content, then declared type, then name", arguments: readable)
  func isChild(_ item: Case) throws {
    let octets = Array(item.content.utf8)
    let file = try read(message([Part(item.type, name: item.name, octets: octets)]))
    let mail = try #require(file.items.first)
    #expect(file.parts.map(\.outcome) == [.read(item.format)])
    #expect(file.parts[0].number == "2")
    #expect(file.parts[0].octetCount == octets.count)
    #expect(file.parts[0].hash == SHA256.digest(octets))
    #expect(notRead(mail) == [])
    try #require(mail.children.count == 1)
    let child = mail.children[0]
    #expect("\(child.title ?? "") \(child.text)".contains(item.says), "\(child)")
    #expect(child.hasSoundSegments)
    switch item.format {
    case .calendar:
      #expect(child.kind == .event)
      #expect(child.identity == Array("u".utf8) + [0])
      #expect(child.contentHash != nil)
    default:
      #expect(child.kind == (item.format == .message ? .mail : .document))
      #expect(child.identity == Array("2".utf8))
      #expect(child.contentHash == SHA256.digest(octets))
    }
  }

  @Test(
    "that is not read is a defect that names the part and says why",
    arguments: [
      ("application/pdf", "a.pdf", "%PDF-1.4\nx", "needs_program"),
      ("text/plain", "a.txt", "%PDF-1.4\nx", "needs_program"),
      ("application/octet-stream", "a.docx", "PK\u{3}\u{4}[Content_Types].xml word/", "not_yet"),
      ("application/rtf", "a.rtf", "{\\rtf1 x}", "not_yet"),
      ("application/octet-stream", "a.bin", "\u{0}\u{1}\u{2}\u{0}", "unknown_type"),
      ("image/svg+xml", "a.svg", "<?xml version=\"1.0\"?><svg/>", "unknown_type"),
      ("text/x-vcard", "a.vcf", "begin:vcard\nend:vcard", "unknown_type"),
      ("text/plain", "a.txt", "", "empty"),
      ("text/plain", "a.txt", " \n\t\n", "empty"),
      ("text/html", "a.html", "<!doctype html><script>x()</script>", "empty"),
      ("message/delivery-status", nil, "Reporting-MTA: dns; example.org", "not_yet"),
      ("text/rfc822-headers", nil, "From: x@example.org\nSubject: y", "not_yet"),
      ("application/pgp-keys", "k.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "unknown_type"),
      ("text/calendar", "a.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "empty"),
      (
        "application/mbox", "a.mbox",
        "From a@example.org Tue Nov  3 09:10:00 2026\nFrom: a@example.org\n\nx\n\n"
          + "From a@example.org Tue Nov  3 09:10:00 2026\nFrom: b@example.org\n\ny\n", "not_yet"
      ),
    ] as [(String, String?, String, String)])
  func isNamed(_ type: String, _ name: String?, _ content: String, _ code: String) throws {
    let file = try read(
      message([Part(type, name: name, content), Part("text/plain", "good words")]))
    let mail = try #require(file.items.first)
    #expect(notRead(mail) == ["part 2: \(code)"])
    #expect(file.parts.first?.outcome == .notRead(Problem.Code(rawValue: code)))
    #expect(mail.children.map(\.text) == ["good words"])
  }

  @Test("is no oddity where it is a signature or a small picture within the text; it stays named")
  func furniture() throws {
    var limits = ReadingLimits()
    limits.furnitureOctets = 100
    let picture = [0x89] + Array("PNG\r\n\u{1A}\n".utf8) + [UInt8](repeating: 0, count: 92)
    for (part, isFurniture) in [
      (
        Part("application/pgp-signature", name: "signature.asc", "-----BEGIN PGP SIGNATURE-----"),
        true
      ),
      (Part("application/pkcs7-signature", name: "smime.p7s", octets: [0x30, 0x80]), true),
      (Part("image/png", name: "logo.png", octets: picture, isInline: true), true),
      (Part("image/png", name: "logo.png", octets: picture + [0], isInline: true), false),
      (Part("image/png", name: "photo.png", octets: picture), false),
      (Part("text/plain", name: "note.txt", "inline words", isInline: true), nil),
    ] as [(Part, Bool?)] {
      let file = try read(message([part]), limits: limits)
      let mail = try #require(file.items.first)
      switch isFurniture {
      case true?:
        #expect(file.parts.map(\.outcome) == [.furniture])
        #expect(notRead(mail) == [])
        #expect(mail.facts.contains { $0.name == "attachment" })
      case false?: #expect(notRead(mail) == ["part 2: unknown_type"])
      case nil: #expect(mail.text.contains("inline words") || !mail.children.isEmpty)
      }
    }
  }

  @Test("has a name without the folders that a sender put before it")
  func names() throws {
    for name in ["C:\\\\Users\\\\ana\\\\Budget.md", "../../Budget.md", "Budget.md"] {
      let file = try read(message([Part("application/octet-stream", name: name, "plain words")]))
      #expect(file.items.first?.children.first?.title == "Budget", "\(name)")
    }
  }

  @Test("in an attached message is that message's child, numbered through all of them")
  func nested() throws {
    let inner = message([Part("text/plain", name: "leaf.txt", "leaf words")], boundary: "inner")
    let file = try read(
      message([
        Part("text/plain", name: "first.txt", "first words"),
        Part("message/rfc822", octets: inner, isEncoded: false),
      ]))
    #expect(file.parts.map(\.number) == ["2", "3", "3.2"])
    let mail = try #require(file.items.first)
    #expect(mail.children.map(\.kind) == [.document, .mail])
    #expect(mail.children[1].children.map(\.title) == ["leaf"])
    #expect(mail.children[1].children[0].identity == Array("2".utf8))
    #expect(mail.children[1].externalID == "m@example.org")
  }
}
