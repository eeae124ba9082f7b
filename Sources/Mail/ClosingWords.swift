/// How letters are closed, in the larger languages; folded.
enum ClosingWords {
  enum Closing { case plain, named }

  static let phrases = PhraseKeys(
    [
      "regards", "best regards", "kind regards", "kindest regards", "warm regards", "with regards",
      "best", "best wishes", "all the best", "cheers", "sincerely", "sincerely yours",
      "yours sincerely", "yours", "yours truly", "yours faithfully", "respectfully", "cordially",
      "thanks", "thank you", "many thanks", "thanks a lot", "thanks again", "thanks in advance",
      "thank you very much", "thanks very much", "thanks and regards", "thanks & regards",
      "thank you in advance", "many thanks in advance", "hth", "hope this helps", "hope that helps",
      "take care", "love", "ciao", "bye", "ttyl", "br", "rgds", "brgds", "with best regards",
      "best regards and thanks", "with kind regards", "greetings", "best greetings", "thx", "cu",
      "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichen grüssen",
      "mit besten grüßen", "freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse",
      "beste grüße", "beste grüsse", "liebe grüße", "schöne grüße", "gruß", "gruss", "grüße",
      "grüsse", "mfg", "lg", "vg", "hochachtungsvoll", "danke", "vielen dank", "cordialement",
      "bien cordialement", "bien à vous", "amicalement", "salutations", "merci", "merci d'avance",
      "saludos", "un saludo", "saludos cordiales", "atentamente", "gracias", "un abrazo",
      "atenciosamente", "cumprimentos", "melhores cumprimentos", "abraços", "um abraço", "obrigado",
      "obrigada", "att", "cordiali saluti", "distinti saluti", "saluti", "un saluto", "grazie",
      "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "groeten",
      "groetjes", "mvg", "groet", "pozdrawiam", "z poważaniem", "pozdrawiam serdecznie", "dziękuję",
      "с уважением", "с наилучшими пожеланиями", "всего доброго", "спасибо", "med vänlig hälsning",
      "vänliga hälsningar", "hälsningar", "mvh", "tack", "med venlig hilsen", "venlig hilsen",
      "hilsen", "med vennlig hilsen", "vennlig hilsen", "mange tak", "takk",
      "ystävällisin terveisin",
      "terveisin", "terv", "kiitos", "s pozdravem", "s pozdravom", "pozdravy", "díky", "děkuji",
      "saygılarımla", "iyi çalışmalar", "teşekkürler", "sevgiler", "此致", "敬礼", "祝好", "谢谢", "謝謝",
      "よろしくお願いします", "よろしくお願いいたします", "以上", "감사합니다", "안녕히 계세요",
    ])

  /// Whether a line is a closing and no more, or a closing with a name behind a comma.
  static func closing(_ line: FoldedLine) -> Closing? {
    let core = line.core
    guard core.count <= 60, let first = core.first, phrases.mayBegin(with: first) else {
      return nil
    }
    if phrases.contains(FoldedLine.key(core)) { return .plain }
    // "Cheers, Jo"; "Regards - Jo".
    guard let comma = core.firstIndex(where: { $0 == 0x2C || $0 == 0x2D || $0 == 0x21 }) else {
      return nil
    }
    var head = core[..<comma]
    while head.last == 0x20 { head = head.dropLast() }
    guard phrases.contains(FoldedLine.key(head)) else { return nil }
    let words = core[(comma + 1)...].split(separator: 0x20)
    return (1...3).contains(words.count) ? .named : nil
  }
}
