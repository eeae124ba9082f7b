import Documents
import Grounding
import TestSupport
import Testing

/// Sentences in several languages, and the charset that such texts have had.
private let samples: [(language: String, charset: String, iconv: String, text: String)] = [
  (
    "French", "windows-1252", "CP1252",
    "La réunion est reportée à jeudi, où l’équipe présentera le résumé des coûts. Veuillez déjà "
      + "vérifier les dépenses de l’été et les prévisions du troisième trimestre."
  ),
  (
    "German", "windows-1252", "CP1252",
    "Die Prüfung der Verträge läuft noch; bitte schicken Sie die Übersicht über die Gebühren bis "
      + "Dienstag. Für Rückfragen hören wir uns größtenteils nächste Woche."
  ),
  (
    "Spanish", "windows-1252", "CP1252",
    "¿Cuándo llegará el camión? La señora Núñez pidió la factura del último año y también el "
      + "número de teléfono de la oficina de León."
  ),
  (
    "Portuguese", "windows-1252", "CP1252",
    "A reunião não será amanhã, porque a direção ainda não concluiu as negociações. As condições "
      + "de fornecimento também estão à espera de aprovação."
  ),
  (
    "Swedish", "windows-1252", "CP1252",
    "Mötet är flyttat till lördag, så vi får åka tidigare. Räkningen för höstens hyra behöver "
      + "också gås igenom innan året är över."
  ),
  (
    "Danish", "windows-1252", "CP1252",
    "Mødet er flyttet til lørdag, så vi må køre tidligere. Regningen for efterårets husleje skal "
      + "også gennemgås, før året er gået."
  ),
  (
    "Icelandic", "windows-1252", "CP1252",
    "Fundurinn hefur verið færður til laugardags og því þurfum við að fara fyrr. Það á líka eftir "
      + "að fara yfir reikninginn áður en árið er úti."
  ),
  (
    "Polish", "windows-1250", "CP1250",
    "Spotkanie przełożono na środę, więc prosimy o wcześniejsze przesłanie zestawienia kosztów. "
      + "Książki zamówione w zeszłym miesiącu już przyszły, jeśli się nie mylę."
  ),
  (
    "Czech", "windows-1250", "CP1250",
    "Schůzka se přesouvá na čtvrtek, protože účetní ještě nemá všechny podklady. Prosíme, pošlete "
      + "nám příští týden přehled nákladů a fakturu za květen."
  ),
  (
    "Hungarian", "windows-1250", "CP1250",
    "A megbeszélést csütörtökre tettük át, mert a könyvelő még nem készült el. Kérjük, küldje el "
      + "jövő héten a költségekről szóló összesítőt és az őszi terveket is."
  ),
  (
    "Croatian", "windows-1250", "CP1250",
    "Sastanak je premješten na četvrtak jer računovođa još nije završila. Molimo vas da nam idući "
      + "tjedan pošaljete pregled troškova i račun za svibanj, ako već možete."
  ),
  (
    "Russian", "windows-1251", "CP1251",
    "Встреча перенесена на четверг, потому что бухгалтер ещё не закончила отчёт. Пришлите, "
      + "пожалуйста, на следующей неделе сводку расходов и счёт за май."
  ),
  (
    "Russian", "koi8-r", "KOI8-R",
    "Встреча перенесена на четверг, потому что бухгалтер ещё не закончила отчёт. Пришлите, "
      + "пожалуйста, на следующей неделе сводку расходов и счёт за май."
  ),
  (
    "Bulgarian", "windows-1251", "CP1251",
    "Срещата е преместена за четвъртък, защото счетоводителката още не е готова. Моля, изпратете "
      + "ни следващата седмица справка за разходите и фактурата за май."
  ),
  (
    "Ukrainian", "windows-1251", "CP1251",
    "Зустріч перенесено на четвер, бо бухгалтерка ще не закінчила звіт. Надішліть, будь ласка, "
      + "наступного тижня підсумок витрат і рахунок за травень."
  ),
  (
    "Greek", "windows-1253", "CP1253",
    "Η συνάντηση μεταφέρθηκε για την Πέμπτη, επειδή η λογίστρια δεν έχει τελειώσει ακόμη. "
      + "Παρακαλούμε στείλτε μας την επόμενη εβδομάδα τον πίνακα των εξόδων."
  ),
  (
    "Hebrew", "windows-1255", "CP1255",
    "הפגישה נדחתה ליום חמישי, כי מנהלת החשבונות עדיין לא סיימה את הדוח. נא לשלוח אלינו בשבוע הבא "
      + "את סיכום ההוצאות ואת החשבונית של חודש מאי."
  ),
  (
    "Japanese", "shift_jis", "CP932",
    "会議は木曜日に変更になりました。経理の報告書がまだ終わっていないためです。来週までに費用の一覧と五月の請求書を送ってください。"
  ),
  (
    "Japanese", "euc-jp", "EUC-JP",
    "会議は木曜日に変更になりました。経理の報告書がまだ終わっていないためです。来週までに費用の一覧と五月の請求書を送ってください。"
  ),
  (
    "Chinese, simplified", "gb18030", "GB18030",
    "会议改到星期四，因为会计还没有做完报告。请在下周把费用的清单和五月的发票发给我们。如果有什么问题，可以打电话到办公室。"
  ),
  (
    "Chinese, traditional", "big5", "BIG5",
    "會議改到星期四，因為會計還沒有做完報告。請在下週把費用的清單和五月的發票寄給我們。如果有什麼問題，可以打電話到辦公室。"
  ),
  (
    "Korean", "euc-kr", "UHC",
    "회의는 목요일로 미루어졌습니다. 회계 담당자가 아직 보고서를 끝내지 못했기 때문입니다. 다음 주까지 비용 목록과 오월 청구서를 보내 주시기 바랍니다."
  ),
]

