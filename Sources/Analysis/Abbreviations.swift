/// English and German abbreviations whose full stop ends no sentence.
///
/// A sentence that is not cut costs little; one that is cut after `Dr.` leaves a name without its
/// person. `etc.` and their like are not listed: they end sentences as often as not.
enum Abbreviations {
  /// Never the last word of a sentence.
  private static let always: Set<String> = [
    "mr", "mrs", "ms", "messrs", "dr", "prof", "rev", "hon", "gen", "col", "capt", "lt", "sgt",
    "st", "mt", "vs", "cf", "e.g", "i.e", "eg", "ie", "viz", "al", "approx", "resp", "incl", "dept",
    "hr", "fr", "z.b", "d.h", "u.a", "bzw", "bspw", "ca", "vgl", "sog", "evtl", "ggf", "zzgl",
  ]
  /// Not the last word where a number follows: `Fig. 2`, `No. 7`, `Nov. 24`.
  private static let beforeNumbers: Set<String> = [
    "fig", "figs", "eq", "eqs", "no", "nos", "nr", "vol", "p", "pp", "sec", "ch", "art", "para",
    "ref",
    "refs", "tab", "abb", "abs", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
    "oct",
    "nov", "dec", "okt", "dez",
  ]
  /// Longer words are none of these.
  private static let longest = 8

  /// Whether the full stop that ends at `stop` belongs to an abbreviation or to a person's initial.
  static func areAbbreviated(_ text: Span<UInt8>, stop: Int, beforeNumber: Bool) -> Bool {
    guard stop > 1, text[stop &- 1] == UInt8(ascii: ".") else { return false }
    let end = stop &- 1
    var start = end
    var octets: [UInt8] = []
    while start > 0, end &- start <= longest {
      let octet = text[start &- 1]
      guard isAlphanumeric(octet) || octet == UInt8(ascii: ".") else { break }
      octets.append(octet)
      start &-= 1
    }
    guard (1...longest).contains(octets.count), start == 0 || text[start &- 1] < 0x80 else {
      return false
    }
    if octets.count == 1, (0x41...0x5A).contains(octets[0]) { return !beforeNumber }
    let lowered = octets.reversed().map { $0 >= 0x41 ? $0 | 0x20 : $0 }
    let word = String(decoding: lowered, as: UTF8.self)
    return always.contains(word) || beforeNumber && beforeNumbers.contains(word)
  }
}
