import Chronology
import Grounding

/// The moment of asking: a date and time of RFC 3339, section 5.6, with its offset.
///
/// A leap second is a valid time and reads as the second after it; a fraction of up to nine digits is
/// dropped. Years are 1 to 9999.
struct AskedTime: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  let instant: Int64
  /// Seconds east of Greenwich.
  let offset: Int

  init?(_ text: String) {
    let octets = Array(text.utf8)
    guard (20...35).contains(octets.count), octets[10] == 0x54 || octets[10] == 0x74,
      let date = Self.numbers(octets[..<10], [4, 2, 2], mark: 0x2D),
      let time = Self.numbers(octets[11..<19], [2, 2, 2], mark: 0x3A),
      let civil = CivilTime(
        year: date[0], month: date[1], day: date[2], hour: time[0], minute: time[1],
        second: time[2])
    else { return nil }
    var rest = octets[19...]
    if rest.first == 0x2E {
      let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard (1...9).contains(digits.count) else { return nil }
      rest = octets[digits.endIndex...]
    }
    guard let offset = Self.offset(rest) else { return nil }
    self.offset = offset
    instant = civil.instant(offsetSeconds: offset)
  }

  /// `Z`, or `+01:00`.
  private static func offset(_ octets: ArraySlice<UInt8>) -> Int? {
    if octets.count == 1, octets.first == 0x5A || octets.first == 0x7A { return 0 }
    guard let sign = octets.first, sign == 0x2B || sign == 0x2D,
      let values = numbers(octets.dropFirst(), [2, 2], mark: 0x3A), values[0] < 24,
      values[1] < 60
    else { return nil }
    let seconds = values[0] * 3600 + values[1] * 60
    return sign == 0x2D ? -seconds : seconds
  }

  /// Numbers of exactly so many digits with `mark` between them.
  private static func numbers(
    _ octets: ArraySlice<UInt8>, _ widths: [Int], mark: UInt8
  ) -> [Int]? {
    let words = octets.split(separator: mark, omittingEmptySubsequences: false)
    guard words.count == widths.count else { return nil }
    var values: [Int] = []
    for (word, width) in zip(words, widths) {
      guard word.count == width, word.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      values.append(word.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    return values
  }

  /// The zone that a request names: `Europe/Berlin`, `+01:00`.
  ///
  /// - Throws: `bad_request` for another form and for a name that no zone has; `unavailable` for a
  ///   name where the machine has no zone files.
  static func zone(
    _ text: String, zones: ZoneDirectory = .system
  ) throws(Problem) -> ZoneRules {
    if let offset = offset(Array(text.utf8)[...]), text.utf8.count > 1 {
      return ZoneRules(offsetSeconds: offset)
    }
    // A calendar's own ways to name a zone are not a caller's.
    let isName = text.utf8.first != 0x2F && !text.utf8.contains(0x20)
    if isName, let zone = zones.zone(text) { return zone.rules }
    guard zones.isPresent else {
      throw Problem(
        .unavailable, "The machine has no time zone files.", place: "zone",
        remedy: "Install them (Debian: tzdata), or give the zone as an offset such as +01:00.")
    }
    throw Problem(
      .badRequest, "The zone is not valid.", place: "zone",
      remedy: "Write a name such as Europe/Berlin or an offset such as +01:00.")
  }
}
