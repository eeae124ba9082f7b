import Embedding
import Grounding
import HTTPTransport
import Octets
import Partition
import Service

/// Asks two stores that differ in hidden items only the same random questions, in turn, through the service's
/// handler: compares the answers octet for octet and prints the times of both.
///
/// Every question is asked twice: the first time it may need lists that are not in memory.
func askTwins(_ arguments: Arguments) throws(Problem) {
  let passages = try BenchPassage.read(try arguments.text("passages"))
  let count = min(try arguments.number("visible", default: 20_000), passages.count)
  let hidden = try arguments.number("hidden", default: 1_000_000)
  let seed = UInt64(try arguments.number("seed", default: 20_261_129))
  let home = LoamHome(path: try arguments.text("home"))
  let encoder = arguments.has("encode") ? try Encoder.bundled() : nil
  let stores = TwinStores(home: home, encoder: encoder)
  let start = Clock.wall()
  try stores.make(visible: Array(passages.prefix(count)), hidden: hidden, of: passages, seed: seed)
  let built = Double(Clock.wall() - start) / 1e9
  var options = ServiceOptions()
  options.ratePerSecond = 1_000_000
  var twins = Twins(
    handler: LoamHandler(home: home, model: encoder, options: options) { _ in },
    keys: try stores.keys(), passages: passages, random: SplitMix64(seed: seed))
  let queries = (0..<(try arguments.number("queries", default: 10_000))).map { _ in twins.draw() }
  var head: BenchFields = [
    ("visible", .number(Double(count))), ("hidden", .number(Double(hidden))),
    ("build_s", .number(built)), ("seed", .number(Double(seed))),
    ("queries", .number(Double(queries.count))),
  ]
  for name in ["first", "again"] {
    let result = try twins.ask(queries)
    for (twin, times) in zip(TwinStores.names, result.times) {
      let values = Clock.summary(times)
      head += values.map { ("\(name)_\(twin)_\($0.name)", $0.value) }
    }
    head += [
      ("\(name)_different", .number(Double(result.different))),
      ("\(name)_empty", .number(Double(result.empty))),
    ]
  }
  writeFields(head)
  if twins.hasFound { throw Problem(.internal, "The twins' answers differ.") }
}

private struct Twins {
  let handler: LoamHandler
  let keys: [String]
  let passages: [BenchPassage]
  var random: SplitMix64
  /// Whether an answer differed.
  private(set) var hasFound = false
  private var asked = 0

  init(handler: LoamHandler, keys: [String], passages: [BenchPassage], random: SplitMix64) {
    (self.handler, self.keys, self.passages, self.random) = (handler, keys, passages, random)
  }

  /// The body of a random request: one to eight words of a passage, visible or not, as they follow each
  /// other.
  mutating func draw() -> String {
    while true {
      let passage = passages[Int(random.next() % UInt64(passages.count))]
      let words = passage.text.split { !($0.isASCII && $0.isLetter) }.map { String($0) }
        .filter { $0.count > 1 }
      let count = Int(random.next() % 8) + 1
      guard words.count >= count else { continue }
      let first = Int(random.next() % UInt64(words.count - count + 1))
      let limit = [1, 10, 10, 10, 50][Int(random.next() % 5)]
      let text = words[first..<first + count].joined(separator: " ")
      return "{\"query\":\"\(text)\",\"limit\":\(limit)}"
    }
  }

  /// The times of each twin, how many answers differed, and how many had no result.
  mutating func ask(
    _ bodies: [String]
  ) throws(Problem) -> (times: [[Clock.Time]], different: Int, empty: Int) {
    var times: [[Clock.Time]] = [[], []]
    var (different, empty) = (0, 0)
    for body in bodies {
      asked += 1
      var answers: [HTTPResponse?] = [nil, nil]
      // Each is the first as often as the other.
      for twin in asked % 2 == 0 ? [0, 1] : [1, 0] {
        times[twin].append(
          try Clock.time { () throws(Problem) in answers[twin] = answer(body, twin) })
      }
      guard let first = answers[0], let second = answers[1], first.status == 200 else {
        let said = String(decoding: answers[0]?.body ?? [], as: UTF8.self)
        throw Problem(.internal, "A question was not answered: \(said)", place: body)
      }
      if first.body != second.body { different += 1 }
      if first.body.count < 300 { empty += 1 }
    }
    hasFound = hasFound || different > 0
    return (times, different, empty)
  }

  private func answer(_ body: String, _ twin: Int) -> HTTPResponse {
    var request = HTTPRequest(method: "POST", path: "/v1/retrieve", body: Array(body.utf8))
    request.fields.add("Authorization", "Bearer \(keys[twin])")
    request.fields.add("Content-Type", "application/json")
    // The request's id comes from it, so that both answers have the same.
    request.fields.add("traceparent", "00-00000000000000000000000000000001-0000000000000001-01")
    return handler.respond(to: request)
  }
}
