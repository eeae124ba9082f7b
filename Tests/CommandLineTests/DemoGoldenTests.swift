import TestSupport
import Testing

/// The demo's questions answered by the built executable, held against a file.
///
/// Scores are left out, as another instruction set may have other last digits.
@Suite struct DemoGoldenTests {
  private static let path =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/Golden/demo-questions.txt"

  @Test("the five questions of the demo have the answers of the golden file")
  func golden() throws {
    try withProgram { program in
      try #require(try Organisation.ingest(program).code == 0)
      var text = ""
      for question in try Organisation.demoQuestions() {
        let result = try program.run(
          ["search", "--json", "--limit", "3"] + Organisation.tenant + question.caller
            + question.now + [question.text])
        #expect(result.code == 0, "\(result.errors)")
        text += "# \(question.asker): \(question.text)\n"
        for found in try JSONValue(result.output)["results"]?.array ?? [] {
          text += try answer(found)
        }
        text += "\n"
      }
      // LOAM_WRITE_GOLDEN=1 writes the file anew; the difference is reviewed like code.
      if Corpora.environment("LOAM_WRITE_GOLDEN") == "1" { try write(text, to: Self.path) }
      let expected = String(decoding: try octets(ofFile: Self.path), as: UTF8.self)
      #expect(text == expected)
    }
  }

  /// Rank, id and title of a result, when it is next, and below them the lines of its first snippet.
  private func answer(_ found: JSONValue) throws -> String {
    let rank = Int(try #require(found["rank"]?.number))
    let id = try #require(found["item"]?["id"]?.string)
    let snippet = try #require(found["snippets"]?[0]?["text"]?.string)
    let lines = snippet.split(separator: "\n", omittingEmptySubsequences: false)
    let next = found["item"]?["times"]?["next_start"]?["local"]?.string.map { "    next \($0)\n" }
    return "\(rank) \(id) \(found["item"]?["title"]?.string ?? "")\n" + (next ?? "")
      + lines.map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
  }
}
