import CLinux
import Glibc
import Grounding

/// A folder that exists for one run of a program: its input, and an empty folder in which it writes.
///
/// Unsafe for the system's calls alone. The program owns what lies in the inner folder, so nothing
/// there is followed: links are passed over, and only regular files are opened.
struct PrivateFolder {
  /// Absolute, without a zero at the end.
  private let path: [UInt8]
  /// Where the program writes.
  let output: [UInt8]

  /// - Parameter place: The folder in which it is made; `nil` for `TMPDIR`, else `/tmp`.
  /// - Throws: `no_space`, `unavailable`.
  init(in place: String?) throws(Problem) {
    let usual = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) }
    let base = place ?? usual ?? ""
    let parent = base.hasPrefix("/") ? base : "/tmp"
    var template = Array("\(parent)/loam-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw folderProblem(errno, parent) }
    path = template.dropLast().map { UInt8(bitPattern: $0) }
    output = path + Array("/output".utf8)
    guard unsafe mkdir(terminated(output), 0o700) == 0 else {
      let number = errno
      remove()
      throw folderProblem(number, parent)
    }
  }

  /// Writes the input beside the program's folder and returns its path.
  ///
  /// - Parameter name: Without a slash.
  func write(_ octets: [UInt8], name: String) throws(Problem) -> [UInt8] {
    let file = path + Array("/\(name)".utf8)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    let descriptor = unsafe loam_open(terminated(file), flags, 0o400)
    guard descriptor >= 0 else { throw folderProblem(errno, "the input") }
    defer { close(descriptor) }
    var done = 0
    while done < octets.count {
      let count = unsafe octets.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw folderProblem(errno, "the input") }
      done += count
    }
    return file
  }

  /// The octets of all files in the program's folder.
  ///
  /// - Throws: `converter_limit` where there are too many files, octets or levels.
  func measure(_ limits: SandboxLimits) throws(Problem) -> Int {
    var walk = FolderWalk(limits: limits, collects: false)
    try walk.visit(terminated(output))
    return walk.octetCount
  }

  /// The regular files in the program's folder, in the order of their paths.
  ///
  /// - Parameter octetCount: What counts against the limit besides them.
  /// - Throws: `converter_limit`.
  func files(
    _ limits: SandboxLimits, besides octetCount: Int
  ) throws(Problem) -> [SandboxOutput.File] {
    guard try measure(limits) + octetCount <= limits.outputOctets else {
      throw .converterLimit("it wrote more than \(limits.outputOctets) octets")
    }
    var walk = FolderWalk(limits: limits, collects: true)
    try walk.visit(terminated(output))
    return walk.files.sorted { $0.path.lexicographicallyPrecedes($1.path) }
  }

  /// Removes the folder with all that is in it, however deep.
  ///
  /// Folders within folders are first moved up, so that depth costs neither stack nor descriptors.
  func remove() {
    let root = unsafe loam_open(
      terminated(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
    guard root >= 0 else { return }
    var number = 0
    var isEmpty = false
    while !isEmpty {
      isEmpty = true
      for name in entries(of: root) {
        if unsafe unlinkat(root, terminated(name), 0) == 0 { continue }
        let inner = unsafe loam_open_in(
          root, terminated(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard inner >= 0 else { continue }
        for child in entries(of: inner) where unsafe unlinkat(inner, terminated(child), 0) != 0 {
          number += 1
          let moved = Array("moved-\(number)".utf8)
          if unsafe renameat(inner, terminated(child), root, terminated(moved)) == 0 {
            isEmpty = false
          }
        }
        close(inner)
        _ = unsafe unlinkat(root, terminated(name), AT_REMOVEDIR)
      }
    }
    close(root)
    _ = unsafe rmdir(terminated(path))
  }
}

/// Goes through a folder that a stranger filled.
private struct FolderWalk {
  let limits: SandboxLimits
  /// Whether files are read; else they are counted.
  let collects: Bool
  private(set) var files: [SandboxOutput.File] = []
  private(set) var octetCount = 0
  private var entryCount = 0

  init(limits: SandboxLimits, collects: Bool) {
    self.limits = limits
    self.collects = collects
  }

  mutating func visit(_ path: [CChar]) throws(Problem) {
    let folder = unsafe loam_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
    guard folder >= 0 else { return }
    defer { close(folder) }
    try visit(folder, path: [], depth: 0)
  }

  private mutating func visit(_ folder: Int32, path: [UInt8], depth: Int) throws(Problem) {
    guard depth <= limits.folderDepth else { throw .converterLimit("its folders lie too deep") }
    for name in entries(of: folder) {
      entryCount += 1
      guard entryCount <= limits.files else {
        throw .converterLimit("it wrote more than \(limits.files) files")
      }
      var status = stat()
      guard unsafe fstatat(folder, terminated(name), &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        continue
      }
      let inner = path.isEmpty ? name : path + [0x2F] + name
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        let opened = unsafe loam_open_in(
          folder, terminated(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { continue }
        defer { close(opened) }
        try visit(opened, path: inner, depth: depth + 1)
      case S_IFREG:
        octetCount += max(Int(status.st_size), Int(status.st_blocks) * 512)
        if collects {
          files.append(SandboxOutput.File(path: inner, octets: read(name, in: folder)))
        }
      default: continue
      }
    }
  }

  private func read(_ name: [UInt8], in folder: Int32) -> [UInt8] {
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let file = unsafe loam_open_in(folder, terminated(name), flags)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
    let size = min(Int(status.st_size), limits.outputOctets)
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let room = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled..<size])
        let count = unsafe Glibc.read(file, room.baseAddress, room.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        filled += count
      }
    }
  }
}

/// The names in a folder but for itself and its parent, in the order of their octets.
private func entries(of folder: Int32) -> [[UInt8]] {
  let own = unsafe loam_open_in(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard own >= 0, let stream = unsafe fdopendir(own) else {
    if own >= 0 { close(own) }
    return []
  }
  defer { unsafe closedir(stream) }
  var names: [[UInt8]] = []
  while let entry = unsafe readdir(stream) {
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
      unsafe Array(octets.prefix { $0 != 0 })
    }
    if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
  }
  return names.sorted { $0.lexicographicallyPrecedes($1) }
}

/// A path as the C library takes it.
private func terminated(_ path: [UInt8]) -> [CChar] {
  path.map { CChar(bitPattern: $0) } + [0]
}

private func folderProblem(_ number: Int32, _ place: String) -> Problem {
  let isFull = number == ENOSPC || number == EDQUOT
  return Problem(
    isFull ? .noSpace : .unavailable,
    "A program's folder cannot be made or written (error \(number)).", place: place,
    remedy: "Give TMPDIR a folder with space that can be written.")
}
