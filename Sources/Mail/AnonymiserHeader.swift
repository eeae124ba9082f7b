import Octets

extension AnonymiserRun {
  /// Replaces what the fields of a header say; names stay, and what a field's form needs.
  ///
  /// What stands between fields (a mailbox's line, stray lines) is text. O(octets of the header).
  mutating func replaceHeader(
    _ octets: inout [UInt8], from start: Int, _ header: HeaderBlock
  ) {
    var index = start
    for field in header.fields {
      replaceWords(&octets, index..<max(index, field.name.lowerBound))
      replaceField(
        &octets, lowercasedText(octets[field.name]),
        field.value.lowerBound..<max(field.value.lowerBound, field.value.upperBound))
      index = max(index, field.value.upperBound)
    }
    replaceWords(&octets, index..<max(index, header.bodyStart))
  }

  private mutating func replaceField(_ octets: inout [UInt8], _ name: String, _ value: Range<Int>) {
    switch name {
    case _ where Self.formFields.contains(name): return
    case "content-type", "content-disposition":
      replaceParameters(&octets, value, isType: name == "content-type")
    case "received":
      // The time behind the last semicolon.
      let end = octets[value].lastIndex(of: 0x3B) ?? value.upperBound
      replaceHeaderText(&octets, value.lowerBound..<end, .trace)
    case "authentication-results", "arc-authentication-results", "received-spf", "dkim-signature",
      "arc-message-signature", "arc-seal", "reporting-mta", "final-recipient",
      "original-recipient", "remote-mta", "diagnostic-code", "received-from-mta":
      replaceHeaderText(&octets, value, .trace)
    default: replaceHeaderText(&octets, value)
    }
  }

  /// Fields whose values are form alone: times, numbers, and words of a standard.
  private static let formFields: Set<String> = [
    "date", "resent-date", "delivery-date", "expires", "expiry-date", "deferred-delivery",
    "mime-version", "content-transfer-encoding", "content-language", "content-length", "lines",
    "importance", "priority", "x-priority", "x-msmail-priority", "sensitivity", "precedence",
    "auto-submitted", "status", "x-status", "x-mozilla-status", "x-mozilla-status2", "x-mailer",
    "user-agent", "x-mimeole", "action", "arrival-date", "last-attempt-date", "will-retry-until",
    "disposition",
  ]

  // MARK: Parameters

  /// Replaces the values of parameters that name something; a type that is none is text.
  private mutating func replaceParameters(
    _ octets: inout [UInt8], _ value: Range<Int>, isType: Bool
  ) {
    let pieces = split(octets, value)
    guard let first = pieces.first else { return }
    if isType, !octets[first].contains(0x2F) { replaceHeaderText(&octets, first) }
    for piece in pieces.dropFirst() {
      guard let equals = octets[piece].firstIndex(of: 0x3D) else {
        replaceHeaderText(&octets, piece)
        continue
      }
      let written = lowercasedText(octets[piece.lowerBound..<equals].filter { $0 > 0x20 })
      let name = String(written.prefix { $0 != "*" })
      let rest = equals + 1..<piece.upperBound
      if Self.formParameterNames.contains(name) { continue }
      if name == "boundary" {
        replaceBoundary(&octets, rest)
      } else if written.hasSuffix("*") {
        replacePercentText(&octets, rest)
      } else {
        replaceHeaderText(&octets, rest, .fileName)
      }
    }
  }

  private static let formParameterNames: Set<String> = [
    "charset", "format", "delsp", "micalg", "protocol", "report-type", "smime-type", "method",
    "version", "size", "creation-date", "modification-date", "read-date", "x-unix-mode", "number",
    "total", "reply-type", "access-type", "type", "component", "conversions", "reqtype",
  ]

  /// The stretches between semicolons outside of quotation marks.
  private func split(_ octets: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = range.lowerBound
    var isQuoted = false
    var index = start
    while index < range.upperBound {
      if octets[index] == 0x5C, isQuoted { index += 1 }
      if index < range.upperBound, octets[index] == 0x22 { isQuoted.toggle() }
      if index < range.upperBound, octets[index] == 0x3B, !isQuoted {
        pieces.append(start..<index)
        start = index + 1
      }
      index += 1
    }
    pieces.append(start..<range.upperBound)
    return pieces
  }

