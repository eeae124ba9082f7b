import Grounding
import TestSupport

/// How often what we read is what the reference read, and in which ways it is not.
struct Agreement {
  /// Why two readings of one field differ; the reference says what Python does, not what is right.
  enum Difference: String, CaseIterable {
    case commentName = "name in a comment: the reference leaves it out, ours is that name"
    case undeclaredOctets =
      "octets of no declared charset: U+FFFD there, windows-1252 or UTF-8 here"
    case control = "a control character: kept there; windows-1252's sign or nothing here"
    case encodedWord = "an encoded word within a word: as written there, read here"
    case group = "a group: its name there, here its members alone"
    case emptyGroup = "a group without members in angle brackets: a name there, nobody here"
    case wordBeforeColon = "a colon in an address: the word before it there, all of it here"
    case unreadDate = "a date whose year comes first: none there, read here"
    case zone = "the zone: GMT+1 is UTC there and an hour ahead here; one of six digits is UTC here"
    case idWithMore = "an id with a comma, a space or a comment: cut or taken along there"
    case other = "other"
  }

  let hasPeople: Bool
  private(set) var count = 0
  private(set) var agreed: [String: Int] = [:]
  private(set) var differences: [String: [Difference: Int]] = [:]
  /// The differences, for a person to look at, where they are asked for.
  private(set) var examples: [String] = []
  private(set) var defects: [String: Int] = [:]

  init(hasPeople: Bool = false) { self.hasPeople = hasPeople }

  mutating func add(_ item: ParsedItem, _ reference: Reference) {
    count += 1
    compare("subject", squeezed(item.title ?? ""), squeezed(reference.subject ?? ""), reference)
    let sent = item.times.first { $0.role == .sent }?.instant
    compare("date", describe(sent), describe(reference.date), reference)
    compare("message-id", item.externalID ?? "", bare(reference.message_id), reference)
    compare(
      "references", texts(item, "reference").joined(separator: " "),
      reference.references.map(bare).joined(separator: " "), reference)
    if hasPeople {
      addPeople("from", .from, item, reference.from, reference)
      addPeople("to", .to, item, reference.to, reference)
      addPeople("cc", .cc, item, reference.cc, reference)
    }
    for code in Set(item.defects.map(\.code)) { defects[code, default: 0] += 1 }
  }

  /// Compares names and addresses as one text, and addresses alone.
  private mutating func addPeople(
    _ field: String, _ role: Person.Role, _ item: ParsedItem, _ theirs: String?,
    _ reference: Reference
  ) {
    let people = item.people.filter { $0.role == role }
    let ours = people.map(written).joined(separator: ", ")
    compare(field, unquoted(ours), unquoted(theirs ?? ""), reference)
    compare(
      "\(field), addresses", addresses(unquoted(ours)), addresses(unquoted(theirs ?? "")),
      reference)
  }

  private mutating func compare(
    _ field: String, _ ours: String, _ theirs: String, _ reference: Reference
  ) {
    agreed[field, default: 0] += ours == theirs ? 1 : 0
    guard ours != theirs else { return }
    let difference = difference(field, ours, theirs)
    differences[field, default: [:]][difference, default: 0] += 1
    if Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
      examples.append(
        "\(field) of \(reference.path ?? String(reference.index)): \(ours) | \(theirs)")
    }
  }

  private func difference(_ field: String, _ ours: String, _ theirs: String) -> Difference {
    if theirs.unicodeScalars.contains("\u{FFFD}"), ascii(ours) == ascii(theirs) {
      return .undeclaredOctets
    }
    if ascii(ours) == ascii(theirs) { return .control }
    switch field {
    case "date":
      guard let ours = Int(ours), let theirs = Int(theirs) else {
        return theirs == "none" ? .unreadDate : .other
      }
      return abs(ours - theirs) <= 18 * 3_600 && (ours - theirs) % 3_600 == 0 ? .zone : .other
    case "message-id", "references": return .idWithMore
    case "subject": return .other
    default:
      if theirs.hasSuffix(":;"), ours.isEmpty { return .group }
      if ours.isEmpty, !theirs.contains("@") { return .emptyGroup }
      if ours.contains(":"), theirs.isEmpty || ours.hasPrefix(theirs + ":") {
        return .wordBeforeColon
      }
      if theirs.contains("=?"), !ours.contains("=?") { return .encodedWord }
      let isName = !field.hasSuffix("addresses") && addresses(ours) == addresses(theirs)
      return isName && theirs.count < ours.count ? .commentName : .other
    }
  }

  private func ascii(_ text: String) -> [UInt8] { text.utf8.filter { (0x20..<0x7F).contains($0) } }

  private func describe(_ instant: Int64?) -> String { instant.map { String($0) } ?? "none" }

  private func written(_ person: Person) -> String {
    guard let name = person.name else { return person.address ?? "<>" }
    return "\(name) <\(person.address ?? "")>"
  }

  /// `a@b, Ann <c@d>` without its names.
  private func addresses(_ text: String) -> String {
    text.split(separator: ", ", omittingEmptySubsequences: false).map { mailbox in
      guard let open = mailbox.lastIndex(of: "<") else { return String(mailbox) }
      return mailbox[mailbox.index(after: open)...].filter { $0 != ">" }
    }.filter { $0.contains("@") }.joined(separator: ", ")
  }

  /// Both sides write quotation marks in ways of their own.
  private func unquoted(_ text: String) -> String {
    squeezed(text.filter { $0 != "\"" && $0 != "\\" })
  }

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

  /// How many of `field` are equal, or differ in a way that is known.
  func explained(_ field: String) -> Int { count - (differences[field]?[.other] ?? 0) }

  func report(_ corpus: String) {
    for field in agreed.keys.sorted() {
      print("\(corpus): \(field) agrees on \(agreed[field] ?? 0) of \(count)")
      for kind in Difference.allCases {
        if let number = differences[field]?[kind] { print("  \(number) \(kind.rawValue)") }
      }
    }
    for example in examples { print("  \(example)") }
    print("\(corpus): defects, messages:")
    for (code, count) in defects.sorted(by: { $0.key < $1.key }) { print("  \(code) \(count)") }
  }
}
