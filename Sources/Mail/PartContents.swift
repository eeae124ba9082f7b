import Octets

/// What a message's parts hold: its text parts in order, and what is no body.
struct PartContents {
  /// A part that holds no others.
  struct Leaf {
    /// The part as IMAP numbers it.
    var number: String
    var mediaType: String
    var body: Range<Int>
    var charsetLabel: String?
    var encoding: TransferEncoding
    var name: String?
    var isAttached = false
    var isInline = false
  }

  var texts: [Leaf] = []
  /// Numbers of the HTML parts.
  var html: [String] = []
  var attachments: [Leaf] = []

  mutating func append(_ other: PartContents) {
    texts += other.texts
    html += other.html
    attachments += other.attachments
  }
}

enum TransferEncoding { case identity, base64, quotedPrintable }

extension PartContents.Leaf {
  /// The part's octets with their transfer encoding undone; faults are noted.
  ///
  /// O(octets).
  func content(_ octets: Span<UInt8>, _ defects: inout DefectLog) -> [UInt8] {
    let plain = octets.extracting(body)
    // Safe: the buffer lives while it is copied.
    let copy = unsafe plain.withUnsafeBufferPointer { unsafe Array($0) }
    switch encoding {
    case .identity: return copy
    case .base64:
      let decoded = Base64.decode(copy)
      if decoded.defects > 0 { defects.add(.badBase64, "part \(number): \(decoded.defects)") }
      return decoded.octets
    case .quotedPrintable:
      let decoded = QuotedPrintable.decode(copy)
      if decoded.defects > 0 {
        defects.add(.badQuotedPrintable, "part \(number): \(decoded.defects)")
      }
      return decoded.octets
    }
  }
}
