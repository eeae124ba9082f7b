import Chronology
import Grounding
import Markup
import Octets

/// What the header says: subject, people, times, ids.
extension MessageReading {
  mutating func readHeader(_ octets: Span<UInt8>, _ header: HeaderBlock) {
    for field in header.fields where field.value.count > limits.headerFieldOctets {
      defects.add(.fieldTooLong)
    }
    headerCharset = charset(octets, header)
    item.title = subject(octets, header)
    readPeople(octets, header)
    readTimes(octets, header)
    readIDs(octets, header)
  }

  func value(_ octets: Span<UInt8>, _ field: HeaderBlock.Field) -> [UInt8] {
    HeaderBlock.unfolded(octets, field, limit: limits.headerFieldOctets)
  }

  /// The first field called `name`; further ones are a defect.
  private mutating func single(
    _ name: FieldName, _ octets: Span<UInt8>, _ header: HeaderBlock
  ) -> [UInt8]? {
    guard let index = header.index(of: name, octets) else { return nil }
    if header.index(of: name, behind: index, octets) != nil {
      defects.add(.duplicateField, name.text)
    }
    return value(octets, header.fields[index])
  }

  /// What the body is in: the best guess at a header that does not say it.
  private func charset(_ octets: Span<UInt8>, _ header: HeaderBlock) -> Charset? {
    guard let field = header.first(.contentType, octets) else { return nil }
    return ParameterField(value(octets, field)).octets("charset").flatMap {
      Charset(label: String(decoding: $0, as: UTF8.self))
    }
  }

  /// The text of a value, its oddities noted under `name`.
  private mutating func text(_ value: [UInt8], _ name: String) -> String {
    if isPrintableASCII(value[...]), !hasEncodedWordMark(value) {
      return String(decoding: value, as: UTF8.self)
    }
    let decoded = headerText(value, otherwise: headerCharset)
    if decoded.badWords > 0 { defects.add(.badEncodedWord, name) }
    if decoded.unknownCharsets > 0 { defects.add(.unknownCharset, name) }
    if decoded.hasUndeclaredOctets { defects.add(.undeclaredOctets, name) }
    return cleanLine(decoded.text)
  }

  private mutating func subject(_ octets: Span<UInt8>, _ header: HeaderBlock) -> String? {
    guard let value = single(.subject, octets, header) else { return nil }
    let subject = text(value, "subject")
    return subject.isEmpty ? nil : subject
  }

  private mutating func readPeople(_ octets: Span<UInt8>, _ header: HeaderBlock) {
    for (name, role) in Self.roles {
      var next = header.index(of: name, octets)
      while let index = next {
        next = header.index(of: name, behind: index, octets)
        let list = AddressList(value(octets, header.fields[index]))
        if list.faults > 0 { defects.add(.badAddress, name.text) }
        for mailbox in list.mailboxes {
          guard item.people.count < limits.people else {
            defects.add(.tooManyPeople)
            return
          }
          add(mailbox, role, name.text)
        }
      }
    }
    if !item.people.contains(where: { $0.role == .from }) { defects.add(.missingFrom) }
  }

  private static let roles: [(FieldName, Person.Role)] = [
    (.from, .from), (.sender, .sender), (.replyTo, .replyTo), (.to, .to), (.cc, .cc), (.bcc, .bcc),
  ]

  private mutating func add(_ mailbox: AddressList.Mailbox, _ role: Person.Role, _ field: String) {
    let name = mailbox.name.map { text($0, field) }.flatMap { $0.isEmpty ? nil : $0 }
    let address = mailbox.address.map { text($0, field) }.flatMap { $0.isEmpty ? nil : $0 }
    guard name != nil || address != nil else { return }
    item.people.append(Person(role: role, name: name, address: address))
  }

  private mutating func readTimes(_ octets: Span<UInt8>, _ header: HeaderBlock) {
    if let value = single(.date, octets, header), !value.isEmpty {
      addTime(.sent, value.span, "date")
    } else {
      defects.add(.missingDate)
    }
    // The topmost was added last, by the server that received the message.
    if let field = header.first(.received, octets) {
      let value = value(octets, field)
      if let semicolon = value.lastIndex(of: 0x3B) {
        addTime(.received, value.span.extracting((semicolon + 1)...), "received")
      }
    }
  }

