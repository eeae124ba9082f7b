import Chronology

/// The unfolded lines of a calendar.
///
/// Lines end with CRLF, LF or CR. A line that begins with a space or tab continues the one before,
/// joined octet by octet, as folds may fall inside of a character. Empty lines are passed over. The
/// lines of a quoted-printable value that end with `=` are joined too, as vCalendar 1.0 writes them.
///
/// - SeeAlso: RFC 5545, section 3.1.
struct CalendarLines {
  struct Line {
    var octets: [UInt8]
    /// Where it lies in the file, its line end included.
    var range: Range<Int>
    /// From 1.
    var number: Int
    /// Whether octets beyond the limit were left out.
    var isCut = false
  }

  private let octets: [UInt8]
  private let end: Int
  private let limit: Int
  private var index: Int
  private var number = 0

  init(_ octets: [UInt8], from start: Int, to end: Int, limit: Int) {
    self.octets = octets
    self.end = end
    self.limit = limit
    index = start
  }

  mutating func next() -> Line? {
    guard var line = beginning() else { return nil }
    var isQuoted: Bool?
    while index < end {
      let (contentEnd, next) = physicalLine(at: index)
      let isOpen = line.octets.last == 0x3D && !line.isCut
      if isOpen, isQuoted == nil { isQuoted = Self.isQuotedPrintable(line.octets) }
      if isOpen, isQuoted == true {
        line.octets.append(0x0A)
        append(index..<contentEnd, to: &line)
      } else if octets[index] == 0x20 || octets[index] == 0x09 {
        append(index + 1..<contentEnd, to: &line)
      } else if contentEnd > index || !continues(at: next) {
        return line
      }
      number += 1
      line.range = line.range.lowerBound..<next
      index = next
    }
    return line
  }

  /// The first line that is not empty.
  private mutating func beginning() -> Line? {
    while index < end {
      let (contentEnd, next) = physicalLine(at: index)
      number += 1
      let start = index
      index = next
      guard contentEnd > start else { continue }
      var line = Line(octets: [], range: start..<next, number: number)
      append(start..<contentEnd, to: &line)
      return line
    }
    return nil
  }

  private func append(_ range: Range<Int>, to line: inout Line) {
    let room = max(0, limit - line.octets.count)
    line.octets += octets[range.prefix(room)]
    if range.count > room { line.isCut = true }
  }

  /// Whether behind empty lines, as CR CR LF makes them, the line goes on.
  private func continues(at start: Int) -> Bool {
    start < end && (octets[start] == 0x20 || octets[start] == 0x09)
  }

  private func physicalLine(at start: Int) -> (contentEnd: Int, next: Int) {
    var index = start
    while index < end, octets[index] != 0x0A, octets[index] != 0x0D { index += 1 }
    guard index < end else { return (index, index) }
    if octets[index] == 0x0D, index + 1 < end, octets[index + 1] == 0x0A {
      return (index, index + 2)
    }
    return (index, index + 1)
  }

  /// Whether the parameters before the value say so.
  private static func isQuotedPrintable(_ line: [UInt8]) -> Bool {
    ContentLine(line[...])?.says("ENCODING", "QUOTED-PRINTABLE") ?? false
  }
}
