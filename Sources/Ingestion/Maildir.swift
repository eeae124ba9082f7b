import Mail

/// A folder of messages, a file each, as qmail, Courier and Dovecot keep them.
///
/// - SeeAlso: https://cr.yp.to/proto/maildir.html
enum Maildir {
  /// Whether a folder with `entries` is a Maildir: it has all three of its folders, or the mark of a
  /// folder of Maildir++ and one of them, as copies leave empty ones out.
  static func hasFolders(_ entries: [FolderEntry]) -> Bool {
    let folders = Set(entries.filter { $0.status.kind == .folder }.map(\.name))
    func has(_ name: String) -> Bool { folders.contains(Array(name.utf8)) }
    guard !folders.isDisjoint(with: messageFolders) else { return false }
    let mark = Array("maildirfolder".utf8)
    return has("cur") && has("new") && has("tmp") || entries.contains { $0.name == mark }
  }

  /// Whether the entry `name` of a Maildir holds its messages.
  static func holdsMessages(_ name: [UInt8]) -> Bool { messageFolders.contains(name) }

  private static let messageFolders = [Array("cur".utf8), Array("new".utf8)]

  /// Whether the entry `name` of a Maildir is its server's own: what is being delivered, indexes,
  /// lists of numbers, quotas, subscriptions.
  static func isControl(_ name: [UInt8], isFolder: Bool) -> Bool {
    if isFolder { return name == Array("tmp".utf8) || name == Array("courierimapkeywords".utf8) }
    let known = ["subscriptions", "maildirfolder", "maildirsize", "shared-maildirs"]
    return known.contains { name == Array($0.utf8) }
      || prefixes.contains { name.starts(with: Array($0.utf8)) }
  }

  /// Dovecot, Courier, and what isync keeps beside them.
  private static let prefixes = [
    "dovecot", "courierimap", ".dovecot", ".mbsyncstate", ".uidvalidity", ".isyncuidmap",
  ]

  /// What stays of a message's path when its flags change or it is moved from `new` to `cur`: the
  /// Maildir and the unique part of the name; `nil` for a path that is not in such a folder.
  static func stablePart(of path: String) -> [UInt8]? {
    let parts = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    guard parts.count >= 2, holdsMessages(Array(parts[parts.count - 2])) else { return nil }
    let name = MaildirName.uniquePart(String(decoding: parts[parts.count - 1], as: UTF8.self))
    return Array(parts.dropLast(2).joined(separator: [0x2F])) + [0] + Array(name.utf8)
  }

  /// Whether both names say the same flags.
  static func haveSameFlags(_ a: String, _ b: String) -> Bool {
    MaildirName.flags(lastPart(of: a)) == MaildirName.flags(lastPart(of: b))
  }
}
