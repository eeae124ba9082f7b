import Grounding
import Reading

/// A mapped file of many items, read a part at a time.
struct Container {
  private let file: OpenFile
  private let octets: MappedOctets
  private let format: ItemFormat
  private let itemLimit: Int
  private var cursor: RecordCursor

  private var last: RecordCursor.Record?

  /// - Parameter cursor: stands where the first part is looked for.
  init(
    file: OpenFile, octets: MappedOctets, format: ItemFormat, itemLimit: Int, cursor: RecordCursor
  ) {
    self.file = file
    self.octets = octets
    self.format = format
    self.itemLimit = itemLimit
    self.cursor = cursor
  }

  /// The next part, `nil` at the end; empty lines between records are no parts.
  mutating func next() -> SourceChange? {
    while let record = octets.withSpan({ cursor.next($0) }) {
      last = record
      if record.range.isEmpty {
        if format == .message {
          return .partSkipped(.empty, place: format.partName(record.number))
        }
        continue
      }
      guard record.range.count <= itemLimit else {
        return .partFailed(
          Problem(
            .tooLarge, "The item has more than \(itemLimit) octets.",
            place: format.partName(record.number), remedy: "Split it out of the file."))
      }
      let part = cursor.octets(of: record, in: .mapped(octets, 0..<octets.count))
      return .part(part, format, number: record.number)
    }
    return nil
  }

  /// The file's end, or what is wrong with it.
  func ending() -> SourceChange {
    do {
      try file.requireUnchanged()
    } catch {
      return .abandon(error)
    }
    guard !octets.wasCut else {
      return .abandon(
        Problem(
          .changed, "The file was cut while it was read.",
          remedy: "Ingest it again when it is whole."))
    }
    return .close(
      note: last.flatMap { last in
        cursor.dialect.map {
          MailboxMark(dialect: $0, messages: last.number, lastStart: last.start).note
        }
      })
  }
}
