import Grounding
import Partition

extension Command {
  static let sourceList = Command(
    words: ["source", "list"], summary: "list a tenant's sources",
    options: [.tenant] + CommandOption.common,
    examples: [
      Example(line: "loam source list", meaning: "each source with its files and items"),
      Example(line: "loam source --tenant team list --json", meaning: "for programs"),
    ],
    run: runSourceList)

  static let sourceRemove = Command(
    words: ["source", "remove"], summary: "remove a source and the items only it has",
    operands: [Operand(name: "NAME")], options: [.tenant] + CommandOption.common,
    details: "Files outside of the store are not touched; another ingest reads them again.",
    examples: [
      Example(line: "loam source remove /home/ana/notes", meaning: "a source named by its path")
    ],
    run: runSourceRemove)

  static let tenants = Command(
    words: ["tenants"], summary: "list the tenants",
    options: CommandOption.common,
    examples: [
      Example(line: "loam tenants", meaning: "a name a line"),
      Example(line: "loam tenants --home /srv/loam --json", meaning: "those of another home"),
    ],
    run: runTenants)
}

private func runSourceList(_ invocation: Invocation) throws(Problem) -> Int32 {
  let writer = try openWriter(home: invocation.home(), tenant: invocation.existingTenant())
  let sources = try writer.sources()
  let console = invocation.console
  if console.isJSON {
    for source in sources {
      try console.print(
        .object([
          "source": .text(source.name), "files": .number(source.files),
          "locations": .number(source.locations), "items": .number(source.items),
        ]))
    }
    return 0
  }
  if sources.isEmpty { console.remark("There are no sources yet: loam ingest PATH.") }
  let width = sources.map { columns(of: printable($0.name)) }.max() ?? 0
  for source in sources {
    let name = printable(source.name)
    let gap = String(repeating: " ", count: width - columns(of: name) + 2)
    try console.print(
      console.out.styled(name, .title) + gap
        + "\(plural(source.items, "item")) in \(plural(source.files, "file"))")
  }
  return 0
}

private func runSourceRemove(_ invocation: Invocation) throws(Problem) -> Int32 {
  let name = invocation.operands[0]
  let writer = try openWriter(home: invocation.home(), tenant: invocation.existingTenant())
  let sources = try writer.sources()
  guard sources.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
    let hint = nearest(to: name, among: sources.map(\.name)).map { " Did you mean \($0)?" } ?? ""
    throw Problem(
      .notFound, "There is no such source.\(hint)", place: name,
      remedy: "loam source list names them.")
  }
  try writer.begin()
  let count: Int
  do throws(Problem) {
    count = try writer.removeSource(named: name)
    _ = try writer.commit()
  } catch {
    writer.rollback()
    throw error
  }
  if invocation.console.isJSON {
    try invocation.console.print(.object(["source": .text(name), "removed": .number(count)]))
  } else {
    try invocation.console.print("\(plural(count, "item")) removed")
  }
  return 0
}

private func runTenants(_ invocation: Invocation) throws(Problem) -> Int32 {
  let tenants = invocation.home().tenants()
  let console = invocation.console
  for tenant in tenants {
    if console.isJSON {
      try console.print(.object(["tenant": .text(tenant.name)]))
    } else {
      try console.print(tenant.name)
    }
  }
  if tenants.isEmpty, !console.isJSON {
    console.remark("There are no tenants yet: loam ingest PATH.")
  }
  return 0
}
