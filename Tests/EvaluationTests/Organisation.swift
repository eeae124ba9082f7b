import Embedding
import Evaluation
import Grounding
import Ingestion
import Partition
import Retrieval
import TestSupport
import Testing

/// The invented cooperative of `Fixtures/organisation`, and what its own files say of it.
enum Organisation {
  static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/Fixtures/organisation"
  static let archive = Caller(Principal("archive"))

  /// Ingests the fixture as its README says and runs `body` over the store.
  static func ingested<R>(
    encoder: Encoder?, _ body: (IngestSummary, OrganisationStore) throws -> R
  ) throws -> R {
    try withTemporaryFolder { home in
      let home = LoamHome(path: home)
      let tenant = try Tenant("heron")
      let access = try AccessRules(
        owner: archive.principal, grants: [], file: "\(folder)/access.jsonl")
      let excludes = [
        "README.md", "access.jsonl", "people.json", "expected-counts.json", "topics/*",
      ]
      let options = IngestOptions(
        source: "heron", access: access,
        excludes: try excludes.map { (text) throws(Problem) in try Glob(text) },
        vectors: encoder != nil)
      let summary = try Ingestor(
        writer: PartitionWriter(home: home, tenant: tenant), encoder: encoder, options: options
      ).run(paths: [folder])
      return try body(summary, OrganisationStore(Snapshot(home: home, tenant: tenant)))
    }
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try octets(ofFile: "\(folder)/\(path)"), as: UTF8.self)
  }

  static func lines(_ path: String) throws -> [JSONValue] {
    try text(path).split(separator: "\n").map { try JSONValue(String($0)) }
  }

  static func judgements(_ path: String) throws -> Judgements {
    try Judgements(trec: octets(ofFile: "\(folder)/\(path)"), name: path)
  }

  /// A question and who asks it.
  struct Question: Sendable {
    var id: Identifier
    var text: String
    var asker: Caller
  }

  static func questions() throws -> [Question] {
    try lines("topics/queries.jsonl").map { line in
      let asker = try #require(line["metadata"]?["asker"]?.string)
      let groups = try #require(line["metadata"]?["groups"]?.array)
      return Question(
        id: Identifier(try #require(line["_id"]?.string)),
        text: try #require(line["text"]?.string),
        asker: Caller(Principal(asker), groups: groups.compactMap(\.string)))
    }
  }

  /// Everybody whom `people.json` names, with their groups.
  static func people() throws -> [Caller] {
    let people = try JSONValue(text("people.json"))["people"]?.array ?? []
    return try people.map { person in
      Caller(
        Principal(try #require(person["principal"]?.string)),
        groups: (person["groups"]?.array ?? []).compactMap(\.string))
    }
  }
}

/// The fixture's access lists, read by these few lines and not by the product.
///
/// Its patterns are plain paths with stars, none of which needs to cross a slash; the last one that
/// matches counts, and a denial counts more than what allows.
struct OrganisationAccess {
  private var rules: [(pattern: [Substring], grants: [String])] = []

  init() throws {
    for line in try Organisation.lines("access.jsonl") {
      let glob = try #require(line["glob"]?.string)
      rules.append(
        (
          glob.split(separator: "*", omittingEmptySubsequences: false),
          (line["grants"]?.array ?? []).compactMap(\.string)
        ))
    }
  }

  func allows(_ caller: Caller, path: String) -> Bool {
    let names =
      ["everyone", "user:\(caller.principal)"] + caller.groups.map { "group:\($0)" }
    let grants = rules.last { matches(path, $0.pattern) }?.grants ?? []
    if names.contains(where: { grants.contains("!\($0)") }) { return false }
    return caller.principal.name == "archive" || names.contains { grants.contains($0) }
  }

  private func matches(_ path: String, _ pattern: [Substring]) -> Bool {
    guard pattern.count == 2 else { return pattern.count == 1 && pattern[0] == path }
    return path.hasPrefix(pattern[0]) && path.hasSuffix(pattern[1])
      && !path.dropFirst(pattern[0].count).dropLast(pattern[1].count).contains("/")
  }
}

/// The fixture's store with every item's places and judged name, as the owner of all sees them.
struct OrganisationStore {
  let snapshot: Snapshot
  let items: [Int64: StoredItem]

  init(_ snapshot: Snapshot) throws {
    self.snapshot = snapshot
    let keys = try snapshot.eligible(Organisation.archive, kinds: Set(ItemKind.allCases)).itemKeys
    items = try snapshot.storedItems(keys, caller: Organisation.archive)
  }

  /// The files below the fixture's folder that hold the item.
  func paths(_ key: Int64) -> [String] {
    // A location's key begins with the root's name; behind two slashes it names the message.
    (items[key]?.locations ?? []).map { location in
      let path = location.key.firstRange(of: "//").map { location.key[..<$0.lowerBound] }
      return String((path ?? location.key[...]).dropFirst("organisation/".count))
    }
  }

  /// The name in the judgements: a message's id, a file's path; the store's for what has neither.
  func name(_ key: Int64) -> Identifier {
    guard let item = items[key] else { return Identifier("") }
    if item.kind == .document { return Identifier(paths(key).first ?? item.id.text) }
    return Identifier(item.externalID ?? item.id.text)
  }

  /// How many items of a kind the caller may see.
  func visible(_ kind: ItemKind, _ caller: Caller) throws -> Int {
    try snapshot.eligible(caller, kinds: [kind]).itemKeys.count
  }
}
