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
    options: [.fileName, .messageNumber, .anonymise, .anonymiserSeed] + CommandOption.common,
    details: """
      Its type, header, people, times, parts with their hashes, text with segments, oddities, passages, \
      and what is attached, as loam ingest would store it; nothing is stored. In the margin of the text: \
      q quoted, s signature, d disclaimer, b banner. FILE - is the standard input. Of a mailbox it \
      lists the messages.

      """ + CommandOption.anonymiseDetails,
    examples: [
      Example(line: "loam parse message.eml", meaning: "a message with what is attached to it"),
      Example(line: "loam parse archive.mbox --message 12", meaning: "the twelfth message"),
      Example(
        line: "loam parse --anonymise message.eml > sent-in.eml",
        meaning: "the message in the same form with other words"),
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
  if invocation.has(.anonymise) {
    return try anonymise(octets, input, number: number, invocation)
  }
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
struct Records {
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

  /// The record that has this number.
  ///
  /// - Throws: `not_found`.
  mutating func record(
    _ number: Int, in file: String
  ) throws(Problem) -> RecordCursor.Record {
    var last = 0
    while let record = next() {
      last = record.number
      if last == number { return record }
    }
    throw Problem(
      .notFound, "There is no \(isMail ? "message" : "line") \(number).", place: file,
      remedy: "The last one is \(last).")
  }

  func octets(of record: RecordCursor.Record) -> [UInt8] {
    cursor.octets(of: record, in: octets).load()
  }

  /// - Throws: `too_large`, and what a record's reader throws.
  func read(_ record: RecordCursor.Record) throws(Problem) -> ReadFile {
    let limit = IngestLimits().itemOctets
    guard record.range.count <= limit else {
      throw Problem(
        .tooLarge, "The item has more than \(limit) octets.", place: "number \(record.number)")
    }
    let octets = octets(of: record)
    let hints = ReadingHints(flags: isMail ? MailboxFlags.flags(octets.span) : [])
    return try FileReader.read(
      octets, as: format, hints: hints, converter: SandboxedConverter())
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
    try output.print(ReadFile(), of: [])
    return 0
  }
  guard octets.count <= IngestLimits().itemOctets else {
    throw Problem(
      .tooLarge, "The file has more than \(IngestLimits().itemOctets) octets.", place: input.name,
      remedy: "Split it.")
  }
  let loaded = octets.load()
  try output.print(
    try FileReader.read(
      loaded, as: format, hints: ReadingHints(name: input.name),
      converter: SandboxedConverter()), of: loaded)
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
  let record = try records.record(number, in: output.input.name)
  try output.print(try records.read(record), of: records.octets(of: record))
  return 0
}

/// Writes one message of `octets` with other words.
///
/// What is not known for a message may be one that is read wrongly: only what has a form of its own is
/// refused.
private func anonymise(
  _ octets: ItemOctets, _ input: ParsedInput, number: Int?, _ invocation: Invocation
) throws(Problem) -> Int32 {
  let message: [UInt8]
  switch input.type {
  case .records(.message):
    var records = Records(octets, format: .message)
    guard let number else {
      throw Problem(
        .usage, "Of a mailbox, --anonymise needs --message.", place: input.name,
        remedy: "Run loam parse FILE for its messages' numbers.")
    }
    message = records.octets(of: try records.record(number, in: input.name))
  case .one(.message), .one(.plainText), .passedOver(.unknownType):
    message = octets.load()
  default:
    throw Problem(
      .usage, "Only a message can be anonymised.", place: input.name,
      remedy: "Give a message, or a mailbox and --message.")
  }
  guard message.count <= IngestLimits().itemOctets else {
    throw Problem(
      .tooLarge, "The message has more than \(IngestLimits().itemOctets) octets.",
      place: input.name)
  }
  var anonymiser = try invocation.anonymiser()
  try invocation.console.write(anonymiser.message(message))
  return 0
}
