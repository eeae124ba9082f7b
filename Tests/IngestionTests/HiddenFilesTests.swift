import Grounding
import Ingestion
import Partition
import Retrieval
import TestSupport
import Testing

/// Two folders that differ in nothing but what a caller may not see must be answered alike.
///
/// One is ingested through a random history: messages with attachments, attached messages and
/// invitations, mailboxes, calendars with private events, notes, under three access lists, changed and
/// removed; some messages lie in two places. The other is what the caller may see of its end.
@Suite("What a caller may not see of files")
struct HiddenFilesTests {
  private static let eve = Caller(Principal("eve"), groups: ["crew"])

  @Test("changes nothing that the caller gets: 80 seeded folders", arguments: 0..<8)
  func changesNothing(round: Int) throws {
    let seed = RandomSource.seedFromEnvironment()
    var hidden = 0
    for number in 0..<10 {
      var random = RandomSource(seed: seed &+ UInt64(round * 10 + number))
      try withTemporaryFolder { folder in
        let pair = try FolderPair(folder, &random)
        let context: Comment = "LOAM_TEST_SEED=\(seed), folder \(round * 10 + number)"
        #expect(try pair.difference(asking: Self.eve, &random) == nil, context)
        // The owner sees more, and would show a comparison that compares nothing.
        let owner = Caller(Principal("ana"))
        let mine = try pair.visible(owner)
        if mine.0 != mine.1 {
          #expect(try pair.difference(asking: owner, &random) != nil, context)
          hidden += 1
        }
      }
    }
    #expect(hidden > 0, "LOAM_TEST_SEED=\(seed)")
  }
}

private struct FolderPair {
  let full: Bench
  let seen: Bench

  init(_ folder: String, _ random: inout RandomSource) throws {
    full = Bench(folder, home: "full")
    seen = Bench(folder, home: "seen")
    for bench in [full, seen] {
      bench.prune = true
      bench.acl = """
        {"glob": "open/*", "grants": ["everyone"]}
        {"glob": "crew/*", "grants": ["group:crew", "!user:bob"]}
        {"glob": "away/*", "grants": ["everyone", "!group:crew"]}
        """
    }
    var files: [String: FileText] = [:]
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      for _ in 0..<Int.random(in: 1...6, using: &random) { random.change(&files) }
      for name in ["open", "crew", "away", "closed"] { removeAll("\(full.folder)/\(name)") }
      for (path, file) in files { try full.put(path, file.text(withPrivate: true)) }
      // A folder without a file could not be listed.
      try full.put("open/always.md", "# Always")
      try full.ingest()
    }
    for name in ["open", "crew", "away", "closed"] { removeAll("\(full.folder)/\(name)") }
    for (path, file) in files where path.hasPrefix("open/") || path.hasPrefix("crew/") {
      try seen.put(path, file.text(withPrivate: false))
    }
    try seen.put("open/always.md", "# Always")
    try seen.ingest()
  }

  /// The ids that `caller` may see in both.
  func visible(_ caller: Caller) throws -> ([ItemID], [ItemID]) {
    let groups = caller.groups.sorted()
    let ids = try [full, seen].map {
      try $0.items(as: caller.principal.name, groups: groups).map(\.id).sorted()
    }
    return (ids[0], ids[1])
  }

  /// The first answer that is not the same in both; `nil` where all are.
  func difference(asking caller: Caller, _ random: inout RandomSource) throws -> String? {
    let snapshots = (
      try Snapshot(home: full.home, tenant: .default),
      try Snapshot(home: seen.home, tenant: .default)
    )
    for id in Set(try full.items().map(\.id)).sorted() {
      let a = try snapshots.0.item(id, caller: caller).map(Self.shown)
      let b = try snapshots.1.item(id, caller: caller).map(Self.shown)
      if a != b { return "\(a ?? "absent")\n\(b ?? "absent")" }
    }
    for _ in 0..<6 {
      let request = RetrievalRequest(
        query: random.text(3), kinds: random.chance(2) ? [random.kind()] : Set(ItemKind.allCases),
        limit: 100, mode: .lexical)
      let a = try Retriever(snapshot: snapshots.0, encoder: nil).retrieve(request, caller: caller)
      let b = try Retriever(snapshot: snapshots.1, encoder: nil).retrieve(request, caller: caller)
      let (mine, others) = (try a.json(), try b.json())
      if mine != others {
        return String(decoding: mine, as: UTF8.self) + "\n"
          + String(decoding: others, as: UTF8.self)
      }
    }
    return nil
  }

  /// Without the store's own number and the count of contents, which are never shown.
  private static func shown(_ item: StoredItem) -> String {
    var item = item
    (item.key, item.version) = (0, 0)
    return "\(item)"
  }
}

