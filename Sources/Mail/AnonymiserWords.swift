/// Words that stay as they are: what a reader goes by, and no one's own.
enum AnonymiserWords {
  /// In lower case, as UTF-8.
  static let kept: Set<[UInt8]> = {
    var words: Set<[UInt8]> = []
    for list in lists {
      for word in list.split(whereSeparator: \.isWhitespace) { words.insert(Array(word.utf8)) }
    }
    for phrases in [
      AttributionWords.verbs, AttributionWords.weakVerbs, AttributionWords.quoting,
      AttributionWords.starters, AttributionWords.weekdays, HeaderWords.forwardedBeginnings,
      HeaderWords.endings, FooterPhrases.all, FooterPhrases.noticeTitles, FooterPhrases.sentFrom,
      FooterPhrases.telephone, FooterPhrases.external,
    ] {
      words.formUnion(phrases.words)
    }
    return words
  }()

  /// How many of the characters of a word belong together, and whether they are kept.
  ///
  /// A word is one stretch, but in scripts that put no spaces between words: there, phrases that are
  /// kept are found inside of it.
  static func stretch(_ word: [Unicode.Scalar]) -> (count: Int, isKept: Bool) {
    guard word.contains(where: { $0.value >= firstUnspaced }) else { return (word.count, false) }
    for start in word.indices {
      let rest = word[start...]
      guard let found = phrases.first(where: { rest.starts(with: $0) }) else { continue }
      return start == 0 ? (found.count, true) : (start, false)
    }
    return (word.count, false)
  }

  /// From here on stand the scripts of East Asia.
  private static let firstUnspaced: UInt32 = 0x2E80

  /// What is kept of texts without spaces, the longest first.
  private static let phrases: [[Unicode.Scalar]] = lists.flatMap { list in
    list.split(whereSeparator: \.isWhitespace).map { Array($0.unicodeScalars) }
  }.filter { $0.contains { $0.value >= firstUnspaced } }.sorted { $0.count > $1.count }

  private static let lists = [
    // What introduces a quotation, in the languages whose forms are read.
    """
    on wrote writes said at am um schrieb le à a écrit ecrit il ha scritto el escribió escribio \
    op schreef het em escreveu den skrev kl dne napsal napsala napisał napisała dnia в написал \
    написала пишет 写道 写到 さんは書きました
    """,
    // Fields, as separators and forwarded blocks name them.
    """
    from to cc bcc sent date subject reply von an gesendet datum betreff de à objet envoyé envoye \
    da inviato oggetto para enviado asunto assunto fecha data aan verzonden onderwerp fra til sendt \
    emne från till skickat ämne od do komu odesláno předmět wysłano temat от кому тема отправлено \
    发件人 收件人 主题 发送时间 差出人 宛先 件名 送信日時
    """,
    "original message forwarded begin end weitergeleitete nachricht ursprüngliche",
    "message d'origine messaggio originale mensaje original mensagem oorspronkelijk bericht",
    // What stands before a subject.
    "re fw fwd aw wg sv vs antw ref rif tr rv enc",
    // Days and months.
    """
    mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday \
    jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august \
    september october november december am pm gmt utc est edt cst cdt mst mdt pst pdt cet cest
    """,
    // Addresses and their forms.
    "http https ftp mailto cid mid www com org net",
    // Fields of delivery reports that become facts, and what they may say (RFC 3464).
    """
    reporting mta original envelope dsn gateway received arrival final recipient action failed \
    delayed delivered relayed expanded status remote diagnostic code smtp
    """,
    // Armour around signed and encrypted texts.
    "pgp signed signature public key block hash certificate",
  ]

  /// Ends of files' names by which a type is known.
  static let suffixes: Set<[UInt8]> = Set(
    """
    txt text md markdown html htm xhtml xml csv tsv json jsonl ics vcs vcf eml msg mbox pst pdf \
    doc docx xls xlsx ppt pptx odt ods odp rtf log conf ini yaml yml toml tex py rb js ts c h cpp \
    hpp cc java go rs swift r pl sh sql php css scala kt m patch diff png gif jpg jpeg bmp tif \
    tiff svg webp mp3 wav mp4 zip gz tgz tar bz2 xz rar 7z dat p7s p7m asc sig exe
    """.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) })

  /// Words of trace and result fields that say how, not who.
  static let trace: Set<[UInt8]> = Set(
    """
    from by with id for via smtp esmtp esmtps esmtpa esmtpsa lmtp local http unknown helo ehlo \
    dkim spf dmarc arc pass fail none neutral softfail temperror permerror policy header mailfrom \
    smtp d i b s dns rfc822
    """.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) })
}
