import TestSupport
import Testing

@Suite struct ParseCommandTests {
  private static let invitation =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u1\r\n"
    + "DTSTAMP:20261101T080000Z\r\nDTSTART:20261103T090000Z\r\nDTEND:20261103T100000Z\r\n"
    + "SUMMARY:Audit\r\nCLASS:PRIVATE\r\nATTENDEE;PARTSTAT=TENTATIVE;CN=Bo:mailto:bo@example.org\r\n"
    + "END:VEVENT\r\nBEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
  private static let message =
    "From: Ana <ana@example.org>\nTo: bo@example.org\nDate: Tue, 3 Nov 2026 09:10:00 +0100\n"
    + "Message-ID: <m1@example.org>\nSubject: Papers \u{1B}[31mred\nMIME-Version: 1.0\n"
    + "Content-Type: multipart/mixed; boundary=b\n\n"
    + "--b\nContent-Type: text/plain\n\nThe words \u{1B}]0;of\u{7} the mail.\n"
    + "--b\nContent-Type: text/plain\n"
    + "Content-Disposition: attachment; filename=\"note.txt\"\n\nwords of the note\n"
    + "--b\nContent-Type: application/rtf\n\n{\\rtf1 x}\n"
    + "--b\nContent-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n"
    + "--b\nContent-Type: text/calendar\n\n\(invitation)\n--b--\n"
  private static let separator = "From ana@example.org Tue Nov  3 09:10:00 2026\n"
  private static let mailbox =
    separator + message + "\n" + separator
    + "From: Bo <bo@example.org>\nMessage-ID: <m2@example.org>\nSubject: Second\n\nwords two\n"

  private func json(_ result: Program.Result) throws -> JSONValue {
    #expect(result.lines.count == 1, "\(result.errors)")
    let value = try JSONValue(result.output)
    #expect(try JSONSchema(named: "parse").violations(of: value) == [])
    return value
  }

  @Test("shows what is read in a message, with its parts and what is attached, and stores nothing")
  func text() throws {
    try withProgram { program in
      try write(Self.message, to: "\(program.home)/in/m.eml")
      let result = try program.run("parse", "\(program.home)/in/m.eml")
      #expect(result.code == 0, "\(result.errors)")
      for words in [
        "m.eml: message, ", "Ana <ana@example.org>", "sent           2026-11-03 09:10 +01:00",
        "external id    m1@example.org",
        "\n  From: Ana <ana@example.org>\n  To: bo@example.org\n", "\n  Subject: Papers [31mred\n",
        "part TEXT      multipart/mixed, ", " octets, 5 parts\n",
        "  part 1         text/plain, 27 octets, sha256 ", ", the text\n",
        "  part 2         text/plain, \"note.txt\", attachment, 17 octets, sha256 ",
        ", read as text", ", not read (not_yet)", ", no content of its own",
        "oddity         attachment_not_read (part 3: not_yet)", "│ The words ", " at part 1",
        "passage 0 ", "\n    note\n", "     │ words of the note", "\n    Audit\n",
        "    kind           event, for its owner only", "(tentative)",
      ] {
        #expect(result.output.contains(words), "\(words)\n\(result.output)")
      }
      #expect(!result.output.contains("\u{1B}") && !result.output.contains("\u{7}"))
      #expect(try program.run("tenants").output == "")
    }
  }

