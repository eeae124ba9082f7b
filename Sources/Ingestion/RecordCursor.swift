package import Mail
package import Reading

/// Walks the messages of a mailbox or the lines of a file of records, as ranges of its octets.
package struct RecordCursor {
  package struct Record: Hashable, Sendable {
    /// From 1; for lines, the line.
    package var number: Int
    /// Where it begins in the file: for a message, its separator.
    package var start: Int
    /// Empty for a line or message without content.
    package var range: Range<Int>
  }

  private let format: ItemFormat
  private var offset: Int
  private var messages: Mailbox.Cursor
  private var number: Int

  /// A walk of `octets`, the whole file, from the separator or line at `position`, behind `number`
  /// others.
  ///
  /// - Complexity: O(octets) of a mailbox, by which its dialect is told.
  package init(
    _ format: ItemFormat, of octets: Span<UInt8>, from position: Int = 0, after number: Int = 0
  ) {
    self.format = format
    self.number = number
    offset = position
    messages = Mailbox.Cursor(
      position: position, dialect: format == .message ? MailboxDialect.detect(octets) : .mbox)
  }

  /// How a mailbox marks lines; `nil` for a file of records.
  package var dialect: MailboxDialect? { format == .message ? messages.dialect : nil }

  /// The next record of `octets`, the whole file; `nil` at its end.
  package mutating func next(_ octets: Span<UInt8>) -> Record? {
    let record: Record
    if format == .message {
      guard let message = messages.next(octets) else { return nil }
      record = Record(
        number: number + 1, start: message.separator.lowerBound, range: message.octets)
    } else {
      let start = offset
      guard let range = nextLine(octets) else { return nil }
      record = Record(number: number + 1, start: start, range: range)
    }
    number = record.number
    return record
  }

  /// The octets of a record as they were before they were put into the mailbox.
  ///
  /// A copy only where there are marks to be removed. O(octets).
  package func octets(of record: Record, in file: ItemOctets) -> ItemOctets {
    let unmarked = file.withSpan { messages.dialect.withoutMarks($0, record.range) }
    return unmarked.map { .loaded($0) } ?? file.slice(record.range)
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
