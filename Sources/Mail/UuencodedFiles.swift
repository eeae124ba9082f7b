import Octets

/// A file that stands uuencoded in a text, as mail had attachments before MIME.
struct UuencodedFile {
  /// From `begin` to the end of the line `end`.
  var range: Range<Int>
  var name: Range<Int>

  /// The first `limit` files in `body`, whether there are more, and whether not even `begin ` stands
  /// there.
  ///
  /// A file is `begin`, three or four octal digits, a name; at least one line of data; `end`, or a line
  /// that is no more of it.
  ///
  /// O(octets), by the C library's search where there is none.
  static func all(
    _ octets: Span<UInt8>, in body: Range<Int>, lines: Lines, limit: Int
  ) -> (files: [UuencodedFile], hasMore: Bool, hasNoBegin: Bool) {
    var found: [UuencodedFile] = []
    var index = body.lowerBound
    var hasNoBegin = true
    while true {
      index = firstIndex(of: "begin ", in: octets, from: index, to: body.upperBound)
      guard index < body.upperBound else { return (found, false, hasNoBegin) }
      hasNoBegin = false
      if isLineStart(octets, index, body),
        let file = UuencodedFile(octets, at: index, end: body.upperBound, lines)
      {
        if found.count >= limit { return (found, true, false) }
        found.append(file)
        index = file.range.upperBound
      } else {
        index += 6
      }
    }
  }

  /// Whether a file stands in `text`.
  ///
  /// O(octets).
  static func isIn(_ text: Span<UInt8>) -> Bool {
    let body = 0..<text.count
    let lines = Lines(hasBareReturns: Lines.hasBareReturns(text, body))
    return all(text, in: body, lines: lines, limit: 0).hasMore
  }

  private init?(_ octets: Span<UInt8>, at start: Int, end: Int, _ lines: Lines) {
    let (contentEnd, dataStart) = lines.line(octets, at: start, end: end)
    var index = start + 6
    while index < contentEnd, (0x30...0x37).contains(octets[index]) { index += 1 }
    guard (3...4).contains(index - start - 6), index + 1 < contentEnd, octets[index] == 0x20 else {
      return nil
    }
    name = index + 1..<contentEnd
    var next = dataStart
    var count = 0
    while next < end {
      let line = lines.line(octets, at: next, end: end)
      let content = next..<line.contentEnd
      if matches(octets, content, "end") {
        next = line.next
        break
      }
      let isEmptyLine = content.count == 1 && (octets[next] == 0x60 || octets[next] == 0x20)
      guard isEmptyLine || Uuencode.isData(octets, content) else { break }
      count += isEmptyLine ? 0 : 1
      next = line.next
    }
    guard count > 0 else { return nil }
    range = start..<next
  }
}

/// Whether a line of `body` begins at `index`.
func isLineStart(_ octets: Span<UInt8>, _ index: Int, _ body: Range<Int>) -> Bool {
  index == body.lowerBound || octets[index - 1] == 0x0A || octets[index - 1] == 0x0D
}

extension PartContents {
  /// Makes attachments of the files that stand uuencoded in texts; what is left of the texts is in
  /// pieces of the same number.
  ///
  /// The `k`th file of part `1` has the number `1.uk`. Texts under a transfer encoding are left alone,
  /// as are files beyond the number of attachments.
  mutating func takeOutUuencoded(
    _ octets: Span<UInt8>, _ lines: Lines, _ limits: MailLimits, _ defects: inout DefectLog
  ) {
    var kept: [Leaf] = []
    for text in texts {
      guard text.encoding == .identity, !text.isHTML else {
        kept.append(text)
        continue
      }
      let (files, hasMore, hasNone) = UuencodedFile.all(
        octets, in: text.body, lines: lines, limit: limits.attachments - attachments.count)
      if hasMore { defects.add(.tooManyAttachments, text.place) }
      var text = text
      text.hasNoBegin = hasNone
      var start = text.body.lowerBound
      for (index, file) in files.enumerated() {
        appendPiece(of: text, start..<file.range.lowerBound, octets, to: &kept)
        let name = decodeUTF8(file.name.map { octets[$0] }).text
        attachments.append(
          Leaf(
            number: "\(text.number).u\(index + 1)", mediaType: "application/octet-stream",
            body: file.range, encoding: .uuencode, name: name, isAttached: true))
        start = file.range.upperBound
      }
      if files.isEmpty {
        kept.append(text)
      } else {
        appendPiece(of: text, start..<text.body.upperBound, octets, to: &kept)
      }
    }
    texts = kept
  }

  private func appendPiece(
    of text: Leaf, _ range: Range<Int>, _ octets: Span<UInt8>, to kept: inout [Leaf]
  ) {
    for index in range where octets[index] > 0x20 {
      var piece = text
      piece.body = range
      kept.append(piece)
      return
    }
  }
}
