import Grounding
import Partition

extension Command {
  static let erase = Command(
    words: ["erase"], summary: "remove items for good, with proof",
    operands: [Operand(name: "ITEM", repeats: true, isOptional: true)],
    options: [.tenant, .from, .naming, .everything] + CommandOption.common,
    details: """
      Takes items by id, those that came from an address (--from: sent, organised or written by it), or \
      all that name it among their people (--naming); attachments and events go with their message. The \
      store is written anew without them and then searched for what they held; the result says what was \
      looked for and found. Another ingest of the same source passes them over (skipped: erased). What \
      others wrote stays, quotes included, and so do the files that were read, the names of these in \
      the store, backups, and keys. --all removes the tenant's store altogether.
      """,
    examples: [
      Example(
        line: "loam erase mfrggzdfmztwq2lknnwg", meaning: "one item, as search --json names it"),
      Example(
        line: "loam erase --tenant team --from ana@example.org", meaning: "whatever she sent"),
      Example(line: "loam erase --tenant team --all", meaning: "a tenant"),
    ],
    run: runErase)
}

private func runErase(_ invocation: Invocation) throws(Problem) -> Int32 {
  let (home, console) = (invocation.home(), invocation.console)
  let tenant = try invocation.existingTenant()
  let selection = try erasureSelection(invocation)
  guard let selection else {
    try PartitionWriter.eraseTenant(tenant, home: home)
    if console.isJSON {
      try console.print(.object(["tenant": .text(tenant.name), "removed": .flag(true)]))
    } else {
      try console.print("\(tenant.name): removed; its keys (loam key list) are left")
    }
    return 0
  }
  let writer = try openWriter(home: home, tenant: tenant)
  let erasure = try writer.erase(selection) { console.remark($0) }
  let proof = erasure.proof
  if console.isJSON {
    try console.print(
      .object([
        "tenant": .text(tenant.name), "items": .list(erasure.items.map { .text($0.text) }),
        "searched": .number(proof.searched), "shared": .number(proof.shared),
        "octets": .number(proof.octets), "found": .number(proof.found),
      ]))
  } else {
    try console.print("\(tenant.name): \(plural(erasure.items.count, "item")) erased")
    try console.print(
      "\(grouped(proof.searched)) stretches of them looked for in \(grouped(proof.octets)) octets, "
        + "\(grouped(proof.found)) found; \(grouped(proof.shared)) stand in other items too")
  }
  return proof.isComplete ? 0 : 1
}

/// What the line asks for; `nil` for all of the tenant.
private func erasureSelection(_ invocation: Invocation) throws(Problem) -> ErasureSelection? {
  var ids: [ItemID] = []
  for text in invocation.operands {
    guard let id = ItemID(text) else {
      throw Problem(
        .usage, "An item's id has 20 letters and digits.", place: printable(text),
        remedy: "loam search --json names the ids.")
    }
    ids.append(id)
  }
  let (from, naming) = (invocation.value(.from), invocation.value(.naming))
  let all = invocation.has(.everything)
  guard [!ids.isEmpty, from != nil, naming != nil, all].count(where: { $0 }) == 1 else {
    throw Problem(
      .usage, "It is not clear what is to be erased.",
      remedy: "Give items, or one of --from, --naming and --all.")
  }
  if let from { return .from(address: from) }
  if let naming { return .naming(address: naming) }
  return all ? nil : .items(ids)
}