  private mutating func addTime(
    _ role: ItemTime.Role, _ value: Span<UInt8>, _ field: String
  ) {
    guard let date = MailDate(value) else {
      defects.add(.badDate, field)
      return
    }
    if date.zone == .unknown { defects.add(.unknownZone, field) }
    item.times.append(
      ItemTime(
        role: role, instant: date.instant, local: date.civil.text,
        zone: date.offset.map { offsetText($0) }))
  }

  private mutating func readIDs(_ octets: Span<UInt8>, _ header: HeaderBlock) {
    if let value = single(.messageID, octets, header), !value.isEmpty {
      item.externalID = messageID(value)
    } else {
      defects.add(.missingMessageID)
    }
    let references = ids(.references, octets, header)
    let repliedTo = ids(.inReplyTo, octets, header)
    item.facts.reserveCapacity(repliedTo.count + references.count + 4)
    for id in repliedTo { item.facts.append(Fact("in_reply_to", .text(id))) }
    for id in references { item.facts.append(Fact("reference", .text(id))) }
    item.references = Self.eachOnce(references + repliedTo)
    item.conversation = references.first ?? repliedTo.first ?? item.externalID
    if let field = header.first(.listID, octets) {
      let list = listID(text(value(octets, field), "list-id"))
      if !list.isEmpty { item.facts.append(Fact("list_id", .text(list))) }
    }
  }

  /// Where an id is named twice, its last place counts: the parent stays last.
  private static func eachOnce(_ ids: [String]) -> [String] {
    // Most messages name a few.
    if ids.count < 2 { return ids }
    if ids.count < 16 {
      var once: [String] = []
      once.reserveCapacity(ids.count)
      for (place, id) in ids.enumerated() where !ids[(place + 1)...].contains(id) {
        once.append(id)
      }
      return once
    }
    var seen: Set<String> = []
    return Array(ids.reversed().filter { seen.insert($0).inserted }.reversed())
  }

  /// Without its angle brackets; as written where they are missing.
  private mutating func messageID(_ value: [UInt8]) -> String? {
    var index = 0
    if let id = nextBracketed(value, from: &index) {
      if id.contains(where: { $0 <= 0x20 }) { defects.add(.badMessageID) }
      return clean(id)
    }
    defects.add(.badMessageID)
    return clean(value.filter { $0 != 0x3C && $0 != 0x3E }[...])
  }

  private mutating func ids(
    _ name: FieldName, _ octets: Span<UInt8>, _ header: HeaderBlock
  ) -> [String] {
    guard let value = single(name, octets, header) else { return [] }
    var ids: [String] = []
    var index = 0
    while let id = nextBracketed(value, from: &index) {
      if let id = clean(id) { ids.append(id) }
    }
    return ids
  }

  /// White space inside of an id comes from folding and is dropped.
  private mutating func clean(_ id: ArraySlice<UInt8>) -> String? {
    if id.allSatisfy({ $0 &- 0x21 < 0x5E }) {
      return id.isEmpty ? nil : String(decoding: id, as: UTF8.self)
    }
    let isWhole = id.allSatisfy { $0 > 0x20 }
    let decoded = decodeUTF8(isWhole ? Array(id) : id.filter { $0 > 0x20 }).text
    let cleaned = cleanLine(decoded)
    return cleaned.isEmpty ? nil : cleaned
  }

  /// What stands next in angle brackets, if it is not empty; `index` moves behind it.
  private func nextBracketed(_ value: [UInt8], from index: inout Int) -> ArraySlice<UInt8>? {
    var start: Int?
    while index < value.count {
      let octet = value[index]
      index &+= 1
      if octet == 0x3C {
        // The last opening bracket before the closing one: ids hold none.
        start = index
      } else if octet == 0x3E, let first = start {
        start = nil
        if first < index - 1 { return value[first..<index - 1] }
      }
    }
    return nil
  }

  /// `A list <list.example.org>` is `list.example.org` (RFC 2919, section 2).
  private func listID(_ text: String) -> String {
    guard let open = text.utf8.lastIndex(of: 0x3C),
      let close = text.utf8[open...].firstIndex(of: 0x3E)
    else { return text }
    return String(text[text.utf8.index(after: open)..<close])
  }
}
