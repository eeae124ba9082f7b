import Conversion
import Grounding
import Ingestion
import Mail
import Reading

extension CommandOption {
  static let fileName = CommandOption(
    name: "--name", value: "NAME", summary: "what the file is called, where FILE is -")
  static let messageNumber = CommandOption(
    name: "--message", value: "N",
    summary: "this message of a mailbox, or this line of a file of records, from 1")
}

extension Command {
  static let parse = Command(
    words: ["parse"], summary: "show what Loam reads in one file",
    operands: [Operand(name: "FILE")],
    options: [.fileName, .messageNumber] + CommandOption.common,
    details: """
      Its type, headers, people, times, parts, text with segments, oddities, passages, and what is \
      attached, as loam ingest would store it; nothing is stored. FILE - is the standard input. Of a \
      mailbox it lists the messages.
      """,
    examples: [
      Example(line: "loam parse message.eml", meaning: "a message with what is attached to it"),
      Example(line: "loam parse archive.mbox --message 12", meaning: "the twelfth message"),
      Example(
        line: "curl -s https://example.org/a.ics | loam parse - --name a.ics --json",
        meaning: "from the standard input, as JSON"),
    ],
    run: runParse)
}

/// What `loam parse` looks at, and what it is.
struct ParsedInput {
  var name: String
  var octetCount: Int
  var type: DetectedFile
  /// How a mailbox marks lines.
  var dialect: String?
}

/// A message of a mailbox or a record, in short.
struct RecordSummary {
  var number: Int
  var octetCount: Int
  /// `nil` where it cannot be read or is empty.
  var item: ParsedItem?
  var problem: Problem?
}

private func runParse(_ invocation: Invocation) throws(Problem) -> Int32 {
  let path = invocation.operands[0]
  let number = try invocation.number(.messageNumber, in: 1...Int.max)
  let octets = try ItemOctets(
    path: path, limit: IngestLimits().itemOctets, containerLimit: IngestLimits().containerOctets)
  let name = invocation.value(.fileName) ?? (path == "-" ? "" : lastPart(of: absolutePath(path)))
  let type = octets.withSpan { FileReader.detect($0, name: name) }
  var input = ParsedInput(name: name, octetCount: octets.count, type: type)
  switch type {
  case .records(.outlookStore):
    var records = Records(try mailboxes(of: octets), format: .message)
    let output = ParseOutput(console: invocation.console, input: input)
    guard let number else { return try listRecords(&records, output) }
    return try showRecord(number, of: &records, output)
  case .records(let format):
    var records = Records(octets, format: format)
    input.dialect = records.dialect
    let output = ParseOutput(console: invocation.console, input: input)
    guard let number else { return try listRecords(&records, output) }
    return try showRecord(number, of: &records, output)
  case .one, .calendar, .passedOver:
    guard number == nil else {
      throw Problem(
        .usage, "Only a mailbox or a file of records has --message.", place: path,
        remedy: "Leave --message out.")
    }
    return try showWhole(octets, input, ParseOutput(console: invocation.console, input: input))
  }
}

/// The messages of a mail store that a program takes apart, as one mailbox.
private func mailboxes(of octets: ItemOctets) throws(Problem) -> ItemOctets {
  let converted = try SandboxedConverter().convert(octets.load(), from: .outlookStore)
  guard case .files(let files) = converted else { return .loaded([]) }
  return .loaded(files.flatMap(\.octets))
}

/// The records of a file that has many.
private struct Records {
  let octets: ItemOctets
  let format: ItemFormat
  private var cursor: RecordCursor

  init(_ octets: ItemOctets, format: ItemFormat) {
    self.octets = octets
    self.format = format
    cursor = octets.withSpan { RecordCursor(format, of: $0) }
  }

  var isMail: Bool { format == .message }
  var dialect: String? { cursor.dialect?.rawValue }

  /// The next one; empty lines are passed over.
  mutating func next() -> RecordCursor.Record? {
    while let record = octets.withSpan({ cursor.next($0) }) {
      if !record.range.isEmpty || isMail { return record }
    }
    return nil
  }

  /// - Throws: `too_large`, and what a record's reader throws.
  func read(_ record: RecordCursor.Record) throws(Problem) -> ReadFile {
    let limit = IngestLimits().itemOctets
    guard record.range.count <= limit else {
      throw Problem(
        .tooLarge, "The item has more than \(limit) octets.", place: "number \(record.number)")
    }
    return try FileReader.read(
      cursor.octets(of: record, in: octets).load(), as: format, converter: SandboxedConverter())
  }
}

private func showWhole(
  _ octets: ItemOctets, _ input: ParsedInput, _ output: ParseOutput
) throws(Problem) -> Int32 {
  let format: ItemFormat
  switch input.type {
  case .one(let known): format = known
  case .calendar: format = .calendar
  case .records, .passedOver:
    try output.print(ReadFile())
    return 0
  }
  guard octets.count <= IngestLimits().itemOctets else {
    throw Problem(
      .tooLarge, "The file has more than \(IngestLimits().itemOctets) octets.", place: input.name,
      remedy: "Split it.")
  }
  try output.print(
    try FileReader.read(
      octets.load(), as: format, hints: ReadingHints(name: input.name),
      converter: SandboxedConverter()))
  return 0
}

private func listRecords(_ records: inout Records, _ output: ParseOutput) throws(Problem) -> Int32 {
  var summaries: [RecordSummary] = []
  while let record = records.next() {
    var summary = RecordSummary(number: record.number, octetCount: record.range.count)
    do throws(Problem) {
      summary.item = try records.read(record).items.first { !$0.isEmptyDocument }
    } catch {
      summary.problem = error
    }
    summaries.append(summary)
  }
  try output.print(summaries, isMail: records.isMail)
  return summaries.contains { $0.problem != nil } ? 1 : 0
}

private func showRecord(
  _ number: Int, of records: inout Records, _ output: ParseOutput
) throws(Problem) -> Int32 {
  var last = 0
  while let record = records.next() {
    last = record.number
    guard record.number == number else { continue }
    try output.print(try records.read(record))
    return 0
  }
  throw Problem(
    .notFound, "There is no \(records.isMail ? "message" : "line") \(number).",
    place: output.input.name, remedy: "The last one is \(last).")
}
