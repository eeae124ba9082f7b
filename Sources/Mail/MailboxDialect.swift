/// How a mailbox tells its separators from lines of text that look like them.
///
/// - SeeAlso: RFC 4155, section 1 and appendix A, which leaves it open.
package enum MailboxDialect: String, Hashable, Sendable, CaseIterable {
  /// Not at all, or not reliably: lines that begin with `From ` stand in bodies as they were written.
  case mbox
  /// `From ` was written `>From `; a line that had a mark already was left alone.
  case mboxo
  /// Every line of `From ` behind any number of marks got one more.
  case mboxrd
  /// As ``mboxo``, and Content-Length says where a body ends.
  case mboxcl
  /// Content-Length alone.
  case mboxcl2

  /// Whether a message's Content-Length is looked at.
  package var usesLengths: Bool { self == .mboxcl || self == .mboxcl2 }

  /// Octets from the start in which lengths are looked for.
  static let sampleOctets = 16 << 20

  /// The dialect of `octets`, a mailbox or one message behind a separator.
  ///
  /// Lengths are used where at least half of the messages have one that ends at a separator or at the
  /// end, and where most of these say what the separators say too: a message from outside that
  /// carries a length cannot swallow those behind it. A `From ` behind an empty line that is no
  /// separator, anywhere, shows that the writer marks none (as in the archives of Pipermail). `>>From `
  /// between lines with one mark less was `>From `, and shows mboxrd, unless as many lines are marked
  /// as their neighbours are. Nothing proves it, as such a line may be a quote of one that another
  /// mailbox marked; where nothing shows it, mboxo is assumed, which changes less.
  /// - Complexity: O(octets), less than hashing them; up to the first line that is not marked.
  package static func detect(_ octets: Span<UInt8>) -> MailboxDialect {
    let usesLengths = hasTrueLengths(octets.extracting(first: sampleOctets))
    var cursor = Mailbox.Cursor(dialect: usesLengths ? .mboxcl2 : .mbox)
    var (hasMarked, oneMore, oneLess) = (false, 0, 0)
    while let message = cursor.next(octets) {
      var lines = FromLines(octets, message: message.octets)
      while let line = lines.next(octets) {
        if line.marks == 0 {
          if usesLengths { return .mboxcl2 }
          if line.isAfterEmptyLine { return .mbox }
          continue
        }
        hasMarked = hasMarked || MailboxDialect.mboxo.isMarked(line)
        if line.quotesAround.allSatisfy({ $0 == line.marks }) { oneLess += 1 }
        if line.marks > 1, line.quotesAround.allSatisfy({ $0 == line.marks - 1 }) { oneMore += 1 }
      }
    }
    if usesLengths { return hasMarked ? .mboxcl : .mboxcl2 }
    return oneMore > oneLess ? .mboxrd : .mboxo
  }

  private static func hasTrueLengths(_ octets: Span<UInt8>) -> Bool {
    var cursor = Mailbox.Cursor(dialect: .mboxcl2)
    var (all, agreeing, overriding) = (0, 0, 0)
    while let message = cursor.next(octets) {
      all += 1
      guard message.isEndedByLength else { continue }
      let end = Mailbox.separator(octets, from: message.separator.upperBound, afterEmptyLine: false)
      if end?.lowerBound ?? octets.count == cursor.position {
        agreeing += 1
      } else {
        overriding += 1
      }
    }
    return agreeing > 0 && agreeing >= overriding && (agreeing + overriding) * 2 >= all
  }

  /// Whether the first mark of a line was put there by the mailbox.
  ///
  /// Where lines with marks were left alone, a lone mark among quoted lines is a quote's.
  func isMarked(_ line: FromLine) -> Bool {
    switch self {
    case .mbox, .mboxcl2: false
    case .mboxrd: line.marks > 0
    case .mboxo, .mboxcl: line.marks == 1 && line.quotesAround.allSatisfy { $0 == 0 }
    }
  }

  /// The octets of `message` without the marks that the mailbox put there; `nil` where it has none.
  ///
  /// The header stays as it is. O(octets).
  package func withoutMarks(_ octets: Span<UInt8>, _ message: Range<Int>) -> [UInt8]? {
    guard self != .mbox, self != .mboxcl2 else { return nil }
    var lines = FromLines(octets, message: message)
    var result: [UInt8]?
    var copied = message.lowerBound
    func copy(to end: Int, _ result: inout [UInt8]?) {
      if result == nil {
        result = []
        result?.reserveCapacity(message.count)
      }
      for index in copied..<end { result?.append(octets[index]) }
    }
    while let line = lines.next(octets) {
      guard isMarked(line) else { continue }
      copy(to: line.start, &result)
      copied = line.start + 1
    }
    if result != nil { copy(to: message.upperBound, &result) }
    return result
  }
}
