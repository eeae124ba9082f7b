import Grounding
import Mail
import Markup
import TestSupport
import Testing

@Suite("Hostile mail")
struct HostileTests {
  static let samples = [
    """
    Return-Path: <a@b.c>
    Received: from x (y [1.2.3.4]) by z; Fri, 2 Oct 2026 09:15:00 +0200 (CEST)
    From: =?utf-8?q?J=C3=B6rg?= "Q." <joerg@example.org>, Team: a@b.c;
    To: "Bee, \\"Ann\\"" (comment (nested)) <@r.x:ann@example.org>
    Subject: =?iso-8859-1?B?Y2Fm6Q==?= =?utf-8?q?=E2=82?= =?utf-8?q?=AC?=
    Date: Fri, 02 Oct 26 09:14:00 EST
    Message-ID: <m@example.org>
    References: <r@example.org>
    \t<p@example.org>
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="=_b"; x*0*=utf-8''%41; x*1=b

    preamble
    --=_b
    Content-Type: multipart/alternative; boundary=in

    --in
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    caf=C3=A9 =
    soft
    --in
    Content-Type: text/html

    <p>caf&eacute; soft<ol><li>x</ol><p hidden>y
    --in--
    --=_b
    Content-Type: text/plain; charset=iso-2022-jp
    Content-Transfer-Encoding: base64

    GyRCRnxLXBsoQg==
    --=_b
    Content-Type: message/rfc822

    Subject: inner

    x
    --=_b
    Content-Type: application/pdf; name*=utf-8''%C3%A4.pdf
    Content-Disposition: attachment

    %PDF
    --=_b--
    epilogue
    """,
    "From: edd at debian.org (Dirk Eddelbuettel)\nDate: Thu, 2 Jan 109 10:00\nSubject: [R] x\n\nFrom here\r\n>From there\n",
  ]

  private func check(_ octets: [UInt8], _ limits: MailLimits, _ seed: UInt64) {
    let message = MessageParser.parse(octets, limits: limits)
    let item = message.item
    #expect(message.attachments.count <= max(0, limits.attachments))
    let decoded = message.attachments.reduce(0) { $0 + $1.octets.count }
    #expect(decoded <= max(0, limits.attachmentOctets), "seed \(seed)")
    let texts =
      [item.text, item.title ?? "", item.externalID ?? "", item.conversation ?? ""]
      + item.people.flatMap { [$0.name ?? "", $0.address ?? ""] }
      + message.attachments.flatMap { [$0.name ?? "", $0.mediaType] }
      + item.facts.map { if case .text(let text) = $0.value { text } else { "" } }
    let isFit = texts.allSatisfy { $0.isFitForPrompts }
    #expect(isFit, "seed \(seed)")
    #expect(item.hasSoundSegments, "seed \(seed)")
    // An empty line may part what no longer fits.
    #expect(item.identity != nil && item.text.utf8.count <= max(0, limits.textOctets) + 2)
    let known = Set(MailDefect.allCases.map(\.rawValue)).union(HTMLDefect.allCases.map(\.rawValue))
      .union(canonicalDefects)
    #expect(item.defects.allSatisfy { known.contains($0.code) }, "seed \(seed)")
  }

  private var canonicalDefects: [String] {
    ["control_characters", "tag_characters", "direction_overrides", "zero_width_characters"]
  }

