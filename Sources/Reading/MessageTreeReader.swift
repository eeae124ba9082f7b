import Calendar
import Documents
import Grounding
import Mail
import Octets

/// Reads a message and, by their types, what is attached to it, to any depth within the limits.
struct MessageTreeReader {
  let limits: ReadingLimits
  let converter: any FileConverting
  private(set) var parts: [ReadPart] = []
  /// Forms that were not read for want of a program.
  private(set) var lacking: Set<ItemFormat> = []
  private var childCount = 0
  private var attachedOctets = 0
  private var conversionCount = 0
  private var stoppedCount = 0

  init(limits: ReadingLimits, converter: any FileConverting) {
    self.limits = limits
    self.converter = converter
  }

  mutating func read(_ octets: [UInt8], hints: ReadingHints) -> ParsedItem {
    read(octets, hints: hints, prefix: "", depth: 0)
  }

  /// The message in `octets`, a file with what its store put around it.
  mutating func readStored(_ octets: [UInt8], hints: ReadingHints) -> ParsedItem {
    let stored = StoredMessage(octets, name: hints.name ?? "")
    var hints = hints
    hints.flags += stored.flags
    return read(stored.octets, hints: hints)
  }

  /// A document without a text of its own, with `files` as its children.
  mutating func read(_ files: [ConvertedFile.File], hints: ReadingHints) -> ParsedItem {
    var item = ParsedItem(kind: .document)
    item.title = hints.name
    var names = EventNames()
    read(files, below: "", prefix: "", into: &item, names: &names, depth: 0)
    return item
  }

  /// - Parameter prefix: the numbers of the parts around the message, with a dot at the end.
  private mutating func read(
    _ octets: [UInt8], hints: ReadingHints, prefix: String, depth: Int
  ) -> ParsedItem {
    let parsed = MessageParser.parse(
      octets,
      hints: MailHints(
        flags: hints.flags, domains: hints.domains, trustedServers: hints.trustedServers),
      limits: limits.mail)
    var item = parsed.item
    var names = EventNames()
    for part in parsed.attachments {
      readNoting(part, prefix: prefix, into: &item, names: &names, depth: depth)
    }
    // An invitation that is there twice is no oddity; two that contradict each other are.
    item.defects += names.defects.filter { $0.code == ReadingDefect.repeatedEventID.rawValue }
    return item
  }

  /// Reads one part, and says in `parts` and `item` what became of it.
  private mutating func readNoting(
    _ part: MailPart, prefix: String, into item: inout ParsedItem, names: inout EventNames,
    depth: Int
  ) {
    let place = parts.count
    parts.append(
      ReadPart(
        number: prefix + part.number, mediaType: part.mediaType, name: part.name,
        isInline: part.isInline, octetCount: part.octets.count,
        hash: SHA256.digest(part.octets), outcome: .furniture))
    let outcome = read(part, at: place, into: &item, names: &names, depth: depth)
    parts[place].outcome = outcome
    if case .notRead(let code) = outcome { note(code, "part \(part.number)", in: &item) }
  }

  /// The files that were in one part, as parts of their own below its number.
  private mutating func read(
    _ files: [ConvertedFile.File], below number: String, prefix: String,
    into item: inout ParsedItem,
    names: inout EventNames, depth: Int
  ) {
    for (index, file) in files.enumerated() {
      let own = number.isEmpty ? "\(index + 1)" : "\(number).\(index + 1)"
      let part = MailPart(
        number: own, mediaType: "application/octet-stream", name: file.name, octets: file.octets)
      readNoting(part, prefix: prefix, into: &item, names: &names, depth: depth + 1)
    }
  }

  private func note(_ code: Problem.Code, _ place: String, in item: inout ParsedItem) {
    item.defects.append(
      Defect(ReadingDefect.attachmentNotRead.rawValue, "\(place): \(code.rawValue)"))
  }

