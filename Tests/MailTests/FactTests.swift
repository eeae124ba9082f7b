import Grounding
import Mail
import Testing

@Suite("Facts of a message")
struct FactTests {
  /// `name value` of each fact.
  private func facts(_ source: String, _ hints: MailHints = MailHints()) -> [String] {
    MessageParser.parse(Array(source.utf8), hints: hints).item.facts.map {
      guard case .text(let text) = $0.value else { return $0.name }
      return "\($0.name) \(text)"
    }
  }

  @Test(
    "are read from the header",
    arguments: [
      ("List-Post: <mailto:l@x?subject=a>", ["list_post l@x"]),
      ("List-Post: NO (closed)", []), ("List-Post: <https://x/l@x>", []),
      ("List-Id: The list <l.x>", ["list_id l.x"]),
      ("Importance: High", ["importance high"]), ("Priority: urgent", ["importance high"]),
      ("Priority: non-urgent", ["importance low"]),
      ("X-Priority: 1 (Highest)", ["importance high"]),
      ("X-Priority: 3", ["importance normal"]), ("X-Priority: 5(Lowest)", ["importance low"]),
      ("X-MSMail-Priority: Low", ["importance low"]), ("Importance: very", []),
      ("X-Priority: 1\nImportance: low", ["importance low"]),
      ("Importance: very\nX-Priority: 4", ["importance low"]),
      ("Auto-Submitted: auto-replied (vacation)", ["auto_submitted auto-replied"]),
      ("Auto-Submitted: auto-generated; owner=x", ["auto_submitted auto-generated"]),
      ("Auto-Submitted: no", []), ("Auto-Submitted:", []),
    ] as [(String, [String])])
  func header(fields: String, expected: [String]) {
    #expect(facts("\(fields)\n\nx") == expected)
  }

  private static let results = """
    Authentication-Results: mx.x 1 (a; b); spf=pass smtp.mailfrom=a@b;
     dkim=fail (bad) header.d=x; dmarc/1=none; arc="x;y"; none
    Authentication-Results: other.x; spf=fail
    Authentication-Results: mx.x; spf=fail

    """

  @Test(
    "results of authentication are those of a trusted server, topmost",
    arguments: [
      ([], []), (["no.x"], []),
      (["MX.x"], ["spf=pass", "dkim=fail", "dmarc=none"]),
      (["other.x"], ["spf=fail"]), (["x"], []),
    ] as [([String], [String])])
  func authentication(trusted: [String], expected: [String]) {
    let hints = MailHints(trustedServers: trusted)
    #expect(facts("\(Self.results)\nx", hints) == expected.map { "authentication \($0)" })
  }

