import Octets

/// Walks the parts of one message.
///
/// Plain text and HTML are the body, whether they have a file's name or not, unless they are marked
/// as attachments: so mail readers show them. Everything else is an attachment; attached messages
/// are not entered.
struct PartReader {
  let lines: Lines
  let limits: MailLimits
  var defects: DefectLog
  var partCount = 0
  var alternatives = Alternatives()

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
    if isEncrypted(mediaType, type) { defects.add(.encryptedNotRead, "part \(place)") }
    var leaf = leaf(octets, header, type, mediaType, place, body)
    // A message is what it is, whatever it says that should be done with it.
    if number.isEmpty { leaf.isAttached = false }
    let isBody = !leaf.isAttached && (leaf.isHTML || isReadAsText(mediaType))
    return isBody ? PartContents(texts: [leaf]) : PartContents(attachments: [leaf])
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
      flow: mediaType == "text/plain" ? type.flatMap { FlowedText.Format($0) } : nil,
      name: disposition?.text("filename") ?? type?.text("name"),
      isAttached: disposition?.value == "attachment", isInline: disposition?.value == "inline")
  }

  /// Plain text, and what RFC 2046, section 4.1.4, wants read as such; not what has a form of its own.
  private func isReadAsText(_ mediaType: String) -> Bool {
    if mediaType == "text/plain" { return true }
    guard mediaType.hasPrefix("text/") else { return false }
    let others = [
      "calendar", "xml", "css", "javascript", "csv", "vcard", "x-vcard", "directory",
      "rfc822-headers",
    ]
    return !others.contains(String(mediaType.dropFirst(5)))
      && !Alternatives.unreadTexts.contains(mediaType)
  }

  /// RFC 1847, section 2.2, and what S/MIME encrypts (RFC 8551, section 3.5).
  func isEncrypted(_ mediaType: String, _ type: ParameterField?) -> Bool {
    switch mediaType {
    case "multipart/encrypted": true
    case "application/pkcs7-mime", "application/x-pkcs7-mime":
      lowercasedText(type?.octets("smime-type") ?? []).hasSuffix("enveloped-data")
    default: false
    }
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

  mutating func transferEncoding(
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
