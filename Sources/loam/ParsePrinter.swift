import Grounding
import Reading
import Retrieval

/// What was read of a file, as a person reads it in a terminal.
///
/// Everything that comes from the file goes through `printable`, as it may be a stranger's.
struct ParsePrinter {
  let terminal: Terminal

  func text(for file: ReadFile, _ input: ParsedInput) -> String {
    var lines = head(input)
    for part in file.parts { lines.append(line(for: part)) }
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
    lines.append(plural(records.count, isMail ? "message" : "record"))
    for record in records { lines.append(line(for: record)) }
    return lines.joined(separator: "\n")
  }

  private func head(_ input: ParsedInput) -> [String] {
    let name = input.name.isEmpty ? "standard input" : printable(input.name)
    var type = input.code.map { "not read (\($0.rawValue))" } ?? input.typeName
    if let dialect = input.dialect { type += " (\(dialect))" }
    return ["\(terminal.styled(name, .title)): \(type), \(plural(input.octetCount, "octet"))"]
  }

  private func line(for record: RecordSummary) -> String {
    let number = terminal.styled(String(record.number), .number)
    if let problem = record.problem { return "\(number)  \(problem.code.rawValue)" }
    guard let item = record.item else { return "\(number)  empty" }
    let description = ItemDescription(parsed: item)
    var notes = [whoAndWhen(description), plural(record.octetCount, "octet")]
    if !item.children.isEmpty { notes.append(plural(item.children.count, "child", "children")) }
    if !item.defects.isEmpty { notes.append(plural(item.defects.count, "oddity", "oddities")) }
    let title = item.title.map { printable($0) } ?? "(no title)"
    return "\(number)  \(title)  \(terminal.styled(notes.joined(separator: " · "), .faint))"
  }

  private func line(for part: ReadPart) -> String {
    var words = [printable(part.mediaType)]
    if let name = part.name { words.append("\"\(printable(name))\"") }
    if part.isInline { words.append("inline") }
    words.append(plural(part.octetCount, "octet"))
    words.append("sha256 \(hexadecimal(part.hash).prefix(16))")
    switch part.outcome {
    case .read(let format): words.append("read as \(format.rawValue)")
    case .notRead(let code): words.append("not read (\(code.rawValue))")
    case .furniture: words.append("no content of its own")
    }
    return field("part \(printable(part.number))", words.joined(separator: ", "))
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
      lines.append(
        terminal.styled("\(segment.kind.rawValue) \(place(segment.span, segment.locator))", .faint))
      let text = String(decoding: octets[segment.span.range], as: UTF8.self)
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        let words = line.split(separator: "\t", omittingEmptySubsequences: false)
        lines.append(terminal.styled("│ ", .faint) + words.map(printable).joined(separator: "\t"))
      }
    }
    return lines
  }

  private func passageLines(of item: ParsedItem) -> [String] {
    passages(of: item).map {
      terminal.styled("passage \($0.ordinal) \(place($0.span, $0.locator))", .faint)
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
