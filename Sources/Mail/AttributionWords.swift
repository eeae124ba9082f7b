/// The words by which mail programs introduce a quote, in the larger languages; folded as
/// ``FoldedLine`` folds.
enum AttributionWords {
  /// "wrote" in English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Swedish,
  /// Danish and Norwegian, Finnish, Czech, Turkish, Chinese, Japanese and Korean.
  static let verbs = PhraseSet([
    "wrote", "writes", "schrieb", "geschrieben", "a écrit", "écrit", "a ?crit", "escribió",
    "escribio",
    "escreveu", "ha scritto", "scrisse", "scrive", "schreef", "geschreven", "napisał", "pisze",
    "написал", "писал", "пишет", "skrev", "skriver", "kirjoitti", "napsal", "yazdı", "写道", "寫道",
    "写到", "のメール", "書きました", "書いた", "wrote", "작성", "썼습니다", "ha escrit", "a scris", "írta", "έγραψε",
    "menulis", "đã viết",
  ])

  /// Verbs that stand in other sentences as often: they count only with an address, or with a date at
  /// the line's beginning.
  static let weakVerbs = PhraseSet([
    "said", "says", "asked", "replied", "spake", "posted", "typed", "quotation",
  ])

  /// What introduces a quote without a verb.
  static let quoting = PhraseSet([
    "quoting ", "zitat von ", "citando ", "citeren ", "quoting: ", "according to ", "in article <",
    "in message <", "cytowanie ", "selon ", "citát od ", "цитирую ", "citerar ", "lainaus ",
  ])

  /// How an attribution begins that says when.
  static let starters = PhraseSet([
    "on ", "at ", "am ", "le ", "el ", "em ", "il ", "il giorno ", "op ", "w dniu ", "dnia ",
    "den ",
    "på ", "dne ", "in data ", "no dia ", "el día ", "em qua", "vào ", "pada ", "ons", "kl ",
  ])

  /// Days of the week, as they begin an attribution or stand in it.
  static let weekdays = PhraseSet([
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon,", "tue,",
    "wed,", "thu,", "fri,", "sat,", "sun,", "mon ", "tue ", "wed ", "thu ", "fri ", "sat ", "sun ",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "lundi",
    "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes", "miércoles",
    "jueves", "viernes", "sábado", "domingo", "yesterday", "today",
  ])
}