@Suite("Encodings of documents")
struct EncodingTests {
  @Test("a text in an undeclared charset is read in it", arguments: samples.indices)
  func detected(index: Int) throws {
    let sample = samples[index]
    let item = PlainText.parse(try encoded(sample.text, sample.iconv))
    #expect(item.text == sample.text, "\(sample.language)")
    #expect(item.defects == [Defect("undeclared_octets", sample.charset)], "\(sample.language)")
  }

  @Test("it is read so among much ASCII, too", arguments: samples.indices)
  func amongASCII(index: Int) throws {
    let sample = samples[index]
    let english = String(
      repeating: "The minutes are below, as agreed on the phone.\n", count: 2_000)
    let text = english + sample.text + "\n" + english
    let item = PlainText.parse(try encoded(text, sample.iconv))
    #expect(item.text == text, "\(sample.language)")
  }

  /// The least of a text that is told: its first words, cut ever later; printed, not asserted.
  @Test(
    "how few letters are enough",
    .enabled(if: Corpora.environment("LOAM_MEASURE") == "1"), arguments: samples.indices)
  func measure(index: Int) throws {
    let sample = samples[index]
    let words = sample.text.split(separator: " ")
    var last = 0
    for count in 1...words.count {
      let text = words[..<count].joined(separator: " ")
      if PlainText.parse(try encoded(text, sample.iconv)).text != text { last = count }
    }
    print("\(sample.language) \(sample.charset): right from word \(last + 1) of \(words.count)")
  }

  @Test(
    "windows-1252 stays what is unsure",
    arguments: [
      "naïve", "Zoë’s café", "“quoted” – dashed…", "© 2024 ®", "£ 300", "Ænima", "ÅÄÖ", "€ 5", "°C",
      "São Paulo", "Łódź".replacing("Ł", with: "L").replacing("ź", with: "z"), "fiancée",
    ])
  func unsure(text: String) throws {
    let item = PlainText.parse(try encoded(text, "CP1252"))
    #expect(item.text == text)
  }

  @Test(
    "UTF-16 and UTF-32 are told by mark, UTF-16 by its NULs as well",
    arguments: [
      ("UTF-16LE", [0xFF, 0xFE], nil), ("UTF-16BE", [0xFE, 0xFF], nil),
      ("UTF-32LE", [0xFF, 0xFE, 0, 0], nil), ("UTF-32BE", [0, 0, 0xFE, 0xFF], nil),
      ("UTF-16LE", [], "utf-16le"), ("UTF-16BE", [], "utf-16be"),
    ] as [(String, [UInt8], String?)])
  func wide(charset: String, mark: [UInt8], detail: String?) throws {
    for text in ["An agenda for May — two points.\n1. Rent\n", samples[11].text] {
      let item = PlainText.parse(mark + (try encoded(text, charset)))
      #expect(item.text == text)
      #expect(item.defects == detail.map { [Defect("undeclared_octets", $0)] } ?? [])
    }
  }

  @Test("ISO-2022-JP is told by its escapes")
  func shifted() throws {
    let text = samples[17].text
    let item = PlainText.parse(try encoded(text, "ISO-2022-JP"))
    #expect(item.text == text && item.defects.isEmpty)
  }

  @Test(
    "a label is believed unless the octets say otherwise",
    arguments: [
      ("é", "CP1252", "iso-8859-1", []), ("é", "CP1252", "windows-1252", []),
      ("Ωμέγα", "CP1253", "windows-1253", []), ("Ћирилица", "CP1251", "cp1251", []),
      // A template says UTF-8, the page is not.
      ("déjà", "CP1252", "utf-8", ["wrong_charset", "undeclared_octets"]),
      // A page moved to UTF-8 kept its label; one sequence alone may be what it says.
      ("déjà vérifié", "UTF-8", "iso-8859-1", ["wrong_charset"]),
      ("déjà", "UTF-8", "us-ascii", ["wrong_charset"]),
      ("plain", "UTF-8", "utf-16", ["wrong_charset"]),
      ("déjà", "UTF-8", "x-no-such", ["unknown_charset"]),
    ])
  func labels(text: String, charset: String, label: String, defects: [String]) throws {
    let item = PlainText.parse(
      try encoded(text, charset), hints: DocumentHints(charsetLabel: label))
    #expect(item.text == text)
    #expect(item.defects.map(\.code) == defects)
  }

  @Test("UTF-8 with a broken place among many whole ones stays UTF-8")
  func patched() {
    let text = String(repeating: "é", count: 8)
    let item = PlainText.parse(Array(text.utf8) + [0xE9, 0x20] + Array(text.utf8))
    #expect(item.text == "\(text)\u{FFFD} \(text)")
    #expect(item.defects == [Defect("undecodable_octets", "1")])
    #expect(PlainText.parse(Array("é".utf8) + [0xE9]).defects.first?.code == "undeclared_octets")
  }

  @Test("no octets stop it, and what comes out is fit for prompts")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<500 {
      var octets: [UInt8] = []
      let low = UInt8.random(in: 0...0xE0, using: &random)
      for _ in 0..<Int.random(in: 0...300, using: &random) {
        octets.append(UInt8.random(in: low...255, using: &random))
      }
      let item = PlainText.parse(octets)
      #expect(item.text.isFitForPrompts && item.hasSoundSegments, "seed \(seed)")
    }
  }
}