  @Test("as JSON says the same, as the schema has it")
  func message() throws {
    try withProgram { program in
      try write(Self.message, to: "\(program.home)/m.eml")
      let value = try json(try program.run("parse", "--json", "\(program.home)/m.eml"))
      #expect(value["type"] == .string("message"))
      let parts = value["parts"]?.array ?? []
      #expect(parts.compactMap { $0["number"]?.string } == ["TEXT", "1", "2", "3", "4", "5"])
      #expect(parts[0]["container"] == .boolean(true) && parts[0]["sha256"] == nil)
      #expect(
        parts[0]["fields"]?.array?.compactMap { $0["name"]?.string }
          == ["From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "Content-Type"])
      #expect(parts[1]["body"] == .boolean(true))
      #expect(parts[2]["read_as"] == .string("text"))
      #expect(parts[3]["code"] == .string("not_yet"))
      #expect(parts[4]["furniture"] == .boolean(true))
      let item = try #require(value["items"]?[0])
      #expect(item["external_id"] == .string("m1@example.org"))
      #expect(item["children"]?.array?.compactMap { $0["kind"]?.string } == ["document", "event"])
      #expect(item["children"]?[0]?["sha256"] == parts[2]["sha256"])
      #expect(item["children"]?[1]?["owner_only"] == .boolean(true))
      #expect(item["passages"]?[0]?["part"] == .string("1"))
    }
  }

  @Test("lists the messages of a mailbox, and shows one of them")
  func mailboxes() throws {
    try withProgram { program in
      let path = "\(program.home)/in/box.mbox"
      try write(Self.mailbox, to: path)
      let list = try program.run("parse", path)
      #expect(list.code == 0)
      #expect(list.output.contains("box.mbox: mailbox (mboxo), "))
      #expect(list.output.contains("\n2 messages, 2 with oddities, 2 children\n"), "\(list.output)")
      #expect(list.output.contains("oddity         missing_date in 1\n"))
      #expect(list.output.contains("\n1  Papers"))
      #expect(list.output.contains("\n2  Second  Bo"))
      #expect(list.output.contains("1 oddity (missing_date)"))
      let value = try json(try program.run("parse", "--json", path))
      #expect(value["records"]?.array?.compactMap { $0["children"]?.number } == [2, 0])
      #expect(value["defects_by_code"]?["missing_date"] == .number(1))
      let second = try json(try program.run("parse", "--json", "--message", "2", path))
      #expect(second["items"]?[0]?["external_id"] == .string("m2@example.org"))
      #expect(second["items"]?.array?.count == 1)
      let third = try program.run("parse", "--message", "3", path)
      #expect(third.code == 3)
      #expect(third.errors.contains("not_found") && third.errors.contains("The last one is 2."))
      #expect(try program.run("parse", "--message", "0", path).code == 2)
    }
  }

  @Test(
    "a message in UTF-8 that is attached is read, encoded or not; fragments and references are not")
  func otherMessages() throws {
    try withProgram { program in
      let inner =
        "From: Jörg <jörg@bücher.example>\nSubject: Fähre\nMessage-ID: <i@x>\n\nwords of it\n"
      let encoded =
        "RnJvbTogSsO2cmcgPGrDtnJnQGLDvGNoZXIuZXhhbXBsZT4KU3ViamVjdDogRsOkaHJlCk1lc3NhZ2Ut\n"
        + "SUQ6IDxpQHg+Cgp3b3JkcyBvZiBpdAo=\n"
      for (field, body) in [("", inner), ("Content-Transfer-Encoding: base64\n", encoded)] {
        try write("Content-Type: message/global\n\(field)\n\(body)", to: "\(program.home)/m.eml")
        let value = try json(try program.run("parse", "--json", "\(program.home)/m.eml"))
        let child = try #require(value["items"]?[0]?["children"]?[0])
        #expect(child["title"] == .string("Fähre"))
        #expect(child["people"]?[0]?["address"] == .string("jörg@bücher.example"))
      }
      try write(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
          + "Content-Type: message/partial; id=x; number=2; total=2\n\nAAAA\n--b\n"
          + "Content-Type: message/external-body; access-type=url; url=\"https://x.example/a\"\n\n"
          + "Content-Type: application/pdf\n\n--b--\n", to: "\(program.home)/m.eml")
      let value = try json(try program.run("parse", "--json", "\(program.home)/m.eml"))
      let facts = value["items"]?[0]?["facts"]?.array ?? []
      #expect(facts.contains { $0["name"]?.string == "partial" && $0["text"]?.string == "2/2 x" })
      #expect(facts.contains { $0["text"]?.string == "https://x.example/a" })
      #expect(value["items"]?[0]?["children"]?.array ?? [] == [])
    }
  }

  @Test("a mailbox's flags are its messages' facts; a file of its own has none")
  func flags() throws {
    try withProgram { program in
      let fields = "Status: RO\nX-Status: AF\n"
      let path = "\(program.home)/box.mbox"
      try write(Self.separator + fields + Self.message + "\n" + Self.mailbox, to: path)
      func flags(_ arguments: String...) throws -> [JSONValue] {
        let value = try json(try program.run(["parse", "--json"] + arguments))
        return value["items"]?[0]?["facts"]?.array?.filter { $0["name"] == .string("flag") } ?? []
      }
      #expect(
        try flags("--message", "1", path).map { $0["text"]?.string }
          == ["seen", "replied", "flagged"])
      #expect(try flags("--message", "2", path) == [])
      try write(fields + Self.message, to: "\(program.home)/m.eml")
      #expect(try flags("\(program.home)/m.eml") == [])
      try write(Self.separator + fields + Self.message, to: "\(program.home)/one")
      #expect(try flags("\(program.home)/one").count == 3)
    }
  }