  @Test(
    "a message is internal where all its people are",
    arguments: [
      ("From: a@x.org\nTo: b@x.org, c@SUB.X.org", ["x.org"], ["internal"]),
      ("From: a@x.org\nTo: b@y.org", ["x.org"], ["external"]),
      ("From: a@x.org\nTo: b@y.org", ["x.org", "Y.org"], ["internal"]),
      ("From: a@ax.org", ["x.org"], ["external"]),
      ("From: a@x.org\nBcc: Ann", ["x.org"], ["external"]),
      ("From: a@x.org", [], []), ("Subject: a", ["x.org"], []),
      ("From: a@x.org <b@y.org>", ["x.org"], ["external"]),
    ] as [(String, [String], [String])])
  func audience(header: String, domains: [String], expected: [String]) {
    #expect(
      facts("\(header)\n\nx", MailHints(domains: domains)) == expected.map { "audience \($0)" })
  }

  @Test(
    "say how a message is signed or encrypted",
    arguments: [
      ("multipart/signed; protocol=\"application/pgp-signature\"; boundary=b", ["signed pgp"]),
      (
        "multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=b", ["signed smime"]
      ),
      ("multipart/signed; protocol=\"a/b\"; boundary=b", ["signed a/b"]),
      ("multipart/signed; boundary=b", ["signed unknown"]),
      (
        "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b", ["encrypted pgp"]
      ),
      ("application/pkcs7-mime; smime-type=enveloped-data", ["encrypted smime"]),
      ("application/pkcs7-mime; smime-type=authEnveloped-data", ["encrypted smime"]),
      ("application/x-pkcs7-mime; smime-type=signed-data", ["signed smime"]),
      ("application/pkcs7-mime; smime-type=certs-only", []),
    ] as [(String, [String])])
  func protection(type: String, expected: [String]) {
    let found = facts("Content-Type: \(type)\n\n--b\n\nx\n--b--").filter {
      !$0.hasPrefix("attachment")
    }
    #expect(found == expected)
    let inner =
      "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: \(type)\n\n--b\n\nx"
    #expect(facts(inner).filter { !$0.hasPrefix("attachment") } == expected)
  }

  @Test(
    "name what is a fragment or lies elsewhere",
    arguments: [
      ("message/partial; id=\"a@b\"; number=2; total=3", ["partial 2/3 a@b"]),
      ("message/partial; number=1; id=a", ["partial 1/? a"]), ("message/partial; number=1", []),
      (
        "message/external-body; access-type=URL;\n URL=\"https://x.example/a\n /b.pdf\"",
        ["external_body https://x.example/a/b.pdf"]
      ),
      (
        "message/external-body; access-type=ANON-FTP; site=ftp.x; directory=pub; name=\"a b.ps\"",
        ["external_body ftp.x/pub/a b.ps"]
      ),
      (
        "message/external-body; access-type=mail-server; server=\"list@x\"",
        ["external_body list@x"]
      ),
      ("message/external-body; access-type=local-file", []), ("message/global", []),
    ])
  func references(type: String, expected: [String]) {
    let body = "Content-Type: text/plain\n\nwords"
    func found(_ source: String) -> [String] {
      facts(source).filter { !$0.hasPrefix("attachment") }
    }
    #expect(found("Content-Type: \(type)\n\n\(body)") == expected)
    let inner = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: \(type)\n\n\(body)"
    #expect(found(inner) == expected)
  }

  @Test("a report says of whom, and is read with the message")
  func reports() {
    let delivery = """
      Content-Type: multipart/report; report-type=delivery-status; boundary=b

      --b

      It failed.
      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx.x
      Arrival-Date: Thu, 1 Jan 2026 00:00 +0000

      Original-Recipient: rfc822; a@b
      Final-Recipient: rfc822; c@d
      Action: failed
      Status: 5.1.1
      Diagnostic-Code: smtp; 550 5.1.1
       no such user

      Final-Recipient: rfc822; e@f
      Action: delayed
      --b
      Content-Type: text/rfc822-headers

      To: a@b
      --b--
      """
    #expect(
      facts(delivery) == [
        "delivery_recipient c@d", "delivery_action failed", "delivery_status 5.1.1",
        "delivery_diagnostic 550 5.1.1 no such user", "delivery_recipient e@f",
        "delivery_action delayed", "attachment text/rfc822-headers",
      ])
    let item = parsedItem(Array(delivery.utf8))
    #expect(item.text.contains("It failed.") && item.text.contains("Final-Recipient: rfc822; c@d"))
    let notification = """
      Content-Type: message/disposition-notification
      Content-Transfer-Encoding: base64

      RmluYWwtUmVjaXBpZW50OiByZmM4MjI7YUBiCk9yaWdpbmFsLU1lc3NhZ2UtSUQ6IDxtQHg+CkRpc3Bvc2l0aW9uOiBtYW51YWwtYWN0aW9uL01ETi1zZW50LW1hbnVhbGx5OyBkaXNwbGF5ZWQK
      """
    #expect(
      facts(notification) == [
        "delivery_recipient a@b", "disposition displayed", "reported_message m@x",
      ])
    #expect(facts("Content-Type: message/delivery-status\n\nno report").isEmpty)
  }

  @Test("of a report's recipients the first hundred are read")
  func manyRecipients() {
    for count in [99, 100, 101, 10_000] {
      let blocks = (0..<count).map { "Final-Recipient: rfc822; a\($0)@b\n\n" }.joined()
      let source = "Content-Type: message/delivery-status\n\nReporting-MTA: x\n\n\(blocks)"
      #expect(facts(source).count == min(count, 100))
    }
  }
}
