import Embedding
import Evaluation
import Grounding
import TestSupport
import Testing

@Suite("A data set is measured through the real ingest")
struct DatasetEvaluationTests {
  private static let corpus = [
    ("d1", "The ferry", "The ferry to the island leaves at seven. It carries bicycles and hens."),
    ("d2", "Bread", "Rye bread needs a sour dough, which rests for a night."),
    ("d3", "", "The lighthouse keeper counts the ships. No ferry is among them."),
    ("d4", "Empty", ""),
    ("d5", "Winter", "Storms close the harbour in January; the hens stay at home."),
  ]
  private static let queries = [
    ("1", "when does the ferry leave"), ("2", "sour dough bread"), ("3", "zebra"),
    ("4", "not judged"),
  ]
  private static let qrels = "query-id\tcorpus-id\tscore\n1\td1\t2\n1\td3\t1\n2\td2\t1\n3\td5\t1\n"

  @Test("the lexical leg: figures, run file, counts, and nothing left behind")
  func lexical() throws {
    try withTemporaryFolder { folder in
      try write(to: "\(folder)/tiny")
      var options = options(folder)
      options.legs = [.lexical]
      var ticks = 0.0
      let report = try DatasetEvaluation(
        options, encoder: nil,
        clock: {
          ticks += 1.5
          return ticks
        }
      ).run()
      #expect(report.documents == 5)
      #expect(report.passages == 5)
      // Topic 1 finds d1 and d3 in this order, topic 2 d2, topic 3 nothing.
      #expect(
        report.json(perTopic: false)
          == #"{"dataset":"tiny","documents":5,"legs":{"lexical":{"AP":0.666667,"R@100":0.666667,"#
          + #""RR":0.666667,"nDCG@10":0.666667}},"passages":5,"qrels":"test","seconds":1.5,"#
          + #""topics":3}"#)
      #expect(
        report.text(perTopic: false).hasPrefix(
          "tiny, test: 5 documents, 5 passages\n\nleg      nDCG@10"))

      #expect(Files.names(in: "\(folder)/runs") == ["lexical.trec"])
      let run = try Run(trec: Files.read("\(folder)/runs/lexical.trec"), name: "run")
      #expect(run.tag == "lexical")
      #expect(run.results["1"]?.map(\.item) == ["d1", "d3"])
      #expect(run.results["2"]?.map(\.item) == ["d2"])
      #expect(run.results["3"] == nil)
      #expect(run.results["4"] == nil)
      #expect(Files.names(in: "\(folder)/scratch").isEmpty)
    }
  }

  @Test("all legs, runs that score again to the report's figures, the passages' dump")
  func allLegs() throws {
    let encoder = try Encoder.bundled()
    try withTemporaryFolder { folder in
      try write(to: "\(folder)/tiny")
      var options = options(folder)
      options.passagesFile = "\(folder)/passages.jsonl"
      var encoded: [Int] = []
      let report = try DatasetEvaluation(options, encoder: encoder, clock: { 0 }) {
        if case .encoding(let done, _) = $0 { encoded.append(done) }
      }.run()
      #expect(!encoded.isEmpty)
      #expect(
        Files.names(in: "\(folder)/runs").sorted() == [
          "hybrid.trec", "lexical.trec", "vector.trec",
        ])
      for leg in Leg.allCases {
        let again = try RunReport(
          qrels: "\(folder)/tiny/qrels/test.tsv", runs: ["\(folder)/runs/\(leg.rawValue).trec"])
        #expect(
          again.table.values["\(folder)/runs/\(leg.rawValue).trec"]
            == report.table.values[leg.rawValue])
      }
      #expect(
        Set(report.table.differences.map(\.name)) == ["hybrid - lexical", "hybrid - vector"])
      let schema = try JSONSchema(named: "evaluation")
      #expect(schema.violations(of: try JSONValue(report.json(perTopic: true))) == [])
      let lines = String(decoding: try Files.read("\(folder)/passages.jsonl"), as: UTF8.self)
        .split(separator: "\n").map(String.init)
      #expect(lines.count == 5)
      #expect(
        lines.contains {
          $0.hasPrefix(#"{"id":""#)
            && $0.hasSuffix(
              #"-0","item":"d2","text":"Bread\nRye bread needs a sour dough, which rests for a night."}"#
            )
        })
    }
  }

  @Test("topics of several kinds are also measured apart, and topic by topic where asked")
  func kinds() throws {
    try withTemporaryFolder { folder in
      try write(to: "\(folder)/tiny")
      let queries = zip(Self.queries, ["opening", "baking", "opening", "baking"]).map {
        #"{"_id":"\#($0.0)","text":"\#($0.1) <b>","kind":"\#($1)"}"#
      }
      try Files.write(
        Array(queries.joined(separator: "\n").utf8), to: "\(folder)/tiny/queries.jsonl")
      var options = options(folder)
      options.legs = [.lexical]
      let report = try DatasetEvaluation(options, encoder: nil, clock: { 0 }).run()
      #expect(report.kinds.map(\.name) == ["baking", "opening"])
      #expect(report.kinds.map(\.table.topicCount) == [1, 2])
      // Topic 1 is found, topic 3 is not.
      #expect(report.kinds[1].table.values["lexical"]?["AP"] == 0.5)
      let json = report.json(perTopic: true)
      #expect(
        json.contains(
          #""kinds":{"baking":{"legs":{"lexical":{"AP":1,"R@100":1,"RR":1,"nDCG@10":1}},"topics":1}"#
        ))
      #expect(
        json.contains(#"{"kind":"opening","topic":"3","values":{"lexical":{"nDCG@10":0}}}"#))
      #expect(!report.json(perTopic: false).contains("per_topic"))
      let schema = try JSONSchema(named: "evaluation")
      #expect(schema.violations(of: try JSONValue(json)) == [])
      let text = report.text(perTopic: true)
      #expect(text.contains("\nopening, 2 topics\n\nleg"))
      #expect(
        text.contains("nDCG@10 by topic\n\ntopic  kind     lexical\n1      opening  1.0000\n"))
      let page = report.page
      #expect(page.contains("ferry leave &lt;b&gt;"))
      #expect(!page.contains("<b>"))
    }
  }

  @Test("a kept home is used again and gives the same octets")
  func keptHome() throws {
    try withTemporaryFolder { folder in
      try write(to: "\(folder)/tiny")
      var options = options(folder)
      options.legs = [.lexical]
      options.home = "\(folder)/home"
      let first = try DatasetEvaluation(options, encoder: nil, clock: { 0 }).run()
      let run = try Files.read("\(folder)/runs/lexical.trec")
      let second = try DatasetEvaluation(options, encoder: nil, clock: { 0 }).run()
      #expect(first.json(perTopic: true) == second.json(perTopic: true))
      #expect(try Files.read("\(folder)/runs/lexical.trec") == run)
      #expect(Files.exists("\(folder)/home"))
    }
  }

  @Test("mail: ids are Message-IDs, excluded messages are in no ranking, the best copy counts")
  func mail() throws {
    try withTemporaryFolder { folder in
      try Files.makeFolder("\(folder)/mails")
      try writeMail(
        "\(folder)/a.mbox",
        [
          ("one@x", "Ferry", "The ferry leaves at seven."),
          ("two@x", "Re: Ferry", "A ferry, a ferry, a ferry."),
          ("two@x", "Re: Ferry", "Another text under the same name, with one ferry."),
          ("three@x", "Ferry ferry ferry", "This message asked: ferry?"),
        ])
      try Files.write(
        Array(#"{"id":"1","text":"ferry"}"#.utf8), to: "\(folder)/mails/queries.jsonl")
      try Files.write(Array("1 0 one@x 1\n".utf8), to: "\(folder)/mails/qrels.txt")
      try Files.write(
        Array("three@x\tknown-item\n".utf8), to: "\(folder)/mails/excluded-messages.tsv")
      var options = DatasetOptions(folder: "\(folder)/mails")
      options.mail = ["\(folder)/a.mbox"]
      options.legs = [.lexical]
      options.runFolder = "\(folder)/runs"
      options.temporaryRoot = folder
      let report = try DatasetEvaluation(options, encoder: nil, clock: { 0 }).run()
      #expect(report.documents == 3)
      #expect(report.qrels == "qrels")
      let run = try Run(trec: Files.read("\(folder)/runs/lexical.trec"), name: "run")
      #expect(Set(run.results["1"]?.map(\.item) ?? []) == ["one@x", "two@x"])
    }
  }

  @Test(
    "what is missing or does not fit is named",
    arguments: [
      ("corpus.jsonl", nil, "not_found", "corpus.jsonl"),
      ("queries.jsonl", nil, "not_found", "queries.jsonl"),
      ("qrels/test.tsv", nil, "not_found", "qrels/test.tsv"),
      ("qrels/test.tsv", "h\th\th\n9\td1\t1\n", "malformed", "queries.jsonl"),
      ("queries.jsonl", "{}", "malformed", "queries.jsonl, line 1"),
      ("corpus.jsonl", "no record\n", "empty", "corpus.jsonl"),
      ("corpus.jsonl", #"{"_id":"1","text":"a"}"# + "\nno record\n", "malformed", "corpus.jsonl"),
    ] as [(String, String?, String, String)])
  func problems(file: String, content: String?, code: String, place: String) throws {
    try withTemporaryFolder { folder in
      try write(to: "\(folder)/tiny")
      if let content {
        try Files.write(Array(content.utf8), to: "\(folder)/tiny/\(file)")
      } else {
        Files.removeFile("\(folder)/tiny/\(file)")
      }
      var options = options(folder)
      options.legs = [.lexical]
      do {
        _ = try DatasetEvaluation(options, encoder: nil, clock: { 0 }).run()
        Issue.record("\(file) passed")
      } catch let problem as Problem {
        #expect(problem.code.rawValue == code)
        #expect(problem.place?.contains(place) == true)
      }
      #expect(Files.names(in: "\(folder)/scratch").isEmpty)
    }
  }

  @Test("without a model only the lexical leg runs, and a qrels name is no path")
  func usage() throws {
    try withTemporaryFolder { folder in
      try write(to: "\(folder)/tiny")
      var other = options(folder)
      other.legs = [.lexical]
      other.qrels = "../test"
      for options in [options(folder), other] {
        do {
          _ = try DatasetEvaluation(options, encoder: nil, clock: { 0 }).run()
          Issue.record("it ran")
        } catch let problem as Problem {
          #expect(problem.code == .usage)
        }
      }
    }
  }

  private func options(_ folder: String) -> DatasetOptions {
    var options = DatasetOptions(folder: "\(folder)/tiny")
    options.runFolder = "\(folder)/runs"
    options.temporaryRoot = "\(folder)/scratch"
    return options
  }

  private func write(to folder: String) throws {
    try Files.makeFolder("\(folder)/qrels")
    try Files.makeFolder("\(folder)/../scratch")
    let corpus = Self.corpus.map { #"{"_id":"\#($0.0)","title":"\#($0.1)","text":"\#($0.2)"}"# }
    let queries = Self.queries.map { #"{"_id":"\#($0.0)","text":"\#($0.1)"}"# }
    try Files.write(Array(corpus.joined(separator: "\n").utf8), to: "\(folder)/corpus.jsonl")
    try Files.write(Array(queries.joined(separator: "\n").utf8), to: "\(folder)/queries.jsonl")
    try Files.write(Array(Self.qrels.utf8), to: "\(folder)/qrels/test.tsv")
  }

  private func writeMail(_ path: String, _ messages: [(String, String, String)]) throws {
    let text = messages.map { id, subject, body in
      """
      From someone@x Mon Jan  5 10:00:00 2026
      From: Someone <someone@x>
      Date: Mon, 5 Jan 2026 10:00:00 +0000
      Message-ID: <\(id)>
      Subject: \(subject)

      \(body)


      """
    }.joined()
    try Files.write(Array(text.utf8), to: path)
  }
}
