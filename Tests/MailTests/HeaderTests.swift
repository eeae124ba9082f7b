import Grounding
import Mail
import Testing

@Suite("Headers")
struct HeaderTests {
  private func subject(_ value: String) -> ParsedItem {
    parsedItem(
      Array("From: a@b.c\nDate: 1 Jan 2026 0:00 Z\nMessage-ID: <x@y>\nSubject: \(value)\n\n".utf8))
  }

  @Test(
    "encoded words are read as RFC 2047 and practice have them",
    arguments: [
      ("=?utf-8?Q?caf=C3=A9_au?= lait", "café au lait", nil),
      ("=?ISO-8859-1?B?Y2Fm6Q==?=", "café", nil),
      ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab", nil), ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c", nil),
      ("=?utf-8?q?a?=\n =?iso-8859-1?q?=E9?=", "aé", nil),
      ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€", nil),
      ("=?utf-8?q?=E2=82?=\n\t=?UTF-8?Q?=AC?=", "€", nil),
      ("x=?utf-8?q?y?=z", "xyz", nil), ("=?utf-8*en?q?lang?=", "lang", nil),
      ("=?utf-8?q??= a", " a", nil), ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本", nil),
      ("=?utf-8?q?two words?=", "two words", "bad_encoded_word"),
      ("=?utf-8?q?open", "=?utf-8?q?open", "bad_encoded_word"),
      ("=?utf-8?B?Y2F?=", "ca", "bad_encoded_word"), ("=?utf-8?q?=ZZ?=", "=ZZ", "bad_encoded_word"),
      ("=?utf-8?q?=FF?=", "\u{FFFD}", "bad_encoded_word"),
      ("=?x-none?q?a?=", "=?x-none?q?a?=", "unknown_charset"),
      ("=?utf-8?x?a?=", "=?utf-8?x?a?=", nil), ("a =? b ?= c", "a =? b ?= c", nil),
      ("caf\u{E9}", "café", "undeclared_octets"),
      ("=?utf-8?q?a=0Ab=00?=", "a b", "control_characters"),
    ] as [(String, String, String?)])
  func encodedWords(value: String, title: String, defect: String?) {
    let item = subject(value)
    #expect(item.title == title)
    #expect(item.defects.map(\.code) == (defect.map { [$0] } ?? []))
  }

  @Test("octets that are not UTF-8 are read as windows-1252")
  func latin() {
    let item = parsedItem(Array("Subject: \u{20}".utf8) + [0x80, 0x35] + [0x0A, 0x0A])
    #expect(item.title == "€5")
    #expect(item.defects.contains(Defect("undeclared_octets", "subject")))
  }

  @Test(
    "addresses are read with their names",
    arguments: [
      ("a@b.c", [("", "a@b.c")], false), ("Ann Bee <a@b.c>", [("Ann Bee", "a@b.c")], false),
      ("\"Bee, Ann\" <a@b.c>, x@y.z", [("Bee, Ann", "a@b.c"), ("", "x@y.z")], false),
      ("a@b.c (Ann (the) Bee)", [("Ann (the) Bee", "a@b.c")], false),
      (
        "Team: a@b.c, Ann <x@y.z>;, c@d.e", [("", "a@b.c"), ("Ann", "x@y.z"), ("", "c@d.e")], false
      ),
      ("undisclosed-recipients:;", [], false), ("<@relay.x,@r.y:a@b.c>", [("", "a@b.c")], false),
      ("=?utf-8?q?Ann_B=C3=A9e?= <a@b.c>", [("Ann Bée", "a@b.c")], false),
      ("=?utf-8?q?Bee,_Ann?= <a@b.c>", [("Bee, Ann", "a@b.c")], false),
      ("\"=?utf-8?q?Ann?=\" <a@b.c>", [("Ann", "a@b.c")], false),
      ("ann . bee @ b . c", [("", "ann.bee@b.c")], false),
      ("\"ann bee\"@b.c", [("", "\"ann bee\"@b.c")], false),
      ("J. R. Bee <a@b.c>", [("J. R. Bee", "a@b.c")], false), ("root", [("", "root")], false),
      ("edd at debian.org (Dirk)", [("Dirk", "edd@debian.org")], false),
      ("edd at debian.org (edd at debian.org)", [("", "edd@debian.org")], false),
      (
        "luke-tier@ey m@ili@g off uiow@@edu (L T)", [("L T", "")],
        true
      ),
      ("|ro@o @end|ng |rom un@|@edu@co (F R)", [("F R", "")], true),
      ("<undisclosed-recipients:;@b.c>", [], true), ("<nobody:@b.c;>", [], true),
      ("<a:;>", [], true),
      ("<a:b@c.d>", [("", "a:b@c.d")], false), ("Nobody: ;", [], false),
      ("Ann Bee a@b.c", [("Ann Bee", "a@b.c")], true), ("Ann <a@b.c", [("Ann", "a@b.c")], true),
      ("\"Ann", [("Ann", "")], true), (",, a@b.c ,", [("", "a@b.c")], false), ("<>", [], true),
      ("a@b.c>", [("", "a@b.c")], true), ("Ann\\Bee <a@b.c>", [("Ann\\Bee", "a@b.c")], false),
    ] as [(String, [(String, String)], Bool)])
  func addresses(value: String, people: [(String, String)], isFaulty: Bool) {
    let item = parsedItem(Array("To: \(value)\n\n".utf8))
    #expect(item.people.map { [$0.name ?? "", $0.address ?? ""] } == people.map { [$0.0, $0.1] })
    #expect(item.people.allSatisfy { $0.role == .to })
    #expect(item.defects.contains { $0.code == "bad_address" } == isFaulty)
  }

  @Test("every field with people has its role")
  func roles() {
    let item = parsedItem(
      Array("From: a@a\nSender: b@b\nReply-To: c@c\nTO : d@d\nCc: e@e\nBCC: f@f\nTo: g@g\n\n".utf8))
    let roles = item.people.map { "\($0.role.rawValue) \($0.address ?? "")" }
    #expect(
      roles == ["from a@a", "sender b@b", "reply_to c@c", "to d@d", "to g@g", "cc e@e", "bcc f@f"])
  }

  @Test("times are those of Date and of the topmost Received")
  func times() {
    let item = parsedItem(
      Array(
        "Received: from x by y; Fri, 2 Oct 2026\n 09:15:00 +0200\nReceived: z; 1 Jan 2020 0:0 Z\nDate: Fri, 2 Oct 2026 03:14:00 EDT\n\n"
          .utf8))
    #expect(
      item.times == [
        ItemTime(role: .sent, instant: 1_790_925_240, local: "2026-10-02T03:14:00", zone: "-04:00"),
        ItemTime(
          role: .received, instant: 1_790_925_300, local: "2026-10-02T09:15:00", zone: "+02:00"),
      ])
  }

  @Test(
    "the conversation begins with References, else In-Reply-To, else the message itself",
    arguments: [
      ("Message-ID: <m@x>\nIn-Reply-To: <p@x>\nReferences: <r@x>\n <p@x>", "m@x", "r@x"),
      ("Message-ID: <m@x>\nIn-Reply-To: Your mail <p@x>", "m@x", "p@x"),
      ("Message-ID: <m@x>", "m@x", "m@x"),
      ("Message-ID:\n <m@\n x>", "m@x", "m@x"), ("Message-ID: m@x", "m@x", "m@x"),
      ("Subject: a", nil, nil),
      ("In-Reply-To: <p@x>", nil, "p@x"), ("References: <<r@x> <", nil, "r@x"),
    ] as [(String, String?, String?)])
  func ids(header: String, id: String?, conversation: String?) {
    let item = parsedItem(Array("\(header)\n\nbody".utf8))
    #expect(item.externalID == id && item.conversation == conversation)
  }

  @Test("facts hold the list, the parent and the references")
  func facts() {
    let item = parsedItem(
      Array(
        "List-Id: \"Crew\" <crew.example.org>\nIn-Reply-To: <p@x>\nReferences: <r@x> <p@x>\n\n".utf8
      ))
    #expect(
      item.facts == [
        Fact("in_reply_to", .text("p@x")), Fact("reference", .text("r@x")),
        Fact("reference", .text("p@x")),
        Fact("list_id", .text("crew.example.org")),
      ])
  }

  @Test(
    "line ends of every kind end lines of the header",
    arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) {
    let source = ["Subject: a", "\tb", "From: x@y", "", "body", "more"].joined(separator: end)
    let item = parsedItem(Array(source.utf8))
    #expect(item.title == "a\tb" && item.text == "body\nmore")
    #expect(item.defects.contains { $0.code == "bare_carriage_return" } == (end == "\r"))
  }

  @Test(
    "a carriage return among other line ends is white space in the header, and ends lines of the body",
    arguments: ["\n", "\r\n"])
  func strayReturns(end: String) {
    let source = [
      "Subject: a\rTo: c@d\re", "From: x@y\r z", "Cc: b@c\r", "", "body\rmore\r", "last",
    ].joined(separator: end)
    let item = parsedItem(Array(source.utf8))
    #expect(item.title == "a To: c@d e")
    #expect(item.people.map(\.role) == [.from, .cc])
    #expect(item.people.last?.address == "b@c")
    #expect(item.text.hasPrefix("body\nmore\n") && item.text.hasSuffix("last"))
    #expect(item.defects.contains { $0.code == "bare_carriage_return" })
    #expect(!item.defects.contains { $0.code == "missing_header_end" })
  }

  @Test("a header of carriage returns is one, whatever ends the lines of the body")
  func returnsThenFeeds() {
    for body in ["x\ny\n\nz", "x\r\ny\r\n\r\nz", "x\ry\r\rz"] {
      let item = parsedItem(Array("Subject: a\rFrom: x@y\rTo: c@d\r\r\(body)".utf8))
      #expect(item.title == "a" && item.people.count == 2 && item.text == "x\ny\n\nz")
    }
  }

  @Test(
    "NUL octets are left out, and a field whose name has one does not end the header",
    arguments: [
      ("Subject: a\0b\0\nFrom: x@y", "ab"), ("Subject:\0 a\nFrom: x@y", "a"),
      ("Sub\0ject: b\nSubject: a\nFrom: x@y", "a"), ("\0From: z@y\nSubject: a\nFrom: x@y", "a"),
      ("Subject: a\nFrom: \0x@y\0", "a"), ("Subject: a\nFrom: \0X\0Y <x@y>", "a"),
      ("Subject: =?utf-8?Q?a=00b?=\nFrom: x@y", "ab"),
    ])
  func nulOctets(header: String, title: String) {
    let item = parsedItem(
      Array("\(header)\nDate: 1 Jan\0 2026 1:00 Z\nMessage-ID: <m\0@x>\n\nbody".utf8))
    #expect(item.title == title && item.text == "body" && item.externalID == "m@x")
    #expect(item.people.map(\.address) == ["x@y"])
    #expect(item.times.count == 1)
  }

  @Test(
    "what is wrong with a header is named, and the rest comes in",
    arguments: [
      ("Subject: a\nno field here\nmore", "a", "no field here\nmore", "missing_header_end"),
      ("just text\nmore", nil, "just text\nmore", "no_header"), ("", nil, "", "no_header"),
      ("\nbody", nil, "body", "no_header"),
      (" fold\nSubject: a\n\nb", "a", "b", "stray_header_line"),
      ("Subject: a\n>From x\nTo: b@c\n\nb", "a", "b", "stray_header_line"),
      ("Subject: a\nSubject: b\n\nc", "a", "c", "duplicate_field"),
      ("Date: never\n\n", nil, "", "bad_date"),
      ("Date: 1 Jan 2026 1:00 ABCD\n\n", nil, "", "unknown_zone"),
      ("Subject: a", "a", "", "missing_date"),
      ("Subject: a", "a", "", "missing_message_id"), ("Subject: a", "a", "", "missing_from"),
      ("Message-ID: a\n\n", nil, "", "bad_message_id"),
      ("From a@b Mon Jan  1 10:00:00 2026\nSubject: a\n\nb", "a", "b", "missing_from"),
    ] as [(String, String?, String, String)])
  func defects(source: String, title: String?, text: String, defect: String) {
    let item = parsedItem(Array(source.utf8))
    #expect(item.title == title && item.text == text)
    #expect(item.defects.contains { $0.code == defect })
  }

  @Test("a sound message has no defect")
  func sound() {
    let item = parsedItem(
      Array(
        "From: a@b.c\r\nDate: Fri, 2 Oct 2026 09:14:00 +0200\r\nMessage-ID: <a@b>\r\nSubject: s\r\n\r\nbody\r\n"
          .utf8))
    #expect(item.defects.isEmpty && item.text == "body\n" && item.kind == .mail)
    #expect(
      item.segments == [Segment(kind: .body, span: TextSpan(0..<5), locator: Locator(part: "1"))])
  }
}
