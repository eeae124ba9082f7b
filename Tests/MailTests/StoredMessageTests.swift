import Mail
import TestSupport
import Testing

@Suite("A message and what its store put around it")
struct StoredMessageTests {
  private static let message = "From: a@b\nSubject: s\n\nx\n"

  private static func apple(
    _ message: String, length: String? = nil, flags: String = "<integer>5</integer>"
  ) -> String {
    "\(length ?? "\(message.utf8.count)       ")\n\(message)<?xml version=\"1.0\"?>\n"
      + "<plist><dict>\n\t<key>date-received</key>\n\t<integer>64</integer>\n"
      + "\t<key>flags</key>\n\t\(flags)\n</dict></plist>\n"
  }

  @Test(
    "Apple Mail's file is its message, and flags are bits of a number",
    arguments: [
      ("<integer>0</integer>", []), ("<integer>1</integer>", ["seen"]),
      ("<integer>343</integer>", ["seen", "replied", "flagged", "draft", "trashed", "passed"]),
      ("<integer>8590195713</integer>", ["seen"]), ("<integer>4</integer>", ["replied"]),
      ("<integer>-1</integer>", []), ("<integer></integer>", []), ("<string>1</string>", []),
      ("<integer>99999999999999999999</integer>", []), ("<integer>1", []),
    ])
  func flags(flags: String, expected: [String]) {
    let stored = StoredMessage(Array(Self.apple(Self.message, flags: flags).utf8), name: "1.emlx")
    #expect(String(decoding: stored.octets, as: UTF8.self) == Self.message)
    #expect(stored.flags == expected)
  }

  @Test(
    "is told by name and first line; what was cut is read as far as it goes",
    arguments: [
      ("1.emlx", nil, message), ("1.partial.emlx", "24", message), ("1.EMLX", "24  ", message),
      ("1.emlx", "10", String(message.prefix(10))), ("1.emlx", "0", ""),
    ] as [(String, String?, String)])
  func lengths(name: String, length: String?, expected: String) {
    let octets = Array(Self.apple(Self.message, length: length).utf8)
    let form = MailForm.detect(octets.span, name: name)
    if !expected.isEmpty { #expect(form == .message) }
    #expect(
      String(decoding: StoredMessage(octets, name: name).octets, as: UTF8.self) == expected)
    let cut = StoredMessage(Array(octets.prefix(15)), name: name).octets
    #expect(octets.prefix(15).dropFirst((length ?? "24       ").utf8.count + 1).starts(with: cut))
  }

  @Test(
    "anything else is the message as it stands",
    arguments: [
      ("1.eml", "24\n\(message)"), ("1.emlx", message), ("1.emlx", ""), ("1.emlx", "24"),
      ("1.emlx", "-24\n\(message)"), ("1.emlx", "1234567890123456789\n\(message)"),
      ("1.emlx", "\n\(message)"), ("1.eml", "From here\n\n>From a\n"), ("", ">From a\n"),
    ])
  func unchanged(name: String, source: String) {
    let stored = StoredMessage(Array(source.utf8), name: name)
    #expect(String(decoding: stored.octets, as: UTF8.self) == source)
    #expect(stored.flags == [])
  }

  @Test("one message behind a separator loses the marks that its mailbox put there")
  func envelope() {
    let line = "From a@b  Mon Jan  5 10:00:00 2026\n"
    func read(_ body: String) -> String {
      let octets = Array("\(line)From: a@b\n\n\(body)".utf8)
      return String(decoding: StoredMessage(octets, name: "m").octets, as: UTF8.self)
    }
    #expect(read("x\n\n>From a\n") == "\(line)From: a@b\n\nx\n\nFrom a\n")
    #expect(read("\nFrom b\n\n>From a\n") == "\(line)From: a@b\n\n\nFrom b\n\n>From a\n")
    #expect(read("x\n") == "\(line)From: a@b\n\nx\n")
  }

  @Test("any octets give a message that lies in them")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      "24\n", "3 \n", "From: a\n", "\n", "<key>flags</key>", "<integer>", "1", "<", ">", "0",
      "From a Mon Jan  5 10:00:00 2026\n", ">From x\n",
    ]
    for _ in 0..<3_000 {
      var octets: [UInt8] = []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        octets += Array((pieces.randomElement(using: &random) ?? "").utf8)
      }
      for name in ["1.emlx", "1.eml"] {
        #expect(StoredMessage(octets, name: name).octets.count <= octets.count, "seed \(seed)")
      }
    }
  }
}

@Suite("Names of mail folders")
struct MailFolderTests {
  @Test(
    "come from the path",
    arguments: [
      ("cur/1:2,S", .maildirMessage, "INBOX"), ("new/1", .maildirMessage, "INBOX"),
      (".Sent/cur/1:2,S", .maildirMessage, "Sent"),
      (".Archive.2020.May/cur/1", .maildirMessage, "Archive/2020/May"),
      ("Mail/cur/1", .maildirMessage, "Mail"), ("Mail/.Sent/new/1", .maildirMessage, "Mail/Sent"),
      ("a/./cur/1", .maildirMessage, "a/."),
      ("lists/r-devel/cur/1", .maildirMessage, "lists/r-devel"),
      (".Entw&APw-rfe/cur/1", .maildirMessage, "Entw\u{FC}rfe"),
      ("archive.mbox", .mailbox, "archive"), ("Archive", .mailbox, "Archive"),
      ("lists/2009-January.txt", .mailbox, "lists/2009-January"), ("a.b.mbx", .mailbox, "a.b"),
      ("Archive.sbd/Old.sbd/2020", .mailbox, "Archive/Old/2020"), (".mbox", .mailbox, ".mbox"),
      ("Old.mbox/mbox", .mailbox, "Old"), ("mbox", .mailbox, "mbox"),
      ("1.eml", .message, nil), ("inbox/1", .message, "inbox"), ("a/b/12", .message, "a/b"),
      ("V9/INBOX.mbox/0F-1/Data/1/Messages/1.emlx", .message, "V9/INBOX"),
      ("V9/A.mbox/B.mbox/Messages/1.partial.emlx", .message, "V9/A/B"),
      ("Messages/1.emlx", .message, "Messages"),
      ("Imap/INBOX.imapmbox/Messages/1.emlx", .message, "Imap/INBOX"),
      ("", .message, nil),
    ] as [(String, MailFolder.Content, String?)])
  func names(path: String, content: MailFolder.Content, expected: String?) {
    #expect(MailFolder.name(of: path, content) == expected)
  }

  @Test(
    "are written in modified UTF-7, or were never encoded",
    arguments: [
      ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/\u{53F0}\u{5317}/\u{65E5}\u{672C}\u{8A9E}"),
      ("A&-B", "A&B"), ("&-", "&"), ("plain", "plain"), ("", ""), ("&2D3eAA-", "\u{1F600}"),
      // Not well-formed: no end, odd letters, leftover bits, half a pair, what needs no encoding.
      ("R&D", "R&D"), ("Q&A-Notes", "Q&A-Notes"), ("a&U.-", "a&U.-"), ("&AP3-", "&AP3-"),
      ("&2D0-", "&2D0-"), ("&AEE-", "&AEE-"), ("&AAA-", "&AAA-"), ("\u{FC}&-", "\u{FC}&-"),
      ("&APw-&APw-", "\u{FC}\u{FC}"), ("&&-", "&&-"),
    ])
  func modifiedUTF7(name: String, expected: String) {
    #expect(ModifiedUTF7.decoded(name) == expected)
  }
}
