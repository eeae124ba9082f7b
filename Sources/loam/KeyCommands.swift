import Glibc
import Grounding
import Partition
import Service

extension Command {
  static let keyAdd = Command(
    words: ["key", "add"], summary: "make a key for the endpoint, and print it once",
    options: [.tenant, .keyPrincipal, .keyGroup, .operatorKey, .expires] + CommandOption.common,
    details: """
      Who sends the key asks as this principal with these groups, and sees what they may see of this \
      tenant. Only a digest of the key is kept, so it cannot be shown again. A running service takes \
      the change up at once. An operator's key may also read the metrics, and is told timings.
      """,
    examples: [
      Example(
        line: "loam key add --tenant team --principal ana@example.org --group crew",
        meaning: "the key is the only line of the output"),
      Example(
        line: "loam key add --principal watch --operator --expires 2027-06-30",
        meaning: "for the metrics; refused from that midnight (UTC) on"),
    ],
    run: runKeyAdd)

  static let keyList = Command(
    words: ["key", "list"], summary: "list the endpoint's keys, without the keys",
    options: CommandOption.common,
    examples: [
      Example(line: "loam key list", meaning: "ids, whom they let in, and until when"),
      Example(line: "loam key list --json", meaning: "an object a line, for programs"),
    ],
    run: runKeyList)

  static let keyRevoke = Command(
    words: ["key", "revoke"], summary: "end a key at once",
    operands: [Operand(name: "ID")], options: CommandOption.common,
    details: "The key stays in the list as revoked, so that its id in a log can be looked up.",
    examples: [
      Example(line: "loam key revoke 3kTq0ZbA", meaning: "the id as loam key list shows it")
    ],
    run: runKeyRevoke)
}

private func runKeyAdd(_ invocation: Invocation) throws(Problem) -> Int32 {
  let holder = try holder(invocation)
  let now = Int64(time(nil))
  if let expires = holder.expires, expires <= now {
    throw Problem(.usage, "--expires lies in the past.", remedy: "Give a later date.")
  }
  let (key, record) = try KeyFile.edit(home: invocation.home()) { file throws(Problem) in
    var random = SystemRandomNumberGenerator()
    let key = try file.add(holder, now: now, using: &random)
    return (key, file.keys[file.keys.count - 1])
  }
  let console = invocation.console
  if console.isJSON {
    var fields = fields(of: record, now: now)
    fields["key"] = .text(key.text)
    try console.print(.object(fields))
  } else {
    try console.print(key.text)
  }
  console.remark("Keep it now: it is not shown again. Its id is \(key.id) (loam key revoke).")
  return 0
}

private func holder(_ invocation: Invocation) throws(Problem) -> KeyFile.Holder {
  guard let principal = invocation.value(.keyPrincipal).map({ Principal($0).name }),
    !principal.isEmpty
  else {
    throw Problem(
      .usage, "loam key add needs --principal.", remedy: "Give the name that asks with the key.")
  }
  let groups = Caller(Principal(principal), groups: invocation.values(.keyGroup)).groups.sorted()
  for name in [principal] + groups where !(1...256).contains(name.utf8.count) {
    throw Problem(.usage, "A name is empty or too long.", remedy: "Use 1 to 256 octets.")
  }
  guard groups.count <= 1_024 else {
    throw Problem(.usage, "There are too many groups.", remedy: "Give 1,024 at most.")
  }
  var expires: Int64?
  if let text = invocation.value(.expires) {
    guard let moment = Moment.seconds(text) else {
      throw Problem(
        .usage, "--expires cannot be \(printable(text)).",
        remedy: "Write 2027-06-30 or 2027-06-30T12:00:00Z.")
    }
    expires = moment
  }
  return KeyFile.Holder(
    tenant: try invocation.tenant(), principal: principal, groups: groups,
    scope: invocation.has(.operatorKey) ? .operator : .retrieve, expires: expires)
}

/// A record without its digest, and how it stands.
private func fields(of record: KeyRecord, now: Int64) -> [String: JSONValue?] {
  [
    "id": .text(record.id), "tenant": .text(record.tenant), "principal": .text(record.principal),
    "groups": .list(record.groups.map { .text($0) }), "scope": .text(record.scope.rawValue),
    "created": .text(record.created), "expires": record.expires.map { .text($0) },
    "revoked": record.revoked.map { .text($0) }, "state": .text(record.state(now: now).rawValue),
  ]
}

private func runKeyList(_ invocation: Invocation) throws(Problem) -> Int32 {
  let file = try KeyFile(home: invocation.home())
  let now = Int64(time(nil))
  let console = invocation.console
  if file.keys.isEmpty, !console.isJSON {
    console.remark("There are no keys yet: loam key add --principal NAME.")
  }
  for record in file.keys {
    if console.isJSON {
      try console.print(.object(fields(of: record, now: now)))
      continue
    }
    let state = record.state(now: now)
    var words = [
      record.id, state.rawValue, record.scope.rawValue, "tenant \(record.tenant)", record.principal,
    ]
    words += record.groups.map { "group:\($0)" }
    words.append("since \(record.created)")
    if let revoked = record.revoked { words.append("revoked \(revoked)") }
    if let expires = record.expires { words.append("until \(expires)") }
    try console.print(words.map { printable($0) }.joined(separator: "  "))
  }
  return 0
}

private func runKeyRevoke(_ invocation: Invocation) throws(Problem) -> Int32 {
  let id = invocation.operands[0]
  let now = Int64(time(nil))
  let home = invocation.home()
  // A home without keys is not made for this.
  guard try !KeyFile(home: home).keys.isEmpty else {
    throw Problem(
      .notFound, "There are no keys.", place: home.path, remedy: "loam key add makes one.")
  }
  let record = try KeyFile.edit(home: home) { file throws(Problem) in
    try file.revoke(id, now: now)
    return file.keys.first { $0.id == id }
  }
  guard let record else { throw Problem(.internal, "The key is gone.") }
  if invocation.console.isJSON {
    try invocation.console.print(.object(fields(of: record, now: now)))
  } else {
    try invocation.console.print("\(id) revoked")
  }
  return 0
}
