import TestSupport
import Testing

@Suite struct EvaluateCommandTests {
  /// A data set in BEIR's layout in which words alone find the answers.
  private func writeDataset(to folder: String) throws {
    try write(
      """
      {"_id":"d1","title":"Ferry","text":"The ferry sails at nine."}
      {"_id":"d2","title":"Harbour","text":"The harbour has two piers."}
      {"_id":"d3","title":"Radar","text":"The radar is dead."}

      """, to: "\(folder)/corpus.jsonl")
    try write(
      "{\"_id\":\"q1\",\"text\":\"ferry\"}\n{\"_id\":\"q2\",\"text\":\"dead radar\"}\n",
      to: "\(folder)/queries.jsonl")
    try write(
      "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t1\n", to: "\(folder)/qrels/test.tsv")
  }

  @Test("a data set is measured and its run, measured again, has the same figures")
  func dataset() throws {
    try withProgram { program in
      try writeDataset(to: "\(program.home)/tiny")
      let result = try program.run(
        "evaluate", "dataset", "\(program.home)/tiny", "--legs", "lexical", "--json", "--run-dir",
        "\(program.home)/runs")
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.lines.count == 1)
      #expect(result.output.contains(#""legs":{"lexical":{"AP":1,"R@100":1,"RR":1,"nDCG@10":1}}"#))
      #expect(result.output.contains(#""documents":3"#))
      #expect(result.output.contains(#""topics":2"#))
      // The temporary tenant is gone, and the user's own home was not touched.
      #expect(try program.run("tenants").output == "")
      let again = try program.run(
        "evaluate", "run", "--json", "\(program.home)/tiny/qrels/test.tsv",
        "\(program.home)/runs/lexical.trec")
      #expect(again.code == 0, "\(again.errors)")
      #expect(again.output.contains(#"{"AP":1,"R@100":1,"RR":1,"nDCG@10":1}"#))
    }
  }

  @Test("a message is ranked with its conversation, and with --no-threads by itself")
  func threads() throws {
    try withProgram { program in
      let folder = "\(program.home)/threads"
      func message(_ id: String, _ more: String, _ words: String) -> String {
        "From ana@example.org Tue Nov  3 09:10:00 2026\nFrom: Ana <ana@example.org>\n"
          + "Date: Tue, 3 Nov 2026 09:10:00 +0100\nMessage-ID: <\(id)>\n\(more)\n\n\(words)\n\n"
      }
      func filler(_ count: Int) -> String {
        (0..<count).map { "word\($0)" }.joined(separator: " ")
      }
      try write(
        message("opening@x", "Subject: The ferry", "The ferry sails; the ferry lands.")
          + message("reply@x", "References: <opening@x>\nSubject: Other", "ferry \(filler(40))")
          + message("alone@x", "Subject: Another", "ferry \(filler(36))")
          + message("none@x", "Subject: Radar", "The radar is dead."),
        to: "\(folder)/box.mbox")
      try write("{\"_id\":\"q1\",\"text\":\"ferry\"}\n", to: "\(folder)/queries.jsonl")
      try write("q1 0 reply@x 1\n", to: "\(folder)/qrels.txt")
      func ranked(_ more: String...) throws -> [String] {
        let result = try program.run(
          ["evaluate", "dataset", folder, "--mail", "\(folder)/box.mbox", "--legs", "lexical"]
            + ["--json", "--run-dir", "\(folder)/runs"] + more)
        #expect(result.code == 0, "\(result.errors)")
        let run = String(decoding: try octets(ofFile: "\(folder)/runs/lexical.trec"), as: UTF8.self)
        return run.split(separator: "\n").map { String($0.split(separator: " ")[2]) }
      }
      #expect(try ranked() == ["opening@x", "reply@x", "alone@x"])
      #expect(try ranked("--no-threads") == ["opening@x", "alone@x", "reply@x"])
    }
  }

  @Test("a leg that there is not, and a folder that is none, say so")
  func wrong() throws {
    try withProgram { program in
      try writeDataset(to: "\(program.home)/tiny")
      let leg = try program.run("evaluate", "dataset", "\(program.home)/tiny", "--legs", "word")
      #expect(leg.code == 2)
      let folder = try program.run(
        "evaluate", "dataset", "\(program.home)/none", "--legs", "lexical")
      #expect(folder.code == 3)
      #expect(folder.errors.contains("remedy: "), "\(folder.errors)")
    }
  }
}
