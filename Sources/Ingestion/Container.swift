import Grounding
import Mail
import Reading

/// A mapped file of many items, read a part at a time.
struct Container {
  private let file: OpenFile
  private let octets: MappedOctets
  private let format: ItemFormat
  private let itemLimit: Int
  private var offset = 0
  private var messages = Mailbox.Cursor()
  private var number = 0

  init(file: OpenFile, octets: MappedOctets, format: ItemFormat, itemLimit: Int) {
    self.file = file
    self.octets = octets
    self.format = format
    self.itemLimit = itemLimit
  }

  /// The next part, `nil` at the end; empty lines between records are no parts.
  mutating func next() -> SourceChange? {
    while let range = nextRange() {
      number += 1
      if range.isEmpty {
        if format == .message { return .partSkipped(.empty, place: format.partName(number)) }
        continue
      }
      guard range.count <= itemLimit else {
        return .partFailed(
          Problem(
            .tooLarge, "The item has more than \(itemLimit) octets.",
            place: format.partName(number),
            remedy: "Split it out of the file."))
      }
      return .part(.mapped(octets, range), format, number: number)
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

  private mutating func nextRange() -> Range<Int>? {
    switch format {
    case .message:
      return octets.withSpan { messages.next($0)?.octets }
    default:
      guard offset < octets.count else { return nil }
      let start = offset
      let end = octets.withSpan { span in
        var end = start
        while end < span.count, span[end] != 0x0A { end += 1 }
        return end
      }
      offset = end + 1
      return trimmed(start..<end)
    }
  }

  /// Without white space at either end, so that a line of nothing else is empty.
  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    octets.withSpan { span in
      var (start, end) = (range.lowerBound, range.upperBound)
      while start < end, span[start] <= 0x20 { start += 1 }
      while start < end, span[end - 1] <= 0x20 { end -= 1 }
      return start..<end
    }
  }
}
