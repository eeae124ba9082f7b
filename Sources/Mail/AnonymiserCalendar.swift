import Octets

extension AnonymiserRun {
  /// Replaces what the properties of a calendar or a card say.
  ///
  /// Names, parameters that are no name or address, times, rules and whatever else has a form stay.
  ///
  /// - SeeAlso: RFC 5545, sections 3.1 and 3.8; RFC 6350.
  mutating func replaceContentLines(
    _ octets: inout [UInt8], _ range: Range<Int>, _ charset: Charset
  ) {
    let lines = Lines(hasBareReturns: Lines.hasBareReturns(octets.span, range))
    var start = range.lowerBound
    while start < range.upperBound {
      var line = lines.line(octets.span, at: start, end: range.upperBound)
      // A line that begins with white space goes on.
      while line.next < range.upperBound, octets[line.next] == 0x20 || octets[line.next] == 0x09 {
        line = lines.line(octets.span, at: line.next, end: range.upperBound)
      }
      replaceContentLine(&octets, start..<line.contentEnd, charset)
      start = line.next
    }
  }

  private mutating func replaceContentLine(
    _ octets: inout [UInt8], _ line: Range<Int>, _ charset: Charset
  ) {
    let nameEnd = line.first { octets[$0] == 0x3A || octets[$0] == 0x3B } ?? line.upperBound
    let name = lowercasedText(octets[line.lowerBound..<nameEnd])
    guard nameEnd < line.upperBound else {
      replaceWords(&octets, line, charset)
      return
    }
    var index = nameEnd
    while index < line.upperBound, octets[index] == 0x3B {
      index = replaceParameter(&octets, index + 1..<line.upperBound, charset)
    }
    guard index < line.upperBound, !Self.formProperties.contains(name) else { return }
    replaceWords(&octets, index + 1..<line.upperBound, charset)
  }

  /// The end of the parameter that `rest` begins with.
  private mutating func replaceParameter(
    _ octets: inout [UInt8], _ rest: Range<Int>, _ charset: Charset
  ) -> Int {
    let nameEnd = rest.first { octets[$0] == 0x3D } ?? rest.upperBound
    let name = lowercasedText(octets[rest.lowerBound..<nameEnd])
    var isQuoted = false
    var end = nameEnd
    while end < rest.upperBound {
      if octets[end] == 0x22 { isQuoted.toggle() }
      if !isQuoted, octets[end] == 0x3A || octets[end] == 0x3B { break }
      end += 1
    }
    if !Self.formParameters.contains(name) { replaceWords(&octets, nameEnd..<end, charset) }
    return end
  }

  private static let formProperties: Set<String> = [
    "begin", "end", "version", "calscale", "method", "dtstart", "dtend", "dtstamp", "due",
    "duration", "completed", "created", "last-modified", "rrule", "rdate", "exdate", "exrule",
    "recurrence-id", "sequence", "status", "class", "transp", "priority", "percent-complete",
    "trigger", "action", "repeat", "tzid", "tzoffsetfrom", "tzoffsetto", "freebusy", "geo",
    "request-status", "rev", "bday",
  ]

  private static let formParameters: Set<String> = [
    "value", "tzid", "encoding", "charset", "cutype", "role", "partstat", "rsvp", "range", "fbtype",
    "reltype", "related", "language", "fmttype", "type",
  ]
}
