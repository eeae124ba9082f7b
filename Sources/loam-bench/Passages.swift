import Analysis
import Evaluation
import FoundationEssentials
import Grounding
import Mail

/// A passage as the peers and `loam ingest` read it.
struct BenchPassage: Codable {
  var id: String
  var title: String
  var text: String

  enum CodingKeys: String, CodingKey {
    case id, title, text
    /// What a file of records calls it.
    case key = "_id"
  }

  init(id: String, title: String, text: String) {
    (self.id, self.title, self.text) = (id, title, text)
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    id = try values.decode(String.self, forKey: .id)
    title = try values.decode(String.self, forKey: .title)
    text = try values.decode(String.self, forKey: .text)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(id, forKey: .id)
    try values.encode(id, forKey: .key)
    try values.encode(title, forKey: .title)
    try values.encode(text, forKey: .text)
  }

  static func read(_ path: String) throws(Problem) -> [BenchPassage] {
    var passages: [BenchPassage] = []
    try forEach(path) { passages.append($0) }
    return passages
  }

  /// Calls `body` with each passage of a file, whose octets are in memory until it returns.
  static func forEach(
    _ path: String, _ body: (BenchPassage) -> Void
  ) throws(Problem) {
    let decoder = JSONDecoder()
    for line in try Files.read(path).split(separator: 0x0A) {
      guard let passage = try? decoder.decode(BenchPassage.self, from: Data(line)) else {
        throw Problem(.malformed, "A line is no passage.", place: path)
      }
      body(passage)
    }
  }
}

/// Passages as lines of JSON, the same octets for the same passages.
struct PassageLines {
  private(set) var octets: [UInt8] = []
  private let encoder = JSONEncoder()

  init() { encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes] }

  /// - Throws: `internal` for a passage without a form in JSON, which none is.
  mutating func append(_ passage: BenchPassage) throws(Problem) {
    guard let line = try? encoder.encode(passage) else {
      throw Problem(.internal, "A passage cannot be written.", place: passage.id)
    }
    octets += line
    octets.append(0x0A)
  }
}

/// Whole bodies of mail, quotes included, in passages of about 120 words: the first `limit`.
func makePassages(_ arguments: Arguments) throws(Problem) {
  let limit = try arguments.number("limit", default: 100_000)
  var lines = PassageLines()
  var count = 0
  for path in arguments.all("mail") {
    let octets = try Files.read(path)
    let dialect = MailboxDialect.detect(octets.span)
    var cursor = Mailbox.Cursor(dialect: dialect)
    while count < limit, let message = cursor.next(octets.span) {
      let source =
        dialect.withoutMarks(octets.span, message.octets) ?? Array(octets[message.octets])
      let item = MessageParser.parse(source).item
      let text = Array(item.text.utf8)
      for passage in PassageSplitter().split(item.text, segments: []) where count < limit {
        count += 1
        try lines.append(
          BenchPassage(
            id: "p\(count)", title: item.title ?? "",
            text: String(decoding: text[passage.span.range], as: UTF8.self)))
      }
    }
  }
  try Files.write(lines.octets, to: arguments.text("o"))
  print("\(count) passages")
}
