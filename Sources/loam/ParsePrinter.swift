import Grounding
import Mail
import Reading
import Retrieval

/// What was read of a file, as a person reads it in a terminal.
///
/// Everything that comes from the file goes through `printable`, as it may be a stranger's.
struct ParsePrinter {
  let terminal: Terminal

  func text(for file: ReadFile, _ parts: [ShownPart], _ input: ParsedInput) -> String {
    var lines = head(input)
    for field in parts.first?.tree.fields ?? [] { lines.append(line(for: field)) }
    for part in parts { lines.append(line(for: part)) }
    for part in file.skipped {
      lines.append(field("skipped", "\(printable(part.place)): \(part.code.rawValue)"))
    }
    lines += file.defects.map { field("oddity", text($0)) }
    for item in file.items {
      lines.append("")
      lines += self.lines(for: item)
    }
    return lines.joined(separator: "\n")
  }

  func text(for records: [RecordSummary], _ input: ParsedInput, isMail: Bool) -> String {
    var lines = head(input)
    lines.append(summary(of: records, isMail: isMail))
    for (code, count) in defectCounts(records) {
      lines.append(field("oddity", "\(code) in \(grouped(count))"))
    }
    for record in records { lines.append(line(for: record)) }
    return lines.joined(separator: "\n")
  }

  private func head(_ input: ParsedInput) -> [String] {
    let name = input.name.isEmpty ? "standard input" : printable(input.name)
    var type = input.code.map { "not read (\($0.rawValue))" } ?? input.typeName
    if let dialect = input.dialect { type += " (\(dialect))" }
    return ["\(terminal.styled(name, .title)): \(type), \(plural(input.octetCount, "octet"))"]
  }

  private func summary(of records: [RecordSummary], isMail: Bool) -> String {
    var notes = [plural(records.count, isMail ? "message" : "record")]
    let odd = records.count { $0.item?.defects.isEmpty == false }
    if odd > 0 { notes.append("\(grouped(odd)) with oddities") }
    let children = records.reduce(0) { $0 + ($1.item?.children.count ?? 0) }
    if children > 0 { notes.append(plural(children, "child", "children")) }
    let failed = records.count { $0.problem != nil }
    if failed > 0 { notes.append("\(grouped(failed)) not read") }
    return notes.joined(separator: ", ")
  }

  private func line(for record: RecordSummary) -> String {
    let number = terminal.styled(String(record.number), .number)
    if let problem = record.problem { return "\(number)  \(problem.code.rawValue)" }
    guard let item = record.item else { return "\(number)  empty" }
    let description = ItemDescription(parsed: item)
    var notes = [whoAndWhen(description), plural(record.octetCount, "octet")]
    if !item.children.isEmpty { notes.append(plural(item.children.count, "child", "children")) }
    if !item.defects.isEmpty {
      let first = item.defects.prefix(2).map(\.code).joined(separator: ", ")
      let more = item.defects.count > 2 ? " …" : ""
      notes.append("\(plural(item.defects.count, "oddity", "oddities")) (\(first)\(more))")
    }
    let title = item.title.map { printable($0) } ?? "(no title)"
    return "\(number)  \(title)  \(terminal.styled(notes.joined(separator: " · "), .faint))"
  }

  /// A field of the message's header, decoded; long ones go on below their value.
  private func line(for field: PartTree.Field) -> String {
    let name = "\(printable(field.name)):"
    let indent = "  "
    let room = max(20, terminal.textColumns - columns(of: indent))
    let lines = wrapped("\(name) \(printable(field.value))", columns: room)
    guard let first = lines.first, first.hasPrefix(name) else { return indent + name }
    let styled = terminal.styled(name, .faint) + first.dropFirst(name.count)
    return ([indent + styled] + lines.dropFirst().map { indent + indent + $0 })
      .joined(separator: "\n")
  }

