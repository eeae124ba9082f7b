/// What organisations and systems put below and above messages, in the larger languages; folded.
enum FooterPhrases {
  /// In the footer of a list, below a rule.
  private static let list = [
    "mailing list", "mailman/listinfo", "unsubscribe", "subscription", "list archive",
    "listinfo/", "désabonn", "se désinscrire", "abmelden", "abbestellen", "austragen",
    "darse de baja", "cancelar la suscripción", "cancelar a inscrição", "cancellarti",
    "disiscriver", "uitschrijven", "afmelden", "wypisać", "отписаться", "avprenumerera",
    "afmeld", "avmelde", "peru tilaus", "odhlásit", "abonelikten", "退订", "退訂", "配信停止",
    "수신거부", "posting guide", "terms of service", "docs.yahoo.com/info/terms", "list maintainer",
    "list administrator", "yahoo! groups", "you have received this message because",
    "change your preferences",
    "you subscribed to", "to stop receiving", "you are subscribed", "email preferences", "opt out",
    "opt-out", "to be removed",
  ]

  /// Where no rule stands before the footer.
  private static let listAlone = [
    "to unsubscribe", "mailman/listinfo/", "unsubscribe:", "(un)subscription", "list-unsubscribe",
    "unsubscribe from this", "http://docs.yahoo.com/info/terms", "unsubscribe here",
    "to subscribe or unsubscribe", "zum abmelden", "newsletter abbestellen", "pour vous désabonner",
    "pour se désabonner", "para darse de baja", "para cancelar", "per cancellarti",
    "om u af te melden",
    "aby się wypisać", "чтобы отписаться", "для отписки", "avsluta prenumeration", "退订", "退訂",
    "配信停止", "수신거부",
  ]

  /// Of a legal notice: any two groups of a language together are enough.
  private static let notices = groups([
    [
      ["confidential", "privileged", "proprietary"],
      ["intended recipient", "intended only", "intended solely", "addressee", "named recipient"],
      [
        "in error", "by mistake", "inadvertently", "strictly prohibited", "unauthorized",
        "unauthorised",
      ],
      [
        "views expressed", "opinions expressed", "does not accept liability",
        "accepts no liability",
        "no responsibility", "computer virus", "scanned for", "registered office",
        "registered in england",
      ],
    ],
    [
      ["vertraulich"], ["adressat", "empfänger"],
      ["irrtümlich", "versehentlich", "nicht gestattet", "unbefugt"],
    ],
    [["confidentiel"], ["destinataire"], ["par erreur", "strictement interdit"]],
    [["confidencial"], ["destinatari"], ["por error", "prohibid", "por equivocación"]],
    [["confidencia"], ["destinatári"], ["por engano", "por erro", "proibid"]],
    [["riservat", "confidenzial"], ["destinatari"], ["per errore", "vietat"]],
    [
      ["vertrouwelijk"], ["geadresseerde", "bestemd"],
      ["abusievelijk", "ten onrechte", "per vergissing", "ten onrechte"],
    ],
    [["poufn"], ["adresat", "odbiorc"], ["omyłkow", "przez pomyłkę"]],
    [["конфиденциальн"], ["адресат", "получател"], ["ошибочно", "по ошибке"]],
    [["konfidentiell"], ["mottagare", "adressat"], ["av misstag", "felaktigt"]],
    [
      ["fortrolig", "konfidensiell"], ["modtager", "mottaker", "adressat"],
      ["ved en feil", "ved en fejl", "feilaktig"],
    ],
    [["luottamuksel"], ["vastaanottaj"], ["erehdyk", "vahingossa"]],
    [["důvěrn"], ["adresát", "příjemc"], ["omylem"]],
    [["gizli"], ["alıcı"], ["yanlışlıkla", "hata sonucu"]],
    [["保密", "机密", "機密"], ["收件人", "接收", "收件者"], ["误收", "错误", "誤"]],
    [["機密", "秘密"], ["受信者", "宛先", "名宛人"], ["誤って", "誤送信"]],
    [["기밀", "비밀"], ["수신자", "수신인"], ["잘못", "착오"]],
  ])

