import Markup
import Octets

/// Makes a message that can be shown to others: its form is the original's, its words are not.
///
/// Letters become letters of the same kind and length in octets, digits digits, each word the same
/// everywhere (``AnonymiserSubstitutes``); spaces, punctuation, line ends, the words by which quotes
/// are found, dates, types, charsets, transfer encodings, and HTML's tags, classes and styles stay.
/// Ids, addresses and boundaries stay as equal or different as they were. What is no text becomes a
/// fixed pattern behind its first eight octets.
///
/// What can still be learnt: the message's form and dates, which programs wrote it, how long words
/// are, which are the same, and how often they occur.
package struct Anonymiser {
  private var run: AnonymiserRun

  /// The same seed gives the same octets, whatever was replaced before.
  package init(seed: UInt64, limits: MailLimits = MailLimits()) {
    run = AnonymiserRun(seed: seed, limits: limits)
  }

  /// `octets`, one message, replaced; as many octets, their line ends where they were.
  ///
  /// O(octets), each looked at a few times.
  package mutating func message(_ octets: [UInt8]) -> [UInt8] {
    var result = octets
    run.replaceMessage(&result, 0..<result.count, depth: 0)
    return result
  }

  /// Whether `word` stays as it is, whatever its case.
  package static func keeps(_ word: String) -> Bool {
    AnonymiserWords.keeps(word)
  }

  /// `text` replaced, as many octets; its words are what they are in messages.
  package mutating func text(_ text: String) -> String {
    var octets = Array(text.utf8)
    run.replaceWords(&octets, 0..<octets.count, .utf8)
    return String(decoding: octets, as: UTF8.self)
  }
}

extension AnonymiserRun {
  /// Replaces one message: header, then body by its type.
  ///
  /// - Parameter depth: How many multiparts and messages are around it.
  mutating func replaceMessage(_ octets: inout [UInt8], _ range: Range<Int>, depth: Int) {
    let lines = Lines(hasBareReturns: Lines.hasBareReturns(octets.span, range))
    var start = range.lowerBound
    if octets[range].starts(with: "From ".utf8) {
      let next = lines.line(octets.span, at: start, end: range.upperBound).next
      replaceSeparator(&octets, start..<next)
      start = next
    }
    let rest = start..<range.upperBound
    replaceEntity(
      &octets, rest, lines, header: MessageFrame.headerLines(octets.span, rest, lines),
      depth: depth, default: "text/plain")
  }

  /// Replaces whom a mailbox's line names; its date stays.
  private mutating func replaceSeparator(_ octets: inout [UInt8], _ line: Range<Int>) {
    let name = line.dropFirst(5)
    let end = name.first { octets[$0] <= 0x20 } ?? line.upperBound
    replaceWords(&octets, name.lowerBound..<end)
  }

  /// Replaces a header and its body.
  private mutating func replaceEntity(
    _ octets: inout [UInt8], _ range: Range<Int>, _ lines: Lines, header headerLines: Lines,
    depth: Int, default defaultType: String
  ) {
    var limits = limits
    limits.headerFieldOctets = max(limits.headerFieldOctets, range.count)
    let header = HeaderBlock(octets.span, range, lines: headerLines, limits: limits)
    let entity = AnonymiserEntity(octets, header, default: defaultType)
    headerCharset = entity.labelled
    replaceHeader(&octets, from: range.lowerBound, header)
    headerCharset = nil
    let body = min(header.bodyStart, range.upperBound)..<range.upperBound
    if entity.mediaType.hasPrefix("multipart/") {
      replaceMultipart(&octets, body, entity, lines, depth: depth)
    } else {
      replaceLeaf(&octets, body, entity, depth: depth)
    }
  }

  private mutating func replaceMultipart(
    _ octets: inout [UInt8], _ body: Range<Int>, _ entity: AnonymiserEntity, _ lines: Lines,
    depth: Int
  ) {
    guard depth < Self.depthLimit, let boundary = entity.boundary, !boundary.isEmpty else {
      replaceText(&octets, body, entity)
      return
    }
    let parts = Multipart(
      octets.span, body, boundary: boundary, lines: lines, limit: limits.parts
    ).parts
    var index = body.lowerBound
    for part in parts {
      replaceLines(&octets, index..<part.lowerBound, between: boundary, lines)
      replaceEntity(
        &octets, part, lines, header: lines, depth: depth + 1,
        default: entity.mediaType == "multipart/digest" ? "message/rfc822" : "text/plain")
      index = part.upperBound
    }
    replaceLines(&octets, index..<body.upperBound, between: boundary, lines)
  }

  /// Messages and multiparts inside of each other; what is deeper is text.
  private static let depthLimit = 40

