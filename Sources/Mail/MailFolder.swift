/// The folder of a mail program that a file of a store is or lies in, by its path alone.
///
/// Folders are joined with `/`; each name's modified UTF-7 is decoded. The folder of a Maildir that is
/// the root itself is `INBOX`.
package enum MailFolder {
  /// What a file is to its folder.
  package enum Content: Sendable {
    /// It is a whole folder.
    case mailbox
    /// A message in `cur` or `new` of a Maildir.
    case maildirMessage
    /// A message beside others.
    case message
  }

  /// The folder of the file at `path`, which is relative to the root; `nil` at the root itself.
  ///
  /// Known are Maildir++ (`.Archive.2020`: Archive/2020), Thunderbird (`Archive.sbd/2020`) and Apple
  /// Mail (`Archive.mbox/mbox`, `Archive.mbox/.../Messages/1.emlx`).
  package static func name(of path: String, _ content: Content) -> String? {
    var folders = path.utf8.split(separator: 0x2F).map { String(decoding: $0, as: UTF8.self) }
    guard let file = folders.popLast() else { return nil }
    switch content {
    case .maildirMessage:
      _ = folders.popLast()
      if let last = folders.last, last.hasPrefix("."), last.utf8.count > 1 {
        folders.removeLast()
        folders += last.utf8.split(separator: 0x2E).map { String(decoding: $0, as: UTF8.self) }
      }
      if folders.isEmpty { return "INBOX" }
    case .mailbox:
      let isInBundle = file == "mbox" && folders.last?.lowercased().hasSuffix(".mbox") == true
      if !isInBundle { folders.append(stem(file, of: mailboxSuffixes)) }
    case .message:
      // Behind an account's folder come the program's own: Messages, numbers, and names it made up.
      if file.lowercased().hasSuffix(".emlx"),
        let bundle = folders.lastIndex(where: { stem($0, of: bundleSuffixes) != $0 })
      {
        folders.removeSubrange((bundle + 1)...)
      }
    }
    let names = folders.map { ModifiedUTF7.decoded(stem($0, of: bundleSuffixes)) }
    return names.isEmpty ? nil : names.joined(separator: "/")
  }

  private static let mailboxSuffixes = [
    ".mbox", ".mboxo", ".mboxrd", ".mboxcl", ".mboxcl2", ".mbx", ".mail", ".txt",
  ]
  /// Of folders in which programs keep a mail folder's messages, or those below it.
  private static let bundleSuffixes = [".mbox", ".imapmbox", ".sbd"]

  private static func stem(_ name: String, of suffixes: [String]) -> String {
    let lowered = name.lowercased()
    guard
      let suffix = suffixes.first(where: {
        lowered.hasSuffix($0) && $0.utf8.count < name.utf8.count
      })
    else { return name }
    return String(name.dropLast(suffix.count))
  }
}
