import Grounding
import Mail
import TestSupport
import Testing

@Suite struct AnonymiserTests {
  /// A message with one word, `geheimnis`, in every place that has words.
  private static let everywhere =
    "From geheimnis@geheimnis.example Tue Nov  3 09:10:00 2026\n"
    + "Received: from geheimnis (geheimnis.example [10.0.0.1]) by mx with ESMTP id Geheimnis;\n"
    + " Tue, 3 Nov 2026 09:10:00 +0100 (CET)\n"
    + "From: \"Ana Geheimnis\" <ana.geheimnis@example.org>\n"
    + "To: =?utf-8?Q?B=C3=B6_Geheimnis?= <bo@geheimnis.example>, geheimnis at example.org (Geheimnis)\n"
    + "Date: Tue, 3 Nov 2026 09:10:00 +0100\nMessage-ID: <geheimnis.1@example.org>\n"
    + "Subject: Re: geheimnis =?iso-8859-1?B?R2VoZWltbmlzIGf8bHRpZw==?=\n"
    + "X-Other: geheimnis\nMIME-Version: 1.0\n"
    + "Content-Type: multipart/mixed; boundary=\"=_geheimnis_1\"; x-note=geheimnis (geheimnis)\n\n"
    + "preamble geheimnis\n--=_geheimnis_1\nContent-Type: multipart/alternative; boundary=b\n\n"
    + "--b\nContent-Type: text/plain; charset=utf-8\n\n"
    + "Dear Geheimnis,\n\nOn 3 Nov 2026, Geheimnis wrote:\n> geheimnis GEHEIMNIS gültig\n\n-- \nGeheimnis\n"
    + "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    + "<html><head><title>geheimnis</title><style>p{display:none;background:url(geheimnis)}\n"
    + "/* geheimnis */</style><script>geheimnis</script></head><!-- geheimnis -->\n"
    + "<body><p hidden>geheim=\nnis</p><div class=3D\"gmail_quote\" title=3D\"geheimnis\">\n"
    + "<a href=3Dhttp://geheimnis.example/?geheimnis=3D1&amp;x>geheimnis &#103;&#x65;heimnis\n"
    + "g&uuml;ltig</a></div></body></html>\n--b--\nepilogue geheimnis\n"
    + "--=_geheimnis_1\nContent-Type: text/plain; name=\"geheimnis.txt\"\n"
    + "Content-Disposition: attachment; filename*=utf-8''geheimnis%20g%C3%BCltig.txt\n"
    + "Content-Transfer-Encoding: base64\n\nR2VoZWltbmlzIHVuZCBHRUhFSU1OSVM=\n"
    + "--=_geheimnis_1\nContent-Type: message/rfc822\n\n"
    + "From: geheimnis@example.org\nSubject: geheimnis\n\ngeheimnis\n"
    + "--=_geheimnis_1\nContent-Type: text/calendar\n\n"
    + "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:geheimnis\nDTSTART:20261103T090000Z\n"
    + "SUMMARY:geheimnis\nATTENDEE;CN=Geheimnis;PARTSTAT=ACCEPTED:mailto:geheimnis@example.org\n"
    + "DESCRIPTION:geheimnis\n  geheimnis\nEND:VEVENT\nEND:VCALENDAR\n"
    + "--=_geheimnis_1\nContent-Type: message/delivery-status\n\n"
    + "Reporting-MTA: dns; geheimnis.example\n\nFinal-Recipient: rfc822; geheimnis@example.org\n"
    + "Action: failed\nStatus: 5.1.1\n--=_geheimnis_1\nContent-Type: application/pdf\n\n"
    + "%PDF-1.4 geheimnis\n--=_geheimnis_1--\nepilogue geheimnis\n"

  private func anonymised(_ text: String, seed: UInt64 = 1) -> String {
    var anonymiser = Anonymiser(seed: seed)
    return String(decoding: anonymiser.message(Array(text.utf8)), as: UTF8.self)
  }

