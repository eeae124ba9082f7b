import FoundationEssentials
import Grounding
import Mail
import TestSupport

/// One line of `reference-headers.jsonl`: what Python's `email` reads in a message.
struct Reference: Decodable {
  var index: Int
  var path: String?
  var sha256: String
  var subject: String?
  var date: Int64?
  var message_id: String?
  var in_reply_to: String?
  var references: [String]
  var structure: Structure?

  /// A leaf is a content type, a container is `[content type, [children]]`.
  enum Structure: Decodable {
    case leaf(String)
    case container(String, [Structure])

    init(from decoder: any Decoder) throws {
      if let type = try? decoder.singleValueContainer().decode(String.self) {
        self = .leaf(type)
        return
      }
      var container = try decoder.unkeyedContainer()
      self = .container(
        try container.decode(String.self), try container.decode([Structure].self))
    }
  }

  static func all(ofFile path: String) throws -> [Reference] {
    let decoder = JSONDecoder()
    return try octets(ofFile: path).split(separator: 0x0A).map {
      try decoder.decode(Reference.self, from: Data($0))
    }
  }
}

/// How often what we read is what the reference read.
struct Agreement {
  private(set) var count = 0
  private(set) var agreed: [String: Int] = [:]
  /// A few of the differences, for a person to look at.
  private(set) var examples: [String] = []
  private(set) var defects: [String: Int] = [:]

  mutating func add(_ item: ParsedItem, _ reference: Reference) {
    count += 1
    let title = item.title ?? ""
    compare("subject", squeezed(title), squeezed(reference.subject ?? ""), reference)
    let sent = item.times.first { $0.role == .sent }?.instant
    compare("date", describe(sent), describe(reference.date), reference)
    compare("message-id", item.externalID ?? "", bare(reference.message_id), reference)
    compare("references", texts(item, "reference"), reference.references.map(bare), reference)
    let codes = Set(item.defects.map(\.code))
    for code in codes { defects[code, default: 0] += 1 }
  }

  private mutating func compare<T: Equatable>(
    _ name: String, _ ours: T, _ theirs: T, _ reference: Reference
  ) {
    agreed[name, default: 0] += ours == theirs ? 1 : 0
    if ours != theirs, Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
      examples.append(
        "\(name) of \(reference.path ?? String(reference.index)): \(ours) | \(theirs)")
    }
  }

  private func describe(_ instant: Int64?) -> String { instant.map { String($0) } ?? "none" }

  private func texts(_ item: ParsedItem, _ fact: String) -> [String] {
    item.facts.filter { $0.name == fact }.compactMap {
      if case .text(let text) = $0.value { text } else { nil }
    }
  }

  private func squeezed(_ text: String) -> String {
    text.unicodeScalars.split { $0.properties.isWhitespace }.map {
      String(String.UnicodeScalarView($0))
    }
    .joined(separator: " ")
  }

  private func bare(_ id: String?) -> String {
    String(
      (id ?? "").unicodeScalars.filter { $0 != "<" && $0 != ">" && !$0.properties.isWhitespace }
        .reduce(into: String.UnicodeScalarView()) { $0.append($1) })
  }

  func report(_ corpus: String) {
    for name in agreed.keys.sorted() {
      print("\(corpus): \(name) agrees on \(agreed[name] ?? 0) of \(count)")
    }
    for example in examples { print("  \(example)") }
    print("\(corpus): defects, messages:")
    for (code, count) in defects.sorted(by: { $0.key < $1.key }) { print("  \(code) \(count)") }
  }
}
