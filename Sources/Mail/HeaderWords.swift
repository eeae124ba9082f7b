/// What mail programs write above a message that they quote whole or pass on; folded as
/// ``FoldedLine`` folds.
///
/// English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Swedish, Danish,
/// Norwegian, Finnish, Czech, Turkish, Chinese, Japanese, Korean.
enum HeaderWords {
  enum Field: UInt8 {
    case from = 1
    case date = 2
    case to = 4
    case subject = 8
    case other = 16
  }

  /// The names of fields, without the colon, by their keys.
  static let fields: [UInt64: Field] = {
    var fields: [UInt64: Field] = [:]
    forEachField { field, names in
      for name in names.flatMap(PhraseKeys.variants) { fields[FoldedLine.key(name.utf8)] = field }
    }
    return fields
  }()

  /// For each class of octets that a field's name begins with, a bit for each class of the next.
  private static let fieldBeginnings: [UInt32] = {
    var beginnings = [UInt32](repeating: 0, count: 32)
    forEachField { _, names in
      for name in names {
        let classes = name.utf8.prefix(2).map { Int(PhraseSet.octetClass($0)) }
        beginnings[classes[0]] |= classes.count > 1 ? 1 << UInt32(classes[1]) : .max
      }
    }
    return beginnings
  }()

  /// A quick look at the first two octets of a line from `start` on, before it is folded.
  static func mayBeginField(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    let first = text[start] == 0x2A ? start + 1 : start
    guard first + 1 < end, text[first] > 0x20 else { return true }
    // What an archive made of a letter above ASCII.
    if text[first] == 0x3F || text[first + 1] == 0x3F { return true }
    let next = PhraseSet.octetClass(text[first + 1])
    return fieldBeginnings[Int(PhraseSet.octetClass(text[first]))] >> UInt32(next) & 1 == 1
  }

  /// Calls `add` with the names of each field, without the colon.
  static func forEachField(_ add: (Field, [String]) -> Void) {
    add(
      .from,
      [
        "from", "von", "de", "da", "van", "od", "от", "отправитель", "från", "fra", "lähettäjä",
        "odesílatel", "kimden", "gönderen", "发件人", "寄件者", "寄件人", "差出人", "보낸 사람", "보낸사람",
      ])
    add(
      .date,
      [
        "date", "sent", "datum", "gesendet", "envoyé", "envoyé le", "enviado", "enviado el",
        "enviado em", "enviada em", "enviada", "fecha", "data", "inviato", "verzonden", "wysłano",
        "wysłane", "дата", "отправлено", "skickat", "sendt", "dato", "lähetetty", "päiväys",
        "päivämäärä", "odesláno", "gönderildi", "gönderilme tarihi", "gönderme tarihi", "tarih",
        "发送时间", "日期", "寄件日期", "傳送時間", "送信日時", "日付", "보낸 날짜", "날짜", "date sent", "inviata",
      ])
    add(
      .to,
      [
        "to", "an", "à", "a", "para", "aan", "do", "кому", "получатель", "till", "til",
        "vastaanottaja", "komu", "kime", "alıcı", "收件人", "收件者", "宛先", "받는 사람", "받는사람", "cc",
        "kopie", "copie", "dw", "копия", "kopia", "kopi", "kopio", "bilgi", "抄送", "副本", "참조",
      ])
    add(
      .subject,
      [
        "subject", "betreff", "objet", "sujet", "asunto", "assunto", "oggetto", "onderwerp",
        "temat",
        "тема", "ämne", "emne", "aihe", "předmět", "věc", "konu", "主题", "主旨", "主題", "件名", "제목",
      ])
    add(
      .other,
      [
        "reply-to", "importance", "priority", "sender", "message-id", "organization", "newsgroups",
        "bcc", "attachments", "anlagen", "wichtigkeit", "reply to", "in-reply-to", "references",
        "content-type", "x-mailer", "received", "return-path", "mime-version", "list-id",
      ])
  }

  /// "Original message", between dashes.
  static let original = PhraseKeys(archived: [
    "original message", "ursprüngliche nachricht", "originalnachricht", "original-nachricht",
    "message d'origine", "message d’origine", "message original", "mensaje original",
    "mensagem original", "messaggio originale", "messaggio original", "oorspronkelijk bericht",
    "origineel bericht", "oorspronkelijke bericht", "wiadomość oryginalna",
    "oryginalna wiadomość", "исходное сообщение", "ursprungligt meddelande",
    "originalmeddelande", "oprindelig meddelelse", "original meddelelse", "opprinnelig melding",
    "alkuperäinen viesti", "původní zpráva", "orijinal mesaj", "orjinal mesaj", "özgün ileti",
    "原始邮件", "原始郵件", "原邮件", "邮件原件", "元のメッセージ", "원본 메시지", "원본 메일", "original email",
    "original appointment", "reply message", "original-nachricht", "original e-mail",
  ])

  /// "Forwarded message", between dashes or before a colon.
  static let forwarded = PhraseKeys(archived: [
    "forwarded message", "begin forwarded message", "begin forwarded text",
    "forwarded text", "forward message", "forwarded mail",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "message transféré", "message transmis",
    "message réexpédié", "début du message réexpédié", "début du message transféré",
    "mensaje reenviado", "inicio del mensaje reenviado", "mensagem encaminhada",
    "início da mensagem encaminhada", "mensagem reencaminhada", "início da mensagem reencaminhada",
    "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht",
    "begin doorgestuurd bericht", "przekazana wiadomość", "wiadomość przekazana",
    "treść przekazanej wiadomości", "początek przekazywanej wiadomości",
    "rozpoczęcie przekazywanej wiadomości", "пересылаемое сообщение", "пересланное сообщение",
    "начало переадресованного сообщения", "начало пересылаемого сообщения",
    "vidarebefordrat meddelande", "vidarebefordrat brev", "videresendt meddelelse",
    "videresendt besked", "start på videresendt besked", "videresendt melding", "videresendt",
    "edelleenlähetetty viesti", "välitetty viesti", "välitetty viesti alkaa",
    "přeposlaná zpráva", "začátek přeposílané zprávy", "iletilen ileti", "iletilen mesaj",
    "yönlendirilen mesaj", "yönlendirilmiş ileti", "iletilen ileti başlangıcı", "转发的邮件",
    "转发邮件", "轉寄的郵件", "轉寄郵件", "下面是被转发的邮件", "開始轉寄郵件", "転送メッセージ",
    "転送されたメッセージ", "전달된 메시지", "전달 메시지", "forwarded message follows",
  ])

  /// Beginnings of separators that go on with a name or a date.
  static let forwardedBeginnings = PhraseSet([
    "forwarded by ", "forwarded message from ", "weitergeleitet von ", "transféré par ",
    "reenviado por ", "inoltrato da ", "doorgestuurd door ",
  ])

  /// Ends of what was passed on.
  static let endings = PhraseSet([
    "end forwarded message", "end forwarded text", "end of forwarded message",
    "end of original message",
    "ende der weitergeleiteten nachricht", "fin du message transféré", "end of forwarded mail",
    "end original message",
  ])
}
