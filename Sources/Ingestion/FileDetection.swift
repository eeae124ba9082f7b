import Documents
import Grounding
import Mail
import Reading

/// What a file is, as far as its head and its name tell.
enum DetectedType: Equatable {
  case item(ItemFormat)
  case container(ItemFormat)
  case passedOver(Problem.Code)
}

/// The type of a file whose octets are all there.
func detectedType(_ octets: Span<UInt8>, name: String) -> DetectedType {
  switch MailForm.detect(octets, name: name) {
  case .mailbox: return .container(.message)
  case .message: return .item(.message)
  case nil: break
  }
  switch FileType.detect(head: octets.extracting(first: 64 << 10), name: name) {
  case .markdown: return .item(.markdown)
  case .plainText, .csv, .tsv, .jsonLines, .sourceCode: return .item(.plainText)
  case .corpusRecords: return .container(.corpusRecord)
  case .converter: return .passedOver(.needsProgram)
  case .notYet, .html, .calendar: return .passedOver(.notYet)
  case .empty: return .passedOver(.empty)
  case .unknown: return .passedOver(.unknownType)
  }
}
