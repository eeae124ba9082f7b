/// The name of a header field that is looked for, with the number by which ``HeaderBlock`` tells names.
struct FieldName: Sendable {
  let text: String
  let key: UInt64

  /// `text` is in lower case.
  init(_ text: String) {
    self.text = text
    key = text.utf8.reduce(UInt64(text.utf8.count)) { $0 &* 31 &+ UInt64($1 | 0x20) }
  }

  /// One bit of 64 for the names with this key.
  static func bit(_ key: UInt64) -> UInt64 { 1 &<< ((key &* 0x9E37_79B9_7F4A_7C15) &>> 58) }

  static let from = FieldName("from")
  static let sender = FieldName("sender")
  static let replyTo = FieldName("reply-to")
  static let to = FieldName("to")
  static let cc = FieldName("cc")
  static let bcc = FieldName("bcc")
  static let subject = FieldName("subject")
  static let date = FieldName("date")
  static let received = FieldName("received")
  static let messageID = FieldName("message-id")
  static let inReplyTo = FieldName("in-reply-to")
  static let references = FieldName("references")
  static let contentType = FieldName("content-type")
  static let contentTransferEncoding = FieldName("content-transfer-encoding")
  static let contentDisposition = FieldName("content-disposition")
  static let contentID = FieldName("content-id")
  static let listID = FieldName("list-id")
  static let listPost = FieldName("list-post")
  static let autoSubmitted = FieldName("auto-submitted")
  static let authenticationResults = FieldName("authentication-results")
}