  /// Reads one part and appends its items to those of its message.
  private mutating func read(
    _ part: MailPart, at place: Int, into item: inout ParsedItem, names: inout EventNames,
    depth: Int
  ) -> ReadPart.Outcome {
    if part.isFurniture(limits) { return .furniture }
    let type = part.detectedType
    if case .passedOver(let code) = type { return .notRead(code) }
    guard childCount < limits.children else { return .notRead(.tooMany) }
    guard part.octets.count <= limits.attachedOctets - attachedOctets else {
      return .notRead(.tooLarge)
    }
    attachedOctets += part.octets.count
    let hints = ReadingHints(
      name: part.fileName, mediaType: part.mediaType, charsetLabel: part.charsetLabel)
    switch type {
    case .calendar:
      return readCalendar(part, into: &item, names: &names)
    case .one(.message):
      guard depth < limits.messageDepth else { return .notRead(.tooDeep) }
      childCount += 1
      append(
        read(part.octets, hints: hints, prefix: "\(parts[place].number).", depth: depth + 1),
        part, at: place, to: &item)
      return .read(.message)
    case .one(let format) where format.isConverted:
      return readConverted(
        part, as: format, hints: hints, at: place, into: &item, names: &names, depth: depth)
    case .one(let format):
      do {
        let child = try FileReader.document(part.octets, format, hints, limits)
        if child.isEmptyDocument { return .notRead(.empty) }
        childCount += 1
        append(child, part, at: place, to: &item)
        return .read(format)
      } catch {
        return .notRead(error.code)
      }
    case .records: return .notRead(.notYet)
    case .passedOver(let code): return .notRead(code)
    }
  }

  /// Has one part converted and reads what that gives.
  private mutating func readConverted(
    _ part: MailPart, as format: ItemFormat, hints: ReadingHints, at place: Int,
    into item: inout ParsedItem, names: inout EventNames, depth: Int
  ) -> ReadPart.Outcome {
    guard conversionCount < limits.conversions, stoppedCount < limits.stoppedConversions else {
      return .notRead(.tooMany)
    }
    conversionCount += 1
    let converted: ConvertedFile
    do throws(Problem) {
      converted = try converter.convert(part.octets, from: format)
    } catch {
      if error.code == .converterLimit { stoppedCount += 1 }
      if error.isForWantOfProgram { lacking.insert(format) }
      return .notRead(error.code)
    }
    switch converted {
    case .pages(let text):
      let child = FileReader.pages(text, hints, limits)
      if child.isEmptyDocument { return .notRead(.empty) }
      childCount += 1
      append(child, part, at: place, to: &item)
    case .message(let message):
      guard depth < limits.messageDepth else { return .notRead(.tooDeep) }
      childCount += 1
      let prefix = "\(parts[place].number)."
      append(
        read(message, hints: hints, prefix: prefix, depth: depth + 1), part, at: place, to: &item)
    case .files(let files):
      guard depth < limits.messageDepth else { return .notRead(.tooDeep) }
      guard !files.isEmpty else { return .notRead(.empty) }
      let prefix = String(parts[place].number.dropLast(part.number.count))
      read(files, below: part.number, prefix: prefix, into: &item, names: &names, depth: depth)
    }
    return .read(format)
  }

  /// What came in a message is named by its part's number: content may be there twice.
  private func append(
    _ child: ParsedItem, _ part: MailPart, at place: Int, to item: inout ParsedItem
  ) {
    var child = child
    child.identity = Array(part.number.utf8)
    child.contentHash = parts[place].hash
    item.children.append(child)
  }

  private mutating func readCalendar(
    _ part: MailPart, into item: inout ParsedItem, names: inout EventNames
  ) -> ReadPart.Outcome {
    let calendar = CalendarParser.parse(
      part.octets, hints: CalendarHints(charsetLabel: part.charsetLabel), limits: limits.calendar)
    for skipped in calendar.skipped {
      note(skipped.code, "part \(part.number), \(skipped.place)", in: &item)
    }
    for defect in calendar.defects {
      let detail = ["part \(part.number)", defect.detail].compactMap(\.self)
      item.defects.append(Defect(defect.code, detail.joined(separator: ": ")))
    }
    guard !calendar.events.isEmpty else {
      return .notRead(calendar.skipped.first?.code ?? .empty)
    }
    for event in calendar.events {
      guard childCount < limits.children else { return .notRead(.tooMany) }
      guard let event = names.distinct(event) else { continue }
      childCount += 1
      item.children.append(event)
    }
    return .read(.calendar)
  }
}
