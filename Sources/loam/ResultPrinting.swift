import Grounding
import Retrieval

/// Search results as a person reads them in a terminal.
///
/// Everything that comes from an item goes through `printable`, as it may be a stranger's.
struct ResultPrinter {
  let terminal: Terminal

  private var width: Int { terminal.textColumns }
  /// Columns before everything that belongs to a result.
  private let indent = 4

  func text(for response: RetrievalResponse) -> String {
    guard !response.results.isEmpty else {
      return response.coverage.passages == 0
        ? "Nothing that you may see is stored yet."
        : "Nothing found among \(grouped(response.coverage.passages)) passages."
    }
    var lines: [String] = []
    for result in response.results {
      lines += self.lines(for: result)
      lines.append("")
    }
    lines.append(terminal.styled(coverageLine(response.coverage), .faint))
    return lines.joined(separator: "\n")
  }

  private func lines(for result: RetrievalResult) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines = [titleLine(result)]
    let about = whoAndWhen(result.item)
    if !about.isEmpty {
      lines.append(margin + terminal.styled(cut(about, to: width - indent), .faint))
    }
    let bars = legBars(result)
    if !bars.isEmpty { lines.append(margin + bars) }
    for snippet in result.snippets { lines += self.lines(for: snippet) }
    if let group = result.conversation, group.results > 1 {
      let more = "and \(grouped(group.results - 1)) more of the conversation"
      lines.append(margin + terminal.styled(more, .faint))
    }
    for place in places(result.item) {
      lines.append(margin + terminal.styled(place, .faint))
    }
    return lines
  }

  private func titleLine(_ result: RetrievalResult) -> String {
    let rank = String(result.rank)
    let score = fixed(result.score, 3)
    let head = String(repeating: " ", count: max(0, indent - 2 - rank.count)) + rank + "  "
    let room = width - head.count - score.count - 2
    let title = cut(
      result.item.title.map { printable($0) } ?? "(no title)", to: max(8, room))
    let gap = max(2, width - head.count - columns(of: title) - score.count)
    return terminal.styled(head, .number) + terminal.styled(title, .title)
      + String(repeating: " ", count: gap) + terminal.styled(score, .number)
  }

  private func legBars(_ result: RetrievalResult) -> String {
    func bar(_ name: String, _ leg: LegScore?, _ style: Style) -> String? {
      guard let leg else { return nil }
      let rank = leg.rank.map { " #\($0)" } ?? ""
      return "\(name) \(terminal.styled(barOfBlocks(leg.score, width: 10), style))"
        + " \(fixed(leg.score, 3))\(rank)"
    }
    return [bar("words", result.lexical, .words), bar("meaning", result.vector, .meaning)]
      .compactMap(\.self).joined(separator: "   ")
  }

  private func lines(for snippet: Snippet) -> [String] {
    let margin = String(repeating: " ", count: indent) + terminal.styled("│ ", .faint)
    let marked = runs(of: snippet.text, marks: snippet.marks).map {
      Run(text: printable($0.text), isMarked: $0.isMarked)
    }
    var lines = wrapped(marked, columns: width - indent - 2).map { line in
      margin + line.map { $0.isMarked ? terminal.styled($0.text, .mark) : $0.text }.joined()
    }
    let place = snippet.locator.flatMap(describe).map { "at " + $0 }
    let about = [snippet.quoted == true ? "quoted" : nil, place].compactMap(\.self)
    if !about.isEmpty {
      let line = cut(about.joined(separator: ", "), to: width - indent - 2)
      lines.append(margin + terminal.styled(line, .faint))
    }
    return lines
  }

  /// Where an item is: its addresses, and the id that `loam show` takes.
  private func places(_ item: ItemDescription) -> [String] {
    var places = item.locations.map { location in
      printable(location.uri ?? location.source)
    }
    places.append("id \(item.id)")
    return places
  }

  private func coverageLine(_ coverage: Coverage) -> String {
    var text = "\(grouped(coverage.passages)) passages searched, \(coverage.mode.rawValue)"
    // A question by words alone asks for no vectors, and counts them all as missing.
    if coverage.pending > 0, coverage.mode != .lexical {
      text += "; \(grouped(coverage.pending)) without a vector yet: loam embed"
    }
    if let tokens = coverage.tokens { text += "; \(grouped(tokens)) tokens in the snippets" }
    return text
  }
}

/// The first of those who wrote it, when, and what kind of thing it is.
func whoAndWhen(_ item: ItemDescription) -> String {
  let writers = (item.people ?? []).filter {
    $0.role == .from || $0.role == .author || $0.role == .organizer
  }
  var parts = writers.prefix(2).compactMap { describe($0) }
  if writers.count > 2 { parts.append("and \(writers.count - 2) more") }
  if let time = mainTime(item.times) { parts.append(describe(time)) }
  if let next = item.times?["next_start"] { parts.append("next " + describe(next)) }
  parts.append(item.kind.rawValue)
  return parts.joined(separator: " · ")
}

func describe(_ person: Person) -> String? {
  (person.name ?? person.address).map { printable($0) }
}

/// The local time with its zone, or the instant.
func describe(_ time: TimeDescription) -> String {
  let text = time.local ?? time.instant ?? ""
  let zone = time.local != nil ? time.zone.map { " " + $0 } ?? "" : ""
  return printable(text.prefix(16).split(separator: "T").joined(separator: " ") + zone)
}

private func mainTime(_ times: [String: TimeDescription]?) -> TimeDescription? {
  for role in ["sent", "start", "received", "modified"] {
    if let time = times?[role] { return time }
  }
  return nil
}

/// The parts of a place, as in `part 1.2 › Budget › 2027 › page 4`.
func describe(_ locator: Locator) -> String? {
  var parts: [String] = []
  if let part = locator.part { parts.append("part \(part)") }
  parts += locator.heading ?? []
  if let page = locator.page { parts.append("page \(page)") }
  return parts.isEmpty ? nil : printable(parts.joined(separator: " › "))
}
