package import Grounding

extension PartitionWriter {
  /// Removes all that is kept of `tenant`: its store, the log beside it, its folder.
  ///
  /// Readers that are open go on with what they have until their next question. The endpoint's keys for
  /// the tenant and backups are not touched.
  /// - Throws: `not_found`, `locked`, `no_permission`, `unavailable`.
  package static func eraseTenant(_ tenant: Tenant, home: LoamHome) throws(Problem) {
    guard FileSystem.isFile(home.partition(of: tenant)) else {
      throw Problem(
        .notFound, "The tenant \(tenant.name) has no store.", place: home.path,
        remedy: "loam tenants names those there are.")
    }
    let lock = try LockFile(path: home.lock(of: tenant), tenant: tenant)
    // The store first: without it there is no tenant any more, however this ends.
    for suffix in ["", "-wal", "-shm"] {
      try FileSystem.remove(home.partition(of: tenant) + suffix)
    }
    try FileSystem.removeFolder(home.path(of: tenant))
    FileSystem.synchroniseFolder(of: home.path(of: tenant))
    extendLifetime(lock)
  }
}
