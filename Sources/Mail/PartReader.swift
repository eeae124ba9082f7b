import Grounding
import Octets

/// Walks the parts of one message.
///
/// Of a multipart/alternative the last plain text is taken, of every other multipart all inline plain
/// texts in order. Everything else is an attachment; attached messages are not entered.
struct PartReader {
  let lines: Lines
  let limits: MailLimits
  var defects: DefectLog
  private var partCount = 0

  init(lines: Lines, limits: MailLimits, defects: DefectLog) {
    self.lines = lines
    self.limits = limits
    self.defects = defects
  }

  /// Reads a body whose header is known.
  ///
  /// `number` is empty for the message itself.
  mutating func read(
    _ octets: Span<UInt8>, header: HeaderBlock, body: Range<Int>, number: String, depth: Int,
    defaultType: String = "text/plain"
  ) -> PartContents {
    partCount += 1
    let place = number.isEmpty ? "1" : number
    let type = contentType(octets, header, place)
    let mediaType = type?.value ?? defaultType
    if mediaType.hasPrefix("multipart/"), let type {
      return readMultipart(octets, type: type, header, body, number: number, depth: depth)
    }
    let leaf = leaf(octets, header, type, mediaType, place, body)
    var contents = PartContents()
    if leaf.isAttached, !number.isEmpty {
      contents.attachments = [leaf]
    } else if isReadAsText(mediaType) {
      contents.texts = [leaf]
    } else if mediaType == "text/html" || mediaType == "application/xhtml+xml" {
      contents.html = [place]
    } else {
      contents.attachments = [leaf]
    }
    return contents
  }

  private mutating func leaf(
    _ octets: Span<UInt8>, _ header: HeaderBlock, _ type: ParameterField?, _ mediaType: String,
    _ place: String, _ body: Range<Int>
  ) -> PartContents.Leaf {
    let disposition = header.first("content-disposition", octets).map {
      ParameterField(HeaderBlock.unfolded(octets, $0, limit: limits.headerFieldOctets))
    }
    return PartContents.Leaf(
      number: place, mediaType: mediaType, body: body,
      charsetLabel: type?.octets("charset").map { String(decoding: $0, as: UTF8.self) },
      encoding: transferEncoding(octets, header, place),
      name: disposition?.text("filename") ?? type?.text("name"),
      isAttached: disposition?.value == "attachment", isInline: disposition?.value == "inline")
  }

  /// Plain text, and what RFC 2046, section 4.1.4, wants read as such; not what has a form of its own.
  private func isReadAsText(_ mediaType: String) -> Bool {
    guard mediaType.hasPrefix("text/") else { return false }
    let others = [
      "html", "calendar", "enriched", "richtext", "rtf", "xml", "css", "javascript", "csv",
      "vcard", "x-vcard", "directory", "rfc822-headers",
    ]
    return !others.contains(String(mediaType.dropFirst(5)))
  }

  private mutating func contentType(
    _ octets: Span<UInt8>, _ header: HeaderBlock, _ place: String
  ) -> ParameterField? {
    guard let field = header.first("content-type", octets) else { return nil }
    let value = HeaderBlock.unfolded(octets, field, limit: limits.headerFieldOctets)
    let type = ParameterField(value)
    let slash = type.value.split(separator: "/", omittingEmptySubsequences: false)
    if slash.count == 2, !slash[0].isEmpty, !slash[1].isEmpty { return type }
    if !type.value.isEmpty || !value.isEmpty { defects.add(.badContentType, "part \(place)") }
    return nil
  }

  private mutating func transferEncoding(
    _ octets: Span<UInt8>, _ header: HeaderBlock, _ place: String
  ) -> TransferEncoding {
    guard let field = header.first("content-transfer-encoding", octets) else { return .identity }
    let value = ParameterField(
      HeaderBlock.unfolded(octets, field, limit: limits.headerFieldOctets)
    ).value
    switch value {
    case "base64": return .base64
    case "quoted-printable": return .quotedPrintable
    case "", "7bit", "8bit", "binary", "7-bit", "8-bit": return .identity
    default:
      defects.add(.unknownTransferEncoding, "part \(place)")
      return .identity
    }
  }
}

extension PartReader {
  private mutating func readMultipart(
    _ octets: Span<UInt8>, type: ParameterField, _ header: HeaderBlock, _ body: Range<Int>,
    number: String, depth: Int
  ) -> PartContents {
    let place = number.isEmpty ? "1" : number
    guard depth < limits.partDepth else {
      defects.add(.partsTooDeep, "part \(place)")
      return PartContents()
    }
    guard let boundary = type.octets("boundary"), !boundary.isEmpty else {
      return readAsText(octets, header, body, place, because: .missingBoundary)
    }
    let multipart = Multipart(
      octets, body, boundary: boundary, lines: lines, limit: max(0, limits.parts - partCount))
    if multipart.parts.isEmpty, !multipart.isCut {
      return readAsText(octets, header, body, place, because: .boundaryNotFound)
    }
    if multipart.isCut {
      defects.add(.tooManyParts)
    } else if !multipart.hasEnd {
      defects.add(.missingEndBoundary, "part \(place)")
    }
    let prefix = number.isEmpty ? "" : "\(number)."
    var children: [PartContents] = []
    for (index, range) in multipart.parts.enumerated() {
      if partCount >= limits.parts {
        defects.add(.tooManyParts)
        break
      }
      children.append(
        readPart(
          octets, range, number: "\(prefix)\(index + 1)", depth: depth + 1,
          isDigest: type.value == "multipart/digest"))
    }
    return type.value == "multipart/alternative" ? chosen(children) : joined(children)
  }

  private mutating func readPart(
    _ octets: Span<UInt8>, _ range: Range<Int>, number: String, depth: Int, isDigest: Bool
  ) -> PartContents {
    let header = HeaderBlock(octets, range, lines: lines, limits: limits)
    // A part without a header is sound: it is plain text (RFC 2046, section 5.1).
    for defect in header.defects where defect != .noHeader { defects.add(defect, "part \(number)") }
    return read(
      octets, header: header, body: header.bodyStart..<range.upperBound, number: number,
      depth: depth, defaultType: isDigest ? "message/rfc822" : "text/plain")
  }

  private mutating func readAsText(
    _ octets: Span<UInt8>, _ header: HeaderBlock, _ body: Range<Int>, _ place: String,
    because defect: MailDefect
  ) -> PartContents {
    defects.add(defect, "part \(place)")
    var contents = PartContents()
    contents.texts = [
      .init(
        number: place, mediaType: "text/plain", body: body,
        encoding: transferEncoding(octets, header, place))
    ]
    return contents
  }

  private func joined(_ children: [PartContents]) -> PartContents {
    var contents = PartContents()
    for child in children { contents.append(child) }
    return contents
  }

  /// The last alternative with plain text (RFC 2046, section 5.1.4: the last is the richest); what is
  /// attached in any of them is kept.
  private func chosen(_ children: [PartContents]) -> PartContents {
    guard var contents = children.last(where: { !$0.texts.isEmpty }) else {
      return joined(children)
    }
    contents.html = []
    contents.attachments = children.flatMap(\.attachments)
    return contents
  }
}