  /// All of them, for one walk over a paragraph.
  static let all = PhraseSet(
    notices + [list, listAlone, advertisements, advertisementsBelowRule])
  /// The bits of the groups in it.
  static let listBit: UInt128 = 1 << UInt128(notices.count)
  static let listAloneBit = listBit << 1
  static let advertisementBit = listBit << 2
  static let ruledAdvertisementBit = listBit << 3

  /// Whether two groups of one language are among those found.
  static func isNotice(_ found: UInt128) -> Bool {
    var rest = found & (listBit - 1)
    while rest != 0 {
      if (rest & 15).nonzeroBitCount >= 2 { return true }
      rest >>= 4
    }
    return false
  }

  /// Four groups a language.
  private static func groups(_ languages: [[[String]]]) -> [[String]] {
    languages.flatMap { $0 + Array(repeating: [], count: 4 - $0.count) }
  }

  /// Of a notice by itself.
  static let noticeTitles = PhraseSet([
    "confidentiality notice", "legal disclaimer", "privileged/confidential information",
    "disclaimer:", "this e-mail and any attachments", "this email and any attachments",
    "this message and any attachments", "this e-mail message, including any attachments",
    "this message contains confidential information",
    "this message may contain confidential information", "please consider the environment",
    "haftungsausschluss", "avis de confidentialité", "aviso legal", "aviso de confidencial",
    "think before you print",
  ])

  /// What programs put at the end of what was written with them.
  static let sentFrom = PhraseSet([
    "sent from my ", "sent from mail for windows", "sent from outlook", "sent from yahoo",
    "sent via ", "sent using ", "get outlook for ", "sent with ", "sent by ",
    "sent from gmail mobile",
    "sent from samsung", "sent from the ", "sent from a ", "sent from an ", "von meinem ",
    "gesendet von ", "gesendet mit ", "envoyé de mon ", "envoyé depuis ", "envoyé à partir ",
    "enviado desde ", "enviado do meu ", "enviado via ", "enviado a partir ", "inviato da ",
    "verzonden vanaf ", "verstuurd vanaf ", "verzonden met ", "wysłano z ", "wysłane z ",
    "отправлено с ", "отправлено из ", "skickat från ", "sendt fra ", "lähetetty ", "odesláno z ",
    "iphone'umdan gönderildi", "发自我的", "从我的", "來自我的", "從我的", "iphoneから送信", "나의 iphone에서",
    "내 iphone에서",
  ])

  /// Advertisements of free mail and of virus scanners.
  private static let advertisements = [
    "do you yahoo!?", "do you yahoo?", "virus-free.", "checked for viruses by", "avast antivirus",
    "this message has been scanned", "msn photos", "msn hotmail", "join the world's largest",
    "chat with friends online", "send and receive hotmail", "this sf.net email is sponsored",
    "yahoo! groups sponsor", "virenfrei. www", "sans virus. www", "libre de virus. www",
    "virus-vrij. www", "no virus found in this", "checked by avg",
    "outgoing mail is certified virus free", "get msn", "view this message in context",
  ]

  /// Of advertisements below a rule.
  private static let advertisementsBelowRule = [
    "sponsored by", "free email", "free e-mail", "get your free ", "messenger: ", "scanned by ",
    "find great deals", "protect your pc", "www.hotmail.com",
  ]

  /// Beside a number in a signature.
  static let telephone = PhraseSet([
    "phone", "tel:", "tel.", "fax", "+1 ", "+1-", "+44", "mobile", "mobil",
  ])

  /// What a gateway puts at the top of mail from outside.
  static let external = PhraseSet([
    "[external]", "[ext]", "external email", "external e-mail", "external sender",
    "external message",
    "originated from outside", "originates from outside", "came from outside", "sent from outside",
    "from outside of ", "outside of the organization", "outside your organization",
    "you don't often get email from", "you don’t often get email from", "externe e-mail",
    "externe mail",
    "e-mail externe", "expéditeur externe", "courriel externe", "correo externo",
    "remitente externo",
    "email externo", "e-mail externo", "mittente esterno", "email esterna", "externe afzender",
    "externt e-postmeddelande", "ekstern e-mail", "ekstern e-post", "zewnętrzn",
    "внешний отправитель",
    "外部邮件", "外部メール", "외부 메일",
  ])
}
