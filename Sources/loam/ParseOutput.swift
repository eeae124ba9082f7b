import Analysis
import Grounding
import Mail
import Octets
import Reading

/// Prints what was read of a file, as text or as one JSON object.
struct ParseOutput {
  let console: Console
  let input: ParsedInput

  /// - Parameter octets: What `file` was read from.
  func print(_ file: ReadFile, of octets: [UInt8]) throws(Problem) {
    let isMessage = file.items.first?.kind == .mail
    let parts = isMessage ? ShownParts(octets, file).parts : []
    if console.isJSON {
      try console.print(.object(ParseJSON.file(file, parts).merging(head) { own, _ in own }))
    } else {
      try console.print(ParsePrinter(terminal: console.out).text(for: file, parts, input))
    }
  }

  func print(_ records: [RecordSummary], isMail: Bool) throws(Problem) {
    if console.isJSON {
      let list = JSONValue.list(records.map(ParseJSON.summary))
      let more = ["records": list, "defects_by_code": ParseJSON.counts(of: records)]
      try console.print(.object(head.merging(more) { own, _ in own }))
    } else {
      try console.print(
        ParsePrinter(terminal: console.out).text(for: records, input, isMail: isMail))
    }
  }

  private var head: [String: JSONValue?] {
    [
      "name": input.name.isEmpty ? nil : .text(input.name), "octets": .number(input.octetCount),
      "type": .text(input.typeName), "dialect": input.dialect.map { .text($0) },
      "code": input.code.map { .text($0.rawValue) },
    ]
  }
}

extension ParsedInput {
  /// What the file is, in one word.
  var typeName: String {
    switch type {
    case .one(let format): format.rawValue
    case .records(.message): "mailbox"
    case .records(.outlookStore): ItemFormat.outlookStore.rawValue
    case .records: "records"
    case .calendar: "calendar"
    case .passedOver: "not_read"
    }
  }

  /// Why it is passed over.
  var code: Problem.Code? {
    if case .passedOver(let code) = type { return code }
    return nil
  }
}

/// The passages of `item`, cut as an ingest does.
func passages(of item: ParsedItem) -> [Passage] {
  PassageSplitter().split(item.text, segments: item.segments)
}