  private func line(for part: ShownPart) -> String {
    let tree = part.tree
    var words = [printable(tree.mediaType)]
    if let name = tree.fileName { words.append("\"\(printable(name))\"") }
    if let charset = tree.parameters.first(where: { $0.name == "charset" }) {
      words.append("charset \(printable(charset.value))")
    }
    if !tree.transferEncoding.isEmpty { words.append(printable(tree.transferEncoding)) }
    if let disposition = tree.disposition { words.append(printable(disposition)) }
    words.append(plural(part.octetCount, "octet"))
    if let hash = part.hash { words.append("sha256 \(hexadecimal(hash).prefix(16))") }
    switch part.outcome {
    case .container: words.append(plural(tree.children.count, "part"))
    case .body: words.append("the text")
    case .alternative: words.append("the text in another form, not read")
    case .beyondLimit: words.append("beyond a limit, not read")
    case .attachment(.read(let format)): words.append("read as \(format.rawValue)")
    case .attachment(.notRead(let code)): words.append("not read (\(code.rawValue))")
    case .attachment(.furniture): words.append("no content of its own")
    }
    let indent = String(repeating: "  ", count: part.depth)
    return indent + field("part \(printable(part.number))", words.joined(separator: ", "))
  }

  // MARK: Items

  private func lines(for item: ParsedItem) -> [String] {
    var lines = [terminal.styled(item.title.map { printable($0) } ?? "(no title)", .title)]
    lines.append(
      field("kind", item.kind.rawValue + (item.isOwnerOnly ? ", for its owner only" : "")))
    for person in item.people {
      let state = person.state.map { " (\($0.rawValue))" } ?? ""
      lines.append(field(person.role.rawValue, printable(fullName(person)) + state))
    }
    for time in item.times {
      lines.append(field(time.role.rawValue, describe(TimeDescription(time))))
    }
    for (name, value) in [
      ("external id", item.externalID), ("conversation", item.conversation),
      ("language", item.language), ("label", item.label),
      ("sha256", item.contentHash.map(hexadecimal)),
    ] {
      if let value { lines.append(field(name, printable(value))) }
    }
    for fact in item.facts { lines.append(field(printable(fact.name), text(fact.value))) }
    lines += item.defects.map { field("oddity", text($0)) }
    lines += textLines(of: item) + passageLines(of: item)
    for child in item.children {
      lines.append("")
      lines += self.lines(for: child).map { $0.isEmpty ? "" : "    " + $0 }
    }
    return lines
  }

  private func textLines(of item: ParsedItem) -> [String] {
    let octets = Array(item.text.utf8)
    var lines: [String] = []
    for segment in item.segments {
      let role = segment.role == .new ? "" : ", \(segment.role.rawValue)"
      lines.append(
        terminal.styled(
          "\(segment.kind.rawValue)\(role) \(place(segment.span, segment.locator))", .faint))
      let text = String(decoding: octets[segment.span.range], as: UTF8.self)
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        let words = line.split(separator: "\t", omittingEmptySubsequences: false)
        lines.append(
          terminal.styled("\(margin(of: segment.role))│ ", .faint)
            + words.map(printable).joined(separator: "\t"))
      }
    }
    return lines
  }

  /// What stands before each line of a stretch.
  private func margin(of role: Segment.Role) -> String {
    switch role {
    case .new: " "
    case .quoted: "q"
    case .signature: "s"
    case .disclaimer: "d"
    case .banner: "b"
    }
  }

  private func passageLines(of item: ParsedItem) -> [String] {
    passages(of: item).map {
      terminal.styled(
        "passage \($0.ordinal)\($0.role == .new ? "" : ", \($0.role.rawValue)") "
          + place($0.span, $0.locator), .faint)
    }
  }

  /// Octets and where a person finds them.
  private func place(_ span: TextSpan, _ locator: Locator) -> String {
    let place = describe(locator).map { " at \($0)" } ?? ""
    return "\(span.start)..<\(span.end)\(place)"
  }

  private func field(_ name: String, _ value: String) -> String {
    let gap = String(repeating: " ", count: max(0, 14 - columns(of: name)))
    return terminal.styled(name, .faint) + gap + " " + value
  }

  private func text(_ defect: Defect) -> String {
    printable(defect.code + (defect.detail.map { " (\($0))" } ?? ""))
  }

  private func text(_ value: Fact.Value) -> String {
    switch value {
    case .text(let text): printable(text)
    case .number(let number): fixed(number, 3)
    case .instant(let instant): describe(TimeDescription(ItemTime(role: .start, instant: instant)))
    }
  }
}

extension ItemDescription {
  /// An item that is in no store.
  init(parsed item: ParsedItem) {
    self.init(
      id: "", kind: item.kind, externalID: item.externalID, parent: nil, title: item.title,
      conversation: item.conversation, language: item.language, label: item.label,
      people: item.people.isEmpty ? nil : item.people, times: nil, locations: [])
    times = Dictionary(item.times.map { ($0.role.rawValue, TimeDescription($0)) }) { first, _ in
      first
    }
  }
}
