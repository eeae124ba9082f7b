package import Grounding
import Octets

/// A folder with copies of tenants' stores: `manifest.json`, `tenants/NAME/partition.sqlite`, and
/// `keys.json` where all of a home was copied.
///
/// It is made beside its place, as `NAME.unfinished`, and renamed when all of it is on the disk: a
/// backup is there whole or not at all.
package struct Backup {
  package let path: String

  package init(path: String) {
    var octets = Array(path.utf8)
    while octets.count > 1, octets.last == 0x2F { octets.removeLast() }
    self.path = String(decoding: octets, as: UTF8.self)
  }

  private var unfinished: String { "\(path).unfinished" }

  private static func partition(of tenant: String, in folder: String) -> String {
    "\(folder)/tenants/\(tenant)/partition.sqlite"
  }

  package var manifestPath: String { "\(path)/manifest.json" }
  package func partition(of tenant: Tenant) -> String {
    Self.partition(of: tenant.name, in: path)
  }

  // MARK: Making one

  /// Copies the stores of `tenants` while others read and write them.
  ///
  /// SQLite's backup interface copies page by page what one read transaction sees, so that each copy is
  /// the state after some commit. (`VACUUM INTO` would give the same state but write every row and
  /// index anew, and leave behind what could show that the file is damaged.) Each copy is checked as
  /// ``PartitionWriter/verify(home:tenant:progress:)`` does; one that is not sound is left out.
  /// - Parameters:
  ///   - includesKeys: takes `keys.json` along.
  ///   - failed: called with what is left out and why.
  ///   - progress: called with how much of a tenant's copy is done.
  /// - Returns: the manifest; `nil` where nothing could be copied and there is no backup.
  /// - Throws: `usage` where something is at the place; `no_permission`, `no_space`, `unavailable`.
  package func make(
    of tenants: [Tenant], in home: LoamHome, includesKeys: Bool,
    failed: (Tenant, Problem) -> Void,
    progress: (Tenant, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws(Problem) -> BackupManifest? {
    guard !FileSystem.exists(path) else {
      throw Problem(
        .usage, "There is something at that place.", place: path,
        remedy: "Name a folder that is not there yet.")
    }
    // What an interrupted backup left.
    try FileSystem.removeFolder(unfinished)
    try FileSystem.makeFolders(unfinished)
    do throws(Problem) {
      let manifest = try fill(
        tenants, home, includesKeys: includesKeys, failed: failed, progress: progress)
      guard let manifest else {
        try FileSystem.removeFolder(unfinished)
        return nil
      }
      try FileSystem.move(unfinished, to: path)
      return manifest
    } catch {
      try? FileSystem.removeFolder(unfinished)
      throw error
    }
  }

  private func fill(
    _ tenants: [Tenant], _ home: LoamHome, includesKeys: Bool, failed: (Tenant, Problem) -> Void,
    progress: (Tenant, Int, Int) -> Void
  ) throws(Problem) -> BackupManifest? {
    try FileSystem.makeFolder("\(unfinished)/tenants")
    var manifest = BackupManifest(tenants: [])
    for tenant in tenants.sorted() {
      do throws(Problem) {
        let copy = try Self.copy(
          tenant, of: home, to: Self.partition(of: tenant.name, in: unfinished)
        ) { progress(tenant, $0, $1) }
        manifest.tenants.append(copy)
      } catch {
        // A full disk is full for all.
        if error.code == .noSpace { throw error }
        try FileSystem.removeFolder("\(unfinished)/tenants/\(tenant.name)")
        failed(tenant, error)
      }
    }
    guard !manifest.tenants.isEmpty else { return nil }
    if includesKeys, FileSystem.isFile(home.keys) {
      manifest.keys = try Self.copy(home.keys, to: "\(unfinished)/keys.json")
    }
    let json = try manifest.json()
    try FileSystem.write("\(unfinished)/manifest.json") { (write) throws(Problem) in
      try write(json[...])
    }
    FileSystem.synchroniseFolder(of: "\(unfinished)/manifest.json")
    return manifest
  }

  private static func copy(
    _ tenant: Tenant, of home: LoamHome, to path: String, progress: (Int, Int) -> Void
  ) throws(Problem) -> TenantCopy {
    try FileSystem.makeFolders(FileSystem.folder(of: path))
    try FileSystem.makeFile(path)
    var copy = try { () throws(Problem) in
      let source = try Connection(
        path: home.partition(of: tenant), role: .reader, place: "tenant \(tenant.name)")
      try source.beginReading()
      try source.requireSchema()
      let copy = TenantCopy(
        tenant: tenant.name, partition: try source.meta(.partitionID) ?? "",
        epoch: try source.epoch(), sequence: try source.lastChange(), items: 0,
        file: FileDigest(octets: 0, sha256: ""))
      try source.copyPages(to: path, progress: progress)
      return copy
    }()
    let report = try PartitionWriter.verify(file: path, tenant: tenant, lock: nil)
    for suffix in ["-wal", "-shm"] { try FileSystem.remove(path + suffix) }
    if let finding = report.findings.first {
      throw Problem(
        .damaged, "The store is damaged and was not copied: \(finding.detail)",
        place: "tenant \(tenant.name)",
        remedy: "loam verify lists what is wrong; restore the tenant from an earlier backup.")
    }
    try FileSystem.synchronise(path)
    FileSystem.synchroniseFolder(of: path)
    copy.items = report.items
    copy.file = try digest(of: path)
    return copy
  }

  // MARK: Files

  static func digest(of path: String) throws(Problem) -> FileDigest {
    var hasher = SHA256.Hasher()
    var count = 0
    try FileSystem.read(path) { (octets) throws(Problem) in
      hasher.update(octets.span)
      count += octets.count
    }
    return FileDigest(octets: count, sha256: SHA256.hex(hasher.finish()))
  }

  /// Copies a file; the result is what was written.
  static func copy(_ path: String, to target: String) throws(Problem) -> FileDigest {
    var hasher = SHA256.Hasher()
    var count = 0
    try FileSystem.write(target) { (write) throws(Problem) in
      try FileSystem.read(path) { (octets) throws(Problem) in
        hasher.update(octets.span)
        count += octets.count
        try write(octets)
      }
    }
    return FileDigest(octets: count, sha256: SHA256.hex(hasher.finish()))
  }
}
