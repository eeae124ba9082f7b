import Glibc
package import Grounding

/// A regular file that was found below a root.
package struct ListedFile: Sendable {
  /// Parts with `/` between, from the root; for a root that is a file, its name.
  package var path: String
  /// Where it is.
  package var location: FilePath
  package var status: FileStatus
  /// Whether it is a message of a Maildir: directly in `cur` or `new`.
  package var isInMaildir = false
}

/// What a root holds.
package struct FolderListing: Sendable {
  /// In the order of their paths' octets.
  package var files: [ListedFile] = []
  /// What was passed over, with the reason; a folder that was, counts once.
  package var skipped: [(path: String, code: Problem.Code)] = []
  /// What could not be looked at.
  package var failed: [Problem] = []
  /// Whether every folder below the root was read to its end.
  ///
  /// Only then is a file that is not in the listing known to be gone.
  package var isWhole = true
  /// Whether the root is a file.
  package var isFile = false
}

/// Lists the regular files at or below a path.
///
/// Entries come in the order of their octets. Links to files within the root are followed; links to
/// folders are not, since what is within the root is found by itself: one that leads to a folder
/// above is a `directory_loop`, any other is `linked`; one to nothing is `vanished`. Links out of the root are `outside_root`,
/// pipes, sockets and devices `special_file`, `.git` and what an exclusion matches `excluded`.
///
/// A folder with `cur`, `new` and `tmp` is a Maildir (https://cr.yp.to/proto/maildir.html): what is
/// in `cur` and `new` are messages, whatever they look like; `tmp`, where deliveries are under way,
/// and the files of mail servers and programs beside messages are `control_file`. Folders of
/// Maildir++ (`.Sent`) are folders like others.
package struct FolderLister {
  /// The most folders between the root and a file.
  package static let depthLimit = 256

  private let excludes: [Glob]
  private var root: [UInt8] = []
  private var above: Set<FileStatus> = []
  private var listing = FolderListing()

  package init(excludes: [Glob]) { self.excludes = excludes }

  /// - Throws: the problem that the path itself has: `vanished`, `no_permission`, `special_file`,
  ///   `unreadable`.
  package mutating func list(_ path: String) throws(Problem) -> FolderListing {
    listing = FolderListing()
    let location = FilePath(absolutePath(path))
    let status = try FileStatus(path: location, followingLinks: true)
    guard let real = realPath(location) else { throw fileProblem(errno, at: path) }
    root = real
    switch status.kind {
    case .regular:
      let name = lastPart(of: location.display)
      listing.isFile = true
      listing.files = [ListedFile(path: name, location: location, status: status)]
    case .folder:
      visit(location, path: "", status: status, depth: 0)
    case .link, .special:
      throw Problem(.special, "This is no file and no folder.", place: path)
    }
    return listing
  }

  /// What a folder is to its entries.
  private enum FolderKind { case plain, maildir, messages }

  private mutating func visit(
    _ folder: FilePath, path: String, status: FileStatus, depth: Int, kind: FolderKind = .plain
  ) {
    guard depth <= FolderLister.depthLimit else {
      fail(Problem(.tooDeep, "The folders are nested too deeply.", place: folder.display))
      return
    }
    let names: [[UInt8]]
    do { names = try entries(of: folder) } catch {
      fail(error)
      return
    }
    // A mounted folder can appear below itself; a link cannot, it is not entered.
    let key = identity(status)
    guard above.insert(key).inserted else {
      listing.skipped.append((path, .directoryLoop))
      return
    }
    defer { above.remove(key) }
    let entries = sorted(names, in: folder)
    let kind = kind == .plain && Maildir.hasFolders(entries) ? .maildir : kind
    let control = MailControlFiles(entries)
    for entry in entries {
      let name = displayName(entry.name)
      let place = path.isEmpty ? name : "\(path)/\(name)"
      let isControl =
        kind == .maildir && Maildir.isControl(entry.name, isFolder: entry.status.kind == .folder)
        || kind != .messages && control.contains(entry)
      look(at: entry, path: place, depth: depth, within: kind, isControl: isControl)
    }
  }

  private mutating func look(
    at entry: FolderEntry, path: String, depth: Int, within kind: FolderKind, isControl: Bool
  ) {
    let (name, location, status) = (entry.name, entry.location, entry.status)
    let isFolder = status.kind == .folder
    if name == Array(".git".utf8)
      || excludes.contains(where: { $0.matches(path, isFolder: isFolder) })
    {
      listing.skipped.append((path, .excluded))
      return
    }
    if isControl {
      listing.skipped.append((path, .controlFile))
      return
    }
    switch status.kind {
    case .regular:
      listing.files.append(
        ListedFile(
          path: path, location: location, status: status, isInMaildir: kind == .messages))
    case .folder:
      let inner: FolderKind = kind == .maildir && Maildir.holdsMessages(name) ? .messages : .plain
      visit(location, path: path, status: status, depth: depth + 1, kind: inner)
    case .special: listing.skipped.append((path, .special))
    case .link: follow(location, path: path)
    }
  }

  private mutating func follow(_ location: FilePath, path: String) {
    let status: FileStatus
    do { status = try FileStatus(path: location, followingLinks: true) } catch {
      // Editors leave links to nothing as locks: a link without a file is no failed input.
      if error.code == .directoryLoop || error.code == .vanished {
        listing.skipped.append((path, error.code))
      } else {
        listing.failed.append(error)
      }
      return
    }
    guard let real = realPath(location), isWithinRoot(real) else {
      listing.skipped.append((path, .outsideRoot))
      return
    }
    switch status.kind {
    case .regular:
      listing.files.append(ListedFile(path: path, location: location, status: status))
    case .folder:
      let isLoop = above.contains(identity(status))
      listing.skipped.append((path, isLoop ? .directoryLoop : .linked))
    case .link, .special: listing.skipped.append((path, .special))
    }
  }

  private func isWithinRoot(_ real: [UInt8]) -> Bool {
    real == root || real.starts(with: root.last == 0x2F ? root : root + [0x2F])
  }

  /// The part of a status that names the folder.
  private func identity(_ status: FileStatus) -> FileStatus {
    var key = status
    key.size = 0
    key.modified = 0
    return key
  }

  private mutating func fail(_ problem: Problem) {
    listing.failed.append(problem)
    listing.isWhole = false
  }

  /// The entries with their states, in the order that their paths have as octets.
  ///
  /// A folder sorts as if its name ended in a slash. One that vanishes between the two looks is left
  /// out.
  private mutating func sorted(
    _ names: [[UInt8]], in folder: FilePath
  ) -> [FolderEntry] {
    var found: [(key: [UInt8], entry: FolderEntry)] = []
    for name in names {
      let location = FilePath(joining: folder, name)
      do {
        let status = try FileStatus(path: location, followingLinks: false)
        found.append(
          (
            status.kind == .folder ? name + [0x2F] : name,
            FolderEntry(name: name, location: location, status: status)
          ))
      } catch {
        if error.code != .vanished { fail(error) }
      }
    }
    found.sort { $0.key.lexicographicallyPrecedes($1.key) }
    return found.map(\.entry)
  }
}

/// What stands in a folder.
struct FolderEntry {
  var name: [UInt8]
  var location: FilePath
  var status: FileStatus
}

/// The names in a folder, without `.` and `..`, in no order.
private func entries(of folder: FilePath) throws(Problem) -> [[UInt8]] {
  guard let stream = unsafe opendir(folder.cString) else {
    throw fileProblem(errno, at: folder.display)
  }
  defer { unsafe closedir(stream) }
  var names: [[UInt8]] = []
  while true {
    errno = 0
    guard let entry = unsafe readdir(stream) else {
      guard errno == 0 else { throw fileProblem(errno, at: folder.display) }
      return names
    }
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
      unsafe Array(octets.prefix { $0 != 0 })
    }
    if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
  }
}
