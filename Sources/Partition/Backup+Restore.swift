package import Grounding

extension Backup {
  /// The manifest.
  ///
  /// - Throws: `not_found` where there is no backup at the place; `malformed`.
  package func manifest() throws(Problem) -> BackupManifest {
    var octets: [UInt8] = []
    do throws(Problem) {
      try FileSystem.read(manifestPath) { (piece) throws(Problem) in
        guard octets.count + piece.count <= Self.manifestLimit else {
          throw Problem(.tooLarge, "The backup's manifest is too large.", place: manifestPath)
        }
        octets += piece
      }
    } catch {
      guard error.code == .notFound else { throw error }
      throw Problem(
        .notFound, "There is no backup here.", place: path,
        remedy: "Name a folder that loam backup has made.")
    }
    return try BackupManifest(json: octets, place: manifestPath)
  }

  private static let manifestLimit = 64 << 20

  /// Puts a copy in the place of the tenant's store, which readers notice at their next question.
  ///
  /// The copy is compared with the manifest, gets an epoch above its own and above that of the store it
  /// replaces, is checked, and takes its place by one rename; until then the store is what it was. The
  /// tenant's other files are left. Sequences go on from the copy's: what follows them (caches, cursors)
  /// has to look at the epoch too.
  /// - Parameters:
  ///   - seconds: since 1970; the epoch where that of the store it replaces cannot be read, which no
  ///     epoch that was counted reaches.
  /// - Returns: what was restored, with its new epoch.
  /// - Throws: `not_found` where the backup has no such tenant; `replace_needed` where the tenant has a
  ///   store and `replaces` is false; `changed` where the copy is not the manifest's; `damaged` where
  ///   it is not sound; `locked`, `no_permission`, `no_space`, `unavailable`.
  package func restore(
    _ tenant: Tenant, to home: LoamHome, replaces: Bool, seconds: Int,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(Problem) -> TenantCopy {
    guard var copy = try manifest().tenants.first(where: { $0.tenant == tenant.name }) else {
      throw Problem(
        .notFound, "The backup has no tenant \(tenant.name).", place: path,
        remedy: "Its manifest.json names those it has.")
    }
    let target = home.partition(of: tenant)
    let isThere = FileSystem.size(of: target) > 0
    guard replaces || !isThere else {
      throw Problem(
        .replaceNeeded, "The tenant \(tenant.name) has a store.", place: home.path,
        remedy: "Say --replace to lose what that has and the backup has not.")
    }
    try home.makeFolder(of: tenant)
    let lock = try LockFile(path: home.lock(of: tenant), tenant: tenant)
    let waiting = "\(target).restored"
    try Self.removeStore(at: waiting)
    do throws(Problem) {
      guard try Self.copy(partition(of: tenant), to: waiting) == copy.file else {
        throw Problem(
          .changed, "The copy is not what the manifest says.", place: partition(of: tenant),
          remedy: "Take another backup: this one is damaged.")
      }
      let former = isThere ? Self.readableEpoch(of: target, tenant) ?? seconds : 0
      copy.epoch = max(copy.epoch, former) + 1
      try Self.finish(waiting, tenant, epoch: copy.epoch, progress)
      // What waits in the old file's log must not be taken for the new one's.
      try FileSystem.remove("\(target)-wal")
      try FileSystem.remove("\(target)-shm")
      try FileSystem.move(waiting, to: target)
    } catch {
      try? Self.removeStore(at: waiting)
      throw error
    }
    extendLifetime(lock)
    return copy
  }

  /// Puts the backup's keys in the place of the home's; nothing where it has none.
  ///
  /// - Throws: `replace_needed`, `changed`, `no_permission`, `no_space`, `unavailable`.
  package func restoreKeys(to home: LoamHome, replaces: Bool) throws(Problem) {
    guard let expected = try manifest().keys else { return }
    guard replaces || !FileSystem.exists(home.keys) else {
      throw Problem(
        .replaceNeeded, "The home has keys.", place: home.keys,
        remedy: "Say --replace to lose those that the backup has not.")
    }
    let waiting = "\(home.keys).restored"
    guard try Self.copy("\(path)/keys.json", to: waiting) == expected else {
      try FileSystem.remove(waiting)
      throw Problem(
        .changed, "The keys are not what the manifest says.", place: "\(path)/keys.json",
        remedy: "Take another backup: this one is damaged.")
    }
    try FileSystem.move(waiting, to: home.keys)
  }

  /// The epoch of a store that may be damaged.
  private static func readableEpoch(of path: String, _ tenant: Tenant) -> Int? {
    try? Connection(path: path, role: .reader, place: "tenant \(tenant.name)").epoch()
  }

  private static func finish(
    _ path: String, _ tenant: Tenant, epoch: Int, _ progress: (Int, Int) -> Void
  ) throws(Problem) {
    do {
      let connection = try Connection(path: path, role: .writer, place: "tenant \(tenant.name)")
      try connection.requireSchema()
      try connection.setEpoch(epoch)
    }
    let report = try PartitionWriter.verify(
      file: path, tenant: tenant, lock: nil, progress: progress)
    for suffix in ["-wal", "-shm"] { try FileSystem.remove(path + suffix) }
    if let finding = report.findings.first {
      throw Problem(
        .damaged, "The copy is damaged: \(finding.detail)", place: "tenant \(tenant.name)",
        remedy: "Take another backup.")
    }
    try FileSystem.synchronise(path)
  }

  private static func removeStore(at path: String) throws(Problem) {
    for suffix in ["", "-wal", "-shm"] { try FileSystem.remove(path + suffix) }
  }
}