  /// Replaces the longer words of a boundary, in its field and in its lines alike.
  ///
  /// Short ones stay: two boundaries of a letter each must not become one. So does one with a
  /// backslash, which its field and its lines write differently.
  mutating func replaceBoundary(_ octets: inout [UInt8], _ range: Range<Int>) {
    if octets[range].contains(0x5C) { return }
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, isLetterOrDigit(octets[end]) { end += 1 }
      if end - start > 3 { replaceWords(&octets, start..<end, .ascii) }
      start = max(end, start + 1)
    }
  }

  /// Replaces a value of RFC 2231's form, `charset'language'text`, or a later piece of one.
  private mutating func replacePercentText(_ octets: inout [UInt8], _ range: Range<Int>) {
    let marks = octets[range].indices.filter { octets[$0] == 0x27 }
    var charset: Charset?
    var text = range
    if marks.count >= 2 {
      charset = Charset(label: String(decoding: octets[range.lowerBound..<marks[0]], as: UTF8.self))
      text = marks[1] + 1..<range.upperBound
    }
    var decoded = AnonymiserWriting.percent.read(octets, text)
    replaceWords(
      &decoded, 0..<decoded.count, charset ?? undeclaredCharset(decoded[...]), .fileName)
    AnonymiserWriting.percent.write(decoded, to: &octets, text)
  }

  // MARK: Text with encoded words

  /// Replaces a value's words, those of its encoded words as they decode.
  ///
  /// Adjacent words of one charset are one text, as their reader joins them (RFC 2047, section 6.2).
  mutating func replaceHeaderText(
    _ octets: inout [UInt8], _ range: Range<Int>, _ form: Form = []
  ) {
    var words: [AnonymiserEncodedWord] = []
    var plainStart = range.lowerBound
    var index = range.lowerBound
    while let mark = find([0x3D, 0x3F], octets, index..<range.upperBound) {
      guard let word = AnonymiserEncodedWord(octets, at: mark, end: range.upperBound) else {
        index = mark + 2
        continue
      }
      let isAdjacent = octets[plainStart..<mark].allSatisfy { $0 <= 0x20 }
      if !isAdjacent || words.last.map({ $0.charset != word.charset }) == true {
        replace(words, &octets, form)
        words = []
      }
      replaceWords(&octets, plainStart..<mark, form)
      // One that has no end is text behind its mark.
      if word.isWhole { words.append(word) }
      plainStart = word.end
      index = word.end
    }
    replace(words, &octets, form)
    replaceWords(&octets, plainStart..<range.upperBound, form)
  }

  private mutating func replace(
    _ words: [AnonymiserEncodedWord], _ octets: inout [UInt8], _ form: Form
  ) {
    guard let first = words.first else { return }
    let texts = words.map { $0.writing.read(octets, $0.text) }
    var joined = Array(texts.joined())
    let charset = first.charset ?? undeclaredCharset(joined[...])
    replaceWords(&joined, 0..<joined.count, charset, form)
    var start = 0
    for (word, text) in zip(words, texts) {
      word.writing.write(Array(joined[start..<(start + text.count)]), to: &octets, word.text)
      start += text.count
    }
  }
}

/// Where an encoded word's text stands: `=?charset?encoding?text?=`.
private struct AnonymiserEncodedWord {
  var charset: Charset?
  var writing: AnonymiserWriting
  var text: Range<Int>
  var end: Int
  /// Whether it has its end; else it is a mark alone.
  var isWhole: Bool

  init?(_ octets: [UInt8], at start: Int, end: Int) {
    guard let labelEnd = octets[(start + 2)..<end].prefix(80).firstIndex(of: 0x3F),
      labelEnd + 2 < end, octets[labelEnd + 2] == 0x3F
    else { return nil }
    switch octets[labelEnd + 1] | 0x20 {
    case 0x62: writing = .base64
    case 0x71: writing = .word
    default: return nil
    }
    let label = octets[(start + 2)..<labelEnd].prefix { $0 != 0x2A }
    charset = Charset(label: String(decoding: label, as: UTF8.self))
    let first = labelEnd + 3
    let close = find([0x3F, 0x3D], octets, first..<min(end, first + longestEncodedWord))
    isWhole = close != nil
    text = first..<(close ?? first)
    self.end = close.map { $0 + 2 } ?? first
  }
}
