import Chronology

/// Moments as the keys file, the log and the command line write them.
package enum Moment {
  /// Seconds since 1970 as RFC 3339 writes them in UTC: `2026-11-24T13:00:00Z`.
  package static func text(_ seconds: Int64) -> String {
    // Years that four digits cannot write do not come up: files are held to this form.
    (CivilTime(instant: seconds)?.text ?? "9999-12-31T23:59:59") + "Z"
  }

  /// As ``text(_:)`` with milliseconds: `2026-11-24T13:00:00.042Z`.
  static func text(milliseconds: Int64) -> String {
    let rest = String(((milliseconds % 1_000) + 1_000) % 1_000)
    let seconds = (milliseconds - (milliseconds % 1_000 + 1_000) % 1_000) / 1_000
    return text(seconds).dropLast() + "."
      + String(repeating: "0", count: 3 - rest.utf8.count) + rest + "Z"
  }

  /// The seconds since 1970 of `2026-11-24T13:00:00Z`, or of a date, which means its midnight in UTC;
  /// `nil` for any other form.
  package static func seconds(_ text: String) -> Int64? {
    let octets = Array(text.utf8)
    let marks: [(Int, UInt8)] =
      octets.count == 10
      ? [(4, 0x2D), (7, 0x2D)]
      : [(4, 0x2D), (7, 0x2D), (10, 0x54), (13, 0x3A), (16, 0x3A), (19, 0x5A)]
    guard octets.count == 10 || octets.count == 20,
      marks.allSatisfy({ octets[$0.0] == $0.1 })
    else { return nil }
    var numbers: [Int] = []
    // A mark where a digit should be makes one field more.
    for field in octets.split(
      omittingEmptySubsequences: false, whereSeparator: { !(0x30...0x39).contains($0) })
    {
      numbers.append(field.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    guard numbers.count == (octets.count == 10 ? 3 : 7) else { return nil }
    numbers += [0, 0, 0]
    return CivilTime(
      year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
      second: numbers[5])?.instant(offsetSeconds: 0)
  }
}
