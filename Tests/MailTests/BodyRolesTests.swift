import Grounding
import Mail
import TestSupport
import Testing

@Suite("Roles of a body's lines")
struct BodyRolesTests {
  /// The roles of the lines that are not blank, a letter each.
  private func roles(
    _ body: String, subject: String = "Re: x", from: String = "Jo Doe <jo@example.org>",
    type: String = "text/plain"
  ) -> String {
    let head =
      "From: \(from)\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nMessage-ID: <a@b>\nSubject: \(subject)\nContent-Type: \(type); charset=utf-8\n\n"
    let item = parsedItem(Array((head + body).utf8))
    #expect(item.hasSoundSegments)
    return item.lineRoles.map {
      ["new": "N", "quoted": "Q", "signature": "S", "disclaimer": "D"][$0.role.rawValue] ?? "B"
    }
    .joined()
  }

  @Test(
    "an attribution belongs to its quote, in many languages, and eats no new text",
    arguments: [
      "On Mon, Jan 5, 2026 at 10:00 AM Ann Lee <ann@example.org> wrote:",
      "On Mon, Jan 5, 2026 at 10:00 AM Ann Lee\n<ann@example.org> wrote:",
      "On Monday, January 5, 2026,\nAnn Lee (who is\nat home) <ann@example.org>\nwrote:",
      "Am 05.01.2026 um 10:00 schrieb Ann Lee:",
      "Am Mo., 5. Jan. 2026 um 10:00 Uhr schrieb Ann <\na@example.org>:",
      "Le lun. 5 janv. 2026 à 10:00, Ann Lee <ann@example.org> a écrit :",
      "El lun, 5 ene 2026 a las 10:00, Ann Lee (<ann@example.org>) escribió:",
      "Em seg., 5 de jan. de 2026 às 10:00, Ann <ann@example.org> escreveu:",
      "Il giorno lun 5 gen 2026 alle ore 10:00 Ann <ann@example.org> ha scritto:",
      "Op ma 5 jan. 2026 om 10:00 schreef Ann Lee <ann@example.org>:",
      "pon., 5 sty 2026 o 10:00 Ann Lee <ann@example.org> napisał(a):",
      "W dniu 05.01.2026 o 10:00, Ann Lee pisze:",
      "5 января 2026 г. 10:00 пользователь Ann <ann@example.org> написал:",
      "пн, 5 янв. 2026 г. в 10:00, Ann Lee <ann@example.org>:",
      "Den mån 5 jan. 2026 kl 10:00 skrev Ann Lee <ann@example.org>:",
      "Den man. 5. jan. 2026 kl. 10.00 skrev Ann Lee <ann@example.org>:",
      "ma 5. tammik. 2026 klo 10.00 Ann Lee (ann@example.org) kirjoitti:",
      "po 5. 1. 2026 v 10:00 odesílatel Ann Lee <ann@example.org> napsal:",
      "Ann Lee <ann@example.org>, 5 Oca 2026 Pzt, 10:00 tarihinde şunu yazdı:",
      "Ann Lee <ann@example.org> 于2026年1月5日周一 10:00写道：",
      "2026年1月5日(月) 10:00 Ann Lee <ann@example.org>:",
      "2026年 1月 5日 (월) 오전 10:00, Ann Lee <ann@example.org>님이 작성:",
      "2026-01-05 10:00 GMT+01:00 Ann Lee <ann@example.org>:", "Ann Lee wrote:",
      "* Ann Lee <ann@example.org> [2026-01-05 10:00]:", "Quoting Ann Lee <ann@example.org>:",
      "Zitat von Ann Lee <ann@example.org>:", "Ann:",
    ])
  func attributions(attribution: String) {
    let count = attribution.split(separator: "\n").count
    let quoted = String(repeating: "Q", count: count)
    #expect(roles("I think so.\n\n\(attribution)\n> Is it?\n\nYes.") == "N" + quoted + "QN")
    #expect(roles("\(attribution)\n> Is it?\n\nYes.") == quoted + "QN")
  }

