import Chronology
import Glibc
import Grounding
import Mail
import Partition
import Retrieval

extension Command {
  static let search = Command(
    words: ["search"], summary: "ask, and read the passages that answer",
    operands: [Operand(name: "QUERY", repeats: true)],
    options: [
      .tenant, .asPrincipal, .group, .kind, .mode, .fusion, .groupBy, .limit, .snippets, .budget,
      .now, .zone,
    ] + CommandOption.common,
    details: """
      Only what the principal may see takes part. --as shows what another principal would see; who \
      can read the store's folder can read everything in it.
      """,
    examples: [
      Example(
        line: "loam search \"what did we decide about the budget\"", meaning: "the ten best items"),
      Example(
        line: "loam search --as theo --group crew --limit 3 lifejackets",
        meaning: "what Theo of the crew would see"),
      Example(
        line: "loam search --json --budget-tokens 2000 \"battery study\"",
        meaning: "for a prompt: at most 2,000 tokens of snippets, as JSON"),
    ],
    run: runSearch)

  static let show = Command(
    words: ["show"], summary: "print one item with its text",
    operands: [Operand(name: "ID")],
    options: [.tenant, .asPrincipal, .group, .anonymise, .anonymiserSeed] + CommandOption.common,
    details: """
      An item that does not exist and one that the principal may not see answer the same. Of what is no \
      message, or has no file any more, --anonymise prints the text that is stored.

      """ + CommandOption.anonymiseDetails,
    examples: [
      Example(line: "loam show ID", meaning: "the id is on the last line of a search result"),
      Example(line: "loam show ID --json", meaning: "all that is known of it, as JSON"),
      Example(
        line: "loam show --anonymise ID > sent-in.eml",
        meaning: "the message in the same form with other words"),
    ],
    run: runShow)
}

private func runSearch(_ invocation: Invocation) throws(Problem) -> Int32 {
  let request = try retrievalRequest(invocation)
  let tenant = try invocation.tenant()
  let encoders =
    request.mode == .lexical && request.budgetTokens == nil ? [] : try invocation.encoders()
  let snapshot = try Snapshot(home: invocation.home(), tenant: tenant)
  let retriever = Retriever(snapshot: snapshot, encoder: try snapshot.encoder(among: encoders))
  let response = try retriever.retrieve(
    request, caller: invocation.caller(), requestID: newRequestID())
  let console = invocation.console
  if console.isJSON {
    try console.print(String(decoding: response.json(), as: UTF8.self))
  } else {
    try console.print(ResultPrinter(terminal: console.out).text(for: response))
  }
  return 0
}

/// A name for one question: 32 hexadecimal digits by chance, as a trace's id is.
///
/// - SeeAlso: W3C Trace Context, section 3.2.2.3.
private func newRequestID() -> String {
  (0..<32).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
}

/// The request that the line describes.
///
/// - Throws: `usage` with the option's name where a value is out of its limits.
private func retrievalRequest(_ invocation: Invocation) throws(Problem) -> RetrievalRequest {
  var request = RetrievalRequest(query: invocation.operands.joined(separator: " "))
  let kinds = invocation.values(.kind).compactMap { ItemKind(rawValue: $0) }
  if !kinds.isEmpty { request.kinds = Set(kinds) }
  request.mode = invocation.value(.mode).flatMap { Mode(rawValue: $0) } ?? request.mode
  request.fusion = invocation.value(.fusion).flatMap { Fusion(rawValue: $0) } ?? request.fusion
  request.groupBy = invocation.value(.groupBy).flatMap { GroupBy(rawValue: $0) }
  request.limit =
    try invocation.number(.limit, in: RetrievalRequest.limits) ?? request.limit
  request.snippetsPerItem =
    try invocation.number(.snippets, in: RetrievalRequest.snippetsPerItemLimits)
    ?? request.snippetsPerItem
  request.budgetTokens = try invocation.number(.budget, in: RetrievalRequest.budgetLimits)
  // People ask now. A program says when: the same line must give it the same octets.
  request.now =
    invocation.value(.now)
    ?? (invocation.console.isJSON
      ? nil : CivilTime(instant: Int64(time(nil))).map { $0.text + "Z" })
  request.zone = invocation.value(.zone)
  do {
    try request.validate()
  } catch {
    throw Problem(.usage, error.detail, place: error.place, remedy: error.remedy)
  }
  return request
}

private func runShow(_ invocation: Invocation) throws(Problem) -> Int32 {
  let text = invocation.operands[0]
  let snapshot = try Snapshot(home: invocation.home(), tenant: invocation.tenant())
  guard let shown = try snapshot.shownItem(text, caller: invocation.caller()) else {
    throw noSuchItem(text)
  }
  let console = invocation.console
  if invocation.has(.anonymise) {
    try printAnonymised(shown, invocation)
  } else if console.isJSON {
    try console.print(String(decoding: shown.json(), as: UTF8.self))
  } else {
    try console.print(ItemPrinter(terminal: console.out).text(for: shown.item, text: shown.text))
  }
  return 0
}

/// Writes the item's message with other words, or, where there is none, its stored text.
private func printAnonymised(_ shown: ShownItem, _ invocation: Invocation) throws(Problem) {
  let console = invocation.console
  var anonymiser = try invocation.anonymiser()
  if shown.item.kind == .mail {
    do throws(Problem) {
      try console.write(anonymiser.message(MessageSource(item: shown.item).octets()))
      return
    } catch {
      if error.code == .noSpace || error.code == .unavailable { throw error }
      console.remark("\(error.detail) What is stored of it follows.")
    }
  }
  let replaced = shown.anonymised(&anonymiser)
  try console.print(
    ItemPrinter(terminal: console.out).text(for: replaced.item, text: replaced.text))
}

private func noSuchItem(_ id: String) -> Problem {
  Problem(
    .notFound, "There is no such item, or it may not be seen.", place: id,
    remedy: "Copy the id from a search result; --as and --group say who asks.")
}