  @Test("a word goes from every place of a message, and the message keeps its form")
  func everywhere() throws {
    let seed = RandomSource.seedFromEnvironment()
    let raw = Array(Self.everywhere.utf8)
    var anonymiser = Anonymiser(seed: seed)
    let result = anonymiser.message(raw)
    let written = String(decoding: result, as: UTF8.self)
    #expect(!written.lowercased().contains("geheimnis"), "seed \(seed)\n\(written)")
    var agreement = AnonymiserAgreement()
    #expect(agreement.add(raw, result) == [], "seed \(seed)\n\(written)")
    #expect(agreement.leaked == [], "seed \(seed)")
    let parsed = MessageParser.parse(result)
    for text in [parsed.item.text]
      + parsed.attachments.map({ String(decoding: $0.octets, as: UTF8.self) })
    {
      #expect(!text.lowercased().contains("geheimnis"), "seed \(seed)")
    }
    #expect(parsed.attachments.map(\.mediaType).contains("text/calendar"))
    for form in [
      "gmail_quote", "DTSTART:20261103T090000Z", "PARTSTAT=ACCEPTED", "Status: 5.1.1", "wrote:",
      "Tue, 3 Nov 2026 09:10:00 +0100", "%PDF-1.4", "Subject: Re: ", "p{display:none;", " at ",
    ] {
      #expect(written.contains(form), "\(form)\n\(written)")
    }
  }

  @Test("one seed gives the same octets, another one others")
  func seeds() {
    #expect(anonymised(Self.everywhere) == anonymised(Self.everywhere))
    #expect(anonymised(Self.everywhere) != anonymised(Self.everywhere, seed: 2))
  }

