import TestSupport
import Testing

/// The invented cooperative of `Fixtures/organisation`, ingested as its README says.
enum Organisation {
  static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/Fixtures/organisation"
  static let tenant = ["--tenant", "heron"]

  static func ingest(_ program: Program, _ further: [String] = []) throws -> Program.Result {
    let excludes = [
      "README.md", "access.jsonl", "people.json", "expected-counts.json", "hidden-words.json",
      "topics/*",
    ]
    return try program.run(
      ["ingest", "--json", "--source", "heron", "--owner", "archive"] + tenant
        + ["--acl", "\(folder)/access.jsonl"] + excludes.flatMap { ["--exclude", $0] } + further
        + [folder])
  }

  /// A question with the options that say who asks, and when where it is asked at a moment.
  struct Question: Sendable {
    var asker: String
    var text: String
    var caller: [String]
    var now: [String]
  }

  /// The demo's questions.
  static func demoQuestions() throws -> [Question] {
    let text = String(
      decoding: try octets(ofFile: "\(folder)/topics/demo-questions.txt"), as: UTF8.self)
    return try text.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t").map(String.init)
      try #require((3...4).contains(fields.count), "\(line)")
      let groups = fields[1].split(separator: ",").flatMap { ["--group", String($0)] }
      return Question(
        asker: fields[0], text: fields[2], caller: ["--as", fields[0]] + groups,
        now: fields.dropFirst(3).flatMap { ["--now", $0] })
    }
  }
}
