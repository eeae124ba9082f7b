package import Grounding

/// The folder that holds everything: `keys.json` and a folder for each tenant.
///
/// A tenant's name is part of a path only, never of an SQL text; its form leaves no room for
/// separators.
package struct LoamHome: Hashable, Sendable {
  /// As it was given; relative paths stay relative.
  package let path: String

  package init(path: String) { self.path = path }

  /// The home that a flag or the environment names.
  ///
  /// In this order: `flag`, `LOAM_HOME`, `$XDG_DATA_HOME/loam` (where it is absolute, as the base
  /// directory specification asks), `$HOME/.local/share/loam`, `.loam` here. Empty values count as
  /// absent.
  package static func resolve(
    flag: String?, environment: (String) -> String?
  ) -> LoamHome {
    func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    if let flag, !flag.isEmpty { return LoamHome(path: flag) }
    if let home = value("LOAM_HOME") { return LoamHome(path: home) }
    if let data = value("XDG_DATA_HOME"), data.hasPrefix("/") {
      return LoamHome(path: "\(data)/loam")
    }
    if let home = value("HOME") { return LoamHome(path: "\(home)/.local/share/loam") }
    return LoamHome(path: ".loam")
  }

  /// The tenants that have a partition, in the order of their names.
  package func tenants() -> [Tenant] {
    FileSystem.names(in: "\(path)/tenants").compactMap { name -> Tenant? in
      guard let tenant = try? Tenant(name), FileSystem.isFile(partition(of: tenant)) else {
        return nil
      }
      return tenant
    }.sorted()
  }

  /// The folder of a tenant, whether it exists or not.
  package func path(of tenant: Tenant) -> String { "\(path)/tenants/\(tenant.name)" }

  /// The database file of a tenant.
  package func partition(of tenant: Tenant) -> String { "\(path(of: tenant))/partition.sqlite" }

  /// The lock file of a tenant.
  package func lock(of tenant: Tenant) -> String { "\(path(of: tenant))/lock" }

  /// The file that holds the endpoint's keys.
  package var keys: String { "\(path)/keys.json" }

  /// Makes the home itself, with mode 0700, where it is missing.
  package func make() throws(Problem) { try FileSystem.makeFolders(path) }

  /// Makes the folders of `tenant` and its empty database file where they are missing.
  ///
  /// Everything is made with mode 0700 or 0600 in the call that makes it, so no file is ever open to
  /// others and no process-wide umask has to change; SQLite gives its side files the mode of the
  /// database.
  func make(_ tenant: Tenant) throws(Problem) {
    try makeFolder(of: tenant)
    try FileSystem.makeFile(partition(of: tenant))
  }

  /// Makes the folders of `tenant` where they are missing.
  func makeFolder(of tenant: Tenant) throws(Problem) {
    try FileSystem.makeFolders(path)
    try FileSystem.makeFolder("\(path)/tenants")
    try FileSystem.makeFolder(path(of: tenant))
  }
}
