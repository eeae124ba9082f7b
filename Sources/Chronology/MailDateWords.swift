/// The names in dates.
enum MailDateWords {
  /// Hours east of Greenwich: RFC 5322's names, then those that other mail uses.
  ///
  /// Names with several meanings (IST, CST outside of RFC 5322) are read as RFC 5322 does or left out.
  static let zones: [String: Double] = [
    "ut": 0, "gmt": 0, "utc": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3,
    "yst": -9, "ydt": -8, "nst": -3.5, "ndt": -2.5, "wet": 0, "west": 1, "bst": 1, "cet": 1,
    "cest": 2, "met": 1, "mest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4,
    "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "pkt": 5, "npt": 5.75, "ict": 7, "wib": 7, "pht": 8,
    "awst": 8, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "sast": 2, "brt": -3, "brst": -2, "clt": -4, "clst": -3,
  ]

  /// What `Eastern Daylight Time` and the like begin with.
  static let zonesInWords = [
    "eastern": -5, "central": -6, "mountain": -7, "pacific": -8, "greenwich": 0,
  ]

  /// What behind a zone's name says that its clocks are an hour on: `MET DST`.
  static let summer: Set<String> = ["dst", "daylight", "summer"]

  /// What may stand behind it and says nothing.
  static let afterZone: Set<String> = ["standard", "mean", "time"]

  /// Months in German, French, Spanish, Portuguese, Italian, Dutch, Swedish, Danish, Norwegian and
  /// Catalan where they are not as in English; letters above ASCII are `?`.
  static let months: [String: Int] = {
    let names = """
      januar jan?ner j?nner j?n janvier janv enero ene janeiro gennaio gen januari januar gener
      februar feb?ro f?vrier f?vr f?v febrero fevereiro fev febbraio februari febrer
      m?rz m?r mrz mars marzo mar?o maart mrt marts mar?
      avril avr abril abr aprile
      mai mayo maio maggio mag mei maj maig
      juni juin junio junho giugno giu juny
      juli juillet juil julio julho luglio lug juliol
      ao?t aout agosto ago augustus augusti ag
      septembre septiembre setiembre setembro set settembre sett setembre
      oktober okt octobre octubre outubro out ottobre ott
      novembre noviembre novembro
      dezember dez d?cembre d?c decembre diciembre dic dezembro dicembre desember des desembre
      """
    var months: [String: Int] = [:]
    for (index, line) in names.split(separator: "\n").enumerated() {
      for name in line.split(separator: " ") { months[String(name)] = index + 1 }
    }
    return months
  }()
}

/// The month that a word names in another language, from 1: `okt.`, `d\u{E9}c`.
func foreignMonth(_ token: ArraySlice<UInt8>) -> Int? {
  var name: [UInt8] = []
  for octet in token.prefix(24) {
    if octet >= 0x80 {
      if name.last != 0x3F { name.append(0x3F) }
    } else if (0x61...0x7A).contains(octet) {
      name.append(octet)
    } else {
      break
    }
  }
  return MailDateWords.months[String(decoding: name, as: UTF8.self)]
}

private let monthNames: [[UInt8]] = [
  "january", "february", "march", "april", "may", "june", "july", "august", "september",
  "october", "november", "december",
].map { Array($0.utf8) }

private let weekdayNames: [[UInt8]] = [
  "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
].map { Array($0.utf8) }

/// The month that at least three letters begin, from 1.
package func monthNumber(_ letters: ArraySlice<UInt8>) -> Int? {
  guard letters.count >= 3 else { return nil }
  if letters.elementsEqual("sept".utf8) { return 9 }
  return monthNames.firstIndex { $0.starts(with: letters) }.map { $0 + 1 }
}

/// Whether at least three letters begin a day's name.
package func isWeekday(_ letters: ArraySlice<UInt8>) -> Bool {
  letters.count >= 3 && weekdayNames.contains { $0.starts(with: letters) }
}
