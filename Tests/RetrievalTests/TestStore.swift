import Glibc
import Grounding
import Octets
import Partition
import Retrieval
import TestSupport

/// An item as the tests describe it: words, who may see it, where it stands.
struct ItemSpec {
  var key: String
  var source = "archive"
  var kind = ItemKind.mail
  var title: [String]?
  /// The body's passages, each a list of words; a passage may be empty.
  var passages: [[String]]
  /// What it quotes, each a line and a passage.
  var quoted: [[String]] = []
  /// The keys of the items it answers, the last its parent.
  var references: [String] = []
  var parent: ItemID?
  var people: [Person] = []
  var times: [ItemTime] = []
  var facts: [Fact] = []
  /// Changes the content hash without changing anything that is read.
  var salt = 0

  var id: ItemID { itemID(source: source, key: Array(key.utf8)) }

  var parsed: ParsedItem {
    var item = ParsedItem(kind: kind)
    item.externalID = "\(key)@example.org"
    item.title = title?.joined(separator: " ")
    item.text = texts.joined(separator: "\n\n")
    item.segments = split.map {
      Segment(kind: $0.role == .new ? .body : .quote, role: $0.role, span: $0.span)
    }
    item.people = people
    item.times = times
    item.facts = facts
    item.references = references.map { "\($0)@example.org" }
    item.conversation = item.references.first
    return item
  }

  private var texts: [String] {
    passages.map { $0.joined(separator: " ") } + quoted.map { "> " + $0.joined(separator: " ") }
  }

  /// The passages' spans within the text.
  var split: [Passage] {
    var start = 0
    return texts.enumerated().map { ordinal, text in
      let end = start + text.utf8.count
      defer { start = end + 2 }
      return Passage(
        ordinal: ordinal, role: ordinal < passages.count ? .new : .quoted,
        span: TextSpan(start: start, end: end),
        locator: Locator(heading: ["Part \(ordinal + 1)"]))
    }
  }

  var contentHash: [UInt8] {
    SHA256.digest(Array("\(salt) \(title ?? []) \(passages) \(quoted) \(references)".utf8))
  }
}

/// Runs `body` with a new folder in memory where the machine has one: a test of ranking fills
/// thousands of stores, and nothing of it is about their lasting.
func withStoreFolder<R>(_ body: (String) throws -> R) throws -> R {
  var template = Array("/dev/shm/loam-test.XXXXXX".utf8CString)
  guard unsafe mkdtemp(&template) != nil else { return try withTemporaryFolder(body) }
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { _ = unsafe system("rm -rf '\(path)'") }
  return try body(path)
}

/// A partition that a test fills through the real writer.
final class TestStore {
  let home: LoamHome
  let tenant: Tenant
  let writer: PartitionWriter
  let encoder = TestEncoder()

  init(_ folder: String, tenant: String = "default") throws {
    home = LoamHome(path: folder)
    self.tenant = try Tenant(tenant)
    writer = try PartitionWriter(home: home, tenant: self.tenant)
  }

  func write(_ body: () throws -> Void) throws {
    try writer.begin()
    try body()
    _ = try writer.commit()
  }

  /// Puts `spec` at `location`, within ``write(_:)``.
  @discardableResult
  func add(
    _ spec: ItemSpec, at location: String? = nil, access: AccessList
  ) throws -> Applied {
    let source = try writer.source(named: spec.source)
    return try writer.apply(
      ItemDraft(
        id: spec.id, parent: spec.parent, item: spec.parsed, contentHash: spec.contentHash,
        passages: spec.split, source: source, file: nil, key: location ?? spec.key,
        uri: "file:///\(spec.source)/\(location ?? spec.key)", access: access))
  }

  func remove(source: String = "archive", at location: String) throws {
    _ = try writer.removeLocation(source: try writer.source(named: source), key: location)
  }

  /// Stores the vectors of pending passages; all of them, or those that `choose` takes.
  func embed(_ choose: (PendingPassage) -> Bool = { _ in true }) throws {
    try writer.requireModel(encoder.modelID, dimension: encoder.dimension)
    let chosen = try writer.pendingVectors(limit: 10_000).filter(choose)
    try writer.storeVectors(
      chosen.map { ($0.row, QuantizedVector(encoder.vector(Self.input($0.title, $0.body)))) },
      model: encoder.modelID)
  }

  /// The encoder's input of these tests.
  static func input(_ title: String?, _ body: String) -> String { "\(title ?? "")\n\(body)" }

  func snapshot() throws -> Snapshot { try Snapshot(home: home, tenant: tenant) }

  func retriever(_ encoder: TestEncoder? = TestEncoder()) throws -> Retriever {
    Retriever(snapshot: try snapshot(), encoder: encoder)
  }
}