  @Test("a word is the same everywhere, whatever its case; short ones stay different")
  func consistency() {
    var anonymiser = Anonymiser(seed: RandomSource.seedFromEnvironment())
    let words = anonymiser.text("Budget budget BUDGET").split(separator: " ")
    #expect(Set(words.map { $0.lowercased() }).count == 1)
    #expect(words[0] != "Budget" && words[2] == words[0].uppercased())
    let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }
    let pairs = letters.flatMap { a in letters.map { a + $0 } }
    for short in [letters, pairs, (0...9).map(String.init), (100...999).map(String.init)] {
      let replaced = anonymiser.text(short.joined(separator: " ")).split(separator: " ")
      #expect(Set(replaced).count == short.count)
    }
  }

  @Test(
    "stretches that are told by words are told still: closings, notices, what archives put there")
  func roles() {
    let seed = RandomSource.seedFromEnvironment()
    for ending in [
      "Thanks again,\nAna", "Mit freundlichen Grüßen\nAna Geheimnis", "Cheers, Ana",
      "Ana Geheimnis\nAbteilung Geheimnis\nTel. 040 123456\n",
      "-----Ursprüngliche Nachricht-----\nVon: Bo\nGesendet: Montag\nBetreff: Geheimnis\n\nalt",
      "Forwarded message from Bo:\n\nOn 3 April 2026, Bo Geheimnis wrote:\n> geheimnis\n",
      "On 3 April 2026, Bo Geheimnis wrote:\n\nthe geheimnis of old",
      "This message contains confidentiality rights of Geheimnis, the intended recipients; if it reached\n"
        + "you in error, the geheimnis is prohibited.",
      "-------------- next part --------------\nA non-text attachment was scrubbed...\nName: geheimnis",
      "[[alternative HTML version deleted]]",
      "____________\nA mailing list\nUnsubscribe: geheimnis",
    ] {
      let raw = Array(
        "From: Ana Geheimnis <a@b.example>\nSubject: Re: x\nContent-Type: text/plain; charset=utf-8\n\nThe geheimnis is here.\n\n\(ending)\n"
          .utf8)
      for offset in UInt64(0)..<8 {
        var anonymiser = Anonymiser(seed: seed &+ offset)
        let result = anonymiser.message(raw)
        let (before, after) = (parsedItem(raw).segments, parsedItem(result).segments)
        let text = String(decoding: result, as: UTF8.self)
        #expect(before.map(\.role) == after.map(\.role), "seed \(seed &+ offset)\n\(text)")
        #expect(before.map(\.span) == after.map(\.span), "seed \(seed &+ offset)\n\(text)")
        #expect(before.count > 1 && !text.lowercased().contains("geheimnis"))
      }
    }
  }

  @Test("of a longer word its stem is kept alone; a number that may be a year may still be one")
  func stems() {
    let seed = RandomSource.seedFromEnvironment()
    for offset in UInt64(0)..<8 {
      var anonymiser = Anonymiser(seed: seed &+ offset)
      let word = anonymiser.text("Vertraulichkeit")
      #expect(word.hasPrefix("Vertraulich") && word != "Vertraulichkeit", "seed \(seed &+ offset)")
      let numbers = anonymiser.text("1987 2031 4711 90210").split(separator: " ")
      #expect(
        numbers.map { "12".contains($0.prefix(1)) } == [true, true, false, false],
        "seed \(seed &+ offset)")
    }
  }

  @Test("an id and what refers to it stay the same")
  func threads() {
    var anonymiser = Anonymiser(seed: RandomSource.seedFromEnvironment())
    func read(_ text: String) -> ParsedItem {
      parsedItem(anonymiser.message(Array(text.utf8)))
    }
    let first = read("From: a@b.example\nMessage-ID: <X.y-12@mail.b.example>\n\nwords\n")
    let reply = read(
      "From: c@b.example\nMessage-ID: <z@b.example>\nReferences: <q@b.example>\n"
        + " <X.y-12@mail.b.example>\n\nwords\n")
    #expect(first.externalID != nil && reply.references.last == first.externalID)
    #expect(first.externalID != "X.y-12@mail.b.example")
  }

  @Test(
    "encoded words stay decodable, and become as many characters of their kind",
    arguments: [
      "=?utf-8?B?w4RyZ2VyIG1pdCBHZWLDvGhyZW4=?=", "=?UTF-8?Q?=C3=84rger_mit_Geb=C3=BChren?=",
      "=?iso-8859-1?q?=C4rger_mit_Geb=FChren?=", "=?koi8-r?B?7sHewczYzsnLIMTF0M8=?=",
      "=?iso-2022-jp?B?GyRCO3ZLXERsTk0bKEI=?=", "=?gb2312?B?xOO6w8rAvec=?=",
      "=?euc-kr?B?vsiz58fPvLy/5A==?=", "=?big5?B?p0GmbqVArMk=?=",
      "=?utf-8?B?w4RyZ2Vy?= =?utf-8?B?IG1pdA==?=", "=?utf-8?Q?Geb=C3?= =?utf-8?Q?=BChren?=",
    ])
  func encodedWords(_ word: String) throws {
    let seed = RandomSource.seedFromEnvironment()
    let raw = "From: a@b.example\nSubject: \(word)\n\nwords\n"
    let before = parsedItem(Array(raw.utf8))
    let after = parsedItem(Array(anonymised(raw, seed: seed).utf8))
    let (old, new) = (try #require(before.title), try #require(after.title))
    #expect(old.unicodeScalars.count == new.unicodeScalars.count, "seed \(seed): \(old) \(new)")
    for (a, b) in zip(old.unicodeScalars, new.unicodeScalars) {
      #expect(a.properties.generalCategory == b.properties.generalCategory, "seed \(seed): \(new)")
    }
    #expect(old != new && before.defects == after.defects, "seed \(seed): \(old) \(new)")
  }

  @Test(
    "texts of each charset become texts of as many characters, transfer encoding or not",
    arguments: [
      ("utf-8", "Ä\u{301}rger Привет 漢字かな שלום", nil),
      ("iso-8859-1", nil, [0x47, 0x65, 0x62, 0xFC, 0x68, 0x72, 0x65, 0x6E]),
      ("windows-1251", nil, [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2]),
      (
        "iso-2022-jp", nil,
        [0x1B, 0x24, 0x42, 0x24, 0x33, 0x24, 0x73, 0x24, 0x4B, 0x1B, 0x28, 0x42]
      ),
      ("shift_jis", nil, [0x83, 0x65, 0x83, 0x58, 0x83, 0x67]),
      ("gb18030", nil, [0xC4, 0xE3, 0xBA, 0xC3]),
    ] as [(String, String?, [UInt8]?)])
  func charsets(_ label: String, _ text: String?, _ octets: [UInt8]?) {
    let content = octets ?? Array((text ?? "").utf8)
    let seed = RandomSource.seedFromEnvironment()
    let head = "From: a@b.example\nContent-Type: text/plain; charset=\(label)\n"
    let quoted = content.flatMap { octet -> [UInt8] in
      let digits = Array("0123456789ABCDEF".utf8)
      return [0x3D, digits[Int(octet >> 4)], digits[Int(octet & 15)]]
    }
    for raw in [
      Array("\(head)\n".utf8) + content,
      Array("\(head)Content-Transfer-Encoding: quoted-printable\n\n".utf8) + quoted,
    ] {
      let before = parsedItem(raw)
      // A letter may be drawn in its own place, one in some thirty; hence many draws.
      var (letters, same) = (0, 0)
      for draw in 0..<64 {
        let seed = seed &+ UInt64(draw)
        var anonymiser = Anonymiser(seed: seed)
        let result = anonymiser.message(raw)
        let after = parsedItem(result)
        #expect(raw.count == result.count, "seed \(seed)")
        #expect(before.defects == after.defects, "seed \(seed): \(after.defects)")
        let (old, new) = (before.text.unicodeScalars, after.text.unicodeScalars)
        #expect(old.count == new.count, "seed \(seed): \(after.text)")
        let words = zip(before.text.split(separator: " "), after.text.split(separator: " "))
        #expect(words.allSatisfy { $0 != $1 }, "seed \(seed): \(before.text) \(after.text)")
        for (a, b) in zip(old, new) where a != " " && a != "\u{301}" {
          letters += 1
          same += a == b ? 1 : 0
        }
      }
      #expect(same * 8 < letters, "seed \(seed): \(same) of \(letters)")
    }
  }

  /// Sentences without a label, as their languages' programs wrote them.
  private static let unlabelled: [(charset: String, text: String)] = [
    (
      "koi8-r",
      "Здравствуйте, коллеги! Завтра в десять утра мы снова встречаемся на причале и говорим о новом "
        + "расписании паромов. Принесите, пожалуйста, ваши записи."
    ),
    (
      "windows-1251",
      "Здравствуйте, коллеги! Завтра в десять утра мы снова встречаемся на причале и говорим о новом "
        + "расписании паромов. Принесите, пожалуйста, ваши записи."
    ),
    (
      "windows-1253",
      "Καλημέρα σας, το πλοίο φεύγει αύριο το πρωί στις εννέα και επιστρέφει το βράδυ. Παρακαλώ να "
        + "είστε όλοι στο λιμάνι."
    ),
    (
      "gb18030",
      "大家好，明天上午我们在码头开会，讨论新的时间表和明年的预算。请把你们的意见写下来发给我，我会在会上说明。"
    ),
    (
      "big5",
      "大家好，明天上午我們在碼頭開會，討論新的時間表和明年的預算。請把你們的意見寫下來發給我，我會在會上說明。"
    ),
    ("euc-kr", "안녕하세요, 내일 오전에 부두에서 회의를 하고 새로운 시간표와 내년 예산에 대해서 이야기하려고 합니다."),
    ("shift_jis", "皆さん、おはようございます。明日の午前に会議があります。新しい時刻表について話しますので、よろしくお願いします。"),
    ("euc-jp", "皆さん、おはようございます。明日の午前に会議があります。新しい時刻表について話しますので、よろしくお願いします。"),
  ]

  @Test(
    "a text whose charset is found by looking is found to be in it still, letter for letter",
    arguments: unlabelled)
  func unlabelledTexts(_ charset: String, _ text: String) throws {
    let written = try encoded(text, charset)
    let seed = RandomSource.seedFromEnvironment()
    for offset in UInt64(0)..<8 { check(written, text, charset, seed: seed &+ offset) }
  }

  private func check(_ written: [UInt8], _ text: String, _ charset: String, seed: UInt64) {
    var anonymiser = Anonymiser(seed: seed)
    for head in [
      "", "Content-Type: text/plain\n", "Content-Type: text/plain; charset=us-ascii\n",
      "Content-Type: text/plain; charset=utf-8\n", "Content-Type: text/plain; charset=x-none\n",
    ] {
      let raw =
        Array("From: a@b.example\n\(head)Subject: ".utf8) + written + Array("\n\n".utf8) + written
      let result = anonymiser.message(raw)
      let (before, after) = (parsedItem(raw), parsedItem(result))
      #expect(before.text == text && before.title == text)
      #expect(before.defects == after.defects, "seed \(seed), \(charset), \(head)")
      for (old, new) in [(before.text, after.text), (before.title ?? "", after.title ?? "")] {
        #expect(old.unicodeScalars.count == new.unicodeScalars.count, "seed \(seed): \(new)")
        var kept = 0
        for (a, b) in zip(old.unicodeScalars, new.unicodeScalars) {
          #expect(
            a.properties.generalCategory == b.properties.generalCategory, "seed \(seed): \(new)")
          if a.properties.isAlphabetic, a == b { kept += 1 }
        }
        #expect(kept * 4 <= old.unicodeScalars.count, "seed \(seed): \(new)")
      }
    }
  }

  /// `text` as iconv(1) writes it.
  private func encoded(_ text: String, _ charset: String) throws -> [UInt8] {
    try output(of: "printf '%s' '\(text)' | iconv -f utf-8 -t \(charset)")
  }

  @Test("octets in base64 that are no text become a pattern behind the first eight")
  func data() throws {
    let raw =
      "From: a@b.example\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
      + "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ\nAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg\ngg==\n"
    let before = try #require(MessageParser.parse(Array(raw.utf8)).attachments.first)
    let after = try #require(
      MessageParser.parse(Array(anonymised(raw).utf8)).attachments.first)
    #expect(before.octets.count == after.octets.count)
    #expect(before.octets.prefix(8) == after.octets.prefix(8))
    #expect(
      Array(after.octets.dropFirst(8))
        == (0..<(before.octets.count - 8)).map { UInt8(truncatingIfNeeded: $0) })
  }

  @Test("what is beyond a limit of reading goes too")
  func limits() {
    for raw in [
      "From: a@b.example\n" + String(repeating: "X-F: geheimnis\n", count: 1_200) + "\nwords\n",
      "From: a@b.example\nX-Long: " + String(repeating: "geheimnis ", count: 120_000)
        + "\n\nwords\n",
      "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        + String(repeating: "--b\n\ngeheimnis\n", count: 1_100) + "--b--\n",
      (0..<60).map { "Content-Type: multipart/mixed; boundary=x\($0)y\n\n--x\($0)y\n" }.joined()
        + "\ngeheimnis\n",
      "geheimnis without a header\n", "Subject geheimnis\n\nX: geheimnis\n",
      "From: a@b.example\nSubject: =?utf-8?Q?geheimnis\nX: =?utf-8?B?\n\n=geheimnis\n",
    ] {
      let written = anonymised(raw)
      #expect(written.utf8.count == raw.utf8.count)
      #expect(!written.lowercased().contains("geheimnis"), "\(raw.prefix(80))")
    }
  }

  @Test("broken messages keep their lengths and line ends")
  func broken() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    var anonymiser = Anonymiser(seed: seed)
    let pieces = [
      "=?utf-8?B?", "?=", "=_geheimnis_1", "<!--", "<a b=", "&#", "\u{1B}$B", "\r", "=\n", "%C3",
      "boundary=", "charset=shift_jis", "charset=utf-16", "\"", ";", "begin 644 x\n", "`",
    ].map { Array($0.utf8) }
    for _ in 0..<300 {
      var raw = Array(Self.everywhere.utf8)
      random.mutate(&raw, with: pieces)
      let result = anonymiser.message(raw)
      #expect(raw.count == result.count, "seed \(seed)")
      for index in raw.indices where raw[index] == 0x0A || raw[index] == 0x0D {
        #expect(result[index] == raw[index], "seed \(seed)")
      }
    }
  }

  @Test("the organisation's messages differ in nothing but their words, and segments told by words")
  func organisation() throws {
    let seed = RandomSource.seedFromEnvironment()
    var anonymiser = Anonymiser(seed: seed)
    var agreement = AnonymiserAgreement()
    for path in filePaths(below: "Fixtures/organisation/mail") {
      let raw = try octets(ofFile: path)
      let differences = agreement.add(raw, anonymiser.message(raw))
      #expect(differences.filter { $0 != "segments" } == [], "seed \(seed): \(path)")
    }
    #expect(agreement.count > 50 && agreement.words > 1_000)
    #expect(agreement.leaked == [], "seed \(seed)")
  }
}

