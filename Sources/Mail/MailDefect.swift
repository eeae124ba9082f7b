import Grounding

/// What can be wrong with a message that is read all the same: the codes of its defects.
///
/// Details name fields, parts and counts, never content. Removed characters have the codes of
/// `CanonicalText`, hidden text of HTML those of `HTMLText`, the part put before the detail.
package enum MailDefect: String, CaseIterable, Sendable {
  // The header.
  /// No field at all.
  case noHeader = "no_header"
  /// A line that is neither a field nor part of one ended the header; the body begins with it.
  case missingHeaderEnd = "missing_header_end"
  /// A line of a mailbox or a fold without a field stood among the fields and was left out.
  case strayHeaderLine = "stray_header_line"
  /// A carriage return without its line feed was read as a line end.
  case bareCarriageReturn = "bare_carriage_return"
  /// A field that must be there once is there again; the first counts.
  case duplicateField = "duplicate_field"
  case missingDate = "missing_date"
  /// The date is none that a calendar has.
  case badDate = "bad_date"
  /// The date's zone is not known; it was read as UTC.
  case unknownZone = "unknown_zone"
  case missingMessageID = "missing_message_id"
  /// The Message-ID lacks its angle brackets or holds spaces.
  case badMessageID = "bad_message_id"
  case missingFrom = "missing_from"
  /// An address does not follow the grammar, as where a list disguised it; it is kept as written.
  case badAddress = "bad_address"
  /// An encoded word is broken: kept as written, or read as far as it goes.
  case badEncodedWord = "bad_encoded_word"
  // Charsets.
  /// The charset is not known; the text was read in the one that its octets look like.
  case unknownCharset = "unknown_charset"
  /// Octets above 127 where ASCII or nothing was declared; read in the charset that they look like.
  case undeclaredOctets = "undeclared_octets"
  /// The octets are certainly not in the charset that is declared: UTF-8 labelled as another, or the
  /// reverse. They were read in the one that they look like.
  case wrongCharset = "wrong_charset"
  /// Octets that the declared charset does not have; they became U+FFFD.
  case undecodableOctets = "undecodable_octets"
  // Parts.
  case badContentType = "bad_content_type"
  /// A field of a part has more parameters than are read.
  case tooManyParameters = "too_many_parameters"
  /// The transfer encoding is not known; the octets were read as they stand.
  case unknownTransferEncoding = "unknown_transfer_encoding"
  case badBase64 = "bad_base64"
  case badQuotedPrintable = "bad_quoted_printable"
  /// Lines of a uuencoded file are broken.
  case badUuencode = "bad_uuencode"
  /// A multipart names no boundary; its body was read as text.
  case missingBoundary = "missing_boundary"
  /// The boundary never occurs; the body was read as text.
  case boundaryNotFound = "boundary_not_found"
  case missingEndBoundary = "missing_end_boundary"
  // What is there and was not read.
  /// A part is encrypted.
  case encryptedNotRead = "encrypted_not_read"
  /// A file stands uuencoded in a text under a transfer encoding; it was left there.
  case uuencodeNotRead = "uuencode_not_read"
  /// A file stands in a text in the encoding of Usenet, yEnc; it was left there.
  case yencNotRead = "yenc_not_read"
  // Limits.
  case messageTooLarge = "message_too_large"
  case tooManyFields = "too_many_fields"
  case fieldTooLong = "field_too_long"
  case headerTooLong = "header_too_long"
  case partsTooDeep = "parts_too_deep"
  case tooManyParts = "too_many_parts"
  case textTooLong = "text_too_long"
  /// Attachments beyond a number or a sum of octets were left out; the detail names the part.
  case tooManyAttachments = "too_many_attachments"
  case attachmentsTooLarge = "attachments_too_large"
  /// A file's name was cut.
  case nameTooLong = "name_too_long"
  case tooManyPeople = "too_many_people"
  case moreDefects = "more_defects"
}

/// The defects of one message, each distinct one once, up to a limit.
struct DefectLog {
  private(set) var defects: [Defect] = []
  private let limit: Int

  init(limit: Int) { self.limit = max(1, limit) }

  mutating func add(_ code: MailDefect, _ detail: String? = nil) {
    add([Defect(code.rawValue, detail)])
  }

  mutating func add(_ more: [Defect]) {
    for defect in more where !defects.contains(defect) {
      if defects.count < limit {
        defects.append(defect)
      } else if defects.last?.code != MailDefect.moreDefects.rawValue {
        defects.append(Defect(MailDefect.moreDefects.rawValue))
      }
    }
  }
}
