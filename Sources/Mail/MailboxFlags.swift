import Octets

/// How a message of a mailbox stands, as the mailbox's own program wrote it into the header.
///
/// A mailbox has no other place for it: `Status` and `X-Status` (mutt, Pine, Dovecot, mailx) or
/// `X-Mozilla-Status` (Thunderbird). They are ordinary fields, which whoever sends a message can write
/// too and which delivery does not take out. So ask this of messages out of a mailbox alone: what
/// stands in a Maildir or in a file of its own has its flags elsewhere. And a field is passed over
/// that no such program leaves behind: a `Status` that is there twice or has other letters (as trackers
/// of faults write `Status: Resolved`), one of Thunderbird's behind a field that came with the message.
///
/// - SeeAlso: https://doc.dovecot.org/main/core/config/mailbox_formats/mbox.html; Thunderbird's
///   nsMsgMessageFlags.idl.
package enum MailboxFlags {
  /// The flags of `message`, which begins with its header, as ``MaildirName/flags(_:)`` names them and
  /// in that order.
  ///
  /// Of what is not a flag there, `O` (seen in a listing) and the like, nothing is said. O(octets of
  /// the header).
  package static func flags(_ message: Span<UInt8>) -> [String] {
    let header = HeaderBlock(
      message, 0..<message.count, lines: Lines(hasBareReturns: false), limits: MailLimits())
    let found = mozillaFlags(message, header) ?? statusFlags(message, header)
    return MaildirName.known.map(\.flag).filter { found.contains($0) }
  }

  /// What the letters of a field say; of some, no flag.
  private static let statusFields: [(name: String, letters: [UInt8: String])] = [
    ("status", [0x52: "seen", 0x72: "replied", 0x4F: "", 0x4E: "", 0x55: ""]),
    ("x-status", [0x41: "replied", 0x46: "flagged", 0x44: "trashed", 0x54: "draft"]),
  ]

  private static func statusFlags(_ octets: Span<UInt8>, _ header: HeaderBlock) -> Set<String> {
    var flags: Set<String> = []
    for (name, letters) in statusFields {
      let fields = header.all(FieldName(name), octets)
      guard fields.count == 1, let field = fields.first else { continue }
      let value = HeaderBlock.unfolded(octets, field, limit: 80)
      let said = value.compactMap { letters[$0] }
      if said.count == value.count, Set(value).count == value.count { flags.formUnion(said) }
    }
    return flags
  }

  private static let mozillaBits: [(bit: UInt16, flag: String)] = [
    (0x0001, "seen"), (0x0002, "replied"), (0x0004, "flagged"), (0x0008, "trashed"),
    (0x1000, "passed"),
  ]

  /// `nil` where Thunderbird's field is not among its own at the top, or is none.
  private static func mozillaFlags(
    _ octets: Span<UInt8>, _ header: HeaderBlock
  ) -> Set<String>? {
    for field in header.fields {
      guard
        matches(octets, field.name.prefix(10), "x-mozilla-")
          || matches(octets, field.name, "x-account-key") || matches(octets, field.name, "x-uidl")
      else { return nil }
      guard matches(octets, field.name, "x-mozilla-status") else { continue }
      let value = HeaderBlock.unfolded(octets, field, limit: 80)
      let digits = value.compactMap { hexadecimalValue($0) }
      guard value.count == 4, digits.count == 4 else { return nil }
      let bits = digits.reduce(UInt16(0)) { $0 << 4 | UInt16($1) }
      return Set(mozillaBits.filter { bits & $0.bit != 0 }.map(\.flag))
    }
    return nil
  }
}
