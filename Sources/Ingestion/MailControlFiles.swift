/// Files that mail programs keep beside their messages in one folder of any kind: the sequences of MH
/// and its caches, and the index (`.msf`) that Thunderbird has of each mailbox.
struct MailControlFiles {
  private static let names = [Array(".mh_sequences".utf8), Array(".xmhcache".utf8)]
  private static let indexSuffix = Array(".msf".utf8)

  /// The files beside which an index would be one; empty where nothing is called so.
  private let indexed: Set<ArraySlice<UInt8>>

  /// - Complexity: O(entries).
  init(_ entries: [FolderEntry]) {
    let hasIndex = entries.contains { Self.isIndex($0.name) }
    indexed =
      hasIndex ? Set(entries.filter { $0.status.kind == .regular }.map { $0.name[...] }) : []
  }

  func contains(_ entry: FolderEntry) -> Bool {
    guard entry.status.kind == .regular else { return false }
    if entry.name.first == 0x2E, Self.names.contains(entry.name) { return true }
    return Self.isIndex(entry.name)
      && indexed.contains(entry.name.dropLast(Self.indexSuffix.count))
  }

  private static func isIndex(_ name: [UInt8]) -> Bool {
    name.count > indexSuffix.count && name.suffix(indexSuffix.count) == indexSuffix[...]
  }
}
