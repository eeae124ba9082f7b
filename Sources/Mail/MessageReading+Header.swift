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
    _ name: String, _ octets: Span<UInt8>, _ header: HeaderBlock
  ) -> [UInt8]? {
    let fields = header.all(name, octets)
    if fields.count > 1 { defects.add(.duplicateField, name) }
    return fields.first.map { value(octets, $0) }
  }

  /// What the body is in: the best guess at a header that does not say it.
  private func charset(_ octets: Span<UInt8>, _ header: HeaderBlock) -> Charset? {
    guard let field = header.first("content-type", octets) else { return nil }
    return ParameterField(value(octets, field)).octets("charset").flatMap {
      Charset(label: String(decoding: $0, as: UTF8.self))
    }
  }

  /// The text of a value, its oddities noted under `name`.
  private mutating func text(_ value: [UInt8], _ name: String) -> String {
    let decoded = headerText(value, otherwise: headerCharset)
    if decoded.badWords > 0 { defects.add(.badEncodedWord, name) }
    if decoded.unknownCharsets > 0 { defects.add(.unknownCharset, name) }
    if decoded.hasUndeclaredOctets { defects.add(.undeclaredOctets, name) }
    return cleanLine(decoded.text)
  }

  private mutating func subject(_ octets: Span<UInt8>, _ header: HeaderBlock) -> String? {
    guard let value = single("subject", octets, header) else { return nil }
    let subject = text(value, "subject")
    return subject.isEmpty ? nil : subject
  }

  private mutating func readPeople(_ octets: Span<UInt8>, _ header: HeaderBlock) {
    let roles: [(String, Person.Role)] = [
      ("from", .from), ("sender", .sender), ("reply-to", .replyTo), ("to", .to), ("cc", .cc),
      ("bcc", .bcc),
    ]
    for (name, role) in roles {
      for field in header.all(name, octets) {
        let list = AddressList(value(octets, field))
        if list.faults > 0 { defects.add(.badAddress, name) }
        for mailbox in list.mailboxes {
          guard item.people.count < limits.people else {
            defects.add(.tooManyPeople)
            return
          }
          add(mailbox, role, name)
        }
      }
    }
    if !item.people.contains(where: { $0.role == .from }) { defects.add(.missingFrom) }
  }

  private mutating func add(_ mailbox: AddressList.Mailbox, _ role: Person.Role, _ field: String) {
    let name = mailbox.name.map { text($0, field) }.flatMap { $0.isEmpty ? nil : $0 }
    let address = mailbox.address.map { text($0, field) }.flatMap { $0.isEmpty ? nil : $0 }
    guard name != nil || address != nil else { return }
    item.people.append(Person(role: role, name: name, address: address))
  }

  private mutating func readTimes(_ octets: Span<UInt8>, _ header: HeaderBlock) {
    if let value = single("date", octets, header), !value.isEmpty {
      addTime(.sent, value, "date")
    } else {
      defects.add(.missingDate)
    }
    // The topmost was added last, by the server that received the message.
    if let field = header.first("received", octets) {
      let value = value(octets, field)
      if let semicolon = value.lastIndex(of: 0x3B) {
        addTime(.received, value[(semicolon + 1)...], "received")
      }
    }
  }

  private mutating func addTime(
    _ role: ItemTime.Role, _ value: some Collection<UInt8>, _ field: String
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
    if let value = single("message-id", octets, header), !value.isEmpty {
      item.externalID = messageID(value)
    } else {
      defects.add(.missingMessageID)
    }
    let references = ids("references", octets, header)
    let repliedTo = ids("in-reply-to", octets, header)
    item.facts += repliedTo.map { Fact("in_reply_to", .text($0)) }
    item.facts += references.map { Fact("reference", .text($0)) }
    item.references = Self.eachOnce(references + repliedTo)
    item.conversation = references.first ?? repliedTo.first ?? item.externalID
    if let field = header.first("list-id", octets) {
      let list = listID(text(value(octets, field), "list-id"))
      if !list.isEmpty { item.facts.append(Fact("list_id", .text(list))) }
    }
  }

  /// Where an id is named twice, its last place counts: the parent stays last.
  private static func eachOnce(_ ids: [String]) -> [String] {
    // Most messages name a few.
    if ids.count < 16 {
      return ids.indices.filter { !ids[($0 + 1)...].contains(ids[$0]) }.map { ids[$0] }
    }
    var seen: Set<String> = []
    return Array(ids.reversed().filter { seen.insert($0).inserted }.reversed())
  }

  /// Without its angle brackets; as written where they are missing.
  private mutating func messageID(_ value: [UInt8]) -> String? {
    if let id = bracketed(value).first {
      if id.contains(where: { $0 <= 0x20 }) { defects.add(.badMessageID) }
      return clean(id)
    }
    defects.add(.badMessageID)
    return clean(value.filter { $0 != 0x3C && $0 != 0x3E }[...])
  }

  private mutating func ids(
    _ name: String, _ octets: Span<UInt8>, _ header: HeaderBlock
  ) -> [String] {
    guard let value = single(name, octets, header) else { return [] }
    return bracketed(value).compactMap { clean($0) }
  }

  /// White space inside of an id comes from folding and is dropped.
  private mutating func clean(_ id: ArraySlice<UInt8>) -> String? {
    let isWhole = id.allSatisfy { $0 > 0x20 }
    let decoded = decodeUTF8(isWhole ? Array(id) : id.filter { $0 > 0x20 }).text
    let cleaned = cleanLine(decoded)
    return cleaned.isEmpty ? nil : cleaned
  }

  /// What stands in angle brackets, one after the other.
  private func bracketed(_ value: [UInt8]) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    var index = 0
    while let open = value[index...].firstIndex(of: 0x3C),
      let close = value[open...].firstIndex(of: 0x3E)
    {
      // The last opening bracket before the closing one: ids hold none.
      let start = value[open..<close].lastIndex(of: 0x3C) ?? open
      if close > start + 1 { found.append(value[(start + 1)..<close]) }
      index = close + 1
    }
    return found
  }

  /// `A list <list.example.org>` is `list.example.org` (RFC 2919, section 2).
  private func listID(_ text: String) -> String {
    guard let open = text.utf8.lastIndex(of: 0x3C),
      let close = text.utf8[open...].firstIndex(of: 0x3E)
    else { return text }
    return String(text[text.utf8.index(after: open)..<close])
  }
}
