import Grounding
import Octets

/// What a message says of itself beyond who, when and what.
extension MessageReading {
  mutating func readFacts(_ octets: Span<UInt8>, _ header: HeaderBlock, _ hints: MailHints) {
    if let post = header.first(.listPost, octets).flatMap({ mailtoAddress(value(octets, $0)) }) {
      add("list_post", post)
    }
    if let importance = importance(octets, header) { add("importance", importance) }
    if let field = header.first(.autoSubmitted, octets) {
      let keyword = ParameterField(value(octets, field)).value
      if !keyword.isEmpty, keyword != "no" { add("auto_submitted", keyword) }
    }
    for result in authentication(octets, header, hints.trustedServers) {
      add("authentication", result)
    }
    if let audience = audience(hints.domains) { add("audience", audience) }
  }

  mutating func add(_ fact: String, _ value: String) {
    let text = cleanLine(value)
    if !text.isEmpty { item.facts.append(Fact(fact, .text(text))) }
  }

  /// `<mailto:list@host?subject=x>` is `list@host` (RFC 2369, section 3.4).
  private func mailtoAddress(_ value: [UInt8]) -> String? {
    let pieces = decodeUTF8(value).text.split(
      separator: "<mailto:", maxSplits: 1, omittingEmptySubsequences: false)
    guard pieces.count == 2 else { return nil }
    let address = pieces[1].prefix { $0 != ">" && $0 != "?" }
    return address.contains("@") ? String(address) : nil
  }

  /// The first that says something, of the fields in which programs write it.
  ///
  /// - SeeAlso: RFC 2156, section 5.3 (Importance and Priority).
  private func importance(_ octets: Span<UInt8>, _ header: HeaderBlock) -> String? {
    for name in Self.importanceFields {
      guard let field = header.first(name, octets) else { continue }
      // `1 (Highest)`: the comment says it again.
      let word = lowercasedText(value(octets, field).prefix { $0 > 0x20 && $0 != 0x28 })
      if let importance = Self.importances[word] { return importance }
    }
    return nil
  }

  private static let importanceFields = [
    "importance", "priority", "x-priority", "x-msmail-priority",
  ].map { FieldName($0) }

  private static let importances = [
    "low": "low", "normal": "normal", "high": "high", "urgent": "high", "non-urgent": "low",
    "1": "high", "2": "high", "3": "normal", "4": "low", "5": "low",
  ]

  /// `method=result` of the topmost field that a trusted server wrote.
  ///
  /// Servers put theirs on top; those further down may have been there when the message came.
  ///
  /// - SeeAlso: RFC 8601, sections 2.2 and 5.
  private func authentication(
    _ octets: Span<UInt8>, _ header: HeaderBlock, _ trusted: [String]
  ) -> [String] {
    guard !trusted.isEmpty else { return [] }
    let trusted = Set(trusted.map { lowercasedText($0.utf8) })
    for field in header.all(.authenticationResults, octets) {
      var pieces = ParameterField.split(value(octets, field)).map {
        lowercasedText($0).split(separator: " ")
      }
      guard let server = pieces.first?.first, trusted.contains(String(server)) else { continue }
      pieces.removeFirst()
      return pieces.prefix(50).compactMap { words in
        guard let first = words.first, let equals = first.firstIndex(of: "=") else { return nil }
        let method = first[..<equals].prefix { $0 != "/" }
        let result = first[first.index(after: equals)...]
        let isSound = [method, result].allSatisfy { word in
          !word.isEmpty
            && word.utf8.allSatisfy {
              (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
        }
        return isSound ? "\(method)=\(result)" : nil
      }
    }
    return []
  }

  /// `internal` where every person has an address in one of `domains` or below it.
  private func audience(_ domains: [String]) -> String? {
    guard !domains.isEmpty, !item.people.isEmpty else { return nil }
    let domains = domains.map { lowercasedText($0.utf8) }
    let areInside = item.people.allSatisfy { person in
      guard let address = person.address, let at = address.utf8.lastIndex(of: 0x40) else {
        return false
      }
      let domain = lowercasedText(address.utf8[address.utf8.index(after: at)...])
      return domains.contains { domain == $0 || domain.hasSuffix(".\($0)") }
    }
    return areInside ? "internal" : "external"
  }

  /// What the parts say: signatures, encryption, reports, and what is elsewhere.
  mutating func readParts(
    _ part: Part, _ contents: PartContents, _ octets: Span<UInt8>, _ frame: MessageFrame
  ) {
    readProtection(part)
    readReferences(part)
    for leaf in contents.texts {
      if DeliveryReport.mediaTypes.contains(leaf.mediaType) {
        let content = leaf.content(octets, &defects)
        for (fact, value) in DeliveryReport.fields(content.span, limits) {
          add(fact, headerText(value).text)
        }
      } else if leaf.encoding == .identity, !leaf.hasNoBegin {
        let mark = firstIndex(
          of: "=ybegin ", in: octets, from: leaf.body.lowerBound, to: leaf.body.upperBound)
        if mark < leaf.body.upperBound, isLineStart(octets, mark, leaf.body) {
          defects.add(.yencNotRead, leaf.place)
        }
      }
    }
  }

  /// - SeeAlso: RFC 1847; RFC 3156; RFC 8551, section 3.2.2.
  private mutating func readProtection(_ part: Part) {
    let kind = part.mediaType
    if kind == "multipart/signed" || kind == "multipart/encrypted" {
      let type = lowercasedText(part.type?.octets("protocol") ?? [])
      let names = [
        "application/pgp-signature": "pgp", "application/pgp-encrypted": "pgp",
        "application/pkcs7-signature": "smime", "application/x-pkcs7-signature": "smime",
      ]
      addOnce(
        kind == "multipart/signed" ? "signed" : "encrypted",
        names[type] ?? (type.isEmpty ? "unknown" : type))
    } else if kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime" {
      if PartReader.isEncrypted(kind, part.type) {
        addOnce("encrypted", "smime")
      } else if lowercasedText(part.type?.octets("smime-type") ?? []) == "signed-data" {
        addOnce("signed", "smime")
      }
    }
    for child in part.children { readProtection(child) }
  }

  /// Fragments of messages, and bodies that lie elsewhere: by their parameters, as neither is read.
  ///
  /// - SeeAlso: RFC 2046, sections 5.2.2 and 5.2.3; RFC 2017 (URL).
  private mutating func readReferences(_ part: Part) {
    func value(_ name: String) -> String? {
      part.type?.octets(name).map { decodeUTF8($0).text }.flatMap { $0.isEmpty ? nil : $0 }
    }
    if part.mediaType == "message/partial", let id = value("id") {
      addOnce("partial", "\(value("number") ?? "?")/\(value("total") ?? "?") \(id)")
    } else if part.mediaType == "message/external-body" {
      let places = ["site", "server", "directory", "name"].compactMap { value($0) }
      // A long address is folded within its quotes.
      let address = value("url").map { $0.filter { $0 != " " && $0 != "\t" } }
      if let found = address ?? (places.isEmpty ? nil : places.joined(separator: "/")) {
        addOnce("external_body", found)
      }
    }
    for child in part.children { readReferences(child) }
  }

  private mutating func addOnce(_ fact: String, _ value: String) {
    if !item.facts.contains(Fact(fact, .text(value))) { add(fact, value) }
  }
}
