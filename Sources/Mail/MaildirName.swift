/// The name of a message's file in a Maildir: a unique part, then `:2,` and a letter a flag.
///
/// File systems that have no colon in names get `;` or `!` instead, as isync and OfflineIMAP write it.
///
/// - SeeAlso: https://cr.yp.to/proto/maildir.html
package enum MaildirName {
  /// What the letters say, in this order: `seen`, `replied`, `flagged`, `draft`, `trashed`, `passed`.
  ///
  /// Small letters are keywords that only their server can name; they and unknown letters are passed
  /// over. Empty where the name has no flags or is none of a Maildir.
  package static func flags(_ fileName: String) -> [String] {
    guard let mark = mark(fileName) else { return [] }
    let letters = fileName.utf8[mark...].dropFirst(3)
    return known.filter { letters.contains($0.letter) }.map(\.flag)
  }

  /// The name without its flags: what stays when they change; all of a name that has none.
  package static func uniquePart(_ fileName: String) -> String {
    mark(fileName).map { String(fileName[..<$0]) } ?? fileName
  }

  /// The flags that a name can have.
  static let known: [(letter: UInt8, flag: String)] = [
    (0x53, "seen"), (0x52, "replied"), (0x46, "flagged"), (0x44, "draft"), (0x54, "trashed"),
    (0x50, "passed"),
  ]

  /// Where the last `:2,` begins.
  private static func mark(_ fileName: String) -> String.Index? {
    let octets = fileName.utf8
    guard let mark = octets.lastIndex(where: { $0 == 0x3A || $0 == 0x3B || $0 == 0x21 }),
      mark > octets.startIndex, octets[mark...].dropFirst().starts(with: [0x32, 0x2C])
    else { return nil }
    return mark
  }
}
