import Grounding
import Mail
import TestSupport

/// How often what we read is what the reference read, and in which ways it is not.
struct Agreement {
  /// Why two readings of one field differ: what is known of the reference.
  ///
  /// It says what Python does, not what is right. Each is checked against the field as it stands in
  /// the message.
  enum Difference: String, CaseIterable {
    case commentName =
      "name in a comment: the reference leaves it out, ours is that name (RFC 5322, section 3.4)"
    case undeclaredOctets =
      "octets of no declared charset: U+FFFD there, the charset that they look like here"
    case control = "a control character: kept there; windows-1252's sign or nothing here"
    case encodedWord = "an encoded word within a word: as written there, read here"
    case group = "a group: its name there, here its members alone"
    case emptyGroup = "a group without members in angle brackets: a name there, nobody here"
    case wordBeforeColon = "a colon in an address: the word before it there, all of it here"
    case unreadDate = "a date whose year comes first: none there, read here"
    case threeDigits =
      "a year of three digits: 1900 is added here (RFC 5322, section 4.3), not there"
    case zone =
      "the zone: GMT+1 is UTC there and an hour ahead here; one of five digits is UTC here"
    case twoAts = "an id with two at signs: cut at the second there"
    case idWithMore = "an id with a comma or a comment: cut or taken along there"
    case other = "other"
  }

  let hasPeople: Bool
  private(set) var count = 0
  private(set) var agreed: [String: Int] = [:]
  private(set) var differences: [String: [Difference: Int]] = [:]
  /// Senders that a list disguised, and of how many an address or a name was recovered.
  private(set) var disguises: [String: (count: Int, recovered: Int)] = [:]
  /// The field that is compared, as it stands in the message.
  private var written = ""
  private var fields: [String: String] = [:]
  /// The differences, for a person to look at, where they are asked for.
  private(set) var examples: [String] = []
  private(set) var defects: [String: Int] = [:]

  init(hasPeople: Bool = false) { self.hasPeople = hasPeople }

  mutating func add(_ octets: [UInt8], _ item: ParsedItem, _ reference: Reference) {
    count += 1
    fields = [:]
    for field in PartTree.read(octets.span).tree.fields {
      let name = field.name.lowercased()
      // Latin-1: every octet is a scalar of its own.
      let text = String(String.UnicodeScalarView(octets[field.octets].map { Unicode.Scalar($0) }))
      fields[name] = fields[name].map { "\($0)\n\(text)" } ?? text
    }
    addDisguise(item)
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
    let ours = people.map(text).joined(separator: ", ")
    compare(field, unquoted(ours), unquoted(theirs ?? ""), reference)
    compare(
      "\(field), addresses", addresses(unquoted(ours)), addresses(unquoted(theirs ?? "")),
      reference)
  }

  private mutating func compare(
    _ field: String, _ ours: String, _ theirs: String, _ reference: Reference
  ) {
    written = fields[String(field.prefix { $0 != "," })] ?? ""
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
    if theirs.unicodeScalars.contains("\u{FFFD}"), hasOtherOctets, ascii(ours) == ascii(theirs) {
      return .undeclaredOctets
    }
    if ascii(ours) == ascii(theirs), theirs.unicodeScalars.contains(where: isControl) {
      return .control
    }
    switch field {
    case "date": return dateDifference(theirs)
    case "message-id", "references": return idDifference(ours, theirs)
    case "subject": return .other
    default: return peopleDifference(field, ours, theirs)
    }
  }

  private var hasOtherOctets: Bool { written.unicodeScalars.contains { $0.value >= 0x80 } }

