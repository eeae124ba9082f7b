import Octets

/// Finds the parts of one message: their headers, types and places.
///
/// Attached messages are leaves; whoever wants what is in them reads their content as a message.
struct PartReader {
  let lines: Lines
  let limits: MailLimits
  var defects: DefectLog
  var partCount = 0

  init(lines: Lines, limits: MailLimits, defects: DefectLog) {
    self.lines = lines
    self.limits = limits
    self.defects = defects
  }

  /// Reads a body whose header is known.
  ///
  /// `number` is empty for the message itself. O(octets) for each level of nesting.
  mutating func read(
    _ octets: Span<UInt8>, header: HeaderBlock, body: Range<Int>, number: String, depth: Int,
    defaultType: String = "text/plain"
  ) -> Part {
    partCount += 1
    var part = Part(
      number: number, isRoot: number.isEmpty, header: header, mediaType: defaultType, body: body)
    part.type = contentType(octets, part)
    if let type = part.type { part.mediaType = type.value }
    part.disposition = value(.contentDisposition, octets, part).map {
      parameters($0, part)
    }
    if Self.isEncrypted(part.mediaType, part.type) {
      defects.add(.encryptedNotRead, "part \(part.place)")
    }
    if part.isMultipart, let type = part.type {
      readMultipart(octets, type, into: &part, depth: depth)
      if part.absence == .noBoundary { part.encoding = transferEncoding(octets, part) }
    } else {
      if part.number.isEmpty { part.number = "1" }
      part.encoding = transferEncoding(octets, part)
    }
    return part
  }

  /// A field's value; of the message's own header others say that it is too long.
  private mutating func value(
    _ name: FieldName, _ octets: Span<UInt8>, _ part: Part
  ) -> [UInt8]? {
    guard let field = part.header.first(name, octets) else { return nil }
    if !part.isRoot, field.value.count > limits.headerFieldOctets {
      defects.add(.fieldTooLong, "part \(part.place)")
    }
    return HeaderBlock.unfolded(octets, field, limit: limits.headerFieldOctets)
  }

  private mutating func parameters(_ value: [UInt8], _ part: Part) -> ParameterField {
    let field = ParameterField(value)
    if field.hasMore { defects.add(.tooManyParameters, "part \(part.place)") }
    return field
  }

  /// RFC 1847, section 2.2, and what S/MIME encrypts (RFC 8551, section 3.5).
  static func isEncrypted(_ mediaType: String, _ type: ParameterField?) -> Bool {
    switch mediaType {
    case "multipart/encrypted": true
    case "application/pkcs7-mime", "application/x-pkcs7-mime":
      lowercasedText(type?.octets("smime-type") ?? []).hasSuffix("enveloped-data")
    default: false
    }
  }

  private mutating func contentType(_ octets: Span<UInt8>, _ part: Part) -> ParameterField? {
    guard let value = value(.contentType, octets, part) else { return nil }
    let type = parameters(value, part)
    let name = type.value.utf8
    if name.count(where: { $0 == 0x2F }) == 1, name.first != 0x2F, name.last != 0x2F { return type }
    if !type.value.isEmpty || !value.isEmpty { defects.add(.badContentType, "part \(part.place)") }
    return nil
  }

  private mutating func transferEncoding(_ octets: Span<UInt8>, _ part: Part) -> TransferEncoding {
    guard let value = value(.contentTransferEncoding, octets, part) else { return .identity }
    switch ParameterField(value).value {
    case "base64": return .base64
    case "quoted-printable": return .quotedPrintable
    case "x-uuencode", "x-uue", "uuencode": return .uuencode
    case "", "7bit", "8bit", "binary", "7-bit", "8-bit": return .identity
    default:
      defects.add(.unknownTransferEncoding, "part \(part.place)")
      return .identity
    }
  }
}
