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
    var flow: FlowedText.Format?
    var name: String?
    var isAttached = false
    var isInline = false
    /// Whether `begin ` stands nowhere in it: known where a text was searched for uuencoded files.
    var hasNoBegin = false

    var isHTML: Bool { mediaType == "text/html" || mediaType == "application/xhtml+xml" }
  }

  /// Plain text and HTML.
  var texts: [Leaf] = []
  var attachments: [Leaf] = []

  /// All parts in the order in which they stand.
  var inOrder: [Leaf] { (texts + attachments).sorted { $0.body.lowerBound < $1.body.lowerBound } }

  mutating func append(_ other: PartContents) {
    texts += other.texts
    attachments += other.attachments
  }
}

enum TransferEncoding { case identity, base64, quotedPrintable, uuencode }
