import Grounding
import Reading

/// The messages of a mail store that a program took apart: mailboxes, one a folder.
struct MailStore {
  private let file: OpenFile
  private let itemLimit: Int
  /// Those that are not read to their end; the first is being read.
  private var mailboxes: ArraySlice<ConvertedFile.File>
  private var cursor: RecordCursor?
  private var number = 0

  init(file: OpenFile, mailboxes: [ConvertedFile.File], itemLimit: Int) {
    self.file = file
    self.mailboxes = mailboxes.filter { !$0.octets.isEmpty }[...]
    self.itemLimit = itemLimit
  }

  /// The next message, `nil` at the end; numbers go on from folder to folder.
  mutating func next() -> SourceChange? {
    while let mailbox = mailboxes.first {
      var walk = cursor ?? RecordCursor(.message, of: mailbox.octets.span)
      guard let record = walk.next(mailbox.octets.span) else {
        mailboxes.removeFirst()
        cursor = nil
        continue
      }
      cursor = walk
      number += 1
      let place = "\(mailbox.folder), \(ItemFormat.message.partName(number))"
      if record.range.isEmpty { return .partSkipped(.empty, place: place) }
      guard record.range.count <= itemLimit else {
        return .partFailed(
          Problem(.tooLarge, "The item has more than \(itemLimit) octets.", place: place))
      }
      let octets = walk.octets(of: record, in: .loaded(mailbox.octets))
      return .part(octets, .message, number: number)
    }
    return nil
  }

  /// The file's end, or what is wrong with it.
  func ending() -> SourceChange {
    do throws(Problem) {
      try file.requireUnchanged()
      return .close(note: nil)
    } catch {
      return .abandon(error)
    }
  }
}
