import Grounding
import Mail

/// What of a message is the same after it was anonymised, counted over many messages.
struct AnonymiserAgreement {
  private(set) var count = 0
  /// Messages of which nothing differs.
  private(set) var whole = 0
  /// Messages of which nothing differs but where stretches end and whose words they are: footers,
  /// closings and notices are told by words, of which not all are kept.
  private(set) var formed = 0
  private(set) var differing: [String: Int] = [:]
  /// Words of four or more letters that stand where they stood.
  private var surviving: [String: Int] = [:]
  private(set) var words = 0

  /// Compares `raw` with `anonymised`; returns what differs.
  @discardableResult
  mutating func add(_ raw: [UInt8], _ anonymised: [UInt8]) -> [String] {
    count += 1
    let before = MessageParser.parse(raw)
    let after = MessageParser.parse(anonymised)
    let differences = Self.differences(raw, anonymised, before, after)
    for name in differences { differing[name, default: 0] += 1 }
    if differences.isEmpty { whole += 1 }
    if differences.allSatisfy({ $0 == "segments" }) { formed += 1 }
    addWords(before.item, after.item)
    return differences
  }

  private static func differences(
    _ raw: [UInt8], _ anonymised: [UInt8], _ before: ParsedMessage, _ after: ParsedMessage
  ) -> [String] {
    let (a, b) = (before.item, after.item)
    let equalities: [(String, Bool)] = [
      ("octets", raw.count == anonymised.count),
      (
        "line ends",
        raw.indices.filter { raw[$0] == 0x0A || raw[$0] == 0x0D }
          == anonymised.indices.filter { anonymised[$0] == 0x0A || anonymised[$0] == 0x0D }
      ),
      ("parts", before.attachments.map(Part.init) == after.attachments.map(Part.init)),
      ("defects", a.defects == b.defects),
      ("segments", a.segments.map(Stretch.init) == b.segments.map(Stretch.init)),
      ("text", a.text.utf8.count == b.text.utf8.count),
      ("title", a.title?.utf8.count == b.title?.utf8.count), ("times", a.times == b.times),
      ("people", a.people.map(Someone.init) == b.people.map(Someone.init)),
      ("ids", a.references.map(\.utf8.count) == b.references.map(\.utf8.count)),
      ("id", a.externalID?.utf8.count == b.externalID?.utf8.count),
      ("facts", a.facts.map(\.name) == b.facts.map(\.name)),
    ]
    return equalities.filter { !$0.1 }.map(\.0)
  }

  private struct Part: Equatable {
    var number: String
    var mediaType: String
    var name: Int?
    var charsetLabel: String?
    var isInline: Bool
    var octets: Int

    init(_ part: MailPart) {
      number = part.number
      mediaType = part.mediaType
      name = part.name?.utf8.count
      charsetLabel = part.charsetLabel
      isInline = part.isInline
      octets = part.octets.count
    }
  }

  private struct Stretch: Equatable {
    var kind: Segment.Kind
    var role: Segment.Role
    var span: TextSpan
    var part: String?
    var headings: [Int]?

    init(_ segment: Segment) {
      kind = segment.kind
      role = segment.role
      span = segment.span
      part = segment.locator.part
      headings = segment.locator.heading?.map(\.utf8.count)
    }
  }

  private struct Someone: Equatable {
    var role: Person.Role
    var name: Int?
    var address: Int?

    init(_ person: Person) {
      role = person.role
      name = person.name?.utf8.count
      address = person.address?.utf8.count
    }
  }

  private mutating func addWords(_ before: ParsedItem, _ after: ParsedItem) {
    compare(before.text, after.text)
    compare(before.title ?? "", after.title ?? "")
    for (a, b) in zip(before.people, after.people) {
      compare(a.name ?? "", b.name ?? "")
      compare(a.address ?? "", b.address ?? "")
    }
  }

  private mutating func compare(_ before: String, _ after: String) {
    let (a, b) = (Array(before.unicodeScalars), Array(after.unicodeScalars))
    guard a.count == b.count else { return }
    var start = 0
    while start < a.count {
      var end = start
      while end < a.count, isLetter(a[end]) { end += 1 }
      if end - start >= 4 {
        words += 1
        if a[start..<end] == b[start..<end] {
          let word = String(String.UnicodeScalarView(a[start..<end]))
          surviving[word.lowercased(), default: 0] += 1
        }
      }
      start = max(end, start + 1)
    }
  }

  private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? (0x61...0x7A).contains(scalar.value | 0x20) : scalar.properties.isAlphabetic
  }

  /// Surviving words that are none of those that are kept.
  var leaked: [String] { surviving.keys.filter { !Anonymiser.keeps($0) }.sorted() }

  func report(_ name: String) {
    let others = differing.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    print(
      "\(name): nothing differs in \(whole) of \(count) messages, nothing but segments in "
        + "\(formed); else "
        + others.joined(separator: ", "))
    let kept = surviving.filter { Anonymiser.keeps($0.key) }.values.reduce(0, +)
    let more = surviving.values.reduce(0, +) - kept
    print(
      "\(name): of \(words) words, \(kept) are kept ones and \(more) others stand as they stood")
  }
}