/// A file, with what in it is its owner's only.
private enum FileText {
  case plain(String)
  case calendar([(text: String, isPrivate: Bool)])

  func text(withPrivate: Bool) -> String {
    switch self {
    case .plain(let text): text
    case .calendar(let events):
      calendarText(events.filter { withPrivate || !$0.isPrivate }.map(\.text))
    }
  }
}

extension RandomSource {
  fileprivate mutating func chance(_ one: Int) -> Bool {
    Int.random(in: 0..<one, using: &self) == 0
  }

  fileprivate mutating func text(_ count: Int) -> String {
    (0..<count).map { _ in
      ["zorb", "quix", "flam", "brul", "krim", "vost", "drap"].randomElement(using: &self) ?? ""
    }.joined(separator: " ")
  }

  fileprivate mutating func kind() -> ItemKind {
    ItemKind.allCases.randomElement(using: &self) ?? .mail
  }

  /// Adds, changes, copies or removes a file.
  fileprivate mutating func change(_ files: inout [String: FileText]) {
    let folder = ["open", "crew", "away", "closed"].randomElement(using: &self) ?? "open"
    let number = Int.random(in: 0..<4, using: &self)
    switch Int.random(in: 0..<7, using: &self) {
    case 0: files["\(folder)/\(number).md"] = .plain("# \(text(2))\n\n\(text(12))")
    case 1, 2: files["\(folder)/\(number).eml"] = .plain(message(number))
    case 3:
      files["\(folder)/\(number).mbox"] = .plain(
        mailbox((0..<3).map { message(number * 3 + $0) }))
    case 4:
      files["\(folder)/\(number).ics"] = .calendar(
        (0..<Int.random(in: 1...4, using: &self)).map { place in
          let isPrivate = chance(3)
          return (
            eventText("u\(place)", text(4), isPrivate ? "CLASS:PRIVATE" : "CLASS:PUBLIC"), isPrivate
          )
        })
    case 5:
      // The same file at another place.
      guard let path = files.keys.sorted().randomElement(using: &self) else { return }
      let name = path.split(separator: "/").last.map(String.init) ?? "x"
      files["\(folder)/\(name)"] = files[path]
    default:
      guard let path = files.keys.sorted().randomElement(using: &self) else { return }
      files[path] = nil
    }
  }

  /// What a message says depends on its number and a choice of two, so that copies meet.
  private mutating func message(_ number: Int) -> String {
    var own = RandomSource(seed: UInt64(number * 2 + Int.random(in: 0..<2, using: &self)))
    var parts: [String] = []
    for place in 0..<Int.random(in: 0...3, using: &own) {
      switch Int.random(in: 0..<4, using: &own) {
      case 0: parts.append(attachment("\(place).txt", own.text(9)))
      case 1: parts.append(attachment("\(place).csv", "a,b\n\(own.text(1)),2\n", type: "text/csv"))
      case 2: parts.append(invitation("u\(place)", own.text(3)))
      default:
        let inner = mail("inner\(number)", subject: own.text(2), body: own.text(9))
        parts.append("Content-Type: message/rfc822\n\n\(inner)")
      }
    }
    return mail("\(number)", body: own.text(14), parts: parts)
  }
}