  @Test("no mutation of a message stops it, or lets through what must not reach a prompt")
  func mutations() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      "\n", "\r", "\r\n", "\n\n", "--", "--=_b\n", "--in", "=?", "?=", "=?utf-8?q?", "<", ">", "(",
      ")", "\"",
      "\\", ",", ";", ":", "=", "=00", "=1B", "\0", "\u{E0041}", "\u{202E}", "\u{200B}", "\u{200D}",
      "From ",
      "From x Mon Jan  1 1:1 2026\n",
      "Content-Type: ", "multipart/mixed; boundary=in", "multipart/alternative; boundary=in",
      "multipart/related; boundary=in; start=x", "; format=flowed; delsp=yes", "\n>", " \n",
      "Content-Disposition: attachment; filename=", "Content-Transfer-Encoding: base64\n",
      "text/html", "message/rfc822", "<li>", "<p style=display:none>", "begin 644 a\n#0V%T\n`\n",
      "charset=utf-7", "charset=hz",
      "99999999999", "*0*=",
    ].map { Array($0.utf8) }
    for _ in 0..<4_000 {
      var octets = Array((Self.samples.randomElement(using: &random) ?? "").utf8)
      random.mutate(&octets, with: pieces)
      var limits = MailLimits()
      if Bool.random(using: &random) {
        limits.octets = Int.random(in: 0...2_000, using: &random)
        limits.headerFieldOctets = Int.random(in: 0...100, using: &random)
        limits.textOctets = Int.random(in: 0...100, using: &random)
        limits.parts = Int.random(in: 0...6, using: &random)
        limits.attachments = Int.random(in: 0...3, using: &random)
        limits.attachmentOctets = Int.random(in: 0...200, using: &random)
        limits.nameOctets = Int.random(in: 0...20, using: &random)
        limits.people = Int.random(in: 0...4, using: &random)
      }
      check(octets, limits, seed)
    }
  }

  @Test("random octets are a message with defects")
  func randomOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<2_000 {
      var octets: [UInt8] = []
      for _ in 0..<Int.random(in: 0...400, using: &random) {
        octets.append(UInt8.random(in: 0...255, using: &random))
      }
      check(octets, MailLimits(), seed)
    }
  }

  @Test("a million boundaries, fields, words and brackets are read in one pass")
  func large() {
    let parts = String(repeating: "--b\n\nx\n", count: 200_000)
    let sources = [
      "Content-Type: multipart/mixed; boundary=b\n\n\(parts)--b--\n",
      String(repeating: "A: b\n", count: 300_000),
      "To: " + String(repeating: "<a@b>,", count: 200_000) + "\n\n",
      "Subject: " + String(repeating: "=?utf-8?q?", count: 200_000) + "\n\n",
      "To: " + String(repeating: "(", count: 1_000_000) + "\n\n",
      "To: " + String(repeating: "\"", count: 999_999) + "\n\n",
      "References: " + String(repeating: "<", count: 1_000_000) + ">\n\n",
      "Subject: a\n" + String(repeating: " x\n", count: 300_000) + "\n",
      String(repeating: "\r", count: 1_000_000),
    ]
    for source in sources { check(Array(source.utf8), MailLimits(), 0) }
  }

  @Test("what base64 and quoted-printable hold is never more than they are, and is bounded")
  func decodedOctets() {
    var limits = MailLimits()
    limits.attachmentOctets = 1_000_000
    for encoding in ["base64", "quoted-printable"] {
      let part =
        "Content-Type: a/b\nContent-Transfer-Encoding: \(encoding)\n\n"
        + String(repeating: "QUJD", count: 100_000)
      let source =
        "Content-Type: multipart/mixed; boundary=b\n\n"
        + String(repeating: "--b\n\(part)\n", count: 20) + "--b--\n"
      let message = MessageParser.parse(Array(source.utf8), limits: limits)
      #expect(message.attachments.count == (encoding == "base64" ? 3 : 2))
      #expect(message.item.defects.count { $0.code == "attachments_too_large" } >= 17)
      check(Array(source.utf8), limits, 0)
    }
  }

  @Test(
    "what others found hard is read", .needsCorpora,
    arguments: [("mime/cpython-email", 48), ("fuzz/mail", 20), ("mime/mime4j", 80)])
  func corpora(name: String, atLeast count: Int) throws {
    let folder = try Corpora.folder(name)
    let paths = filePaths(below: folder).filter {
      !$0.hasSuffix(".xml") && !$0.hasSuffix(".md") && !$0.hasSuffix(".stamp")
    }
    #expect(paths.count >= count)
    var texts = 0
    var attachments = 0
    for path in paths {
      let octets = try octets(ofFile: path)
      check(octets, MailLimits(), 0)
      let message = MessageParser.parse(octets)
      texts += Set(message.item.segments.compactMap(\.locator.part)).count
      attachments += message.attachments.count
    }
    print("\(name): \(paths.count) files, \(texts) parts of text, \(attachments) attachments")
    #expect(texts > 0)
  }
}
