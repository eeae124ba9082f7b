import Grounding
import Partition

extension Command {
  static let verify = Command(
    words: ["verify"], summary: "check that a tenant's store is what was written",
    options: [.tenant, .allTenants] + CommandOption.common,
    details: """
      Compares every row with the digest that was stored when it was written, the full-text index with \
      the texts, and the tables with each other; changes nothing. Whoever reads goes on meanwhile, an \
      ingest of the tenant has to wait. Exit code 1 where something is wrong.
      """,
    examples: [
      Example(line: "loam verify --tenant team", meaning: "of one tenant"),
      Example(
        line: "loam verify --all-tenants --json", meaning: "an object a tenant, for programs"),
    ],
    run: runVerify)
}

private func runVerify(_ invocation: Invocation) throws(Problem) -> Int32 {
  try invocation.forEachTenant { tenant throws(Problem) in
    let console = invocation.console
    let report = try PartitionWriter.verify(home: invocation.home(), tenant: tenant) {
      console.progress("checking \(tenant.name)", done: $0, total: $1, unit: "parts")
    }
    try console.print(report, of: tenant)
    return report.isSound
  }
}

extension Invocation {
  /// Runs `body` for the tenant, or with `--all-tenants` for each; what fails for one is reported, and
  /// the others go on.
  ///
  /// - Parameter body: returns whether all was well.
  /// - Returns: 0, 1 where something was not well, 3 where something could not be done.
  func forEachTenant(
    _ body: (Tenant) throws(Problem) -> Bool
  ) throws(Problem) -> Int32 {
    guard has(.allTenants) else { return try body(try existingTenant()) ? 0 : 1 }
    var code: Int32 = 0
    for tenant in home().tenants() {
      do throws(Problem) {
        if try !body(tenant) { code = max(code, 1) }
      } catch {
        console.report(error)
        code = exitCode(of: error)
      }
    }
    return code
  }
}

extension Console {
  /// Prints what a check of a tenant's store found.
  fileprivate func print(_ report: StoreReport, of tenant: Tenant) throws(Problem) {
    guard !isJSON else { return try print(json(report, of: tenant)) }
    if report.isSound {
      return try print(
        "\(tenant.name): sound; \(plural(report.items, "item")), "
          + "\(plural(report.passages, "passage")), \(plural(report.vectors, "vector"))")
    }
    try print(
      out.styled("\(tenant.name): \(plural(report.findings.count, "finding"))", .failure))
    for finding in report.findings {
      let rows = finding.rows.map { " rows \($0.lowerBound) to \($0.upperBound)" } ?? ""
      let place = finding.table.map { "\($0)\(rows): " } ?? ""
      try print("  \(finding.check.rawValue): \(place)\(printable(finding.detail))")
    }
    for remedy in Set(report.findings.map(\.remedy)).sorted() { try print("  remedy: \(remedy)") }
  }
}

private func json(_ report: StoreReport, of tenant: Tenant) -> JSONValue {
  .object([
    "tenant": .text(tenant.name), "sound": .flag(report.isSound),
    "checks": .list(report.checks.map { .text($0.rawValue) }),
    "findings": .list(
      report.findings.map { finding in
        .object([
          "check": .text(finding.check.rawValue), "table": finding.table.map { .text($0) },
          "first": finding.rows.map { .number(Int($0.lowerBound)) },
          "last": finding.rows.map { .number(Int($0.upperBound)) },
          "detail": .text(finding.detail), "remedy": .text(finding.remedy),
        ])
      }),
    "items": .number(report.items), "passages": .number(report.passages),
    "vectors": .number(report.vectors), "octets": .number(report.octets),
  ])
}
