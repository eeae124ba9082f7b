import Markup
import Octets

/// What the header of a message or part says of its body.
struct AnonymiserEntity {
  var mediaType: String
  var writing: AnonymiserWriting
  var boundary: [UInt8]?
  /// The charset that is named, where it is known.
  var labelled: Charset?
  var isAttached: Bool
  var isNamedHTML: Bool

  init(_ octets: [UInt8], _ header: HeaderBlock, default defaultType: String) {
    let source = octets.span
    let type = header.first(.contentType, source).map {
      ParameterField(HeaderBlock.unfolded(source, $0, limit: .max))
    }
    let isType = type.map {
      let halves = $0.value.split(separator: "/", omittingEmptySubsequences: false)
      return halves.count == 2 && !halves[0].isEmpty && !halves[1].isEmpty
    }
    mediaType = isType == true ? type?.value ?? defaultType : defaultType
    boundary = type?.octets("boundary")
    labelled = type?.octets("charset").flatMap {
      Charset(label: String(decoding: $0, as: UTF8.self))
    }
    let encoding = header.first(.contentTransferEncoding, source).map {
      ParameterField(HeaderBlock.unfolded(source, $0, limit: .max)).value
    }
    writing =
      switch encoding {
      case "base64": .base64
      case "quoted-printable": .quotedPrintable
      default: .plain
      }
    let disposition = header.first(.contentDisposition, source).map {
      ParameterField(HeaderBlock.unfolded(source, $0, limit: .max))
    }
    isAttached = disposition?.value == "attachment"
    let name = (disposition?.text("filename") ?? type?.text("name") ?? "").lowercased()
    isNamedHTML = name.hasSuffix(".html") || name.hasSuffix(".htm")
  }

  /// The charset of a text of this part: what is labelled, unless the octets are certainly not that.
  func charset(of octets: ArraySlice<UInt8>) -> Charset {
    if let labelled, labelled != .ascii,
      isASCII(octets.span) || !isContradicted(labelled, Array(octets))
    {
      return labelled
    }
    if octets.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    if octets.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    return undeclaredCharset(octets)
  }
}

/// How the content of a part without parts is replaced.
enum AnonymiserContent {
  case text, html, message, fields, calendar, data

  /// By the type that is named; where that says nothing of the form, by the octets.
  init(_ octets: [UInt8], _ range: Range<Int>, _ entity: AnonymiserEntity) {
    switch entity.mediaType {
    case "message/rfc822", "message/global", "message/partial", "message/news": self = .message
    case "text/rfc822-headers": self = .fields
    case let type where type.hasPrefix("message/"): self = .fields
    case "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "application/ics":
      self = .calendar
    case "text/html", "text/xml", "application/xhtml+xml", "application/xml": self = .html
    default: self = Self.byContent(octets, range, entity)
    }
  }

  private static func byContent(
    _ octets: [UInt8], _ range: Range<Int>, _ entity: AnonymiserEntity
  ) -> AnonymiserContent {
    if entity.mediaType == "text/plain", !entity.isAttached { return .text }
    let content = octets[range]
    let head = content.prefix(512)
    if find(Array("begin:vcalendar".utf8), octets, range.prefix(64)) != nil { return .calendar }
    let opensHTML = find(Array("<html".utf8), octets, head.startIndex..<head.endIndex) != nil
    if entity.isNamedHTML || opensHTML { return .html }
    if ["image/", "audio/", "video/", "font/"].contains(where: { entity.mediaType.hasPrefix($0) }),
      entity.mediaType != "image/svg+xml"
    {
      return .data
    }
    if MailForm.detect(content.span) == .message { return .message }
    if entity.mediaType.hasPrefix("text/") { return .text }
    let hasControls = content.contains { $0 < 0x09 || (0x0E..<0x20).contains($0) && $0 != 0x1B }
    return hasControls || content.starts(with: "%PDF".utf8) ? .data : .text
  }
}
