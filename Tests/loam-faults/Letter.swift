import Analysis
import Grounding
import Octets
import Partition

/// The content of an item of the workload, which all its copies share.
struct Letter: Equatable {
  var name: String
  var kind: ItemKind
  var title: String
  /// The writer's own lines.
  var own: [String]
  /// Stretches of quoted lines.
  var quoted: [[String]]
  /// Names of the letters it answers, the last one directly.
  var references: [String]

  var id: ItemID { itemID(source: Session.source, key: Array(name.utf8)) }

  private static let words = [
    "ferry", "ferries", "budget", "O'Neill", "the", "and", "naïve", "x@example.org", "running",
    "2026", "漢字仮名", "don't", "under_score", "C++", "Zürich", "pier", "timetable",
  ]

  /// Any content for `name`; lines are few, so that letters say and quote the same.
  init(_ name: String, among names: [String], using chance: inout Chance) {
    func line() -> String {
      "line \(Int.random(in: 0..<6, using: &chance)) of the very same words"
    }
    self.name = name
    kind = name.hasPrefix("m") ? .mail : .document
    title = Self.words.randomElement(using: &chance) ?? ""
    (own, quoted, references) = ([], [], [])
    guard kind == .mail else {
      // Some are long enough for several passages and overflow pages.
      let count = chance.oneIn(6) ? 900 : 60
      own = [
        (0..<Int.random(in: 0...count, using: &chance)).map { _ in
          Self.words.randomElement(using: &chance) ?? ""
        }.joined(separator: " ")
      ]
      return
    }
    own = (0...Int.random(in: 0...1, using: &chance)).map { _ in line() }
    quoted = (0..<Int.random(in: 0...2, using: &chance)).map { _ in
      (0...Int.random(in: 0...2, using: &chance)).map { _ in line() }
    }
    references = (0..<Int.random(in: 0...3, using: &chance)).compactMap { _ in
      names.randomElement(using: &chance)
    }
  }

  /// What a reader would make of it.
  var item: ParsedItem {
    var item = ParsedItem(kind: kind)
    item.title = title
    item.externalID = "\(name)@example.org"
    item.references = references.map { "\($0)@example.org" }
    func append(_ lines: [String], _ role: Segment.Role) {
      let start = item.text.utf8.count
      item.text += lines.joined(separator: "\n")
      if item.text.utf8.count > start {
        item.segments.append(
          Segment(
            kind: role == .quoted ? .quote : .body, role: role,
            span: TextSpan(start..<item.text.utf8.count)))
      }
      item.text += "\n\n"
    }
    append(own, .new)
    for (index, lines) in quoted.enumerated() {
      append(lines.map { "> \($0)" }, .quoted)
      // What stands between two quotes keeps them apart, and is in no passage.
      if index + 1 < quoted.count { append(["--"], .banner) }
    }
    return item
  }

  /// A copy of it at a place.
  func draft(source: Int64, key: String, file: Int64?, access: AccessList) -> ItemDraft {
    let item = item
    return ItemDraft(
      id: id, item: item,
      contentHash: SHA256.digest(Array("\(item.text)|\(title)|\(references)".utf8)),
      passages: PassageSplitter().split(item.text, segments: item.segments), source: source,
      file: file, key: key, access: access)
  }
}
