import Chronology
import Octets

/// A file of many messages (mbox), found as ranges of its octets, one at a time.
///
/// A separator is a line `From `, anything, and a date (`Www Mmm dd hh:mm:ss yyyy`, with or without
/// seconds and zone), at the beginning of the file or after an empty line, directly followed by a line
/// that begins a header field; without the empty line the field must be one that messages begin with.
/// So a body line that begins with `From ` is text, quoted or not. Where the mailbox's dialect has
/// lengths, a message ends where its Content-Length says, if a separator or the end of the file is
/// there; else by the rule above. See ``MailboxDialect``.
///
/// - SeeAlso: RFC 4155, appendix A.
package enum Mailbox {
  /// One message of a mailbox.
  package struct Message: Hashable, Sendable {
    /// The separator line with its line end.
    package var separator: Range<Int>
    /// The message, less one final empty line, which the mailbox put there.
    package var octets: Range<Int>
    /// Whether its Content-Length said where it ends.
    var isEndedByLength = false
  }

  /// Walks the messages of a mailbox.
  ///
  /// It holds a position, not the octets, so that they may be a mapped file of any size.
  package struct Cursor: Hashable, Sendable {
    /// Where the next separator is looked for.
    package private(set) var position: Int
    package let dialect: MailboxDialect
    private var pending: Range<Int>?

    /// A walk from `position`, which must be the beginning of the file or of a separator.
    package init(position: Int = 0, dialect: MailboxDialect = .mbox) {
      self.position = position
      self.dialect = dialect
    }

    /// The next message of `octets`, the whole file; `nil` after the last.
    ///
    /// - Complexity: O(octets of the message).
    package mutating func next(_ octets: Span<UInt8>) -> Message? {
      guard
        let separator = pending
          ?? Mailbox.separator(octets, from: position, afterEmptyLine: true)
      else {
        position = octets.count
        return nil
      }
      if dialect.usesLengths,
        let length = Mailbox.endByLength(octets, message: separator.upperBound)
      {
        pending = nil
        position = length.next
        return Message(
          separator: separator, octets: separator.upperBound..<length.end, isEndedByLength: true)
      }
      pending = Mailbox.separator(octets, from: separator.upperBound, afterEmptyLine: false)
      let end = pending?.lowerBound ?? octets.count
      position = end
      return Message(
        separator: separator,
        octets: separator.upperBound..<withoutEmptyLine(octets, separator.upperBound, end))
    }
  }

  /// Whether `octets` are a mailbox of at least two messages.
  ///
  /// A file with one message is a message.
  ///
  /// - Complexity: O(octets of the first message), or O(1) where the first line is no separator.
  package static func isMailbox(_ octets: Span<UInt8>) -> Bool {
    guard let first = separator(octets, at: 0, afterEmptyLine: true) else { return false }
    return separator(octets, from: first.upperBound, afterEmptyLine: false) != nil
  }

  /// The next separator line at or after `start`, the beginning of a line.
  static func separator(
    _ octets: Span<UInt8>, from start: Int, afterEmptyLine: Bool
  ) -> Range<Int>? {
    var line = start
    var isAfterEmptyLine = afterEmptyLine
    while line < octets.count {
      if octets[line] == 0x46,
        let found = separator(octets, at: line, afterEmptyLine: isAfterEmptyLine)
      {
        return found
      }
      let feed = firstIndex(of: 0x0A, in: octets, from: line, to: octets.count)
      isAfterEmptyLine = feed == line || (feed == line &+ 1 && octets[line] == 0x0D)
      line = feed &+ 1
    }
    return nil
  }

  /// The separator line that begins at `start`, with its line end.
  static func separator(
    _ octets: Span<UInt8>, at start: Int, afterEmptyLine: Bool
  ) -> Range<Int>? {
    guard start + 5 < octets.count, octets[start] == 0x46, octets[start + 1] == 0x72,
      octets[start + 2] == 0x6F, octets[start + 3] == 0x6D, octets[start + 4] == 0x20
    else { return nil }
    let end = firstIndex(of: 0x0A, in: octets, from: start, to: octets.count)
    guard end < octets.count, end - start <= longestSeparator,
      hasDate(octets, start + 5..<end),
      beginsField(octets, at: end + 1, anyName: afterEmptyLine)
    else { return nil }
    return start..<end + 1
  }

  private static let longestSeparator = 1_000

  /// `Www Mmm dd hh:mm` and, not far behind, a year.
  private static func hasDate(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let line = range.map { index in
      let octet = octets[index]
      return (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
    }
    let words = line.split { $0 <= 0x20 }
    guard words.count >= 5 else { return false }
    for first in 0...(words.count - 5)
    where words[first].count == 3 && isWeekday(words[first])
      && monthNumber(words[first + 1]) != nil && isNumber(words[first + 2], 1...2)
      && isClock(words[first + 3])
    {
      if words[(first + 4)...].prefix(3).contains(where: { isNumber($0, 4...4) }) { return true }
    }
    return false
  }

  private static func isNumber(_ word: ArraySlice<UInt8>, _ digits: ClosedRange<Int>) -> Bool {
    digits.contains(word.count) && word.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func isClock(_ word: ArraySlice<UInt8>) -> Bool {
    let parts = word.split(separator: 0x3A, omittingEmptySubsequences: false)
    return (2...3).contains(parts.count) && parts.allSatisfy { isNumber($0, 1...2) }
  }

  /// Whether a header field begins at `start`; a `>From ` line that a mailbox left there counts.
  private static func beginsField(_ octets: Span<UInt8>, at start: Int, anyName: Bool) -> Bool {
    let end = min(octets.count, start + 200)
    guard start < end else { return false }
    let lineEnd = firstIndex(of: 0x0A, in: octets, from: start, to: end)
    guard let colon = HeaderBlock.colon(octets, start..<lineEnd) else {
      return anyName && matches(octets, start..<min(start + 6, lineEnd), ">from ")
    }
    return anyName || firstFields.contains { matches(octets, start..<colon.nameEnd, $0) }
  }

  /// Fields that a message begins with.
  private static let firstFields = [
    "from", "return-path", "received", "date", "to", "subject", "message-id", "delivered-to",
    "x-mozilla-status", "status", "x-gm-thrid", "envelope-to", "x-original-to", "mime-version",
    "x-keywords", "content-type", "sender", "reply-to",
  ]

  /// Less the empty line that a mailbox puts behind each message.
  static func withoutEmptyLine(_ octets: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    guard end > start, octets[end - 1] == 0x0A else { return end }
    let content = end - 1 > start && octets[end - 2] == 0x0D ? end - 2 : end - 1
    return content > start && octets[content - 1] == 0x0A ? content : end
  }
}
