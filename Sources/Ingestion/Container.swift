import Grounding
import Reading

/// A mapped file of many items, read a part at a time.
struct Container {
  private let file: OpenFile
  private let octets: MappedOctets
  private let format: ItemFormat
  private let itemLimit: Int
  private var cursor: RecordCursor

  init(file: OpenFile, octets: MappedOctets, format: ItemFormat, itemLimit: Int) {
    self.file = file
    self.octets = octets
    self.format = format
    self.itemLimit = itemLimit
    cursor = RecordCursor(format)
  }

  /// The next part, `nil` at the end; empty lines between records are no parts.
  mutating func next() -> SourceChange? {
    while let record = octets.withSpan({ cursor.next($0) }) {
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
      return .part(.mapped(octets, record.range), format, number: record.number)
    }
    return nil
  }

  /// What is wrong with the file at its end, if anything is.
  func ending() -> Problem? {
    do {
      try file.requireUnchanged()
    } catch {
      return error
    }
    guard octets.wasCut else { return nil }
    return Problem(
      .changed, "The file was cut while it was read.", remedy: "Ingest it again when it is whole.")
  }
}
