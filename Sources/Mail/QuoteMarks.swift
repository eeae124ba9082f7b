import Grounding
import Markup

/// What mail programs mark in their HTML, and whose words it makes a stretch.
enum QuoteMarks {
  private static let quote: UInt8 = 1
  private static let signature: UInt8 = 2
  /// `blockquote` that does not say why: a quote in a reply, else how a page is laid out.
  private static let block: UInt8 = 3
  /// A header block: what stands behind it is quoted to the end.
  private static let header: UInt8 = 4

  /// Classes and ids of Gmail, Thunderbird, Outlook, Apple Mail, Yahoo, Proton, Zoho, mail.ru, Yandex,
  /// QQ Mail.
  static let table = HTMLMarkTable(
    elements: ["blockquote": block], types: ["cite": quote],
    classes: [
      "blockquote.gmail_quote": quote, "gmail_attr": quote, "gmail_signature": signature,
      "gmail_signature_prefix": signature, "moz-cite-prefix": quote, "moz-forward-container": quote,
      "moz-email-headers-table": quote, "moz-signature": signature, "yahoo_quoted": quote,
      "protonmail_quote": quote, "protonmail_signature_block": signature, "zmail_extra": quote,
      "tutanota_quote": quote,
    ],
    ids: [
      "divRplyFwdMsg": header, "OLK_SRC_BODY_SECTION": quote, "Signature": signature,
      "AppleMailSignature": signature, "ms-outlook-mobile-signature": signature,
      "mail-editor-reference-message-container": quote, "isForwardContent": quote,
      "isReplyContent": quote,
    ])

  /// What the marks of a page that ends at `end` give, in order.
  ///
  /// A div of class `gmail_quote` is not in the table: replies stand in it between the quotes.
  static func given(
    _ marks: [HTMLMarked], end: Int, isReply: Bool
  ) -> [BodySegmenter.Given] {
    var given: [BodySegmenter.Given] = []
    for marked in marks where given.last?.range.upperBound ?? 0 <= marked.span.start {
      switch marked.mark {
      case quote: given.append(BodySegmenter.Given(range: marked.span.range, role: .quoted))
      case signature: given.append(BodySegmenter.Given(range: marked.span.range, role: .signature))
      case header: given.append(BodySegmenter.Given(range: marked.span.start..<end, role: .quoted))
      default:
        if isReply {
          given.append(BodySegmenter.Given(range: marked.span.range, role: .quoted))
        }
      }
    }
    return given
  }
}

extension BodyLine.Role {
  /// What a segment of such lines is called.
  var segmentRole: Segment.Role {
    switch self {
    case .new: .new
    case .quoted, .forwarded: .quoted
    case .signature: .signature
    case .disclaimer: .disclaimer
    case .banner: .banner
    }
  }

  /// The kind of a segment that is `kind` by itself.
  func kind(_ kind: Segment.Kind) -> Segment.Kind {
    switch self {
    case .quoted: .quote
    case .forwarded: .forwarded
    default: kind
    }
  }
}
