import Glibc
import Grounding
import TestSupport
import Testing

import Evaluation

@Suite("loam evaluate run")
struct RunReportTests {
  private let qrels = "1 0 a 1\n1 0 b 0\n2 0 c 2\n2 0 d 1\n3 0 e 1\n"
  private let first = "1 Q0 a 1 2 x\n1 Q0 b 2 1 x\n2 Q0 d 1 2 x\n2 Q0 c 2 1 x\n"
  private let second = "1 Q0 b 1 2 y\n1 Q0 a 2 1 y\n2 Q0 d 1 2 y\n9 Q0 z 1 2 y\n"

  @Test("a table of two runs over all judged topics, compared with the first")
  func table() throws {
    try withTemporaryFolder { folder in
      try write(folder)
      let report = try RunReport(
        qrels: "\(folder)/q.txt", runs: ["\(folder)/first", "\(folder)/second"])
      let rows = report.table.rows
      // Topic 3 has no results and counts 0: AP (1 + 1 + 0) / 3.
      #expect(fixed(rows[0].scores.overall(.averagePrecision), 6) == "0.666667")
      // Topic 2 puts grade 1 before 2: (1 + 2 / log2 3) / (2 + 1 / log2 3) = .859719.
      #expect(fixed(rows[0].scores.overall(.nDCG(at: 10)) * 3, 5) == "1.85972")
      #expect(fixed(rows[1].scores.overall(.reciprocalRank), 6) == "0.500000")
      #expect(report.table.differences.count == 1)
      let lines = report.text(perTopic: false).split(separator: "\n").map(String.init)
      #expect(lines.count == 5)
      #expect(lines[0].hasPrefix("run "))
      #expect(lines[1].contains("/first   0.6199 [0.000, 1.000]"))
      #expect(lines[3].contains("nDCG@10  -"))
      // Two topics differ, both to the worse: 2 of 4 assignments are as extreme.
      #expect(lines[3].hasSuffix("p = 0.5000"))
      #expect(lines[4].hasPrefix("3 topics; [95 % interval] from 5000 bootstrap draws"))
      #expect(lines[4].contains("; p from 100000 sign flips"))
      #expect(lines[4].hasSuffix("seed \(Bootstrap.defaultSeed)"))
    }
  }

  @Test("JSON with sorted keys, six decimals")
  func json() throws {
    try withTemporaryFolder { folder in
      try write(folder)
      let report = try RunReport(qrels: "\(folder)/q.txt", runs: ["\(folder)/first"])
      let path = "\(folder)/first"
      #expect(
        report.json(perTopic: false)
          == "{\"qrels\":\"\(folder)/q.txt\",\"runs\":{\"\(path)\":{\"AP\":0.666667,"
          + "\"R@100\":0.666667,\"RR\":0.666667,\"nDCG@10\":0.619906}},\"topics\":3}")
    }
  }

  @Test("a name in .tsv is BEIR's form; a missing file, a folder and a bad run are named")
  func files() throws {
    try withTemporaryFolder { folder in
      try write(folder)
      try Files.write(Array("q\td\ts\n1\ta\t1\n".utf8), to: "\(folder)/test.tsv")
      let report = try RunReport(qrels: "\(folder)/test.tsv", runs: ["\(folder)/first"])
      #expect(report.table.topicCount == 1)
      for (qrels, run, code) in [
        ("none", "first", "not_found"), ("q.txt", "none", "not_found"),
        ("q.txt", "q.txt", "malformed"), ("q.txt", ".", "unreadable"),
      ] {
        do {
          _ = try RunReport(qrels: "\(folder)/\(qrels)", runs: ["\(folder)/\(run)"])
          Issue.record("\(qrels) and \(run) were read")
        } catch let problem as Problem {
          #expect(problem.code.rawValue == code)
          #expect(problem.place?.hasPrefix(folder) == true)
        }
      }
    }
  }

  @Test("a temporary folder is removed with what is in it; links are not followed")
  func removal() throws {
    try withTemporaryFolder { folder in
      let made = try Files.makeTemporaryFolder(below: folder)
      try Files.makeFolder("\(made)/a/b/c")
      try Files.write([1], to: "\(folder)/kept")
      try Files.write([1], to: "\(made)/a/b/file")
      #expect(unsafe symlink(folder, "\(made)/a/link") == 0)
      Files.remove(made)
      #expect(!Files.exists(made))
      #expect(Files.exists("\(folder)/kept"))
    }
  }

  @Test("legs are named in any order and listed in ours")
  func legs() throws {
    #expect(try Leg.list("hybrid,lexical,hybrid") == [.lexical, .hybrid])
    for text in ["", "lexical,", "bm25"] {
      #expect(throws: Problem.self) { try Leg.list(text) }
    }
  }

  private func write(_ folder: String) throws {
    try Files.write(Array(qrels.utf8), to: "\(folder)/q.txt")
    try Files.write(Array(first.utf8), to: "\(folder)/first")
    try Files.write(Array(second.utf8), to: "\(folder)/second")
  }
}
