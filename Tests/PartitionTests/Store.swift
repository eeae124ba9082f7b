import Glibc
import Grounding
import Octets
import Partition
import TestSupport

let ann = AccessList(owner: Principal("ann"))
let bo = AccessList(owner: Principal("bo"))
let both = AccessList(owner: Principal("bo"), grants: [Grant(.user(Principal("ann")))])

/// A store in a folder of its own, with shorthand for what the tests put into it.
struct Store {
  let home: LoamHome
  let tenant = Tenant.default

  /// Runs `body` with an empty store.
  static func with<R>(_ body: (Store, PartitionWriter) throws -> R) throws -> R {
    try withTemporaryFolder { folder in
      let store = Store(home: LoamHome(path: "\(folder)/home"))
      return try body(store, PartitionWriter(home: store.home, tenant: store.tenant))
    }
  }

  func snapshot(cache: IndexCache = IndexCache()) throws -> Snapshot {
    try Snapshot(home: home, tenant: tenant, cache: cache)
  }

  /// The rows that `name` may see.
  func rows(_ name: String, groups: [String] = []) throws -> RowSet {
    try snapshot().eligible(
      Caller(Principal(name), groups: groups), kinds: Set(ItemKind.allCases))
  }
}

/// Cuts a text into passages of `words` words; a plain stand-in for the splitter, so that the tests
/// of the store do not depend on it.
func cut(_ text: String, words: Int = 20) -> [Passage] {
  let octets = Array(text.utf8)
  var passages: [Passage] = []
  var (start, index, seen) = (0, 0, 0)
  func close(_ end: Int) {
    passages.append(
      Passage(ordinal: passages.count, span: TextSpan(start: start, end: end)))
    start = end
    seen = 0
  }
  while index < octets.count {
    if octets[index] == 0x20 {
      seen += 1
      if seen == words { close(index + 1) }
    }
    index += 1
  }
  if start < octets.count { close(octets.count) }
  return passages
}

func draft(
  _ name: String, source: Int64, title: String? = nil, text: String, kind: ItemKind = .document,
  key: String? = nil, trace: String = "", file: Int64? = nil, people: [Person] = [],
  access: AccessList = AccessList(owner: Principal("owner"))
) -> ItemDraft {
  var item = ParsedItem(kind: kind)
  item.title = title
  item.text = text
  item.people = people
  let content = "\(title ?? "")|\(text)|\(trace)"
  return ItemDraft(
    id: itemID(source: "test", key: Array(name.utf8)), item: item,
    contentHash: SHA256.digest(Array(content.utf8)), passages: cut(text), source: source,
    file: file, key: key ?? name, access: access)
}

/// Makes or replaces a file.
func write(_ octets: [UInt8], to path: String) throws {
  guard let file = unsafe fopen(path, "wb") else { throw NotWritten(path: path) }
  defer { unsafe fclose(file) }
  guard unsafe fwrite(octets, 1, octets.count, file) == octets.count else {
    throw NotWritten(path: path)
  }
}

struct NotWritten: Error { let path: String }
