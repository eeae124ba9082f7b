import Grounding
import TestSupport
import Testing

import Evaluation

@Suite("A selection of topics")
struct TopicSelectionTests {
  private func report(topics: String?, pairs: String?) throws -> RunReport {
    try withTemporaryFolder { folder in
      try Files.write(
        Array("1 0 a 1\n1 0 b 1\n2 0 c 1\n3 0 d 1\n".utf8), to: "\(folder)/qrels")
      try Files.write(
        Array("1 Q0 x 1 3 t\n1 Q0 a 2 2 t\n2 Q0 c 1 1 t\n".utf8), to: "\(folder)/run")
      if let topics { try Files.write(Array(topics.utf8), to: "\(folder)/topics") }
      if let pairs { try Files.write(Array(pairs.utf8), to: "\(folder)/pairs") }
      let selection = try TopicSelection(
        topics: topics.map { _ in "\(folder)/topics" },
        excludedPairs: pairs.map { _ in "\(folder)/pairs" })
      return try RunReport(
        qrels: "\(folder)/qrels", runs: ["\(folder)/run"], selection: selection)
    }
  }

  @Test("leaves topics and pairs out of judgements and runs alike")
  func counts() throws {
    for (topics, pairs, count, reciprocal) in [
      (nil, nil, 3, 0.5), ("1\n# 2\n9\n", nil, 1, 0.5), ("1\n2\n", nil, 2, 0.75),
      // The item above the first right one goes: that moves up.
      (nil, "1\tx\n", 3, 2.0 / 3), ("1\n", "1\ta\n", 1, 0),
      // A topic without judgements is none.
      (nil, "1\ta\n1\tb\n3\td\n", 1, 1),
    ] as [(String?, String?, Int, Double)] {
      let table = try report(topics: topics, pairs: pairs).table
      #expect(table.topicCount == count, "\(topics ?? "") \(pairs ?? "")")
      #expect(abs(table.rows[0].scores.overall(.reciprocalRank) - reciprocal) < 1e-12)
    }
  }

  @Test(
    "refuses lines that are no pair, and a selection of nothing",
    arguments: [
      (nil, "1 a\n", Problem.Code.malformed), (nil, "1\ta\t1\n", .malformed), ("9\n", nil, .empty),
      ("", nil, .empty),
    ] as [(String?, String?, Problem.Code)])
  func refuses(topics: String?, pairs: String?, code: Problem.Code) throws {
    let problem = #expect(throws: Problem.self) { try report(topics: topics, pairs: pairs) }
    #expect(problem?.code == code)
  }
}
