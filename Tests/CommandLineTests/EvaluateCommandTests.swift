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
