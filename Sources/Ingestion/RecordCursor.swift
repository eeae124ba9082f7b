import Mail
package import Reading

/// Walks the messages of a mailbox or the lines of a file of records, as ranges of its octets.
package struct RecordCursor {
  package struct Record: Hashable, Sendable {
    /// From 1; for lines, the line.
    package var number: Int
    /// Empty for a line or message without content.
    package var range: Range<Int>
  }

  private let format: ItemFormat
  private var offset = 0
  private var messages = Mailbox.Cursor()
  private var number = 0

  package init(_ format: ItemFormat) { self.format = format }

  /// The next record of `octets`, the whole file; `nil` at its end.
  package mutating func next(_ octets: Span<UInt8>) -> Record? {
    guard let range = format == .message ? messages.next(octets)?.octets : nextLine(octets) else {
      return nil
    }
    number += 1
    return Record(number: number, range: range)
  }

  /// Without white space at either end, so that a line of nothing else is empty.
  private mutating func nextLine(_ octets: Span<UInt8>) -> Range<Int>? {
    guard offset < octets.count else { return nil }
    var start = offset
    var end = start
    while end < octets.count, octets[end] != 0x0A { end += 1 }
    offset = end + 1
    while start < end, octets[start] <= 0x20 { start += 1 }
    while start < end, octets[end - 1] <= 0x20 { end -= 1 }
    return start..<end
  }
}
