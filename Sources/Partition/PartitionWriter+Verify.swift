package import Grounding

extension PartitionWriter {
  /// Checks the store of `tenant`: SQLite's pages, the rows' digests, the full-text index, the tables
  /// against each other.
  ///
  /// Nothing is written, not even what waits in the write-ahead log into the file. The tenant's writer
  /// has to wait meanwhile, readers do not: FTS5 compares its index with the texts when it is told to
  /// by an INSERT, which needs the writer's place and stores nothing.
  /// - Parameter progress: called after each part with how many of how many are done.
  /// - Throws: `not_found`, `locked`, `newer_schema`, `rebuild_needed` for a store of an earlier schema
  ///   or another analysis, `no_permission`, `unavailable`; damage is a finding.
  /// - Complexity: reads the whole store and analyses every text.
  package static func verify(
    home: LoamHome, tenant: Tenant, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(Problem) -> StoreReport {
    let path = home.partition(of: tenant)
    guard FileSystem.isFile(path) else {
      throw Problem(
        .notFound, "The tenant \(tenant.name) has no store.", place: "tenant \(tenant.name)",
        remedy: "loam tenants names those there are.")
    }
    let lock = try LockFile(path: home.lock(of: tenant), tenant: tenant)
    return try verify(file: path, tenant: tenant, lock: lock, progress: progress)
  }

  /// Checks the store in a file that nobody else writes to: `lock` says so, or who calls.
  static func verify(
    file path: String, tenant: Tenant, lock: consuming LockFile?,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(Problem) -> StoreReport {
    var report = StoreReport()
    report.octets = FileSystem.size(of: path)
    report.checks.append(.opening)
    let writer: PartitionWriter
    do throws(Problem) {
      writer = try PartitionWriter(checking: path, tenant: tenant, lock: lock)
      try writer.connection.execute("BEGIN IMMEDIATE")
    } catch {
      guard error.isDamage else { throw error }
      report.findings.append(Finding(.opening, "The store cannot be opened: \(error.detail)"))
      return report
    }
    // Nothing was stored.
    defer { try? writer.connection.execute("ROLLBACK") }
    try writer.verify(into: &report, progress)
    return report
  }

  private func verify(
    into report: inout StoreReport, _ progress: (_ done: Int, _ total: Int) -> Void
  ) throws(Problem) {
    let parts = DigestedTable.allCases.count + 3
    func run(
      _ check: Finding.Check, _ body: () throws(Problem) -> [Finding]
    ) throws(Problem) {
      report.checks.append(check)
      do throws(Problem) {
        report.findings += try body()
      } catch {
        guard error.isDamage else { throw error }
        report.findings.append(Finding(check, "The check came to an end early: \(error.detail)"))
      }
    }
    progress(0, parts)
    try run(.pages) { () throws(Problem) in try checkPages() }
    progress(1, parts)
    try run(.rows) { () throws(Problem) in
      try checkRows { (done, _) in progress(done + 1, parts) }
    }
    // What follows would only say again that rows are not what they were.
    guard report.isSound else { return }
    try run(.index) { () throws(Problem) in try checkIndex() }
    progress(parts - 1, parts)
    try run(.tables) { () throws(Problem) in
      try checkTables().map { Finding(.tables, "\($0).") }
    }
    progress(parts, parts)
    try count(into: &report)
  }

  private func count(into report: inout StoreReport) throws(Problem) {
    let counts = try connection.first(
      """
      SELECT (SELECT count(*) FROM item), (SELECT count(*) FROM passage),
        (SELECT count(*) FROM passage WHERE role IS NULL)
          - (SELECT count(*) FROM pending_vector)
      """
    ) { ($0.int(0), $0.int(1), $0.int(2)) }
    if let counts { (report.items, report.passages, report.vectors) = counts }
  }

  // MARK: What a file can suffer

  /// SQLite's own check, and whether the file says that it is Loam's.
  func checkPages() throws(Problem) -> [Finding] {
    var findings = try connection.all("PRAGMA integrity_check") { $0.text(0) }
      .filter { $0 != "ok" }.map { Finding(.pages, "SQLite: \($0).") }
    let application = try connection.first("PRAGMA application_id") { $0.int(0) }
    if application != Schema.applicationID {
      findings.append(Finding(.pages, "The file's header does not say that it is a store."))
    }
    return findings
  }

  /// The rows whose digests are not those of when they were written.
  func checkRows(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(Problem) -> [Finding] {
    try connection.damagedGroups(progress: progress).map {
      Finding(.rows, table: $0.table, rows: $0.rows, "Rows are not what was written.")
    }
  }
}

extension Problem {
  /// Whether a store that is not what its writer made it can be why.
  ///
  /// A schema that has lost a name makes SQLite refuse Loam's statements, which is `internal`.
  var isDamage: Bool { code == .damaged || code == .internal || code == .tooLarge }
}