  @Test(
    "without marks everything behind an unmistakable attribution, a separator or a header block is quoted",
    arguments: [
      "On Mon, Jan 5, 2026 at 10:00 AM Ann Lee <ann@example.org> wrote:",
      "-----Original Message-----\nFrom: Ann\nSent: Monday\nTo: Jo\nSubject: x",
      "________________________________\nFrom: Ann Lee <ann@example.org>\nSent: Monday, 5 January\nTo: Jo\nCc: Al\nSubject: x",
      "-----Ursprüngliche Nachricht-----\nVon: Ann\nGesendet: Montag\nAn: Jo\nBetreff: x",
      "De : Ann\nEnvoyé : lundi\nÀ : Jo\nObjet : x",
      "De: Ann\nEnviado el: lunes\nPara: Jo\nAsunto: x",
      "De: Ann\nEnviada em: segunda\nPara: Jo\nAssunto: x",
      "Da: Ann\nInviato: lunedì\nA: Jo\nOggetto: x",
      "Van: Ann\nVerzonden: maandag\nAan: Jo\nOnderwerp: x",
      "Od: Ann\nWysłano: poniedziałek\nDo: Jo\nTemat: x",
      "От: Ann\nОтправлено: понедельник\nКому: Jo\nТема: x",
      "Från: Ann\nSkickat: måndag\nTill: Jo\nÄmne: x",
      "Fra: Ann\nSendt: mandag\nTil: Jo\nEmne: x",
      "Lähettäjä: Ann\nLähetetty: maanantai\nVastaanottaja: Jo\nAihe: x",
      "Od: Ann\nOdesláno: pondělí\nKomu: Jo\nPředmět: x",
      "Kimden: Ann\nGönderildi: Pazartesi\nKime: Jo\nKonu: x",
      "发件人: Ann\n发送时间: 2026年\n收件人: Jo\n主题: x", "差出人: Ann\n送信日時: 2026年\n宛先: Jo\n件名: x",
      "보낸 사람: Ann\n보낸 날짜: 2026년\n받는 사람: Jo\n제목: x",
      "*From:* Ann\n*Sent:* Monday\n*To:* Jo\n*Subject:* x",
    ])
  func introductions(introduction: String) {
    let count = introduction.split(separator: "\n").count + 2
    #expect(
      roles("I think so.\n\n\(introduction)\n\nIs it?\n\nI wonder.")
        == "N" + String(repeating: "Q", count: count))
  }

  @Test(
    "what is passed on is a segment of kind forwarded, up to its end",
    arguments: [
      "---------- Forwarded message ---------\nFrom: Ann\nDate: Monday\nSubject: x\nTo: Jo\n\nHi.",
      "Begin forwarded message:\n\nFrom: Ann\nDate: Monday\nSubject: x\n\nHi.",
      "-------- Weitergeleitete Nachricht --------\nVon: Ann\nDatum: Montag\n\nHi.",
      "----- Forwarded message from Ann <ann@example.org> -----\n\nHi.\n\n----- End forwarded message -----",
    ])
  func forwarded(block: String) {
    let item = parsedItem(
      Array(
        "Subject: Fwd: x\nContent-Type: text/plain; charset=utf-8\n\nSee below.\n\n\(block)\n".utf8)
    )
    #expect(item.segments.map(\.kind) == [.body, .forwarded])
    #expect(item.segments.map(\.role) == [.new, .quoted])
  }

  @Test(
    "each line has its role",
    arguments: [
      // Inline replies stay new; a wrapped line goes with its quote.
      ("> a\nyes\n> b\nno", "QNQN"),
      (
        "> The line before this one was as long as a line of mail can ever get here\nbe\n> or not",
        "QQQ"
      ),
      // Signatures.
      ("Yes.\n-- \nJo Doe\nTel. 1", "NSSS"), ("Yes.\n--\nJo Doe", "NSS"),
      ("Yes.\n\nBest regards,\nJo", "NSS"), ("Yes.\n\nMit freundlichen Grüßen\n\nJo Doe", "NSS"),
      ("Yes.\nJo", "NS"), ("Yes.\n\nThanks.", "NN"), ("Ask Al.\n\nAl knows.", "NN"),
      ("Yes.\n-- \nJo\n\nOn 5 Jan 2026, Ann wrote:\n> a", "NSSQQ"),
      // Footers, notices, banners.
      (
        "Yes.\n_____________________\nx mailing list\nhttps://example.org/mailman/listinfo/x",
        "NDDD"
      ),
      ("Yes.\n\nTo unsubscribe, send an empty message.", "ND"),
      (
        "Yes.\n\nThis message is confidential. If you are not the intended recipient, please delete it and tell us.",
        "ND"
      ),
      (
        "Ja.\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie bitte.",
        "ND"
      ),
      ("Yes.\n\nSent from my iPhone", "NB"), ("Ja.\n\nVon meinem iPhone gesendet", "NB"),
      ("CAUTION: This email originated from outside of the organization.\n\nYes.", "BN"),
      ("Yes.\n\n\t[[alternative HTML version deleted]]", "NB"),
      ("It is confidential.", "N"), ("Ask on the mailing list.", "N"),
      // Other marks.
      ("On 5 Jan 2026, Ann wrote:\n| Is it so?\n\nYes.", "QQN"),
      ("AL> It is long\nAL> and goes on\nAL> for a while.\n\nYes.", "QQQN"),
      ("| a | b |\n| c | d |\n| e | f |", "NNN"),
    ])
  func lines(body: String, expected: String) {
    #expect(roles(body) == expected, "\(body)")
  }

  @Test("a session of R or Python is no quote where nothing introduces it")
  func transcripts() {
    let session = "I see this:\n> x <- c(1, 2)\n> mean(x)\n[1] 1.5"
    #expect(roles(session, subject: "mean is odd") == "NNNN")
    #expect(roles(session) == "NNNN")
    #expect(roles(">>> import os\n>>> os.name\n'posix'", subject: "os") == "NNN")
    #expect(roles("On 5 Jan 2026, Ann wrote:\n> x <- c(1, 2)\n> mean(x)\n\nYes.") == "QQQN")
    #expect(roles("> I have been told so.\n> Is it true?\nNo.", subject: "x") == "QQN")
  }

  @Test(
    "what programs mark in HTML is told",
    arguments: [
      (
        "<p>Yes.</p><div class=gmail_quote><div class=gmail_attr>On 5 Jan Ann:</div><blockquote class=gmail_quote>Is it?</blockquote><div>No.</div></div>",
        "NQQN"
      ),
      (
        "<p>Yes.</p><div class=moz-cite-prefix>Ann:</div><blockquote type=cite><p>Is it?</p></blockquote>",
        "NQQ"
      ),
      ("<p>Yes.</p><div class=gmail_signature>Jo<br>Tel. 1</div>", "NSS"),
      ("<p>Yes.</p><div id=divRplyFwdMsg>X: Ann</div><div>Is it?</div><p>Bye</p>", "NQQQ"),
      (
        "<p>Yes.</p><div style='border-top:solid #E1E1E1 1pt'><p><b>From:</b> Ann<br><b>Sent:</b> Monday<br><b>To:</b> Jo<br><b>Subject:</b> x</p></div><p>Is it?</p>",
        "NQQQQQ"
      ),
      ("<p>Yes.</p><div class=yahoo_quoted>Ann says<br>Is it?</div>", "NQQ"),
      ("<p>Yes.</p><span id=OLK_SRC_BODY_SECTION><div>Is it?</div></span>", "NQ"),
      ("<p>Ann wrote:</p><blockquote>Is it?</blockquote><p>Yes.", "QQN"),
    ])
  func html(source: String, expected: String) {
    #expect(roles(source, type: "text/html") == expected, "\(source)")
  }

  @Test("a blockquote is a quote in a reply; in a page it lays out text, and stays new")
  func blockquote() {
    let source = "<p>Read:</p><blockquote>A long story.</blockquote>"
    #expect(roles(source, subject: "News", type: "text/html") == "NN")
    #expect(roles(source, type: "text/html") == "NQ")
  }

  @Test("a body of nothing but marks, rules or fields is read in linear time")
  func hostile() {
    for piece in [
      "> \n", "-----\n", "From: a\n", "x wrote:\n", "--\n", "On 5 Jan 2026\n", "AB> x\n",
    ] {
      let body = String(repeating: piece, count: 200_000)
      let start = processorSeconds()
      #expect(!roles(body).isEmpty)
      #expect(processorSeconds() - start < 20, "\(piece)")
    }
  }
}
