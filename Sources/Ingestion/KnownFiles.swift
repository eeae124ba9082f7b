import Grounding
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
    let kept = listing.skipped.filter { $0.code != .vanished }
      .map { Array((naming.prefix + $0.path).utf8) }
    return records.values.filter { record in
      let path = Array(record.path.utf8)
      return !present.contains(path)
        && !kept.contains { path == $0 || path.starts(with: $0 + [0x2F]) }
    }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Finds files that only changed their path and moves their records and items with them.
  ///
  /// A file that appears is one that vanished when content and access list are equal. Returns those
  /// that did vanish.
  mutating func settleMoves(
    listing: FolderListing, access: AccessRules, writer: PartitionWriter,
    begin: () throws(Problem) -> Void
  ) throws(Problem) -> [FileRecord] {
    var vanished = vanished(from: listing)
    guard !vanished.isEmpty else { return [] }
    let sizes = Set(vanished.map(\.size))
    for file in listing.files where sizes.contains(Int64(file.status.size)) {
      let path = naming.path(of: file)
      guard records[Array(path.utf8)] == nil, let list = try? access.list(for: file.path),
        let index = formerPlace(of: file, list: list, among: vanished)
      else { continue }
      try begin()
      let old = vanished.remove(at: index)
      let uri = naming.uri(of: file)
      try writer.moveFile(old.id, to: path) { key, oldURI in
        // What stands behind the file's own address, such as a message's id, stays.
        let fragment = oldURI?.utf8.firstIndex(of: 0x23).map { oldURI?[$0...] ?? "" } ?? ""
        return (ItemNaming.moved(key: key, from: old.path, to: path), uri + fragment)
      }
      var moved = old
      moved.path = path
      moved.modified = file.status.modified
      moved.inode = Int64(bitPattern: file.status.inode)
      _ = try writer.put(moved)
      records[Array(old.path.utf8)] = nil
      records[Array(path.utf8)] = moved
    }
    return vanished
  }

  /// The place in `vanished` of the file that this one was.
  private func formerPlace(
    of file: ListedFile, list: AccessList, among vanished: [FileRecord]
  ) -> Int? {
    let candidates = vanished.indices.filter {
      vanished[$0].size == Int64(file.status.size) && vanished[$0].isComplete
        && vanished[$0].access == list && vanished[$0].hash != nil
    }
    guard !candidates.isEmpty, let hash = try? contentHash(of: file) else {
      return nil
    }
    return candidates.first { vanished[$0].hash == hash }
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