  private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }

  private func dateDifference(_ theirs: String) -> Difference {
    if theirs == "none", written.contains(/^[^:]*:\s*\d{4}\//) { return .unreadDate }
    if written.contains(/\s1\d\d\s/) { return .threeDigits }
    return written.contains(/GMT\+\d|\s[+-]?\d{5,6}\s*$/) ? .zone : .other
  }

  private func idDifference(_ ours: String, _ theirs: String) -> Difference {
    if ours.count(where: { $0 == "@" }) > 1, ours.hasPrefix(theirs + "@") { return .twoAts }
    let isComma = ours.hasPrefix(theirs) && ours.contains(",")
    let isComment = theirs.hasPrefix(ours) && written.contains("(")
    let isQuoted = written.contains("\"") && letters(ours) == letters(theirs)
    return isComma || isComment || isQuoted ? .idWithMore : .other
  }

  private func peopleDifference(
    _ field: String, _ ours: String, _ theirs: String
  ) -> Difference {
    if theirs.hasSuffix(":;"), ours.isEmpty { return .group }
    if ours.isEmpty, !theirs.contains("@"), written.contains(":;") { return .emptyGroup }
    if ours.contains(":"), theirs.isEmpty || ours.hasPrefix(theirs + ":") {
      return .wordBeforeColon
    }
    if theirs.contains("=?"), stands(theirs, aroundWordsIn: ours) { return .encodedWord }
    let isName = !field.hasSuffix("addresses") && addresses(ours) == addresses(theirs)
    return isName && theirs.count < ours.count && written.contains("(") ? .commentName : .other
  }

  /// Whether what stands between the encoded words of `theirs` stands in `ours` in the same order.
  private func stands(_ theirs: String, aroundWordsIn ours: String) -> Bool {
    var rest = ours[...]
    for piece in theirs.split(separator: /=\?[^?\s]+\?[bBqQ]\?[^?]*\?=/) {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return !ours.contains("=?")
  }

  /// `user at host (Name)`, and what is scrambled so that no address can be read:
  /// `|ro@o @end|ng |rom un@|@edu@co (Name)`.
  private mutating func addDisguise(_ item: ParsedItem) {
    guard let from = fields["from"], from.contains("("), !from.contains("<") else { return }
    let sender = item.people.first { $0.role == .from }
    let hasName = sender?.name?.isEmpty == false
    if from.contains(/:\s*[^\s@|]+ at [^\s@|]+ \(/) {
      let address = sender?.address ?? ""
      let isSame = from.contains(address.replacing("@", with: " at ")) && address.contains("@")
      // Where the sender gave no name, the list put the address there once more.
      let isNameless = from.contains("(\(address.replacing("@", with: " at ")))")
      addDisguise("user at host (Name)", isSame && (hasName || isNameless))
    } else if from.contains("|") || from.count(where: { $0 == "@" }) > 1 {
      addDisguise("scrambled (Name)", hasName && sender?.address == nil)
    }
  }

  private mutating func addDisguise(_ form: String, _ isRecovered: Bool) {
    disguises[form, default: (0, 0)].count += 1
    disguises[form, default: (0, 0)].recovered += isRecovered ? 1 : 0
  }

  private func letters(_ text: String) -> [UInt8] {
    text.utf8.filter { (0x41...0x5A).contains($0 & 0xDF) || (0x30...0x39).contains($0) }
  }

  private func ascii(_ text: String) -> [UInt8] { text.utf8.filter { (0x20..<0x7F).contains($0) } }

  private func describe(_ instant: Int64?) -> String { instant.map { String($0) } ?? "none" }

  private func text(_ person: Person) -> String {
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

  /// The share of `field` that is equal, or, with the rules, differs in a way that is known.
  func share(_ field: String, withRules: Bool) -> Double {
    Double(withRules ? explained(field) : agreed[field] ?? 0) / Double(max(1, count))
  }

  /// How many of `field` are equal, or differ in a way that is known.
  private func explained(_ field: String) -> Int { count - (differences[field]?[.other] ?? 0) }

  func report(_ corpus: String) {
    for field in agreed.keys.sorted() {
      print(
        "\(corpus): \(field) agrees on \(agreed[field] ?? 0) of \(count), "
          + "with the rules on \(explained(field))")
      for kind in Difference.allCases {
        if let number = differences[field]?[kind] { print("  \(number) \(kind.rawValue)") }
      }
    }
    for (form, found) in disguises.sorted(by: { $0.key < $1.key }) {
      print("\(corpus): \(found.recovered) of \(found.count) senders read from \(form)")
    }
    for example in examples { print("  \(example)") }
    print("\(corpus): defects, messages:")
    for (code, count) in defects.sorted(by: { $0.key < $1.key }) { print("  \(code) \(count)") }
  }
}
