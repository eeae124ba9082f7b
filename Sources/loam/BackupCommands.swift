import Glibc
import Grounding
import Partition

extension Command {
  static let backup = Command(
    words: ["backup"], summary: "copy a tenant's store while it is in use",
    operands: [Operand(name: "DIR")], options: [.tenant, .allTenants] + CommandOption.common,
    details: """
      DIR must not be there yet; it is complete when it appears. Each copy is what an ingest had \
      acknowledged up to some batch, and has been checked as loam verify does. With --all-tenants the \
      endpoint's keys (their digests) come along. Settings outside of the home do not, nor do the files \
      that were read. What is erased later is still in the backup.
      """,
    examples: [
      Example(line: "loam backup --tenant team /srv/backup/2026-11-29", meaning: "one tenant"),
      Example(line: "loam backup --all-tenants /srv/backup/all", meaning: "all of the home"),
    ],
    run: runBackup)

  static let restore = Command(
    words: ["restore"], summary: "put a tenant's copy from a backup in place",
    operands: [Operand(name: "DIR")],
    options: [.tenant, .allTenants, .replace] + CommandOption.common,
    details: """
      The copy is compared with the manifest and checked before it takes the store's place, in one step; \
      a running endpoint goes on with it at its next question. What came after the backup is lost until \
      it is read again, and what was erased after it is back: erase it again.
      """,
    examples: [
      Example(
        line: "loam restore --tenant team --replace /srv/backup/2026-11-29",
        meaning: "in the place of a damaged store"),
      Example(
        line: "loam restore --all-tenants --home /srv/loam /srv/backup/all",
        meaning: "every tenant of the backup, and the keys"),
    ],
    run: runRestore)
}

private func runBackup(_ invocation: Invocation) throws(Problem) -> Int32 {
  let (home, console) = (invocation.home(), invocation.console)
  let isAll = invocation.has(.allTenants)
  let tenants = isAll ? home.tenants() : [try invocation.existingTenant()]
  var problem: Problem?
  let backup = Backup(path: invocation.operands[0])
  let manifest = try backup.make(of: tenants, in: home, includesKeys: isAll) { _, reason in
    console.report(reason)
    problem = reason
  } progress: { tenant, done, total in
    console.progress("copying \(tenant.name)", done: done, total: total, unit: "pages")
  }
  for copy in manifest?.tenants ?? [] { try console.print(copy, "copied") }
  guard let manifest else {
    if let problem { return exitCode(of: problem) }
    throw Problem(
      .notFound, "The home has no tenants.", place: home.path, remedy: "Run loam ingest first.")
  }
  return manifest.tenants.count == tenants.count ? 0 : 1
}

private func runRestore(_ invocation: Invocation) throws(Problem) -> Int32 {
  let (home, console) = (invocation.home(), invocation.console)
  let backup = Backup(path: invocation.operands[0])
  let replaces = invocation.has(.replace)
  var tenants: [Tenant] = []
  if invocation.has(.allTenants) {
    for copy in try backup.manifest().tenants { tenants.append(try Tenant(copy.tenant)) }
    try home.make()
    try backup.restoreKeys(to: home, replaces: replaces)
  } else {
    tenants = [try invocation.tenant()]
  }
  var code: Int32 = 0
  for tenant in tenants {
    do throws(Problem) {
      let copy = try backup.restore(
        tenant, to: home, replaces: replaces, seconds: Int(time(nil))
      ) {
        console.progress("checking \(tenant.name)", done: $0, total: $1, unit: "parts")
      }
      try console.print(copy, "restored")
    } catch {
      guard invocation.has(.allTenants) else { throw error }
      console.report(error)
      code = exitCode(of: error)
    }
  }
  return code
}

extension Console {
  /// Prints what became of one tenant's copy.
  fileprivate func print(_ copy: TenantCopy, _ what: String) throws(Problem) {
    guard isJSON else {
      return try print(
        "\(copy.tenant): \(plural(copy.items, "item")) \(what), up to change "
          + "\(grouped(Int(copy.sequence)))")
    }
    try print(
      .object([
        "tenant": .text(copy.tenant), "partition": .text(copy.partition),
        "epoch": .number(copy.epoch), "sequence": .number(Int(copy.sequence)),
        "items": .number(copy.items), "octets": .number(copy.file.octets),
        "sha256": .text(copy.file.sha256),
      ]))
  }
}
