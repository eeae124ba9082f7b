import Grounding
import Mail
import Octets
import Partition

/// What the store has of one root's files.
struct KnownFiles {
  /// By path within the source, as octets: two paths that are the same text in other normal forms
  /// are two files.
  private(set) var records: [[UInt8]: FileRecord] = [:]
  /// All of them as they were before this run, in the order of their paths.
  let earlier: [FileRecord]
  private let naming: RootNaming

  init(writer: PartitionWriter, source: Int64, naming: RootNaming) throws(Problem) {
    self.naming = naming
    earlier = try writer.files(source: source, below: naming.below)
    for record in earlier { records[Array(record.path.utf8)] = record }
  }

  /// The records of files that are no longer there, in the order of their paths.
  ///
  /// None where the listing is not whole. What was passed over by an exclusion, or is there and could
  /// not be looked at, has not vanished.
  func vanished(from listing: FolderListing) -> [FileRecord] {
    guard listing.isWhole, !naming.isFile else { return [] }
    var present: Set<[UInt8]> = []
    for file in listing.files { present.insert(Array(naming.path(of: file).utf8)) }
    // A mail server's own files are no items, whatever was read of them before.
    let kept = listing.skipped.filter { $0.code != .vanished && $0.code != .controlFile }
      .map { Array((naming.prefix + $0.path).utf8) }
    return records.values.filter { record in
      let path = Array(record.path.utf8)
      return !present.contains(path)
        && !kept.contains { path == $0 || path.starts(with: $0 + [0x2F]) }
    }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Finds files that only changed their path and moves their records and items with them.
  ///
  /// A file that appears is one that vanished when content and access list are equal; a message of a
  /// Maildir also when its name is the same but for the flags. Returns those that did vanish.
  mutating func settleMoves(
    listing: FolderListing, access: AccessRules, writer: PartitionWriter,
    begin: () throws(Problem) -> Void
  ) throws(Problem) -> [FileRecord] {
    var vanished = VanishedFiles(vanished(from: listing))
    guard !vanished.isEmpty else { return [] }
    for file in listing.files where vanished.hasOne(ofSize: Int64(file.status.size)) {
      let path = naming.path(of: file)
      guard records[Array(path.utf8)] == nil, let list = try? access.list(for: file.path),
        let old = vanished.take(formerly: file, path: path, list: list)
      else { continue }
      try begin()
      // The flags of a Maildir's message and the folder of any stand in the path alone: it is read
      // again, and its old address stays until then, so that it is known to have changed.
      var isReadAgain = file.isInMaildir && !Maildir.haveSameFlags(old.path, path)
      if !isReadAgain { isReadAgain = try isInOtherFolder(old, path, file, writer) }
      let uri = naming.uri(of: file)
      try writer.moveFile(old.id, to: path) { key, oldURI in
        // What stands behind the file's own address, such as a message's id, stays.
        let fragment = oldURI?.utf8.firstIndex(of: 0x23).map { oldURI?[$0...] ?? "" } ?? ""
        return (
          ItemNaming.moved(key: key, from: old.path, to: path),
          isReadAgain ? oldURI : uri + fragment
        )
      }
      var moved = old
      moved.path = path
      moved.modified = file.status.modified
      moved.inode = Int64(bitPattern: file.status.inode)
      if isReadAgain { moved.readTo = -1 }
      _ = try writer.put(moved)
      records[Array(old.path.utf8)] = nil
      records[Array(path.utf8)] = moved
    }
    return vanished.rest
  }
}

/// Whether the messages of a file that was moved to `path` are in another mail folder now.
private func isInOtherFolder(
  _ old: FileRecord, _ path: String, _ file: ListedFile, _ writer: PartitionWriter
) throws(Problem) -> Bool {
  let content: MailFolder.Content =
    file.isInMaildir
    ? .maildirMessage : MailboxMark(note: FileNote(old.note).mark) == nil ? .message : .mailbox
  guard MailFolder.name(of: old.path, content) != MailFolder.name(of: path, content) else {
    return false
  }
  return try writer.places(file: old.id).contains { $0.kind == .mail }
}

/// Files that are no longer at their paths, to be found again at others.
private struct VanishedFiles {
  private let files: [FileRecord]
  private var taken: Set<Int> = []
  private let bySize: [Int64: [Int]]
  /// By what stays of the path of a Maildir's message.
  private let byName: [[UInt8]: Int]

  init(_ files: [FileRecord]) {
    self.files = files
    bySize = Dictionary(grouping: files.indices) { files[$0].size }
    let names = files.indices.compactMap { index in
      Maildir.stablePart(of: files[index].path).map { ($0, index) }
    }
    byName = Dictionary(names) { first, _ in first }
  }

  var isEmpty: Bool { files.isEmpty }

  /// Those that were not taken, in order.
  var rest: [FileRecord] { files.indices.filter { !taken.contains($0) }.map { files[$0] } }

  func hasOne(ofSize size: Int64) -> Bool { bySize[size] != nil }

  /// The file that `file` was before it got its path; it is not given again.
  mutating func take(formerly file: ListedFile, path: String, list: AccessList) -> FileRecord? {
    let size = Int64(file.status.size)
    func mayBe(_ index: Int) -> Bool {
      !taken.contains(index) && files[index].size == size && files[index].access == list
    }
    var found: Int?
    // A message in a Maildir never changes; the same file has the same number and time.
    if file.isInMaildir, let index = Maildir.stablePart(of: path).flatMap({ byName[$0] }),
      mayBe(index), files[index].inode == Int64(bitPattern: file.status.inode),
      files[index].modified == file.status.modified
    {
      found = index
    } else {
      let candidates = (bySize[size] ?? []).filter { mayBe($0) && files[$0].hash != nil }
      if !candidates.isEmpty, let hash = try? contentHash(of: file) {
        found = candidates.first { files[$0].hash == hash }
      }
    }
    guard let found else { return nil }
    taken.insert(found)
    return files[found]
  }
}

/// SHA-256 of a file's octets, read in stretches.
private func contentHash(of file: ListedFile) throws(Problem) -> [UInt8] {
  let open = try OpenFile(file.location)
  var hasher = SHA256.Hasher()
  var offset = 0
  while offset < open.status.size {
    let octets = try open.read(at: offset, count: min(1 << 20, open.status.size - offset))
    guard !octets.isEmpty else { break }
    hasher.update(octets)
    offset += octets.count
  }
  try open.requireUnchanged()
  return hasher.finish()
}
