import Octets

/// Where a message's header and body stand in its octets: where every reading of it begins.
struct MessageFrame {
  let lines: Lines
  let header: HeaderBlock
  let body: Range<Int>

  /// Finds them; a line of a mailbox (`From ` with a date) before the header is passed over.
  ///
  /// O(octets).
  init(_ octets: Span<UInt8>, _ limits: MailLimits, _ defects: inout DefectLog) {
    let start = Self.envelopeEnd(octets)
    let range = start..<max(start, min(octets.count, limits.octets))
    if range.upperBound < octets.count { defects.add(.messageTooLarge) }
    lines = Lines(hasBareReturns: Lines.hasBareReturns(octets, range))
    if lines.hasBareReturns { defects.add(.bareCarriageReturn) }
    header = HeaderBlock(
      octets, range, lines: Self.headerLines(octets, range, lines), limits: limits)
    body = header.bodyStart..<range.upperBound
    for defect in header.defects { defects.add(defect) }
    if header.fields.isEmpty { defects.add(.noHeader) }
  }

  /// The message's parts.
  func parts(_ octets: Span<UInt8>, _ limits: MailLimits, _ defects: inout DefectLog) -> Part {
    var reader = PartReader(lines: lines, limits: limits, defects: defects)
    let part = reader.read(octets, header: header, body: body, number: "", depth: 0)
    defects = reader.defects
    return part
  }

  /// The lines of a message's header: where it has other line ends, a carriage return is white space,
  /// so that what is behind it does not pass for a field.
  ///
  /// A header whose lines end with carriage returns has its empty line before any line feed. O(octets
  /// of the header).
  static func headerLines(_ octets: Span<UInt8>, _ range: Range<Int>, _ lines: Lines) -> Lines {
    guard lines.hasBareReturns else { return lines }
    var lineStart = range.lowerBound
    for index in range {
      let octet = octets[index]
      if octet == 0x0A { return Lines(hasBareReturns: false) }
      guard octet == 0x0D, index + 1 == range.upperBound || octets[index + 1] != 0x0A else {
        continue
      }
      if index == lineStart { return lines }
      lineStart = index + 1
    }
    return lines
  }

  /// Where the header begins: after the line that a mailbox puts before each message.
  private static func envelopeEnd(_ octets: Span<UInt8>) -> Int {
    guard matches(octets, 0..<min(5, octets.count), "from "), octets[0] == 0x46 else { return 0 }
    let lines = Lines(hasBareReturns: false)
    return lines.line(octets, at: 0, end: octets.count).next
  }
}