@Suite("Anonymised messages of the corpora", .needsCorpora)
struct AnonymiserCorpusTests {
  private var anonymiser = Anonymiser(seed: 7)
  private var agreement = AnonymiserAgreement()

  @Test("messages keep their form", arguments: ["mail/spamassassin", "mail/lists", "mime"])
  mutating func form(_ corpus: String) throws {
    switch corpus {
    case "mail/lists":
      let folder = try Corpora.folder(corpus)
      let archive = try octets(ofFile: "\(folder)/r-package-devel.mbox")
      var cursor = Mailbox.Cursor()
      while let message = cursor.next(archive.span) {
        add(Array(archive[message.octets]), "message \(agreement.count)")
      }
    case "mime":
      for name in ["mime/mime4j", "mime/cpython-email"] { try addFiles(of: name) }
    default: try addFiles(of: corpus)
    }
    agreement.report(corpus)
    #expect(Double(agreement.formed) >= 0.99 * Double(agreement.count))
    #expect(Double(agreement.whole) >= 0.94 * Double(agreement.count))
  }

  private mutating func addFiles(of corpus: String) throws {
    for path in filePaths(below: try Corpora.folder(corpus)) {
      let isMessage =
        corpus == "mail/spamassassin"
        ? !path.contains(".json") && !path.hasSuffix(".md")
        : path.hasSuffix(".msg") || path.contains("/msg_")
      if isMessage { add(try octets(ofFile: path), path) }
    }
  }

  private mutating func add(_ raw: [UInt8], _ name: String) {
    let differences = agreement.add(raw, anonymiser.message(raw))
    if !differences.isEmpty, Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
      print("DIFFERS \(name): \(differences)")
    }
  }
}