  /// Replaces what stands outside of parts: lines of the boundary as in its field, else text.
  private mutating func replaceLines(
    _ octets: inout [UInt8], _ range: Range<Int>, between boundary: [UInt8], _ lines: Lines
  ) {
    var start = range.lowerBound
    while start < range.upperBound {
      let line = lines.line(octets.span, at: start, end: range.upperBound)
      if octets[start..<line.contentEnd].starts(with: [0x2D, 0x2D] + boundary) {
        let behind = start + 2 + boundary.count
        replaceBoundary(&octets, start..<behind)
        replaceWords(&octets, behind..<line.contentEnd)
      } else {
        replaceWords(&octets, start..<line.contentEnd)
      }
      start = line.next
    }
  }

  // MARK: Leaves

  /// Replaces a part that has no parts, as its transfer encoding is undone.
  private mutating func replaceLeaf(
    _ octets: inout [UInt8], _ body: Range<Int>, _ entity: AnonymiserEntity, depth: Int
  ) {
    guard entity.writing != .plain else {
      replaceContent(&octets, body, entity, depth: depth)
      return
    }
    var content = entity.writing.read(octets, body)
    replaceContent(&content, 0..<content.count, entity, depth: depth)
    entity.writing.write(content, to: &octets, body)
  }

  private mutating func replaceContent(
    _ octets: inout [UInt8], _ range: Range<Int>, _ entity: AnonymiserEntity, depth: Int
  ) {
    switch AnonymiserContent(octets, range, entity) {
    case .message where depth < Self.depthLimit: replaceMessage(&octets, range, depth: depth + 1)
    case .text, .message: replaceText(&octets, range, entity)
    case .fields: replaceFields(&octets, range)
    case .html: replaceHTML(&octets, range, htmlCharset(octets, range, entity))
    case .calendar:
      replaceContentLines(&octets, range, entity.charset(of: octets[range]))
    case .data: replaceData(&octets, range, isPlain: entity.writing != .base64)
    }
  }

  private func htmlCharset(
    _ octets: [UInt8], _ range: Range<Int>, _ entity: AnonymiserEntity
  ) -> Charset {
    if let known = entity.labelled, known != .ascii { return known }
    let declared = HTMLText.declaredCharset(octets[range].span).flatMap { Charset(label: $0) }
    return declared ?? undeclaredCharset(octets[range])
  }

  /// Replaces a plain text; what says how many octets a uuencoded line has stays.
  private mutating func replaceText(
    _ octets: inout [UInt8], _ range: Range<Int>, _ entity: AnonymiserEntity
  ) {
    let charset = entity.charset(of: octets[range])
    guard octets[range].contains(0x60) else {
      replaceWords(&octets, range, charset)
      return
    }
    let lines = Lines(hasBareReturns: Lines.hasBareReturns(octets.span, range))
    var textStart = range.lowerBound
    var start = range.lowerBound
    var isUuencoded = false
    while start < range.upperBound {
      let line = lines.line(octets.span, at: start, end: range.upperBound)
      let isBegin =
        line.contentEnd > start + 10 && matches(octets.span, start..<(start + 6), "begin ")
      let isEnd =
        line.contentEnd == start || octets[start] == 0x60
        || matches(octets.span, start..<min(start + 3, line.contentEnd), "end")
      if isBegin || isUuencoded, line.contentEnd > start {
        replaceWords(&octets, textStart..<start, charset)
        textStart = start + (isBegin ? 10 : 1)
        isUuencoded = isBegin || !isEnd
      }
      start = line.next
    }
    replaceWords(&octets, min(textStart, range.upperBound)..<range.upperBound, charset)
  }

  /// Replaces groups of fields, as reports have, and the message behind them, if there is one.
  private mutating func replaceFields(_ octets: inout [UInt8], _ range: Range<Int>) {
    let lines = Lines(hasBareReturns: Lines.hasBareReturns(octets.span, range))
    var start = range.lowerBound
    while start < range.upperBound {
      let header = HeaderBlock(octets.span, start..<range.upperBound, lines: lines, limits: limits)
      guard header.bodyStart > start else {
        replaceWords(&octets, start..<range.upperBound)
        return
      }
      replaceHeader(&octets, from: start, header)
      start = header.bodyStart
    }
  }

  /// Replaces what is no text: all behind the first eight octets, which tell what it is.
  ///
  /// Where it is not in base64, controls stay: lines end where they did.
  private func replaceData(_ octets: inout [UInt8], _ range: Range<Int>, isPlain: Bool) {
    for (offset, index) in range.dropFirst(8).enumerated() {
      let octet = octets[index]
      if !isPlain {
        octets[index] = UInt8(truncatingIfNeeded: offset)
      } else if octet >= 0x80 {
        octets[index] = 0x80 + UInt8(offset % 64)
      } else if isLetterOrDigit(octet) {
        octets[index] = 0x61 + UInt8(offset % 26)
      }
    }
  }
}