  @Test("shows the parts of attached messages, and which of the texts is read")
  func attachedMessage() throws {
    try withProgram { program in
      let path = "\(program.home)/m.eml"
      try write(
        "From: ana@example.org\nSubject: =?utf-8?Q?H=C3=A4fen?=\nReferences: <r1@x.example>\n"
          + "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
          + "Content-Type: multipart/alternative; boundary=c\n\n--c\n\nthe words\n--c\n"
          + "Content-Type: text/html\n\n<p>the words\n--c--\n--b\n"
          + "Content-Type: message/rfc822\n\nFrom: bo@example.org\nSubject: Inner\n"
          + "Content-Type: multipart/mixed; boundary=d\n\n--d\n\ninner words\n--d--\n--b--\n",
        to: path)
      let value = try json(try program.run("parse", "--json", path))
      let parts = value["parts"]?.array ?? []
      #expect(
        parts.compactMap { $0["number"]?.string }
          == ["TEXT", "1", "1.1", "1.2", "2", "2.TEXT", "2.1"])
      #expect(parts[2]["body"] == .boolean(true) && parts[3]["alternative"] == .boolean(true))
      #expect(parts[4]["read_as"] == .string("message") && parts[6]["body"] == .boolean(true))
      #expect(parts[0]["fields"]?[1]?["value"] == .string("Häfen"))
      #expect(value["items"]?[0]?["references"]?.array == [.string("r1@x.example")])
      let shown = try program.run("parse", path)
      for line in [
        "  Subject: Häfen\n", "\n    part 1.2       text/html, ", "not read\n",
        "\n      part 2.1       text/plain, ", "\nreference      r1@x.example\n",
      ] {
        #expect(shown.output.contains(line), "\(line)\n\(shown.output)")
      }
    }
  }

  @Test("anonymises a message, one of a mailbox, and a text that may be one; nothing else")
  func anonymise() throws {
    try withProgram { program in
      let (one, box) = ("\(program.home)/m.eml", "\(program.home)/box.mbox")
      try write(Self.message, to: one)
      try write(Self.mailbox, to: box)
      try write("words without a header\n", to: "\(program.home)/a.txt")
      try write(Self.invitation, to: "\(program.home)/a.ics")
      let result = try program.run("parse", "--anonymise", "--seed", "7", one)
      #expect(result.code == 0 && result.errors == "")
      #expect(result.output.utf8.count == Self.message.utf8.count)
      #expect(!result.output.contains("words") && result.output.contains("\nSubject: "))
      #expect(try program.run("parse", "--anonymise", "--seed", "7", one).output == result.output)
      #expect(
        try program.run("parse", "--anonymise", "--seed=7", "--message", "1", box).output
          == result.output)
      let random = try program.run("parse", "--anonymise", one)
      #expect(random.output != result.output && random.errors.contains("--seed "))
      let text = try program.run("parse", "--anonymise", "\(program.home)/a.txt")
      #expect(text.code == 0 && text.output.utf8.count == 23)
      for line in [
        [box], ["\(program.home)/a.ics"], [one, "--json"], [one, "--seed", "x"],
        [one, "--seed", "-1"],
      ] {
        let result = try program.run(["parse", "--anonymise"] + line)
        #expect(result.code == 2 && result.output == "", "\(line) \(result.errors)")
      }
    }
  }

  @Test("show --anonymise finds the message in its file or mailbox, else takes what is stored")
  func showAnonymised() throws {
    try withProgram { program in
      let folder = "\(program.home)/in/a b"
      try write(Self.message, to: "\(folder)/m.eml")
      try write(Self.mailbox, to: "\(folder)/box.mbox")
      try write("a plain note", to: "\(folder)/note.txt")
      try #require(
        try program.run("ingest", "--no-vectors", "--owner", "ana", "--allow", "user:bo", folder)
          .code == 0)
      func id(_ words: String, _ kind: String) throws -> String {
        let found = try program.run(
          "search", "--json", "--as", "ana", "--mode", "lexical", "--kind", kind, words)
        return try #require(try JSONValue(found.output)["results"]?[0]?["item"]?["id"]?.string)
      }
      func anonymised(_ id: String) throws -> Program.Result {
        try program.run("show", "--anonymise", "--seed", "7", "--as", "ana", id)
      }
      let second = try id("second", "mail")
      let result = try anonymised(second)
      #expect(result.code == 0 && result.errors == "")
      #expect(
        result.output
          == (try program.run(
            "parse", "--anonymise", "--seed", "7", "--message", "2", "\(folder)/box.mbox")).output)
      let first = try anonymised(try id("papers", "mail"))
      #expect(first.output.utf8.count == Self.message.utf8.count)
      let note = try anonymised(try id("plain", "document"))
      #expect(note.code == 0 && note.output.contains("kind  document"))
      #expect(!note.output.contains("plain") && !note.output.contains("note.txt"))

      try write("other words", to: "\(folder)/box.mbox")
      let gone = try anonymised(second)
      #expect(gone.code == 0 && gone.errors.contains("What is stored of it follows."))
      #expect(gone.output.contains("kind          mail") && !gone.output.contains("words two"))
      #expect(
        try program.run("show", "--anonymise", "--as", "nobody", second).errors
          .contains("not_found"))
      #expect(try program.run("show", "--anonymise", "--json", "--as", "ana", second).code == 2)
    }
  }

  @Test("lists records; those that cannot be read are named and give 1")
  func records() throws {
    try withProgram { program in
      let path = "\(program.home)/corpus.jsonl"
      try write(
        "{\"_id\":\"d1\",\"title\":\"T\",\"text\":\"x\"}\n\n{\"_id\":\n{\"_id\":\"d3\",\"text\":\" \"}\n",
        to: path)
      let result = try program.run("parse", "--json", path)
      #expect(result.code == 1)
      let value = try json(result)
      #expect(value["records"]?.array?.compactMap { $0["number"]?.number } == [1, 3, 4])
      #expect(value["records"]?[1]?["code"] == .string("malformed"))
      #expect(try program.run("parse", path).output.contains("\n3  malformed\n4  empty\n"))
      let one = try json(try program.run("parse", "--json", "--message", "1", path))
      #expect(one["items"]?[0]?["external_id"] == .string("d1"))
      #expect(try program.run("parse", "--message", "3", path).code == 3)
    }
  }

  @Test(
    "tells every type, and why a file is not read",
    arguments: [
      ("a.txt", "words", "text", nil), ("a.md", "# Head\n\nwords", "markdown", nil),
      ("a.html", "<!doctype html><p>words", "html", nil),
      ("a.csv", "a,b\n1,2\n", "delimited_text", nil), ("a.json", "{\"a\":1}", "json_lines", nil),
      ("a.py", "def a():\n  return 1\n", "source_code", nil),
      ("a.ics", invitation, "calendar", nil),
      ("a.rtf", "{\\rtf1 a}", "not_read", "not_yet"), ("a.txt", "", "not_read", "empty"),
      ("a.bin", "\u{0}\u{1}\u{0}", "not_read", "unknown_type"),
    ] as [(String, String, String, String?)])
  func types(_ name: String, _ text: String, _ type: String, _ code: String?) throws {
    try withProgram { program in
      let path = "\(program.home)/in/\(name)"
      try write(text, to: path)
      let result = try program.run("parse", "--json", path)
      #expect(result.code == 0)
      let value = try json(result)
      #expect(value["type"] == .string(type))
      #expect(value["code"]?.string == code)
      #expect(value["items"]?.array?.isEmpty == (code != nil))
      let shown = try program.run("parse", path)
      #expect(shown.output.hasPrefix("\(name): \(code.map { "not read (\($0))" } ?? type), "))
      if type == "calendar" {
        #expect(value["skipped"]?[0]?["code"] == .string("not_yet"))
        #expect(shown.output.contains("skipped        "))
      }
    }
  }

  @Test("reads the standard input, under the name that it is given")
  func standardInput() throws {
    try withProgram { program in
      var program = program
      try write("# Head\n\nwords", to: "\(program.home)/input")
      program.input = "\(program.home)/input"
      let named = try json(try program.run("parse", "-", "--name", "a.md", "--json"))
      #expect(named["type"] == .string("markdown"))
      #expect(named["name"] == .string("a.md"))
      let plain = try json(try program.run("parse", "--json", "-"))
      #expect(plain["type"] == .string("text"))
      #expect(plain["name"] == nil)
      #expect(try program.run("parse", "-").output.hasPrefix("standard input: text, 13 octets"))
      program.input = "/dev/null"
      #expect(try json(try program.run("parse", "--json", "-"))["code"] == .string("empty"))
    }
  }

  @Test("a file that cannot be read is not done; a message of what is no mailbox is wrong usage")
  func failures() throws {
    try withProgram { program in
      try write("words", to: "\(program.home)/a.txt")
      for (line, code, says) in [
        (["\(program.home)/gone"], Int32(3), "vanished"), ([program.home], 3, "special_file"),
        (["\(program.home)/a.txt", "--message", "1"], 2, "usage"), ([], 2, "usage"),
      ] {
        let result = try program.run(["parse"] + line)
        #expect(result.code == code, "\(line)")
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("loam: \(says): "), "\(result.errors)")
      }
    }
  }
}
