/// Words that stay as they are: what a reader goes by, and no one's own.
enum AnonymiserWords {
  /// In lower case, as UTF-8.
  static let kept: Set<[UInt8]> = {
    var words = phraseWords
    for list in lists {
      for word in list.split(whereSeparator: \.isWhitespace) { words.insert(Array(word.utf8)) }
    }
    return words
  }()

  /// The words of the tables by which the stretches of a text are told.
  private static let phraseWords: Set<[UInt8]> = {
    var words = stems
    for phrases in [
      AttributionWords.verbs, AttributionWords.weakVerbs, AttributionWords.quoting,
      AttributionWords.starters, AttributionWords.weekdays, HeaderWords.forwardedBeginnings,
      HeaderWords.endings, FooterPhrases.sentFrom, FooterPhrases.telephone,
    ] {
      words.formUnion(phrases.words)
    }
    var whole = HeaderWords.original.phrases + HeaderWords.forwarded.phrases
    whole += ClosingWords.phrases.phrases
    HeaderWords.forEachField { _, names in whole += names }
    for phrase in whole {
      words.formUnion(phrase.utf8.split { $0 < 0x80 && !isLetterOrDigit($0) }.map { Array($0) })
    }
    return words
  }()

  /// The words of phrases that are found in the middle of a text, where words may go on: they are kept
  /// as the beginnings of longer ones too.
  private static let stems: Set<[UInt8]> =
    FooterPhrases.all.words.union(FooterPhrases.noticeTitles.words)
    .union(FooterPhrases.external.words)

  /// Stems are not shorter, so that hardly a name begins with one.
  private static let shortestStem = 6
  private static let longestStem = stems.map(\.count).max() ?? 0

  /// How many of the characters of a word belong together, and whether they are kept.
  ///
  /// A word is one stretch, but where it begins with a stem, and in scripts that put no spaces between
  /// words: there, phrases that are kept are found inside of it.
  static func stretch(_ word: [Unicode.Scalar]) -> (count: Int, isKept: Bool) {
    guard word.contains(where: { $0.value >= firstUnspaced }) else {
      if kept.contains(word.flatMap { foldedOctets($0) }) { return (word.count, true) }
      return stem(of: word).map { ($0, true) } ?? (word.count, false)
    }
    for start in word.indices {
      let rest = word[start...]
      guard let found = phrases.first(where: { rest.starts(with: $0) }) else { continue }
      return start == 0 ? (found.count, true) : (start, false)
    }
    return (word.count, false)
  }

  /// Whether all of `word` stays as it is, whatever its case.
  static func keeps(_ word: String) -> Bool {
    var rest = Array(word.unicodeScalars)
    while !rest.isEmpty {
      let (count, isKept) = stretch(rest)
      guard isKept else { return false }
      rest.removeFirst(count)
    }
    return true
  }

  /// How many characters of a word are a stem.
  private static func stem(of word: [Unicode.Scalar]) -> Int? {
    var found: Int?
    var folded: [UInt8] = []
    for (index, scalar) in word.enumerated() where folded.count < longestStem {
      folded += foldedOctets(scalar)
      if folded.count >= shortestStem, stems.contains(folded) { found = index + 1 }
    }
    return found
  }

  /// From here on stand the scripts of East Asia.
  private static let firstUnspaced: UInt32 = 0x2E80

  /// What is kept of texts without spaces, the longest first.
  private static let phrases: [[Unicode.Scalar]] = kept.map {
    Array(String(decoding: $0, as: UTF8.self).unicodeScalars)
  }.filter { $0.contains { $0.value >= firstUnspaced } }
    .sorted { $0.count > $1.count }

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
    // Armour around signed and encrypted texts, and what archives of lists put in place of parts.
    "pgp signed signature public key block hash certificate",
    "next part scrubbed deleted removed was attachment alternative html version",
    // What a program that is shown prints.
    "error warning loading attaching traceback list null import",
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
