import Analysis
import Grounding
import Octets
import Partition

/// A message as the tests of quotes and conversations describe it: its lines, whom it answers.
struct Mail {
  var name: String
  var title: String? = nil
  /// The sender's own lines.
  var own: [String]
  /// Stretches of quoted lines, each a passage (where it is short enough).
  var quoted: [[String]] = []
  var references: [String] = []
  /// Its Message-ID without the domain, where that is not its name.
  var messageID: String?
  /// Changes the content hash and nothing that is read.
  var trace = ""

  var id: ItemID { itemID(source: "test", key: Array(name.utf8)) }

  func draft(source: Int64, key: String? = nil, access: AccessList) -> ItemDraft {
    var item = ParsedItem(kind: .mail)
    item.externalID = "\(messageID ?? name)@example.org"
    item.title = title
    item.references = references.map { "\($0)@example.org" }
    func append(_ lines: [String], _ role: Segment.Role) {
      let start = item.text.utf8.count
      item.text += lines.joined(separator: "\n")
      item.segments.append(
        Segment(
          kind: role == .quoted ? .quote : .body, role: role,
          span: TextSpan(start..<item.text.utf8.count)))
      item.text += "\n\n"
    }
    append(own, .new)
    for (index, lines) in quoted.enumerated() {
      append(lines.map { "> \($0)" }, .quoted)
      // What stands between two quotes keeps them apart, and is in no passage.
      if index + 1 < quoted.count { append(["--"], .banner) }
    }
    let content = "\(item.text)|\(references)|\(trace)"
    return ItemDraft(
      id: id, item: item, contentHash: SHA256.digest(Array(content.utf8)),
      passages: PassageSplitter().split(item.text, segments: item.segments),
      source: source, key: key ?? name, access: access)
  }
}

extension Store {
  /// The quoted passages that count for `name`, each by its item and its text without marks.
  func quotes(_ name: String, groups: [String] = []) throws -> [String] {
    let snapshot = try snapshot()
    let caller = Caller(Principal(name), groups: groups)
    let rows = try snapshot.eligible(caller, kinds: [.mail])
    let quoted = try snapshot.quotedRows(caller, in: rows)
    let items = try snapshot.storedItems(rows.itemKeys, caller: caller)
    var found: [String] = []
    for (row, item) in zip(quoted.rows, quoted.item) {
      let key = rows.key(ofItem: Int(item))
      guard let stored = items[key],
        let passage = try snapshot.passages(item: key).first(where: { $0.row == row })
      else { continue }
      let text = String(
        decoding: Array(stored.text.utf8)[passage.span.range], as: UTF8.self)
      let name = stored.externalID?.split(separator: "@").first ?? ""
      found.append("\(name): \(text.replacing("> ", with: ""))")
    }
    return found.sorted()
  }
}

extension QuantizedVector {
  /// As many numbers as vectors of the tests of mail have.
  static let dimension = 8

  /// A vector that the words settle.
  static func ofWords(_ body: String) -> QuantizedVector {
    let sum = body.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
    return QuantizedVector((0..<dimension).map { Float((sum >> ($0 * 4)) & 15) - 7.25 })
  }
}

extension PartitionWriter {
  /// Stores the vectors of the model `m` of up to `limit` passages that wait for them.
  func embed(limit: Int = 99) throws {
    try storeVectors(
      try pendingVectors(limit: limit).map { ($0.row, QuantizedVector.ofWords($0.body)) },
      model: "m")
  }
}

extension Store {
  /// What each message's first passage is searched by, as `caller` sees it.
  func searched(
    _ caller: Caller, dimension: Int = QuantizedVector.dimension
  ) throws -> [ItemID: QuantizedVector] {
    let snapshot = try snapshot()
    let rows = try snapshot.eligible(caller, kinds: [.mail])
    let items = try snapshot.storedItems(rows.itemKeys, caller: caller)
    var found: [ItemID: QuantizedVector] = [:]
    let vectors = try snapshot.vectors(model: "m", dimension: dimension, of: rows)
    for row in rows.rows {
      guard let position = rows.position(ofRow: row),
        let vector = vectors.vector(at: position, of: rows),
        let item = items[rows.key(ofItem: rows.item(at: position))], found[item.id] == nil
      else { continue }
      found[item.id] = vector
    }
    return found
  }
}
