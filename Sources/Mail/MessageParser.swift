import Chronology
import Grounding
import Markup
import Octets

/// Reads one message: header, people, times, the text of its body, and the parts that are no body.
///
/// Nothing stops a message from being read: what is malformed, beyond a limit or not read yet becomes
/// a defect of ``MailDefect``. A line of a mailbox (`From ` with a date) before the header is passed
/// over. Attachments and attached messages are decoded, not entered.
///
/// A body is plain text, its `format=flowed` undone, or HTML as a reader sees it. Its segments carry
/// the number of their part and say whose words they are (``Grounding/Segment/Role``): what another
/// message said is a segment of kind quote, or forwarded, with the lines that introduce it.
///
/// - SeeAlso: RFC 5322; RFC 2045 to 2047, 2231, 3676.
package enum MessageParser {
  /// The item in `octets`, one message, and its attachments.
  ///
  /// `title` is the subject, `text` the body, `externalID` the Message-ID; facts are
  ///
  /// - `list_id`, `list_post`: a list's name and the address that one writes to (RFC 2919, 2369),
  /// - `in_reply_to`, `reference`: Message-IDs, one a fact,
  /// - `attachment`: its name, or its type where it has none,
  /// - `flag`: what the store says,
  /// - `importance`: `low`, `normal` or `high`, where the sender says so (RFC 2156, and `X-Priority`),
  /// - `auto_submitted`: `auto-replied` and the like (RFC 3834), never `no`,
  /// - `signed`, `encrypted`: `pgp`, `smime` or the protocol's type,
  /// - `partial`: of a fragment of a message, `2/3` and the id that the fragments share (RFC 2046),
  /// - `external_body`: the address of what is not in the message (RFC 2046, 2017),
  /// - `authentication`: `spf=pass` and the like, by a server that the hints trust (RFC 8601),
  /// - `audience`: `internal` or `external`, where the hints name the tenant's domains,
  /// - of reports (RFC 3464, 8098) `delivery_recipient`, `delivery_action`, `delivery_status`,
  ///   `delivery_diagnostic`, `disposition` and `reported_message`.
  ///
  /// O(octets), each octet of the body looked at a few times.
  package static func parse(
    _ octets: [UInt8], hints: MailHints = MailHints(), limits: MailLimits = MailLimits()
  ) -> ParsedMessage {
    var reading = MessageReading(limits: limits)
    return reading.read(octets.span, hints)
  }
}

/// The state of reading one message.
struct MessageReading {
  let limits: MailLimits
  var item = ParsedItem(kind: .mail)
  var attachments: [MailPart] = []
  var defects: DefectLog
  var headerCharset: Charset?

  init(limits: MailLimits) {
    self.limits = limits
    defects = DefectLog(limit: limits.defects)
  }

  mutating func read(_ octets: Span<UInt8>, _ hints: MailHints) -> ParsedMessage {
    let frame = MessageFrame(octets, limits, &defects)
    let header = frame.header
    readHeader(octets, header)
    readFacts(octets, header, hints)
    readBody(octets, frame)
    for (_, flag) in MaildirName.known where hints.flags.contains(flag) {
      item.facts.append(Fact("flag", .text(flag)))
    }
    item.identity = identity(octets, header)
    item.defects = defects.defects
    return ParsedMessage(item: item, attachments: attachments)
  }

  private mutating func readBody(_ octets: Span<UInt8>, _ frame: MessageFrame) {
    let part = frame.parts(octets, limits, &defects)
    var choice = BodyChoice()
    var contents = choice.contents(of: part, octets)
    contents.takeOutUuencoded(octets, frame.lines, limits, &defects)
    readParts(part, contents, octets, frame)
    var body = BodyText(
      capacity: frame.body.count, limit: limits.textOctets, context: BodySegmenter.Context(item),
      defects: defects)
    for part in contents.texts { body.append(part, of: octets) }
    defects = body.defects
    defects.add(body.canonical.defects)
    item.text = body.canonical.text
    item.segments = body.canonical.segments
    addAttachments(contents, octets)
  }

  /// The fields that go into a message's identity: with the body they settle what is read of it, so
  /// that two copies with one identity differ only in what stands with their locations.
  private static let identifyingFields: [FieldName] = [
    .subject, .date, .from, .to, .cc, .contentType, .contentTransferEncoding,
  ]