/// `octets` in lower-case hexadecimal.
func hexadecimal(_ octets: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// `loam parse --json`; the shape is `Schemas/parse.schema.json`.
enum ParseJSON {
  static func file(_ file: ReadFile, _ parts: [ShownPart]) -> [String: JSONValue?] {
    [
      "items": .list(file.items.map(item)), "parts": list(parts.map(part)),
      "skipped": list(
        file.skipped.map {
          .object(["code": .text($0.code.rawValue), "place": .text($0.place)])
        }), "defects": list(file.defects.map(defect)),
    ]
  }

  static func summary(_ record: RecordSummary) -> JSONValue {
    .object([
      "number": .number(record.number), "octets": .number(record.octetCount),
      "code": record.problem.map { .text($0.code.rawValue) },
      "external_id": text(record.item?.externalID), "title": text(record.item?.title),
      "people": record.item.flatMap { list($0.people.map(person)) },
      "times": record.item.flatMap { list($0.times.map(time)) },
      "children": record.item.map { .number($0.children.count) },
      "defects": record.item.map { .number($0.defects.count) },
    ])
  }

  /// How many of the records have each defect; absent where none has any.
  static func counts(of records: [RecordSummary]) -> JSONValue? {
    let counts = defectCounts(records)
    if counts.isEmpty { return nil }
    return .object(Dictionary(uniqueKeysWithValues: counts.map { ($0.code, .number($0.count)) }))
  }

  /// Absent where it would be empty.
  private static func list(_ values: [JSONValue]) -> JSONValue? {
    values.isEmpty ? nil : .list(values)
  }

  private static func text(_ text: String?) -> JSONValue? { text.map { .text($0) } }

  private static func item(_ item: ParsedItem) -> JSONValue {
    .object([
      "kind": .text(item.kind.rawValue), "external_id": text(item.externalID),
      "title": text(item.title), "conversation": text(item.conversation),
      "language": text(item.language), "label": text(item.label),
      "references": list(item.references.map { .text($0) }),
      "owner_only": item.isOwnerOnly ? true : nil,
      "sha256": item.contentHash.map { .text(hexadecimal($0)) },
      "people": list(item.people.map(person)), "times": list(item.times.map(time)),
      "facts": list(item.facts.map(fact)), "text": .text(item.text),
      "segments": list(
        item.segments.map {
          span(
            $0.span, $0.locator,
            ["kind": .text($0.kind.rawValue), "role": .text($0.role.rawValue)])
        }),
      "passages": .list(
        passages(of: item).map {
          span($0.span, $0.locator, ["role": .text($0.role.rawValue)])
        }),
      "defects": list(item.defects.map(defect)), "children": list(item.children.map(Self.item)),
    ])
  }

  private static func person(_ person: Person) -> JSONValue {
    .object([
      "role": .text(person.role.rawValue), "name": text(person.name),
      "address": text(person.address), "state": text(person.state?.rawValue),
    ])
  }

  private static func time(_ time: ItemTime) -> JSONValue {
    .object([
      "role": .text(time.role.rawValue), "instant": time.instant.map { .number(Int($0)) },
      "local": text(time.local), "zone": text(time.zone),
      "all_day": time.allDay.map { .flag($0) },
    ])
  }

  private static func fact(_ fact: Fact) -> JSONValue {
    let value: (String, JSONValue) =
      switch fact.value {
      case .text(let text): ("text", .text(text))
      case .number(let number): ("number", .decimal(number, digits: 6))
      case .instant(let instant): ("instant", .number(Int(instant)))
      }
    return .object(["name": .text(fact.name), value.0: value.1])
  }

  private static func defect(_ defect: Defect) -> JSONValue {
    .object(["code": .text(defect.code), "detail": text(defect.detail)])
  }

  private static func span(
    _ span: TextSpan, _ locator: Locator, _ more: [String: JSONValue?]
  ) -> JSONValue {
    var fields = more
    fields["start"] = .number(span.start)
    fields["end"] = .number(span.end)
    fields["part"] = text(locator.part)
    fields["heading"] = locator.heading.map { .list($0.map { .text($0) }) }
    fields["page"] = locator.page.map { .number($0) }
    return .object(fields)
  }

  private static func part(_ part: ShownPart) -> JSONValue {
    let tree = part.tree
    var fields: [String: JSONValue?] = [
      "number": .text(part.number), "media_type": .text(tree.mediaType),
      "name": text(tree.fileName), "disposition": text(tree.disposition),
      "transfer_encoding": tree.transferEncoding.isEmpty ? nil : .text(tree.transferEncoding),
      "parameters": list(
        tree.parameters.map {
          .object(["name": .text($0.name), "value": .text($0.value)])
        }),
      "fields": list(
        tree.fields.map {
          .object([
            "name": .text($0.name), "value": .text($0.value),
            "start": .number($0.octets.lowerBound), "end": .number($0.octets.upperBound),
          ])
        }), "octets": .number(part.octetCount),
      "sha256": part.hash.map { .text(hexadecimal($0)) },
    ]
    switch part.outcome {
    case .container: fields["container"] = true
    case .body: fields["body"] = true
    case .alternative: fields["alternative"] = true
    case .beyondLimit: fields["beyond_limit"] = true
    case .attachment(.read(let format)): fields["read_as"] = .text(format.rawValue)
    case .attachment(.notRead(let code)): fields["code"] = .text(code.rawValue)
    case .attachment(.furniture): fields["furniture"] = true
    }
    return .object(fields)
  }
}

/// How many of the records have each defect, the most frequent first, then by code.
func defectCounts(_ records: [RecordSummary]) -> [(code: String, count: Int)] {
  var counts: [String: Int] = [:]
  for record in records {
    for code in Set(record.item?.defects.map(\.code) ?? []) { counts[code, default: 0] += 1 }
  }
  return counts.map { (code: $0.key, count: $0.value) }.sorted {
    $0.count != $1.count ? $0.count > $1.count : $0.code < $1.code
  }
}
