import Grounding
import Octets

/// What a report says of a message that was sent: whether it arrived, or was read.
///
/// - SeeAlso: RFC 3464, sections 2.2 and 2.3; RFC 8098, section 3.
enum DeliveryReport {
  static let mediaTypes: Set<String> = [
    "message/delivery-status", "message/global-delivery-status",
    "message/disposition-notification", "message/global-disposition-notification",
  ]

  /// Recipients whose fields are read.
  static let recipientLimit = 100

  private static let names = [
    ("final-recipient", "delivery_recipient"), ("action", "delivery_action"),
    ("status", "delivery_status"), ("diagnostic-code", "delivery_diagnostic"),
    ("disposition", "disposition"), ("original-message-id", "reported_message"),
  ]

  /// The fields of the blocks in `content`, as facts, as written.
  ///
  /// A field of `type; text` is its text, `disposition` what stands behind its modes. O(octets).
  static func fields(_ content: Span<UInt8>, _ limits: MailLimits) -> [(
    fact: String, value: [UInt8]
  )] {
    let lines = Lines(hasBareReturns: Lines.hasBareReturns(content, 0..<content.count))
    var found: [(fact: String, value: [UInt8])] = []
    var start = 0
    for _ in 0...recipientLimit where start < content.count {
      let block = HeaderBlock(content, start..<content.count, lines: lines, limits: limits)
      for (field, fact) in names {
        guard let field = block.first(FieldName(field), content) else { continue }
        let value = HeaderBlock.unfolded(content, field, limit: limits.headerFieldOctets)
        let text = text(value)
        if !text.isEmpty { found.append((fact, text)) }
      }
      guard block.bodyStart > start else { break }
      start = block.bodyStart
    }
    return found
  }

  /// `rfc822; a@b` is `a@b`; `<id>` is `id`.
  private static func text(_ value: [UInt8]) -> [UInt8] {
    let typed = value.firstIndex(of: 0x3B).map { value[($0 + 1)...] } ?? value[...]
    var text = typed.drop { $0 <= 0x20 || $0 == 0x3C }
    while let last = text.last, last <= 0x20 || last == 0x3E { text = text.dropLast() }
    return Array(text)
  }
}
