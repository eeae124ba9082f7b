import Grounding
import Mail
import Octets
import Partition
import Reading

/// What the record of a mailbox remembers, so that one that grew is read from where it ended.
struct MailboxMark: Equatable {
  var dialect: MailboxDialect
  /// Messages in it.
  var messages: Int
  /// Where the separator of the last one begins.
  var lastStart: Int

  init(dialect: MailboxDialect, messages: Int, lastStart: Int) {
    self.dialect = dialect
    self.messages = messages
    self.lastStart = lastStart
  }

  /// `nil` unless `note` is one that ``note`` wrote.
  init?(note: String?) {
    let words = (note ?? "").split(separator: " ")
    guard words.count == 3, let dialect = MailboxDialect(rawValue: String(words[0])),
      let messages = Int(words[1]), let start = Int(words[2]), messages > 0, start >= 0
    else { return nil }
    self.init(dialect: dialect, messages: messages, lastStart: start)
  }

  var note: String { "\(dialect.rawValue) \(messages) \(lastStart)" }

  /// A walk of the messages behind the first `readTo` octets, which are what they were when this mark
  /// was made; `nil` where the last message of then goes on in what was added, or the dialect is
  /// another one now.
  ///
  /// The result is the same walk as one from the beginning would be by now.
  func cursor(_ octets: Span<UInt8>, readTo: Int) -> RecordCursor? {
    guard lastStart < readTo, readTo <= octets.count else { return nil }
    var cursor = RecordCursor(.message, of: octets, from: lastStart, after: messages - 1)
    guard cursor.dialect == dialect else { return nil }
    var former = Mailbox.Cursor(position: lastStart, dialect: dialect)
    let last = former.next(octets.extracting(first: readTo))
    guard former.position == readTo, last?.separator.lowerBound == lastStart,
      cursor.next(octets)?.range == last?.octets
    else { return nil }
    return cursor
  }
}

/// The hash of a mapped file, and whether it begins with what the store knows.
struct GrownHash {
  /// SHA-256 of all octets.
  var whole: [UInt8]
  /// Whether the octets up to the record's end are those that were read then.
  var hasKnownStart: Bool

  /// Hashes all octets.
  ///
  /// Nothing less shows that none of the old ones was changed, as a mail program that rewrites a flag
  /// in place does, and it costs little beside parsing. O(octets).
  init(_ octets: Span<UInt8>, record: FileRecord?) {
    var hasher = SHA256.Hasher()
    hasKnownStart = false
    var start = 0
    if let record, record.isComplete, let known = record.hash, record.readTo < octets.count {
      start = Int(record.readTo)
      hasher.update(octets.extracting(first: start))
      var former = hasher
      hasKnownStart = former.finish() == known
    }
    hasher.update(octets.extracting(droppingFirst: start))
    whole = hasher.finish()
  }
}
