import Documents
import Grounding
import Mail
import Octets

extension MailPart {
  /// What the part is: by its content; where that is text without a mark, by the type that it was
  /// declared with, then by its name.
  var detectedType: DetectedFile {
    guard !octets.isEmpty else { return .passedOver(.empty) }
    // What mail servers tell each other is nothing that a person wrote.
    if Self.isReport(mediaType) { return .passedOver(.notYet) }
    if Self.isArmoured(octets) { return .passedOver(.unknownType) }
    let content = FileReader.detect(octets.span, name: "")
    // Archives and the like are told apart by their names too.
    if case .passedOver = content { return FileReader.detect(octets.span, name: fileName ?? "") }
    guard content == .one(.plainText) || content == .records(.message) else { return content }
    if mediaType == "message/rfc822" || mediaType == "message/global" { return .one(.message) }
    if content == .records(.message) { return content }
    if let suffix = Self.suffixes[mediaType] {
      let head = octets.span.extracting(first: FileReader.headOctets)
      let declared = DetectedFile(FileType.detect(head: head, name: "a.\(suffix)"))
      if declared != .one(.plainText) { return declared }
    }
    return FileReader.detect(octets.span, name: fileName ?? "")
  }

  /// The name without the folders that some senders put before it.
  var fileName: String? {
    name.flatMap { $0.split { $0 == "/" || $0 == "\\" }.last.map(String.init) }
  }

  /// Whether the part is no content of its own: a cryptographic signature, or a small picture within
  /// the text, such as a logo.
  func isFurniture(_ limits: ReadingLimits) -> Bool {
    if Self.signatures.contains(mediaType) { return true }
    return isInline && mediaType.hasPrefix("image/") && octets.count <= limits.furnitureOctets
  }

  private static let signatures: Set<String> = [
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/pgp-encrypted",
  ]

  /// RFC 3464 and 8098's reports, and returned headers.
  private static func isReport(_ mediaType: String) -> Bool {
    mediaType == "text/rfc822-headers"
      || mediaType.hasPrefix("message/") && mediaType != "message/rfc822"
        && mediaType != "message/global"
  }

  /// Whether the text is PGP's: keys and ciphers read as text would only be noise.
  private static func isArmoured(_ octets: [UInt8]) -> Bool {
    octets.drop { $0 <= 0x20 }.starts(with: Array("-----BEGIN PGP ".utf8))
  }

  /// The extension that a file of a declared type would have.
  private static let suffixes: [String: String] = [
    "text/html": "html", "application/xhtml+xml": "html", "text/markdown": "md",
    "text/x-markdown": "md", "text/csv": "csv", "application/csv": "csv",
    "text/comma-separated-values": "csv", "text/tab-separated-values": "tsv",
    "application/json": "json", "text/json": "json", "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl", "application/x-jsonlines": "jsonl", "text/calendar": "ics",
    "application/ics": "ics", "text/vcard": "vcf", "text/x-vcard": "vcf",
    "text/directory": "vcf", "text/xml": "xml", "application/xml": "xml", "image/svg+xml": "svg",
    "application/postscript": "ps", "text/x-python": "py", "text/x-csrc": "c",
    "text/x-c++src": "cpp", "text/x-java": "java", "text/javascript": "js",
    "application/javascript": "js", "text/css": "css", "text/x-sh": "sh",
    "application/x-sh": "sh", "application/sql": "sql", "text/x-r": "r",
    "text/x-diff": "diff", "text/x-patch": "patch", "application/yaml": "yaml",
    "text/yaml": "yaml",
  ]
}
