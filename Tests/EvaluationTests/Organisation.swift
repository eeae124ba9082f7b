import Embedding
import Evaluation
import Grounding
import Ingestion
import Partition
import Reading
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
        "README.md", "access.jsonl", "people.json", "expected-counts.json", "hidden-words.json",
        "topics/*",
      ]
      let options = IngestOptions(
        source: "heron", access: access,
        excludes: try excludes.map { (text) throws(Problem) in try Glob(text) },
        // Counts and measures are those of what Loam reads itself, whatever is installed.
        converter: NoConverter())
      var summary = try Ingestor(
        writer: PartitionWriter(home: home, tenant: tenant), options: options
      ).run(paths: [folder])
      if let encoder {
        let maker = VectorMaker(home: home, tenant: tenant, encoders: [encoder], threads: 2)
        try maker.begin(changesModel: false) { false }
        summary.vectors = try maker.run()
        summary.pending = try maker.pendingCount()
      }
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
/// matches counts, and a denial counts more than what allows. A private event is its owner's alone.
struct OrganisationAccess {
  private var rules: [(pattern: [Substring], grants: [String])] = []
  private let privateEvents: Set<Identifier>

  init() throws {
    for line in try Organisation.lines("access.jsonl") {
      let glob = try #require(line["glob"]?.string)
      rules.append(
        (
          glob.split(separator: "*", omittingEmptySubsequences: false),
          (line["grants"]?.array ?? []).compactMap(\.string)
        ))
    }
    privateEvents = try Self.privateEvents("calendar/crew.ics")
  }

  /// Whether the caller may see the item, which lies in one of the paths.
  func allows(_ caller: Caller, _ item: Identifier, paths: [String]) -> Bool {
    if privateEvents.contains(item), caller.principal.name != "archive" { return false }
    return paths.contains { allows(caller, path: $0) }
  }

  private func allows(_ caller: Caller, path: String) -> Bool {
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

  /// The UIDs of the events in a calendar that say `CLASS:PRIVATE`; no line of theirs is folded.
  private static func privateEvents(_ path: String) throws -> Set<Identifier> {
    let lines = try Organisation.text(path).split(separator: "\r\n").map(String.init)
    let events = lines.split(separator: "BEGIN:VEVENT").filter { $0.contains("CLASS:PRIVATE") }
    return Set(
      events.compactMap { event in
        event.first { $0.hasPrefix("UID:") }.map { Identifier(String($0.dropFirst(4))) }
      })
  }
}

/// The fixture's store with every item's places and judged name, as the owner of all sees them.
struct OrganisationStore {
  let snapshot: Snapshot
  let items: [Int64: StoredItem]
  private let keys: [ItemID: Int64]

  init(_ snapshot: Snapshot) throws {
    self.snapshot = snapshot
    let keys = try snapshot.eligible(Organisation.archive, kinds: Set(ItemKind.allCases)).itemKeys
    items = try snapshot.storedItems(keys, caller: Organisation.archive)
    self.keys = Dictionary(uniqueKeysWithValues: items.map { ($1.id, $0) })
  }

  /// The files below the fixture's folder that hold the item.
  func paths(_ key: Int64) -> [String] {
    // A location's key begins with the root's name; behind two slashes it names the message.
    (items[key]?.locations ?? []).map { location in
      let path = location.key.firstRange(of: "//").map { location.key[..<$0.lowerBound] }
      return String((path ?? location.key[...]).dropFirst("organisation/".count))
    }
  }

  /// The name in the judgements, as the fixture's README says; the store's for what has none there.
  func name(_ key: Int64) -> Identifier {
    guard let item = items[key] else { return Identifier("") }
    let own = Identifier(item.externalID ?? item.id.text)
    // What stands behind the last slash of a location's key: an attachment's number, a changed
    // occurrence's RECURRENCE-ID.
    let last = item.locations.first?.key.split(separator: "/").last ?? ""
    if let parent = item.parent.flatMap({ keys[$0] }), item.kind != .mail {
      return Identifier("\(name(parent))#\(item.kind == .event ? own : Identifier(String(last)))")
    }
    switch item.kind {
    case .mail: return own
    case .document: return Identifier(paths(key).first ?? item.id.text)
    case .event:
      let isChanged = item.locations.first.map { $0.key.contains("//\(own)/") } ?? false
      // Behind the moment stands the zone that it is in.
      let moment = last.prefix { $0 != "%" }
      return isChanged ? Identifier("\(own)#\(moment)") : own
    }
  }

  /// The defects with a code, each by the file that its item lies in.
  func defects(_ code: String) throws -> [(path: String, detail: String)] {
    var found: [(path: String, detail: String)] = []
    for key in items.keys {
      guard let id = items[key]?.id, let path = paths(key).first else { continue }
      let whole = try snapshot.item(id, caller: Organisation.archive)
      for defect in whole?.defects ?? [] where defect.code == code {
        found.append((path, defect.detail ?? ""))
      }
    }
    return found
  }

  /// How many elements were left out as hidden, by file and reason; the detail of the defect is
  /// `REASON, N elements, N characters`, behind its part's number where it has one.
  func hiddenElements() throws -> [String: Int] {
    var elements: [String: Int] = [:]
    for (path, detail) in try defects("hidden_text") {
      let fields = detail.split(separator: ": ").last?.split(separator: ", ") ?? []
      try #require(fields.count == 3, "\(detail)")
      let count = try #require(fields[1].split(separator: " ").first.flatMap { Int($0) })
      elements["\(path): \(fields[0])", default: 0] += count
    }
    return elements
  }

  /// How many items of a kind the caller may see.
  func visible(_ kind: ItemKind, _ caller: Caller) throws -> Int {
    try snapshot.eligible(caller, kinds: [kind]).itemKeys.count
  }
}