  /// Message-ID, 0x00, SHA-256 of ``identifyingFields`` and the body.
  ///
  /// Every occurrence of a field goes in as it stands, unfolded, followed by 0x00, and each kind of
  /// field is followed by LF, so that what later versions read in them does not change what the
  /// message is called. Line ends of the body go in as LF, those at its end not at all: they depend
  /// on the store.
  private func identity(_ octets: Span<UInt8>, _ header: HeaderBlock) -> [UInt8] {
    var hasher = SHA256.Hasher()
    for name in Self.identifyingFields {
      var next = header.index(of: name, octets)
      while let index = next {
        next = header.index(of: name, behind: index, octets)
        addUnfolded(octets, header.fields[index], to: &hasher)
        hasher.update(0)
      }
      hasher.update(0x0A)
    }
    addLines(octets, from: header.bodyStart, to: &hasher)
    let digest = hasher.finish()
    guard let id = item.externalID else { return digest }
    var identity: [UInt8] = []
    identity.reserveCapacity(id.utf8.count + 1 + digest.count)
    identity.append(contentsOf: id.utf8)
    identity.append(0)
    identity.append(contentsOf: digest)
    return identity
  }

  /// The octets of `HeaderBlock.unfolded`, without a copy where nothing is folded.
  private func addUnfolded(
    _ octets: Span<UInt8>, _ field: HeaderBlock.Field, to hasher: inout SHA256.Hasher
  ) {
    let range = HeaderBlock.trimmed(octets, field.value)
    let feed = firstIndex(of: 0x0A, in: octets, from: range.lowerBound, to: range.upperBound)
    let carriage = firstIndex(of: 0x0D, in: octets, from: range.lowerBound, to: feed)
    if carriage == range.upperBound {
      hasher.update(octets.extracting(range))
    } else {
      hasher.update(HeaderBlock.unfolded(octets, field, limit: .max))
    }
  }

  /// Everything from `start` to the last line's end.
  ///
  /// A line that begins with `>From ` goes in without its first `>`: mailboxes put it there.
  private func addLines(
    _ octets: Span<UInt8>, from start: Int, to hasher: inout SHA256.Hasher
  ) {
    var index = min(start, octets.count)
    var last = octets.count
    while last > index, octets[last - 1] == 0x0A || octets[last - 1] == 0x0D { last -= 1 }
    let first = index
    var search = index
    while true {
      // An `F` is rarer than a `>`.
      let found = firstIndex(of: "From ", in: octets, from: search, to: last)
      guard found < last else { break }
      search = found + 5
      guard found > first, octets[found - 1] == 0x3E else { continue }
      var mark = found - 1
      while mark > first, octets[mark - 1] == 0x3E { mark -= 1 }
      if mark == first || octets[mark - 1] == 0x0A || octets[mark - 1] == 0x0D {
        addLines(octets, index..<mark, to: &hasher)
        index = mark + 1
      }
    }
    addLines(octets, index..<last, to: &hasher)
  }

  /// The octets of `range`, CRLF and CR as LF.
  private func addLines(
    _ octets: Span<UInt8>, _ range: Range<Int>, to hasher: inout SHA256.Hasher
  ) {
    var index = range.lowerBound
    while true {
      let end = firstIndex(of: 0x0D, in: octets, from: index, to: range.upperBound)
      hasher.update(octets.extracting(index..<end))
      guard end < range.upperBound else { return }
      // The line feed behind it goes in with what follows.
      if octets[end + 1] != 0x0A { hasher.update(0x0A) }
      index = end + 1
    }
  }

  /// A name or title as it may reach a prompt, on one line.
  mutating func cleanLine(_ text: String) -> String {
    let line = oneLine(text)
    defects.add(line.defects)
    return line.text
  }
}

/// `text` as it may reach a prompt, line ends as spaces, and what was taken out.
func oneLine(_ text: String) -> (text: String, defects: [Defect]) {
  let cleaned = CanonicalText.cleaned(text)
  guard cleaned.text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0C }) else {
    return (cleaned.text, cleaned.defects)
  }
  let line = String(
    decoding: cleaned.text.utf8.map { $0 == 0x0A || $0 == 0x0C ? 0x20 : $0 }, as: UTF8.self)
  return (line, cleaned.defects)
}
